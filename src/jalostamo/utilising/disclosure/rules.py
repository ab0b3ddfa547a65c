"""Rules of disclosure control: what may be printed of counted cells, for readers inside the city and outside it.

A rule is data with words beside it, so that who decides on it reads what is enforced; the noise has tables of its own.

Handbook 2.3 (means of publishing the data by role) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule says how little a printed figure may rest on; `id` is stable: another number in it is another rule's id.

    `least`: printed units below which nothing is derived from a cell. `event_base`: events are rounded to its multiples.
    `amount_figures`: the significant figures that an amount keeps. An amount is hidden where its `top_k` largest
    contributors bring `top_share` of it or more, or where the second largest could tell the largest to within `p_percent`
    per cent. `mean_cell`: printed units that the finest cells must hold on average; `most_dimensions`: of one cube.
    `most_gained`: how much more often a true 1 or 2 may be guessed right by all that a cube prints than by its own number.
    """

    id: str
    least: int
    event_base: int = 5
    amount_figures: int = 3
    top_k: int = 2
    top_share: float = 0.90
    p_percent: float = 10.0
    mean_cell: float = 5.0
    most_dimensions: int = 4
    most_gained: float = 0.05

    def __post_init__(self) -> None:
        counts = (self.least, self.event_base, self.amount_figures, self.top_k, self.most_dimensions)
        shares = (
            0 < self.top_share <= 1 and 0 < self.p_percent < 100 and self.mean_cell >= 0 and 0 < self.most_gained <= 1
        )
        if not self.id or min(counts) < 1 or not shares:
            raise Unfit("A rule needs an id, counts of at least 1 and shares between 0 and 1.", reason="rule_form")

    def as_mapping(self) -> dict[str, object]:
        """The rule as files hold it."""
        shares = {name: float(getattr(self, name)) for name in ("top_share", "p_percent", "mean_cell", "most_gained")}
        return {**asdict(self), **shares}


INSIDE: Final = Rule(id="inside", least=5)
OUTSIDE: Final = Rule(id="outside", least=10)
RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in (INSIDE, OUTSIDE)}
"""The rules by their ids: inside is for the people of the city's own organisation, outside for everyone else."""

CLAUSES: Final[tuple[Text, ...]] = (
    Text(
        "Mitään osuutta, suhdelukua, keskilukua tai käyrää ei näytetä, jos sen pohjana on alle {least} julkaistua yksikköä.",
        "Ingen andel, kvot, medeltal eller kurva visas, om den bygger på färre än {least} publicerade enheter.",
        "No share, rate, average or curve is shown where it rests on fewer than {least} printed units.",
    ),
    Text(
        "Tapahtumien määrät pyöristetään lähimpään {event_base}:n monikertaan.",
        "Antalet händelser avrundas till närmaste multipel av {event_base}.",
        "Numbers of events are rounded to the nearest multiple of {event_base}.",
    ),
    Text(
        "Summista ja rahamääristä näytetään {amount_figures} merkitsevää numeroa.",
        "Av summor och belopp visas {amount_figures} värdesiffror.",
        "Of sums and money {amount_figures} significant figures are shown.",
    ),
    Text(
        "Summa piilotetaan, jos {top_k} suurinta yksikköä tuo siitä vähintään {top_percent} prosenttia.",
        "En summa döljs, om de {top_k} största enheterna står för minst {top_percent} procent av den.",
        "A sum is hidden where its {top_k} largest units bring at least {top_percent} per cent of it.",
    ),
    Text(
        "Summa piilotetaan, jos toiseksi suurin voisi siitä laskea suurimman osuuden {p_percent} prosentin tarkkuudella.",
        "En summa döljs, om den näst största ur den kunde beräkna den störstas del med {p_percent} procents noggrannhet.",
        "A sum is hidden where the second largest unit could reckon the largest one's part to within {p_percent} per cent.",
    ),
    Text(
        "Taulukossa on enintään {most_dimensions} luokittelua, ja sen hienoimmissa soluissa on keskimäärin vähintään "
        "{mean_cell} julkaistua yksikköä.",
        "En tabell har högst {most_dimensions} indelningar, och dess finaste celler har i medeltal minst {mean_cell} "
        "publicerade enheter.",
        "A table has at most {most_dimensions} classifications, and its finest cells hold at least {mean_cell} printed "
        "units on average.",
    ),
    Text(
        "Kun taulukon kaikki luvut lasketaan toisiaan vasten, yhden tai kahden yksikön solu saadaan arvatuksi oikein enintään "
        "{gained_percent} prosenttiyksikköä useammin kuin sen omasta luvusta.",
        "När alla tal i en tabell räknas mot varandra kan en cell med en eller två enheter gissas rätt högst {gained_percent} "
        "procentenheter oftare än ur sitt eget tal.",
        "When all numbers of a table are reckoned against each other, a cell of one or two units is guessed right at most "
        "{gained_percent} percentage points more often than from its own number.",
    ),
)
"""What a rule means in words, with its own numbers in their places."""


def rule_of(id: str) -> Rule:  # noqa: A002  # a rule's id is called so everywhere
    """The rule of an id; an unknown one is refused with those that exist."""
    if id not in RULES:
        raise Misused(f"There is no such rule of disclosure: name one of {', '.join(RULES)}.", reason="rule_unknown")
    return RULES[id]


def in_words(rule: Rule) -> tuple[Text, ...]:
    """The rule as sentences, for who decides on it.

    >>> in_words(OUTSIDE)[0].en
    'No share, rate, average or curve is shown where it rests on fewer than 10 printed units.'
    """
    values = {**rule.as_mapping(), "top_percent": 100 * rule.top_share, "gained_percent": 100 * rule.most_gained}
    shown = {name: f"{value:g}" if isinstance(value, float) else value for name, value in values.items()}
    return tuple(Text(*(clause.in_language(language).format(**shown) for language in LANGUAGES)) for clause in CLAUSES)


def rule_from(mapping: object) -> Rule:
    """Read a rule as a file holds it: every entry, no other, and each of its kind."""
    names = Rule.__dataclass_fields__
    if not isinstance(mapping, Mapping) or mapping.keys() != names.keys():
        raise Unfit("A rule lacks an entry, or has one that is not known.", reason="rule_form")
    kinds = {name: {"str": str, "int": int, "float": float}[str(field.type)] for name, field in names.items()}
    if any(type(mapping[name]) is not kind for name, kind in kinds.items()):
        raise Unfit("A rule has an entry of another kind than is known.", reason="rule_form")
    return Rule(**cast("Mapping[str, int]", mapping))  # type: ignore[arg-type]  # each looked at a line above
