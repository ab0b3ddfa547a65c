"""The words of the page on time to event, in three languages.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.utilising.publication.terms import ALL, AT_RISK, EXACT, GROUP, MEDIAN, METHOD, SKIP, TIME

HALF_BY: Final = Text(
    "Puolelle tapahtuma 1 oli tullut, kun aikaa oli kulunut {}",
    "För hälften hade händelse 1 inträffat efter {}",
    "Half had event 1 by {}",
)
LESS_THAN_HALF: Final = Text(
    "Alle puolelle tuli tapahtuma 1 seurannan aikana",
    "För mindre än hälften inträffade händelse 1 under uppföljningen",
    "Less than half had event 1 while they were followed",
)
NO_EVENT: Final = Text(
    "Kenellekään ei tullut tapahtumaa 1 seurannan aikana",
    "För ingen inträffade händelse 1 under uppföljningen",
    "Nobody had event 1 while they were followed",
)
A_TIME: Final = Text("{}", "tiden {}", "time {}")
TESTED: Final = Text(
    "{}: testisuure {}, vapausasteet {}, p {}.",
    "{}: teststorhet {}, frihetsgrader {}, p {}.",
    "{}: statistic {}, degrees of freedom {}, p {}.",
)
LARGEST: Final = Text(
    "Kuvassa ovat {} suurinta ryhmää {}:sta; taulukossa ovat kaikki.",
    "Bilden visar de {} största grupperna av {}; tabellen visar alla.",
    "The picture shows the {} largest of {} groups; the table shows all.",
)

WORDS: Final = {
    "skip": SKIP,
    "footer": Text(
        "Tarkat luvut omasta taulukosta; ei julkaistavaksi.",
        "Exakta siffror från en egen tabell; inte för publicering.",
        "Exact figures from a table of one's own; not for publication.",
    ),
    "kind_of_page": Text("Aika tapahtumaan", "Tid till händelse", "Time to event"),
    "rows": Text("Rivejä", "Rader", "Rows"),
    "events": Text("Tapahtumia", "Händelser", "Events"),
    "censored": Text(
        "Seuranta päättyi ennen tapahtumaa", "Uppföljningen slutade före händelsen", "Followed no further"
    ),
    "median": MEDIAN,
    "notice_title": EXACT,
    "notice": Text(
        "Luvut ovat tarkkoja ja voivat koskea yksittäisiä ihmisiä. Sivu jää niille, jotka saavat nähdä taulukon.",
        "Siffrorna är exakta och kan gälla enskilda människor. Sidan stannar hos dem som får se tabellen.",
        "The figures are exact and may be of single people. The page stays with those who may see the table.",
    ),
    "come_table": Text("Osuudet aikojen mukaan", "Andelar efter tid", "The shares by time"),
    "waiting": Text(
        "Osuus, jolle tapahtuma 1 ei ole vielä tullut",
        "Andel för vilka händelse 1 inte ännu har inträffat",
        "Share to whom event 1 has not come yet",
    ),
    "come": Text(
        "Osuus, jolle kukin tapahtuma on tullut ensimmäisenä",
        "Andel för vilka varje händelse har inträffat först",
        "Share to whom each kind of event has come first",
    ),
    "kinds": Text("Mikä tapahtui ensin", "Vad hände först", "What came first"),
    "groups": Text("Kauanko siihen kuluu", "Hur lång tid det tar", "How long it takes"),
    "kind": Text("Tapahtuma", "Händelse", "Event"),
    "time": TIME,
    "at_risk": AT_RISK,
    "everybody": ALL,
    "no_group": Text("Ryhmä puuttuu", "Grupp saknas", "No group"),
    "group": GROUP,
    "shares": Text(
        "Mediaani, ja osuus jolle tapahtuma 1 ei ole vielä tullut (95 %:n väli)",
        "Median, och andel för vilka händelse 1 inte ännu har inträffat (95 % intervall)",
        "Median, and share to whom event 1 has not come yet (95 % interval)",
    ),
    "at": Text("Ajassa {}", "Vid tiden {}", "At time {}"),
    "tests": Text("Eroavatko ryhmät", "Skiljer sig grupperna", "Do the groups differ"),
    "log_rank": Text("Log-rank-testi, tapahtuma 1", "Logranktest, händelse 1", "Log-rank test, event 1"),
    "gray": Text("Grayn testi, tapahtuma {}", "Grays test, händelse {}", "Gray's test, event {}"),
    "untested": Text(
        "{}: ei voi testata, koska alle kahdelle ryhmälle olisi voinut tapahtua.",
        "{}: kan inte testas, eftersom det kunde ha hänt i färre än två grupper.",
        "{}: cannot be tested, since it could have happened in fewer than two groups.",
    ),
    "method": METHOD,
    "method_text": Text(
        "Kaplan–Meier ja Greenwoodin keskivirhe, muut tapahtumat seurannan päättymisinä; tapahtumien osuudet Aalenin ja "
        "Johansenin mukaan. Samanaikaiset tapahtumat ovat tarkasti samanaikaisia. Ero ryhmien välillä ei kerro sen syytä.",
        "Kaplan–Meier med Greenwoods medelfel, andra händelser som slut på uppföljningen; händelsernas andelar enligt "
        "Aalen och Johansen. Samtidiga händelser är exakt samtidiga. En skillnad mellan grupper säger inte varför.",
        "Kaplan–Meier with Greenwood's standard error, other events ending the following; shares of the kinds of event by "
        "Aalen and Johansen. Tied events are exactly tied. A difference between groups does not say why.",
    ),
}
