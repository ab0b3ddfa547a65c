"""What a page of results says beside its figures, each sentence in the three languages.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.utilising.publication.report import CHAIN_STEPS
from jalostamo.utilising.publication.terms import DIGEST, GROUP

WORDS: Final[dict[str, Text]] = {
    "skip": Text("Siirry vastauksiin", "Gå till svaren", "Skip to the answers"),
    "kind": Text("Jalostettu tulos", "Förädlat resultat", "Refined result"),
    "need": Text("Tarve", "Behovet", "The need"),
    "made": Text("Laadittu", "Upprättad", "Made"),
    "marking": Text("Aineisto", "Material", "Material"),
    "synthetic": Text("synteettinen", "syntetiskt", "synthetic"),
    "level": Text("Ympäristö", "Miljö", "Environment"),
    "notice_title": Text(
        "Kaupunki on keksitty. Lukuja ei saa julkaista.",
        "Staden är påhittad. Siffrorna får inte publiceras.",
        "The town is invented. Its figures are not for publication.",
    ),
    "notice": Text(
        "Aineisto on synteettinen: ketään siinä ei ole olemassa. Luvut ovat tosia laskelmia, joita ei ole tilastollisesti "
        "suojattu. Ne eivät siis ole anonyymejä, eikä tätä sivua saa antaa muille, jos aineisto joskus on todellinen.",
        "Materialet är syntetiskt: ingen i det finns på riktigt. Siffrorna är sanna antal utan statistiskt röjandeskydd. "
        "De är alltså inte anonyma, och en sida som denna får inte lämnas vidare om materialet en dag är verkligt.",
        "The material is synthetic: nobody in it exists. The figures are true counts, not protected by disclosure "
        "control. They are therefore not anonymous, and a page like this may not be passed on when material is real.",
    ),
    "glance": Text("Vastaukset lyhyesti", "Svaren i korthet", "The answers at a glance"),
    "to_figure": Text("Katso luvut", "Se siffrorna", "See the figures"),
    "question": Text("Kysymys", "Fråga", "Question"),
    "measure": Text("Mitä laskettiin", "Vad som räknades", "What was counted"),
    "notes": Text("Huomattavaa", "Att observera", "To bear in mind"),
    "show_paths": Text("Näytä polut taulukkona", "Visa stigarna som tabell", "Show the paths as a table"),
    "making": Text("Näin luvut syntyivät", "Så kom siffrorna till", "How the figures came to be"),
    "making_lead": Text(
        "Rekisterit poimittiin, yhdistettiin ja valmisteltiin suljetussa ympäristössä. Analyytikko sai käyttöönsä vain "
        "pseudonymisoidun aineiston.",
        "Registren hämtades, kopplades ihop och bereddes i en sluten miljö. Analytikern fick endast ett "
        "pseudonymiserat material.",
        "The registers were retrieved, combined and prepared in a closed environment. The analyst was given "
        "pseudonymised material only.",
    ),
    "loss": Text(
        "Mitä valmistelu maksoi kullekin kieliryhmälle",
        "Vad beredningen kostade varje språkgrupp",
        "What preparation cost each language group",
    ),
    "loss_lead": Text(
        "Tiedot, jotka erottaisivat liian pienen joukon, poistettiin. Jos yhdeltä ryhmältä poistuu selvästi enemmän, "
        "sen luvut kertovat vähemmän.",
        "Uppgifter som skulle peka ut en för liten grupp togs bort. Om en grupp förlorar klart mer säger dess siffror "
        "mindre.",
        "Records that would single out too few people were removed. Where one group loses clearly more, its figures "
        "tell less.",
    ),
    "group": GROUP,
    "persons": Text("Henkilöitä", "Personer", "Persons"),
    "suppressed": Text("Poistettu", "Borttagna", "Removed"),
    "suppressed_share": Text("Osuus", "Andel", "Share"),
    "chain": Text("Pyynnöstä lukuun", "Från begäran till siffra", "From request to figure"),
    "chain_lead": Text(
        "Jokainen vaihe on sidottu edelliseen tiivisteellä. Jos yksikin merkki muuttuisi, tiiviste olisi toinen.",
        "Varje steg är bundet till det föregående med en kontrollsumma. Om ett enda tecken ändrades vore summan "
        "en annan.",
        "Each step is tied to the one before it by a digest. If a single character changed, the digest would be "
        "another.",
    ),
    "digest": DIGEST,
    "help": Text("Näin luet lukuja", "Så läser du siffrorna", "How to read the figures"),
    "footer": Text(
        "Jalostamo on avointa lähdekoodia: kaupunki jalostaa asiakastiedosta tietoa, jota se saa käyttää.",
        "Jalostamo är öppen källkod: en stad förädlar kunduppgifter till kunskap som den får använda.",
        "Jalostamo is open source: a city refines customer information into knowledge it may lawfully use.",
    ),
}

STEP_NAMES: Final[dict[str, Text]] = dict(
    zip(
        CHAIN_STEPS,
        (
            Text("Pyyntö", "Begäran", "Request"),
            Text("Poiminta", "Uttag", "Extract"),
            Text("Yhdistetty", "Kopplat", "Linked"),
            Text("Valmisteltu", "Berett", "Prepared"),
            Text("Luovutus", "Utlämning", "Release"),
            Text("Tulos", "Resultat", "Result"),
            Text("Julkaisu", "Publicering", "Publication"),
        ),
        strict=True,
    )
)

HELP: Final[tuple[tuple[Text, Text], ...]] = (
    (
        Text("95\u00a0%:n luottamusväli", "95\u00a0% konfidensintervall", "95\u00a0% interval"),
        Text(
            "Väli, jolla todellinen arvo luultavasti on. Lyhyt viiva kertoo tarkasta luvusta, pitkä epävarmasta.",
            "Det område där det verkliga värdet sannolikt ligger. Ett kort streck betyder ett säkert tal, ett långt "
            "ett osäkert.",
            "The range in which the true value probably lies. A short line is a precise figure, a long one is not.",
        ),
    ),
    (
        Text("Suhde", "Kvot", "Ratio"),
        Text(
            "Ryhmän luku jaettuna vertailuryhmän luvulla. 1 tarkoittaa samaa, 0,5 puolta ja 2 kaksinkertaista.",
            "Gruppens tal delat med jämförelsegruppens. 1 betyder lika, 0,5 hälften och 2 dubbelt så mycket.",
            "The group's figure divided by the reference group's. 1 is the same, 0.5 is half, and 2 is twice as much.",
        ),
    ),
    (
        Text("Erotus", "Skillnad", "Difference"),
        Text(
            "Ryhmän osuus vähennettynä vertailuryhmän osuudella, prosenttiyksikköinä. 0 tarkoittaa samaa.",
            "Gruppens andel minus jämförelsegruppens, i procentenheter. 0 betyder lika.",
            "The group's share less the reference group's, in percentage points. 0 is the same.",
        ),
    ),
    (
        Text("Eroa ei havaittu", "Ingen skillnad hittades", "No difference was found"),
        Text(
            "Ero mahtuu sattuman rajoihin. Se ei todista, ettei eroa ole: pienessä ryhmässä suurikin ero voi jäädä "
            "näkymättä. Kun vertailuja on monta, raja on tiukempi.",
            "Skillnaden ryms inom slumpens gränser. Det bevisar inte att ingen skillnad finns: i en liten grupp kan "
            "även en stor skillnad förbli osynlig. När jämförelserna är många är gränsen strängare.",
            "The difference is within what chance explains. That does not prove that there is none: in a small group "
            "even a large one may stay unseen. Where comparisons are many, the limit is stricter.",
        ),
    ),
    (
        Text("Ikävakioitu", "Åldersstandardiserat", "Ages standardised"),
        Text(
            "Ryhmät ovat eri-ikäisiä. Luvut kertovat, mitä ne olisivat, jos kaikissa ryhmissä olisi sama ikärakenne. "
            "Taulukossa on myös lasketut määrät.",
            "Grupperna har olika åldrar. Siffrorna visar hur det vore om alla grupper hade samma åldersstruktur. "
            "Tabellen visar också antalen som de räknades.",
            "The groups differ in age. The figures tell what they would be if all groups had the same ages. "
            "The table also holds the numbers as counted.",
        ),
    ),
    (
        Text("Polku", "Stig", "Path"),
        Text(
            "Palvelut siinä järjestyksessä, jossa lapsi sai ne. Edeltävä palvelu ei ole seuraavan syy.",
            "Tjänsterna i den ordning barnet fick dem. En tjänst som föregår en annan är inte dess orsak.",
            "The services in the order in which a child had them. A service that precedes another is not its cause.",
        ),
    ),
)
