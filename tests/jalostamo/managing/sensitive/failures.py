"""Real bad input, by which every step of the corridor is made to fail; canaries stand where a message might repeat them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.jalostamo.managing.sensitive.small_town import (
    NOTE,
    POPULATION,
    SOCIAL,
    SURNAME,
    Change,
    Row,
    code,
    decision,
    person,
    setting,
    write_register,
)

from jalostamo.concepts.errors import JalostamoError, Misused, Refused, Unfit

HOME = "KOTITALOUS-00000"
CASE = "ASIA-2012-00000"


def people() -> list[dict[str, str]]:
    return [person(number, household=f"{HOME}{number // 2}", guardian=code(number + 1)) for number in range(6)]


def spells() -> list[dict[str, str]]:
    return [decision(number, code(number % 6)) | {"number": f"{CASE}{number}"} for number in range(8)]


def codes_in(rows: Iterable[Row]) -> list[str]:
    return sorted({row[field] for row in rows for field in ("identity_code", "guardian", "client") if row.get(field)})


def canaries() -> list[str]:
    """Everything of the small town that must never leave the vault, nor be told."""
    return [*codes_in([*people(), *spells()]), SURNAME, NOTE, HOME, CASE]


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong: in the registers or the rooms (`spoil`), or in the request (`change`)."""

    step: str
    kind: type[JalostamoError]
    reason: str
    spoil: Callable[[Path], object] = lambda home: None
    change: Change | None = None
    leaves: tuple[str, ...] = ()


def _with_person(**changes: str) -> Callable[[Path], object]:
    return lambda home: write_register(home / "sources", POPULATION, [*people(), person(7, **changes)])


def _with_decision(**changes: str) -> Callable[[Path], object]:
    return lambda home: write_register(home / "sources", SOCIAL, [*spells(), decision(9, code(0)) | changes])


def _written(place: str, content: str) -> Callable[[Path], object]:
    def write(home: Path) -> None:
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_text(content, encoding="utf-8")

    return write


def _appended(place: str, line: str) -> Callable[[Path], object]:
    return lambda home: _written(place, (home / place).read_text(encoding="utf-8") + line)(home)


NAME = {"name": "name", "of": ["surname"], "quasi_identifier": True, "title": {"fi": "x", "sv": "x", "en": "x"}}
HIERARCHY = "request/languages.csv"
LIVING = "010190-1230"

FAILURES: dict[str, Failure] = {
    "a code of no list": Failure("retrieving", Unfit, "unknown_code", _with_person(sex=SURNAME)),
    "a date that is none": Failure("retrieving", Unfit, "not_date", _with_decision(start=code(3))),
    "a line too short": Failure(
        "retrieving", Unfit, "too_few_columns", _appended("sources/social/decisions.csv", code(3))
    ),
    "an open quote": Failure(
        "retrieving", Unfit, "unclosed_quote", _appended("sources/social/decisions.csv", f'"{NOTE}')
    ),
    "a living person's code": Failure("retrieving", Refused, "level_demo", _with_decision(client=LIVING)),
    "a second source that is missing": Failure(
        "retrieving", Misused, "file_missing", lambda home: (home / "sources/social/decisions.csv").unlink()
    ),
    "a join by a name": Failure("linking", Unfit, "linking_field", change=setting("linking.code", "surname")),
    "a value without a place": Failure("preparing", Unfit, "unmapped", _with_person(language="xx")),
    "a hierarchy that does not nest": Failure(
        "preparing", Unfit, "hierarchy_nesting", _written(HIERARCHY, f"fi;{SURNAME};a;*\nsv;{SURNAME};b;*\n")
    ),
    "too many left out": Failure("preparing", Refused, "suppression_limit", change=setting("preparation.k", 7)),
    "a name to be released": Failure(
        "preparing", Refused, "field_never_released", change=setting("preparation.field.0", NAME)
    ),
    "a telephone number in a group's name": Failure(
        "admitting", Refused, "validation_failed", _written(HIERARCHY, "fi;+358 40 1234567;*\n")
    ),
    "a class that cannot be validated": Failure(
        "admitting", Refused, "validation_failed", change=setting("preparation.data_class", "anonymised_rows")
    ),
    "a file where the releases should be": Failure(
        "admitting",
        Misused,
        "out_unwritable",
        _written("releases/small-town", "here"),
        leaves=("releases/small-town",),
    ),
}
