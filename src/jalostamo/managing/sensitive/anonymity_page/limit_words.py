"""Where the limits of attacks come from, and how their sources were read, in the three languages.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text

LIMIT_WORDS: Final[dict[str, Text]] = {
    "limits": Text("Mistä rajat ovat peräisin", "Varifrån gränserna kommer", "Where the limits come from"),
    "limits_note": Text(
        "Mikään viranomainen ei ole vielä asettanut rajoja mitatuille hyökkäyksille: näistä päättää se, joka allekirjoittaa.",
        "Ingen myndighet har ännu satt gränser för uppmätta attacker: om dessa bestämmer den som undertecknar.",
        "No authority has yet set limits for measured attacks: whoever signs decides on these.",
    ),
    "limit_of": Text("Mitä rajataan", "Vad som begränsas", "What is limited"),
    "limit": Text("Raja", "Gräns", "Limit"),
    "limit_source": Text("Lähde", "Källa", "Source"),
    "limit_read": Text("Miten luettu", "Hur den lästs", "How it was read"),
}

READ: Final[dict[str, Text]] = {
    "text": Text("sanasta sanaan", "ord för ord", "in its own words"),
    "abstract": Text("tiivistelmä", "sammanfattningen", "its abstract"),
    "reported": Text(
        "vain muiden kertomana: itse lähdettä ei ole tarkistettu",
        "bara som andra återger den: själva källan är inte kontrollerad",
        "only as others tell of it: the source itself was not checked",
    ),
    "own": Text("tuotteen oma", "produktens egen", "the product's own"),
}
"""How a source was read when the criteria were dated."""

UNREAD: Final = Text("ei kerrottu", "inte angivet", "not told")
