"""The candidates: codes that registers record of children and of their guardians, most of them without any effect.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jalostamo.city.early_education import vocabularies as early_education
from jalostamo.city.exposures import REAL, Who
from jalostamo.city.health import vocabularies as health
from jalostamo.city.health.rates import ORDINARY_OF_CHILDREN_ONLY, ORDINARY_OF_GROWN_UPS_ONLY
from jalostamo.city.schools import vocabularies as schools


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates are codes of one field that may be recorded of a child, or of a guardian, in a calendar year."""

    who: Who
    register: str
    table: str
    field: str
    codes: tuple[str, ...]

    def rows(self) -> Iterator[dict[str, object]]:
        """A row for each code, with the rate ratio that was planted."""
        place = {"who": self.who.value, "register": self.register, "table": self.table, "field": self.field}
        planted = {
            f.code: f.rate_ratio
            for f in REAL
            if (f.who, f.register, f.table, f.field) == (self.who, self.register, self.table, self.field)
        }
        for code in self.codes:
            yield place | {"code": code, "rate_ratio": planted.get(code, 1.0)}


_VISITS: Final = ("health", "visits")
# The other forms go with the reasons that are real factors, and are no candidates of their own.
_FORMS_OF_CHILDREN: Final = ("PHO", "HOM", "REM", "DEN", "CHC", "SCH")
_FORMS_OF_GUARDIANS: Final = ("PHO", "HOM", "REM", "DEN")

_CHILD, _GUARDIAN = Who.CHILD, Who.GUARDIAN
_ALL: Final = (
    Candidates(
        _CHILD,
        *_VISITS,
        "reason",
        tuple(
            code
            for code in health.REASON.allowed
            if code not in ORDINARY_OF_GROWN_UPS_ONLY or any((f.who, f.code) == (_CHILD, code) for f in REAL)
        ),
    ),
    Candidates(_CHILD, *_VISITS, "form", _FORMS_OF_CHILDREN),
    Candidates(_CHILD, "schools", "absences", "reason", schools.ABSENCE.allowed),
    Candidates(_CHILD, "schools", "pupil_welfare", "reason", schools.WELFARE_REASON.allowed),
    Candidates(_CHILD, "schools", "support", "level", schools.SUPPORT_LEVEL.allowed),
    Candidates(_CHILD, "schools", "support", "subject", schools.SUBJECT.allowed),
    Candidates(_CHILD, "schools", "enrolments", "school", schools.SCHOOL.allowed),
    Candidates(_CHILD, "early_education", "placements", "form", early_education.FORM.allowed),
    Candidates(_CHILD, "social_services", "decisions", "service", ("FC", "HS")),
    Candidates(
        _GUARDIAN,
        *_VISITS,
        "reason",
        tuple(code for code in health.REASON.allowed if code not in ORDINARY_OF_CHILDREN_ONLY),
    ),
    Candidates(_GUARDIAN, *_VISITS, "form", _FORMS_OF_GUARDIANS),
)


def candidates(further: tuple[Candidates, ...] = ()) -> list[dict[str, object]]:
    """Every candidate with its rate ratio; `further` are those of registers that are described elsewhere."""
    return [row for group in (*_ALL, *further) for row in group.rows()]
