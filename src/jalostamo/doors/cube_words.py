"""How figures of a printed cube are said in three languages: columns, codes, intervals, and why something is not shown.

Handbook 2.3 (dynamic: drilling, predefined filters).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.languages import Text
from jalostamo.concepts.numerals import number
from jalostamo.utilising.publication.terms import ALL, AT_RISK, FROM, MEDIAN, TIME, TO, with_interval

if TYPE_CHECKING:
    from jalostamo.concepts.languages import Language
    from jalostamo.producing.results import Estimate
    from jalostamo.utilising.disclosure.figures.quantiles import Quantile
    from jalostamo.utilising.disclosure.printed import PrintedCube
    from jalostamo.utilising.disclosure.withheld import Withheld

NOTHING: Final = "."
"""Stands where there can be nothing."""

_HEADS: Final = {
    "base": Text("Pohjana", "Bas", "Base"),
    "median": with_interval(MEDIAN),
    "quantile": with_interval(Text("Persentiili {}", "Percentil {}", "Percentile {}")),
    "time": TIME,
    "at_risk": AT_RISK,
    "ended": Text("Päättyneitä", "Avslutade", "Ended"),
    "staying": with_interval(Text("Ilman tapahtumaa", "Utan händelse", "Without the event")),
    "step": Text("Askel", "Steg", "Step"),
    "source": FROM,
    "target": TO,
    "between": Text("Mitkä", "Vilka", "Between"),
    "correlation": with_interval(Text("Korrelaatio", "Korrelation", "Correlation")),
    "cramers_v": with_interval(Text("Cramérin V", "Cramérs V", "Cramér's V")),
}
BEGINS: Final = Text("(alkaa)", "(börjar)", "(begins)")
ENDS: Final = Text("(päättyy)", "(slutar)", "(ends)")
RUNS_ON: Final = Text(
    "< ja >: väli jatkuu ilmoitettujen pisteiden ulkopuolelle.",
    "< och >: intervallet fortsätter utanför de angivna punkterna.",
    "< and >: the interval runs on beyond the declared points.",
)
CUT: Final = Text(
    "{}: ajasta {} alkaen ei näytetä mitään, koska seurannassa on liian vähän.",
    "{}: från tiden {} visas inget, eftersom för få är kvar i uppföljningen.",
    "{}: nothing is shown from {} on, since too few are at risk.",
)
MEDIAN_SAID: Final = Text("{}: mediaani {}.", "{}: median {}.", "{}: median {}.")
DROPPED: Final = Text(
    "{}: {} askelta, joita ei ottanut kukaan tai jotka otti liian harva, puuttuu.",
    "{}: {} steg, som ingen eller för få tog, saknas.",
    "{}: {} steps that nobody took, or too few, are left out.",
)
_TO: Final = {"fi": " \u2026 ", "sv": " till ", "en": " to "}
"""A dash between numbers that may be negative reads as one more minus."""

_MOST_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Speech:
    """How codes and numbers of a cube are said in one language."""

    cube: PrintedCube
    language: Language

    def head(self, name: str) -> str:
        """What a column is called: a dimension by its title."""
        titles = {dimension.name: dimension.title for dimension in self.cube.dimensions}
        return {**_HEADS, **titles}[name].in_language(self.language)

    def code(self, dimension: str, code: str) -> str:
        """What a code is called."""
        labels = next(each.labels for each in self.cube.dimensions if each.name == dimension)
        return labels[code].in_language(self.language) if code in labels else code

    def codes(self, dimensions: Sequence[str], codes: Sequence[str]) -> list[str]:
        """What several codes are called, each of its own dimension."""
        return [self.code(*pair) for pair in zip(dimensions, codes, strict=True)]

    def who(self, dimensions: Sequence[str], codes: Sequence[str]) -> str:
        """Of whom a sentence speaks."""
        return ", ".join(self.codes(dimensions, codes)) or ALL.in_language(self.language)

    def number(self, value: float | None, *, places: int = 0) -> str:
        """A number with the language's separators."""
        return NOTHING if value is None else number(value, self.language, places=places).replace("\u00a0", " ")

    def point(self, value: float, *, places: int) -> str:
        """A point of a grid, which may be a year: without separators of thousands."""
        mark = "." if self.language == "en" else ","
        return f"{value:.{places}f}".replace(".", mark)

    def why(self, withheld: Withheld | None) -> str:
        """Why something is not shown; where there can be nothing, that."""
        from jalostamo.utilising.disclosure.withheld import SENTENCES

        return NOTHING if withheld is None else f"\u2013 {SENTENCES[withheld].in_language(self.language)}"

    def share(self, estimate: Estimate) -> str:
        """A share with its interval."""
        from jalostamo.utilising.publication import numerals

        return numerals.said(estimate, "share", self.language).together.replace("\u00a0", " ")

    def interval(self, estimate: Estimate, *, places: int) -> str:
        """A plain number with its interval."""
        value, *ends = (self.number(part, places=places) for part in (estimate.value, estimate.low, estimate.high))
        return f"{value} ({_TO[self.language].join(ends)})"

    def quantile(self, found: Quantile) -> str:
        """A value of a grid with its interval, whose ends are told one place finer; open ones as running on."""
        if found.estimate is None:
            return self.why(found.withheld)
        places = places_of(found.step)
        low, high = (self.point(end, places=places + 1) for end in (found.estimate.low, found.estimate.high))
        ends = f"{'<' if found.open_low else ''}{low}\u2013{'>' if found.open_high else ''}{high}"
        return f"{self.point(found.estimate.value, places=places)} ({ends})"

    def times(self, estimate: Estimate, *, is_open: bool, places: int) -> str:
        """A time of a curve with its interval, which may run on past the last one shown."""
        value, low, high = (self.point(part, places=places) for part in (estimate.value, estimate.low, estimate.high))
        return f"{value} ({low}\u2013{'>' if is_open else ''}{high})"


def places_of(step: float) -> int:
    """The decimals that tell two points of a grid apart."""
    return next((places for places in range(_MOST_PLACES) if abs(round(step, places) - step) < 1e-9), _MOST_PLACES)


def laid_out(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines of cells as columns of the terminal."""
    columns = list(zip(heads, *lines, strict=True))
    widths = [max(map(len, column)) for column in columns]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in zip(*columns, strict=True)
    )
    return [f"  {line}".rstrip() for line in padded]
