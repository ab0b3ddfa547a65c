"""What the page says beside its figures, each sentence in the three languages.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text

WORDS: Final[dict[str, Text]] = {
    "skip": Text("Siirry sisältöön", "Gå till innehållet", "Skip to the content"),
    "kind": Text("Karkeistetun taulun selvitys", "Redogörelse för en förgrovad tabell", "Report on a coarsened table"),
    "rows": Text("Rivejä taulussa", "Rader i tabellen", "Rows in the table"),
    "released": Text("Kirjoitettu", "Skrivna", "Written"),
    "suppressed": Text("Jätetty pois", "Utelämnade", "Left out"),
    "exact_title": Text("Tarkkoja lukuja", "Exakta siffror", "Exact figures"),
    "exact": Text(
        "Sivu on taulun haltijalle ja tietosuojavastaavalle. Se kuuluu samaan paikkaan kuin taulu, eikä sitä julkaista. "
        "Mallien täyttyminen ei tee riveistä nimettömiä: kukaan ei voi luetella kaikkea, mitä muut ihmisistä tietävät.",
        "Sidan är till för tabellens innehavare och dataskyddsombudet. Den hör hemma där tabellen finns och publiceras "
        "inte. Att modellerna uppfylls gör inte raderna anonyma: ingen kan räkna upp allt som andra vet om människor.",
        "This page is for whoever holds the table and looks after data protection. It stays where the table is, and is not "
        "published. That models hold does not make rows anonymous: nobody can name all that others know of people.",
    ),
    "contents": Text("Sivun osat", "Sidans delar", "Parts of the page"),
    "yes": Text("täyttyy", "uppfylls", "holds"),
    "no": Text("ei täyty", "uppfylls inte", "does not hold"),
    "model": Text("Malli", "Modell", "Model"),
    "asked": Text("Pyydetty", "Begärt", "Asked"),
    "found": Text("Löydetty", "Funnet", "Found"),
    "outcome": Text("Tulos", "Utfall", "Outcome"),
    "read_anew": Text("Luettu uudelleen", "Läst på nytt", "Read anew"),
    "models": Text("Mitä pyydettiin ja mitä löydettiin", "Vad som begärdes och hittades", "What was asked and found"),
    "models_lead": Text(
        "Malli sanoo, kuinka samanlaisia rivien on vähintään oltava. Jokainen malli on laskettu kirjoitetuista riveistä "
        "toisella ohjelmalla kuin se, joka ne karkeisti.",
        "En modell säger hur lika rader minst ska vara. Varje modell är räknad på de skrivna raderna av ett annat program "
        "än det som gjorde dem grövre.",
        "A model says how alike rows must be at least. Each was counted on the written rows by other code than made them "
        "coarser.",
    ),
    "read_anew_lead": Text(
        "”Luettu uudelleen” on tiedoston myöhempi lukeminen omalla komennollaan.",
        "”Läst på nytt” är en senare läsning av filen med ett eget kommando.",
        "“Read anew” is a later reading of the file by a command of its own.",
    ),
    "proof": Text("Onko tämä paras", "Är detta den bästa", "Is this the best"),
    "inferred": Text("Mitä vielä voi päätellä", "Vad som ännu kan slutas", "What may still be inferred"),
    "inferred_lead": Text(
        "Joka tietää jonkun kvasitunnisteet, löytää luokan, johon hän kuuluu, muttei sitä, kuka luokasta hän on.",
        "Den som känner någons kvasiidentifierare hittar klassen som personen hör till, men inte vem i klassen det är.",
        "Whoever knows somebody's quasi-identifiers finds the class that she is in, but not which of the class she is.",
    ),
    "class_sizes": Text(
        "Osuus riveistä sen mukaan, kuinka monta riviä luokassa on",
        "Andel av raderna efter hur många rader klassen har",
        "Share of the rows by how many rows their class has",
    ),
    "class_size": Text("Rivejä luokassa", "Rader i klassen", "Rows in the class"),
    "classes": Text("Luokkia", "Klasser", "Classes"),
    "classes_note": Text("{0} luokkaa", "{0} klasser", "{0} classes"),
    "classes_note_one": Text("1 luokka", "1 klass", "1 class"),
    "rows_short": Text("Rivejä", "Rader", "Rows"),
    "share": Text("Osuus", "Andel", "Share"),
    "unprotected": Text(
        "Sarakkeet, joita mikään malli ei suojaa", "Kolumner som ingen modell skyddar", "Columns that no model protects"
    ),
    "unprotected_note": Text(
        "Ne on kirjoitettu sellaisinaan: joka löytää luokan, näkee niistä kaiken, mitä luokassa on.",
        "De är skrivna som de är: den som hittar klassen ser allt som finns i den.",
        "They are written as they are: whoever finds the class sees all that it holds of them.",
    ),
    "kvasi": Text("Kvasitunnisteet", "Kvasiidentifierare", "Quasi-identifiers"),
    "kvasi_note": Text(
        "Näistä joku voidaan tuntea; mallit olettavat, ettei muuta tiedetä.",
        "Med dem kan någon kännas igen; modellerna antar att inget annat är känt.",
        "By these somebody might be recognised; the models assume that nothing else is known.",
    ),
    "sensitive": Text("Arkaluonteiset", "Känsliga", "Sensitive"),
    "sensitive_note": Text(
        "Näistä luokka ei saa kertoa; jokaisella on mallinsa yllä tai se on alla ilman suojaa.",
        "Om dem får klassen inte berätta; var och en har sin modell ovan eller står nedan utan skydd.",
        "Of these the class must not tell; each has its model above, or stands below without protection.",
    ),
    "dropped": Text("Pois jätetyt sarakkeet", "Utelämnade kolumner", "Dropped columns"),
    "dropped_note": Text(
        "Reseptissä ei ole niitä, joten niitä ei ole kirjoitettu.",
        "Receptet nämner dem inte, så de är inte skrivna.",
        "The recipe does not name them, so they are not written.",
    ),
    "none": Text("ei yhtään", "inga", "none"),
    "unknown": Text("Mitä tämä ei kerro", "Vad detta inte säger", "What this does not tell"),
    "unknown_note": Text(
        "Muut aineistot samoista ihmisistä, aiemmat luovutukset ja se, mitä läheiset ja työntekijät jo tietävät, voivat "
        "kertoa lisää; niitä kysytään hyökkäyksillä ja arvioinnissa.",
        "Andra material om samma människor, tidigare utlämningar och det som närstående och anställda redan vet kan berätta "
        "mer; det prövas med attacker och i bedömningen.",
        "Other data on the same people, earlier releases, and what those close to them or at work with them know already may "
        "tell more; that is for attacks, and for whoever decides.",
    ),
    "attacks": Text("Mitä hyökkäykset löysivät", "Vad attackerna fann", "What attacks found"),
    "attacks_lead": Text(
        "Hyökkäyssarja {0} kohdistettiin kirjoitettuihin riveihin, ja tulokset arvioitiin {1} päivätyin ehdoin vastaanottajalle: "
        "{2}. Tämä on näyttöä, ei päätös: nimetty henkilö päättää ja allekirjoittaa.",
        "Attackserien {0} riktades mot de skrivna raderna, och resultaten bedömdes enligt kriterier daterade {1} för "
        "mottagaren: {2}. Detta är belägg, inget beslut: en namngiven person beslutar och undertecknar.",
        "Suite {0} of attacks was run on the written rows, and judged by criteria dated {1} for this recipient: {2}. "
        "This is evidence, not a decision: a named person decides and signs.",
    ),
    "beside": Text(
        "Hyökkääjällä oli kirjoitettujen rivien lisäksi: {0}.",
        "Utöver de skrivna raderna hade angriparen: {0}.",
        "Beside the written rows the attacker had: {0}.",
    ),
    "beside_nothing": Text(
        "Hyökkääjällä ei ollut aiempia luovutuksia eikä painettuja lukuja.",
        "Angriparen hade inga tidigare utlämningar och inga tryckta siffror.",
        "The attacker had no earlier release and no printed cells.",
    ),
    "together": Text(
        "Ennen kirjaamista rivejä vastaan hyökättiin yhdessä näiden kanssa: {0}.",
        "Innan raderna infördes attackerades de tillsammans med: {0}.",
        "Before they were entered, the rows were attacked together with: {0}.",
    ),
    "not_together": Text(
        "Näiden kanssa ei hyökätty: {0}.",
        "De attackerades inte tillsammans med: {0}.",
        "They were not attacked together with: {0}.",
    ),
    "no_attacks": Text(
        "Hyökkäyksiä ei ole tehty, tai niiden tuloksia ei annettu. Komento jalostamo attack tekee ne, ja sen tiedosto annetaan "
        "tälle sivulle valinnalla --evidence.",
        "Inga attacker har gjorts, eller deras resultat gavs inte. Kommandot jalostamo attack gör dem, och dess fil ges till "
        "sidan med --evidence.",
        "No attacks were run, or what they found was not given. The command jalostamo attack runs them, and its file is given "
        "to this page with --evidence.",
    ),
    "tally": Text(
        "Arvioiduista {0} kesti, {1} onnistui, {2} ei selvinnyt.",
        "Av de bedömda stod {0} emot, {1} lyckades, {2} avgjordes inte.",
        "Of those judged, {0} were withstood, {1} succeeded, {2} stayed undecided.",
    ),
    "risk_chart": Text(
        "Kuinka suuren osan mahdollisesta hyökkäys voitti, 95\u00a0%:n väli",
        "Hur stor del av det möjliga attacken vann, 95\u00a0%-intervall",
        "How much of what could be won each attack won, with 95\u00a0% interval",
    ),
    "better": Text("arvaamista parempi", "bättre än gissning", "better than guessing"),
    "no_better": Text("ei arvaamista parempi", "inte bättre än gissning", "no better than guessing"),
    "withstood": Text("kesti", "stod emot", "withstood"),
    "succeeded": Text("hyökkäys onnistui", "attacken lyckades", "attack succeeded"),
    "undecided": Text("ei selvinnyt", "avgjordes inte", "undecided"),
    "told": Text("kerrottu, ei arvioitu", "berättat, inte bedömt", "told, not judged"),
    "lost": Text("Mitä karkeistaminen vei", "Vad förgrovningen tog", "What coarsening took"),
    "lost_lead": Text(
        "Häviö kertoo kustakin sarakkeesta, kuinka suureen osaan kaikista arvoista karkea arvo keskimäärin viittaa; pois jätetty "
        "rivi on menettänyt kaiken.",
        "Förlusten säger för varje kolumn hur stor del av alla värden ett grovt värde i medeltal kan stå för; en utelämnad rad "
        "har förlorat allt.",
        "Loss tells of each column to what part of all values a coarse one may refer on average; a row left out has lost all.",
    ),
    "loss_chart": Text(
        "Häviö sarakkeittain, 0–100\u00a0%", "Förlust per kolumn, 0–100\u00a0%", "Loss by column, 0–100\u00a0%"
    ),
    "column": Text("Sarake", "Kolumn", "Column"),
    "level": Text("Taso", "Nivå", "Level"),
    "level_of": Text("{0}/{1}", "{0}/{1}", "{0} of {1}"),
    "level_note": Text("taso {0}/{1}", "nivå {0}/{1}", "level {0} of {1}"),
    "values": Text("Eri arvoja", "Olika värden", "Values"),
    "loss": Text("Häviö", "Förlust", "Loss"),
    "precision": Text("Karkeus", "Grovhet", "Coarseness"),
    "entropy": Text("Bittejä riviltä", "Bitar per rad", "Bits a row"),
    "entropy_share": Text("Tiedosta", "Av informationen", "Of what it told"),
    "columns_note": Text(
        "Karkeus on taso ylimmästä tasosta. Bitit kertovat, kuinka paljon epävarmemmaksi arvo tuli; viimeinen sarake on niiden "
        "osuus siitä, mitä sarake alun perin kertoi.",
        "Grovheten är nivån av den högsta nivån. Bitarna säger hur mycket osäkrare värdet blev; sista kolumnen är deras del av "
        "vad kolumnen först berättade.",
        "Coarseness is the level as a part of the highest. Bits tell how much less sure a value is; the last column is their "
        "part of what the column told at first.",
    ),
    "left_out": Text("Keitä jäi pois", "Vilka som utelämnades", "Who was left out"),
    "left_out_lead": Text(
        "Pois jää se, jonka kaltaisia on liian vähän, ja siksi useimmin vähemmistö. Kunkin ryhmän osuus on laskettu taulusta "
        "sellaisena kuin se oli; huonoimmassa asemassa oleva ryhmä on ensin.",
        "Utelämnas gör den som för få liknar, och därför oftast en minoritet. Varje grupps andel är räknad på tabellen som den "
        "var; den sämst ställda gruppen står först.",
        "Whoever has too few who are alike is left out: most often a minority. Each group's share is counted on the table as it "
        "was; the worst off stands first.",
    ),
    "worst_off": Text(
        "Huonoimmassa asemassa on ”{0}” sarakkeessa {1}: sen riveistä jätettiin pois {2}, kaikista {3}.",
        "Sämst ställd är ”{0}” i kolumnen {1}: av dess rader utelämnades {2}, av alla {3}.",
        "Worst off is “{0}” of column {1}: {2} of its rows were left out, and {3} of all.",
    ),
    "left_out_before": Text(
        "Luvuissa ei ole niiden rivejä, jotka jo aiemmat luovutukset jättivät pois: {0} riviä.",
        "I siffrorna ingår inte raderna för dem som redan tidigare utlämningar utelämnade: {0} rader.",
        "These figures are without the rows of people whom earlier releases left out already: {0} rows.",
    ),
    "nobody_left_out": Text("Yhtään riviä ei jätetty pois.", "Ingen rad utelämnades.", "No row was left out."),
    "left_out_chart": Text(
        "Pois jätettyjen osuus ryhmästä, sarake {0}",
        "Andel utelämnade i gruppen, kolumnen {0}",
        "Share of each group left out, column {0}",
    ),
    "other_columns": Text("Muiden sarakkeiden ryhmät", "Grupper i andra kolumner", "Groups of other columns"),
    "group": Text("Ryhmä", "Grupp", "Group"),
    "small": Text("pienet ryhmät yhteensä", "små grupper tillsammans", "small groups together"),
    "missing": Text("puuttuva", "saknas", "missing"),
    "not_apart": Text(
        "Kirjoitetut rivit eivät enää erota näitä ryhmiä.",
        "De skrivna raderna skiljer inte längre dessa grupper åt.",
        "The written rows do not tell these groups apart any more.",
    ),
    "differences": Text(
        "Ryhmien erot ennen ja jälkeen",
        "Gruppernas skillnader före och efter",
        "Differences of groups, before and after",
    ),
    "differences_lead": Text(
        "Suurin muutos on {0} prosenttiyksikköä: niin paljon kirjoitetut rivit antaisivat ryhmien erosta toisen kuvan kuin "
        "taulu. Välit ovat 95\u00a0%:n välejä ikään kuin rivit olisivat otos.",
        "Den största ändringen är {0} procentenheter: så mycket annorlunda visar de skrivna raderna gruppernas skillnad än "
        "tabellen. Intervallen är 95\u00a0%-intervall som om raderna vore ett urval.",
        "The largest change is {0} percentage points: by so much the written rows would show another difference between groups "
        "than the table. Intervals are of 95\u00a0%, as if rows were a sample.",
    ),
    "difference_chart": Text(
        "”{0}” sarakkeessa {1}, ryhmittäin sarakkeen {2} mukaan",
        "”{0}” i kolumnen {1}, efter grupp i kolumnen {2}",
        "“{0}” in column {1}, by the groups of column {2}",
    ),
    "all_differences": Text("Kaikki erot taulukkona", "Alla skillnader som tabell", "All differences as a table"),
    "value": Text("Arvo", "Värde", "Value"),
    "by": Text("Ryhmittely", "Gruppering", "Groups of"),
    "before": Text("Ennen", "Före", "Before"),
    "after": Text("Jälkeen", "Efter", "After"),
    "change": Text("Muutos", "Ändring", "Change"),
    "n": Text("{0} riviä", "{0} rader", "{0} rows"),
    "gone": Text("ryhmää ei ole jäljellä", "gruppen finns inte kvar", "nobody of the group is left"),
    "change_note": Text(
        "Muutos on ryhmän ja suurimman ryhmän välisen eron muutos prosenttiyksikköinä.",
        "Ändringen är ändringen i skillnaden mellan gruppen och den största gruppen, i procentenheter.",
        "Change is that of the difference between the group and the largest one, in percentage points.",
    ),
    "frontier": Text(
        "Mitä muuta olisi voinut valita", "Vad annat som kunde ha valts", "What else could have been chosen"
    ),
    "frontier_lead": Text(
        "Jokainen näistä täyttää samat mallit, eikä mikään muu katsotuista ole niitä parempi kaikessa: häviössä, suurimmassa "
        "riskissä, pois jätetyissä ja huonoimmassa asemassa olevan ryhmän osuudessa. Katsottiin {0}, ja {1} täytti mallit.",
        "Var och en av dessa uppfyller samma modeller, och ingen annan av de granskade är bättre i allt: förlust, största risk, "
        "utelämnade och den sämst ställda gruppens andel. {0} granskades, och {1} uppfyllde modellerna.",
        "Each of these meets the same models, and no other of those looked at is better in everything: loss, greatest risk, "
        "rows left out, and the share of the group that is worst off. {0} were looked at, and {1} held.",
    ),
    "frontier_whole": Text(
        "Muita, jotka voisivat täyttää mallit, ei ole.",
        "Andra som kunde uppfylla modellerna finns inte.",
        "There are no others that could hold.",
    ),
    "frontier_part": Text(
        "Katsottiin lähimmät; kauempana voi olla muita.",
        "De närmaste granskades; längre bort kan finnas andra.",
        "The nearest were looked at; there may be others farther away.",
    ),
    "frontier_chart": Text(
        "Häviö ja pois jätettyjen osuus; valittu on täytetty merkki",
        "Förlust och andel utelämnade; den valda är det fyllda märket",
        "Loss and share left out; the one chosen is the filled sign",
    ),
    "chosen": Text("valittu", "vald", "chosen"),
    "maximum_risk": Text("Suurin riski", "Största risk", "Greatest risk"),
    "worst_group": Text("Huonoimmassa asemassa", "Sämst ställda", "Worst off"),
    "beaten": Text("toinen on parempi kaikessa", "en annan är bättre i allt", "another is better in everything"),
    "levels": Text("Karkeus", "Grovhet", "Levels"),
    "levels_note": Text(
        "Valitun tasot, ja muista ne sarakkeet, joiden taso on toinen.",
        "Nivåerna för den valda, och för de andra de kolumner vars nivå är en annan.",
        "The levels of the one chosen, and of the others the columns whose level is another.",
    ),
    "others_as_table": Text("Kaikki {0} vaihtoehtoa", "Alla {0} alternativ", "All {0} choices"),
    "method": Text("Näin se löydettiin", "Så hittades det", "How it was found"),
    "time": Text("Aikaa kului", "Tid", "Time"),
    "seconds": Text("{0} s", "{0} s", "{0} s"),
    "time_note": Text(
        "Lukeminen, etsiminen ja kirjoittaminen yhteensä.",
        "Läsning, sökning och skrivning tillsammans.",
        "Reading, searching and writing together.",
    ),
    "footer": Text(
        "Sivu on piirretty selvityksestä; yhtään riviä ei ole luettu sitä varten.",
        "Sidan är ritad av redogörelsen; ingen rad har lästs för den.",
        "This page was drawn from the report; no row was read for it.",
    ),
}
