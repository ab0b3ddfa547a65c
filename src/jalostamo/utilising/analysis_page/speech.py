"""How one page of an analysis names services, groups and times, in its language and by the labels of its file.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Language, Text
from jalostamo.concepts.numerals import NO_BREAK, number
from jalostamo.producing.analyses.methods.around import BEGINS, ENDS, OTHERS
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.producing.analyses.months import NONE
from jalostamo.utilising.analysis_page.words import METHODS_OWN
from jalostamo.utilising.publication.numerals import share
from jalostamo.utilising.publication.speech import lowered
from jalostamo.utilising.publication.terms import ALL

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis

NOTHING: Final = "\u2013"
"""Stands where nothing is told."""

_ALSO: Final = " + "
_OWN: Final[Mapping[str, Text]] = {
    "": ALL,
    BEGINS: Text("Ei mitään ennen", "Inget före", "Nothing before"),
    ENDS: Text("Ei uutta palvelua", "Ingen ny tjänst", "No further service"),
    OTHERS: Text("Muut palvelut", "Övriga tjänster", "Other services"),
    NONE: Text("Ei palvelua", "Ingen tjänst", "No service"),
}
_LONGER: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_UNITS: Final[Mapping[str, tuple[Text, Text]]] = {
    "month": (Text("kuukausi", "månad", "month"), Text("kuukautta", "månader", "months")),
    "day": (Text("päivä", "dygn", "day"), Text("päivää", "dygn", "days")),
    "hour": (Text("tunti", "timme", "hour"), Text("tuntia", "timmar", "hours")),
    "minute": (Text("minuutti", "minut", "minute"), Text("minuuttia", "minuter", "minutes")),
    "second": (Text("sekunti", "sekund", "second"), Text("sekuntia", "sekunder", "seconds")),
}
_SHORT: Final[Mapping[str, Text]] = {
    "month": Text("kk", "mån", "mo"),
    "day": Text("pv", "d", "d"),
    "hour": Text("t", "h", "h"),
    "minute": Text("min", "min", "min"),
    "second": Text("s", "s", "s"),
}
_WHO: Final = {
    CustomerKind.PERSON: (Text("asiakas", "klient", "customer"), Text("asiakasta", "klienter", "customers")),
    CustomerKind.HOUSEHOLD: (Text("kotitalous", "hushåll", "household"), Text("kotitaloutta", "hushåll", "households")),
}
_LEAST_P: Final = 0.001


@dataclass(frozen=True, slots=True)
class Speech:
    """A speech is one language with the labels of one analysis; `time_unit` is the one in which its findings tell times."""

    labels: Mapping[str, Text]
    language: Language
    time_unit: str
    case: CustomerKind

    @classmethod
    def of(cls, analysis: Analysis, language: Language, *, time_unit: str) -> Speech:
        """How the page of an analysis speaks."""
        return cls(analysis.setting.labels, language, time_unit, analysis.setting.case)

    def say(self, text: Text, **values: str) -> str:
        """A text in this language, its places filled."""
        said = text.in_language(self.language)
        return said.format(**values) if values else said

    def name(self, code: str) -> str:
        """What a service, a group or a state is called: as the analysis labels it, or as it is recorded."""
        if code in self.labels:
            return self.say(self.labels[code])
        if code in _OWN:
            return self.say(_OWN[code])
        if _ALSO in code:
            return _ALSO.join(self.name(part) for part in code.split(_ALSO))
        return code

    def path(self, text: str) -> str:
        """Services one after the other."""
        # The arrow of findings is not among the letters that pages have.
        return " \u2013 ".join(self.name(part) for part in text.split(STEP))

    def title(self, code: str) -> str:
        """The same at the beginning of a line."""
        return capitalised(self.name(code))

    def inside(self, code: str) -> str:
        """The same inside a sentence; the Finnish ones put it into quotation marks, and codes stay as they are recorded."""
        name = self.name(code)
        return name if self.language == "fi" or name == code else lowered(name)

    def word(self, code: str) -> str:
        """A word that a method itself writes into its tables."""
        return self.say(METHODS_OWN[code]) if code in METHODS_OWN else self.name(code)

    def names(self, codes: Sequence[str]) -> str:
        """Several names in a row."""
        return ", ".join(self.name(code) for code in codes)

    def number(self, value: float, *, places: int = 0) -> str:
        """A number with the language's separators."""
        return number(value, self.language, places=places)

    def plain(self, value: float) -> str:
        """A number with as many places as it deserves."""
        places = next(places for places in (0, 1, 2) if round(value, places) == round(value, 2) or places == 2)
        return self.number(value, places=min(places, 1) if abs(value) >= 10 else places)

    def share(self, value: float) -> str:
        """A share as per cent; of nobody, without decimals."""
        return share(value, self.language, places=None if value else 0)

    def share_of_all(self, value: float) -> str:
        """A share in whole per cent, as scales have it."""
        return f"{self.number(100 * value)}{NO_BREAK}%"

    @property
    def unit(self) -> str:
        """The unit in which the findings tell times."""
        return self.say(_UNITS[self.time_unit.removesuffix("s")][1])

    def who(self, customers: int) -> str:
        """So many customers, or households."""
        one, many = _WHO[self.case]
        return f"{self.number(customers)}{NO_BREAK}{self.say(one if customers == 1 else many)}"

    def time(self, value: float, *, short: bool = False) -> str:
        """A time in the unit that a person would say."""
        told, unit = self._in_unit(value)
        said = self.say(_SHORT[unit]) if short else self.say(_UNITS[unit][told != 1])
        return f"{self.number(told, places=0 if float(told).is_integer() else 1)}{NO_BREAK}{said}"

    def _in_unit(self, value: float) -> tuple[float, str]:
        unit = self.time_unit.removesuffix("s")
        if unit == "second":
            size, unit = next(((size, name) for size, name in _LONGER if abs(value) >= size), (1, unit))
            value /= size
        return round(value, 1), unit

    def p(self, value: float) -> str:
        """A p-value with three decimals."""
        if value < _LEAST_P:
            return f"<{NO_BREAK}{self.number(_LEAST_P, places=3)}"
        return self.number(value, places=3)


def capitalised(text: str) -> str:
    """A text as it begins a line."""
    return text[:1].upper() + text[1:]
