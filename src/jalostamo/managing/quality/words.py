"""What the pages on quality say beside their figures, each sentence in the three languages.

Handbook 2.2 (deficiencies found in the data) and 3.1.2 (the kinds of information).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text

WORDS: Final[dict[str, Text]] = {
    "skip": Text("Siirry sisältöön", "Gå till innehållet", "Skip to the content"),
    "kind": Text("Lähteen laatu", "Källans kvalitet", "Quality of a source"),
    "owner": Text("Omistaja", "Ägare", "Owner"),
    "information": Text("Tietolaji", "Informationsslag", "Kind of information"),
    "findings": Text("Havainnot", "Iakttagelser", "Findings"),
    "none": Text(
        "Mikään ei muuttunut niin, ettei se olisi voinut olla sattumaa, eikä merkitsemättömiä henkilötietoja löytynyt.",
        "Ingenting ändrades mer än vad slumpen kan förklara, och inga omärkta personuppgifter hittades.",
        "Nothing changed by more than chance explains, and no unmarked personal data was found.",
    ),
    "reading": Text(
        "Havainto kertoo, mistä kuusta alkaen kirjaukset ovat toisenlaisia. Se edeltää muita muutoksia, mutta ei kerro syytä. "
        "Enintään yhden sadasta odotetaan olevan sattumaa.",
        "En iakttagelse säger från vilken månad posterna är annorlunda. Den föregår andra ändringar men berättar inte "
        "orsaken. Högst en av hundra väntas vara en slump.",
        "A finding tells from which month records are different. It precedes other changes, and does not tell the cause. "
        "At most one in a hundred is expected to be chance.",
    ),
    "coarse_title": Text("Lukumäärät ovat karkeita", "Antalen är grova", "Counts are coarse"),
    "coarse": Text(
        "Ne on pyöristetty viiteen. ”<5” on yhdestä neljään, ja ”…” on piilotettu, jottei sitä saisi erotuksena. "
        "Osuudet ovat portaittain.",
        "De är avrundade till fem. ”<5” är ett till fyra, och ”…” är dolt så att det inte fås som en skillnad. "
        "Andelarna är i steg.",
        "They are rounded to five. “<5” is one to four, and “…” is hidden so that no difference gives it back. "
        "Shares are in steps.",
    ),
    "suggestion": Text("Ehdotus omistajalle", "Förslag till ägaren", "Suggestion to the owner"),
    "in_units": Text("nähdään {0} yksikössä", "syns i {0} enheter", "seen in {0} units"),
    "table": Text("Taulu", "Tabell", "Table"),
    "records": Text("Kirjauksia", "Poster", "Records"),
    "field": Text("Kenttä", "Fält", "Field"),
    "sensitivity": Text("Arkaluonteisuus", "Känslighet", "Sensitivity"),
    "missing": Text("Puuttuu", "Saknas", "Missing"),
    "distinct": Text("Eri arvoja", "Olika värden", "Distinct"),
    "range": Text("Vaihteluväli", "Intervall", "Range"),
    "looks": Text("Näyttää olevan", "Ser ut som", "Looks like"),
    "never": Text("ei lähde suljetusta huoneesta", "lämnar aldrig det slutna rummet", "never leaves the closed room"),
    "fields": Text("Kentät", "Fälten", "Fields"),
    "mixes": Text("Koodien jakaumat", "Kodernas fördelning", "Mix of codes"),
    "units": Text("Yksiköt", "Enheter", "Units"),
    "unit": Text("Yksikkö", "Enhet", "Unit"),
    "missing_in_units": Text(
        "Puuttuvien osuus yksiköittäin, %", "Andel som saknas per enhet, %", "Share missing by unit, per cent"
    ),
    "lateness": Text("Kuinka myöhään kirjaukset tulevat", "Hur sent posterna kommer", "How late records come"),
    "triangle": Text(
        "Kuukauden lopullisesta määrästä tunnettu osuus kirjausviiveen mukaan",
        "Känd andel av månadens slutliga antal efter fördröjning",
        "Share of a month's final number known, by delay",
    ),
    "delays": Text(
        "Kuukausia tapahtumasta kirjaamiseen",
        "Månader från händelse till registrering",
        "Months from event to recording",
    ),
    "key": Text("0 → 100 %", "0 → 100 %", "0 → 100 %"),
    "event_month": Text("Tapahtumakuu", "Händelsemånad", "Month of event"),
    "complete_by": Text("Valmiina viiveen jälkeen", "Färdigt efter fördröjning", "Complete after a delay"),
    "back_dated": Text(
        "Yli 30 päivää tapahtuman jälkeen kirjattiin {0}.",
        "{0} registrerades mer än 30 dagar efter händelsen.",
        "{0} were recorded more than 30 days after the event.",
    ),
    "unfinished": Text("Kuukaudet, jotka vielä täyttyvät", "Månader som ännu fylls på", "Months that still fill up"),
    "known": Text("Tiedossa", "Känt", "Known"),
    "error": Text("Keskivirhe", "Medelfel", "Standard error"),
    "by_year": Text(
        "Tapahtumakuun tai seuraavan aikana kirjatut",
        "Registrerade under händelsemånaden eller den följande",
        "Recorded within the month of the event or the next",
    ),
    "year": Text("Vuosi", "År", "Year"),
    "share": Text("Osuus", "Andel", "Share"),
    "behaviour": Text(
        "Käyttäytymistä koskevat tiedot: mitkä kentät kertovat kunkin, ja miten kattavasti",
        "Uppgifter om beteende: vilka fält som berättar varje slag, och hur fullständigt",
        "Information on behaviour: which fields tell each kind, and how completely",
    ),
    "behaviour_fields": Text(
        "Käyttäytymistä koskevat tiedot: mitkä kentät kertovat kunkin",
        "Uppgifter om beteende: vilka fält som berättar varje slag",
        "Information on behaviour: which fields tell each kind",
    ),
    "no_field": Text("mikään kenttä ei kerro", "inget fält berättar", "no field tells it"),
    "method": Text("Näin havaittiin", "Så hittades det", "How it was found"),
    "method_text": Text(
        "Kuukausisarjoista etsittiin tason muutosta: määristä kvasi-Poisson-sovituksella (McCullagh & Nelder 1989), osuuksista "
        "kulma-asteikolla; kausivaihtelu, kasvu, ylihajonta ja sarjan muisti on otettu huomioon, ja moninkertaisuus "
        "Benjaminin ja Hochbergin (1995) säännöllä. Viive on arvioitu ketjutikasmenetelmällä (Mack 1993).",
        "I månadsserierna söktes nivåskiften: i antal med kvasi-Poisson (McCullagh & Nelder 1989), i andelar på vinkelskala; "
        "säsong, tillväxt, överspridning och seriens minne är beaktade, och mångfalden med Benjaminis och Hochbergs regel "
        "(1995). Fördröjningen är skattad med kedjestegen (Mack 1993).",
        "Monthly series were searched for shifts in level: counts by a quasi-Poisson fit (McCullagh & Nelder 1989), shares on "
        "the angular scale; season, growth, overdispersion and memory are taken into account, and multiplicity by the rule "
        "of Benjamini and Hochberg (1995). Delay is estimated by the chain ladder (Mack 1993).",
    ),
    "footer": Text(
        "Sivulla ei ole ketään koskevaa tietoa.",
        "Sidan innehåller inga uppgifter om någon.",
        "This page holds nothing about anyone.",
    ),
    "catalogue": Text("Lähteiden luettelo", "Katalog över källor", "Catalogue of sources"),
    "catalogue_lead": Text(
        "Luettelo on tehty kuvauksista. Yhtään kirjausta ei ole luettu.",
        "Katalogen är gjord av beskrivningarna. Ingen post har lästs.",
        "The catalogue is made of descriptions. No record has been read.",
    ),
    "kinds": Text("Seitsemän tietolajia", "De sju informationsslagen", "The seven kinds of information"),
    "no_source": Text("ei lähdettä", "ingen källa", "no source"),
    "untagged": Text("Laji merkitsemättä", "Slag ej angivet", "Kind not described"),
    "type": Text("Tyyppi", "Typ", "Type"),
}

COUNTED: Final = Text("{0}: {1} havaintoa", "{0}: {1} iakttagelser", "{0}: {1} findings")
COUNTED_ONE: Final = Text("{0}: yksi havainto", "{0}: en iakttagelse", "{0}: one finding")
COUNTED_NONE: Final = Text("{0}: ei havaintoja", "{0}: inga iakttagelser", "{0}: no findings")
CATALOGUED: Final = Text(
    "{0} lähdettä, {1} seitsemästä tietolajista",
    "{0} källor, {1} av sju informationsslag",
    "{0} sources, {1} of seven kinds of information",
)

TERMS: Final[dict[str, Text]] = {
    "volume": Text("Määrä", "Antal", "Volume"),
    "absent": Text("Puuttuva palvelu", "Tjänst som saknas", "Service missing"),
    "code_mix": Text("Koodien jakauma", "Kodernas fördelning", "Mix of codes"),
    "lateness": Text("Viive", "Fördröjning", "Lateness"),
    "unmarked": Text("Merkitsemätön henkilötieto", "Omärkt personuppgift", "Unmarked personal data"),
    "in_free_text": Text("Tunnisteita vapaassa tekstissä", "Identifierare i fritext", "Identifiers in free text"),
    "rejected": Text("Kuvausta vastaamaton", "Motsvarar inte beskrivningen", "Not as described"),
    "other": Text("Muu", "Annat", "Other"),
    "missing": Text("Puuttuvat", "Saknade", "Missing"),
    "direct_identifier": Text("suora tunniste", "direkt identifierare", "direct identifier"),
    "link": Text("linkki", "länk", "link"),
    "indirect_identifier": Text("epäsuora tunniste", "indirekt identifierare", "indirect identifier"),
    "special_category": Text("erityinen henkilötieto", "särskild kategori", "special category"),
    "confidential": Text("salassa pidettävä", "sekretessbelagd", "confidential"),
    "ordinary": Text("tavallinen", "vanlig", "ordinary"),
    "free_text": Text("vapaa teksti", "fritext", "free text"),
    "personal_identity_code": Text("henkilötunnus", "personbeteckning", "personal identity code"),
    "telephone": Text("puhelinnumero", "telefonnummer", "telephone number"),
    "e_mail": Text("sähköpostiosoite", "e-postadress", "e-mail address"),
    "bank_account": Text("tilinumero", "kontonummer", "bank account"),
    "name": Text("henkilön nimi", "personnamn", "name of a person"),
    "media": Text("kuva tai ääni", "bild eller ljud", "image or speech"),
    "customer": Text("Asiakas", "Kund", "Customer"),
    "transaction": Text("Asiointi", "Ärende", "Transaction"),
    "service": Text("Palvelu", "Tjänst", "Service"),
    "customer_service": Text("Asiakaspalvelu", "Kundservice", "Customer service"),
    "reason": Text("Syy", "Orsak", "Reason"),
    "measure": Text("Toimenpide", "Åtgärd", "Measure"),
    "feedback": Text("Palaute", "Respons", "Feedback"),
    "operating_environment": Text("Toimintaympäristö", "Verksamhetsmiljö", "Operating environment"),
    "city_level": Text("Kaupunkitaso", "Stadsnivå", "City level"),
    "branch": Text("Toimiala", "Sektor", "Branch"),
    "needs_over_lifespan": Text("Tarpeet elämänkaarella", "Behov under livsloppet", "Needs over the lifespan"),
    "external": Text("Ulkoinen tieto", "Extern information", "External information"),
    "stored_and_analysed": Text("Tallennettu ja analysoitu", "Lagrad och analyserad", "Stored and analysed"),
    "qualitative_and_tacit": Text("Laadullinen ja hiljainen", "Kvalitativ och tyst", "Qualitative and tacit"),
    "text": Text("teksti", "text", "text"),
    "integer": Text("kokonaisluku", "heltal", "whole number"),
    "decimal": Text("desimaaliluku", "decimaltal", "decimal number"),
    "boolean": Text("kyllä tai ei", "ja eller nej", "yes or no"),
    "date": Text("päivä", "dag", "date"),
    "datetime": Text("aika", "tid", "time"),
    "code": Text("koodi", "kod", "code"),
    "business_id": Text("yritystunnus", "företagsnummer", "business id"),
}
"""What closed vocabularies are called on pages."""
