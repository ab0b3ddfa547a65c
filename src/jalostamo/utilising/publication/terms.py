"""Terms that pages and printed tables say alike, in three languages: groups, medians, intervals.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text

ALL: Final = Text("Kaikki", "Alla", "All")
GROUP: Final = Text("Ryhmä", "Grupp", "Group")
MEDIAN: Final = Text("Mediaani", "Median", "Median")
TIME: Final = Text("Aika", "Tid", "Time")
SERVICE: Final = Text("Palvelu", "Tjänst", "Service")
FROM: Final = Text("Mistä", "Från", "From")
TO: Final = Text("Mihin", "Till", "To")
CUSTOMERS: Final = Text("Asiakkaita", "Klienter", "Customers")
AT_RISK: Final = Text("Seurannassa", "Kvar i uppföljningen", "At risk")
NOT_FOUND: Final = Text("eroa ei havaittu", "ingen skillnad funnen", "no difference found")
DIFFERS: Final = Text("eroaa", "skiljer sig", "differs")
SKIP: Final = Text("Siirry sisältöön", "Gå till innehållet", "Skip to the content")
METHOD: Final = Text("Näin luvut on laskettu", "Så är siffrorna räknade", "How the figures were made")
DIGEST: Final = Text("Tiiviste", "Kontrollsumma", "Digest")
EXACT: Final = Text("Tarkat luvut", "Exakta siffror", "Exact figures")
_INTERVAL: Final = Text("(95 %:n väli)", "(95 % intervall)", "(95 % interval)")


def with_interval(term: Text) -> Text:
    """A term for a value that is told with its interval."""
    return Text(*(f"{said} {ends}" for said, ends in zip(_forms(term), _forms(_INTERVAL), strict=True)))


def _forms(text: Text) -> tuple[str, str, str]:
    return text.in_language("fi"), text.in_language("sv"), text.in_language("en")
