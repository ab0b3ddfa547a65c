"""A profile per field that shows no value: how much is missing, how many differ, roughly from where to where, what looks like a name.

It is what an analyst may know of a register before any permit: the description and its quality, never the content.

Handbook 2.2 (data descriptions) and 2.6 (recognising personal data).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.registers import Field, FieldType, RegisterTable, Sensitivity
from jalostamo.engine.connection import Engine
from jalostamo.engine.primitives import hash_of

IDENTIFIER_PATTERNS: Final[Mapping[str, str]] = {
    "personal_identity_code": r"(^|[^0-9])[0-3]\d[01]\d{3}[-+YXWVUABCDEFyxwvuabcdef]\d{3}[0-9A-Ya-y]($|[^0-9A-Za-z])",
    "telephone": (
        r"(^|[^0-9])(\+358[ -]?|0)((4\d|50)[ -]?\d{3}[ -]?\d{3,4}|(9|1[3-9]|[2-8]\d?)[ -]\d{3}[ -]?\d{3,4})($|[^0-9])"
    ),
    "e_mail": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}",
    "bank_account": r"(^|[^A-Z])FI\d{2} ?\d{4} ?\d{4} ?\d{4} ?\d{2}($|[^0-9])",
}
"""What a direct identifier looks like in an unmarked field; a look at the form only, so every hit is a suspicion."""

_FEWEST_SIGNS: Final[Mapping[str, int]] = {
    "personal_identity_code": 11,
    "telephone": 9,
    "e_mail": 6,
    "bank_account": 18,
}
"""The characters of the shortest text in which each can be found: in most texts of a register none is looked for."""

SUSPICIOUS_SHARE: Final = 0.001
FEWEST_FOR_A_RANGE: Final = 10
EXACT_UP_TO: Final = 20
_PLACES: Final = 2**16
_ONE_IN: Final = 2**8
_FULL: Final = 0.98
_NOTHING: Final = 1e-100
_MANY: Final = 2**16
"""Records of which it pays to look at each text of a field once; in fewer, one more question costs more than looking."""


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """What one field is like: counts of records, and a range so coarse that no record can be read off it.

    `distinct` is exact up to 20, then an estimate of two figures with a standard error of 3 per cent at most. `range` is
    years for dates and powers of ten for numbers.
    """

    field: str
    sensitivity: Sensitivity
    records: int
    missing: int
    distinct: int
    range: str | None
    suspected: tuple[str, ...]


def profile_of(engine: Engine, table: ir.Table, declared: RegisterTable) -> tuple[FieldProfile, ...]:
    """The profile of every declared field of a table that was read, from one pass over it and others for what that leaves open.

    What it holds in memory does not grow with the table but by a 256th of what differs.
    """
    totals: dict[str, ir.Value] = {"records": table.count()}
    for number, field in enumerate(declared.fields):
        theirs = _totals_of(engine, field, table[field.name])
        totals |= {f"{what}_{number}": value for what, value in theirs.items()}
    found = dict(engine.only_row(table.aggregate(**totals)))
    more: dict[str, ir.Value] = {}
    for number, field in enumerate(declared.fields):
        more |= _left_open(engine, field, number, table=table, found=found)
    found |= engine.only_row(table.aggregate(**more)) if more else {}
    for number, field in enumerate(declared.fields):
        if _is_repeated(found, number):
            found |= _hits_by_value(engine, table, field.name, number)
    return tuple(_profile(field, number, found) for number, field in enumerate(declared.fields))


def suspected_in(profiles: tuple[FieldProfile, ...]) -> tuple[str, ...]:
    """The fields that look like direct identifiers and are not described as such."""
    return tuple(p.field for p in profiles if p.suspected and p.sensitivity is not Sensitivity.DIRECT_IDENTIFIER)


def _totals_of(engine: Engine, field: Field, column: ir.Column) -> dict[str, ir.Value]:
    totals: dict[str, ir.Value] = {
        "missing": column.isnull().sum(),
        "places": (hash_of(engine, column) & (_PLACES - 1)).nunique(where=column.notnull()),
    }
    if field.type is FieldType.BOOLEAN:
        return totals
    if _is_number(field):
        return totals | {"low": column.approx_quantile(0.01), "high": column.approx_quantile(0.99)}
    if field.type in {FieldType.DATE, FieldType.DATETIME}:
        year = cast("ir.DateColumn", column).year()
        return totals | {"low": year.approx_quantile(0.01), "high": year.approx_quantile(0.99)}
    return totals | {"longest": cast("ir.StringColumn", column).length().max()}


def _left_open(
    engine: Engine, field: Field, number: int, *, table: ir.Table, found: Mapping[str, object]
) -> dict[str, ir.Value]:
    """What the first pass over a table leaves open of a field: where few or very many values differ, and in long texts."""
    column, more = table[field.name], dict[str, ir.Value]()
    if _filled(found, number) >= _FULL:
        # Other bits than those of the places, so that the two do not err together.
        digest = hash_of(engine, column)
        more["sample"] = digest.nunique(where=column.notnull() & (((digest >> 16) & (_ONE_IN - 1)) == 0))
    elif _estimated(found, number) <= 2 * EXACT_UP_TO:
        more["exact"] = column.nunique()
    if _is_long(found, number) and not _is_repeated(found, number):
        more |= identifier_hits(column)
    return {f"{what}_{number}": value for what, value in more.items()}


def _is_long(found: Mapping[str, object], number: int) -> bool:
    """Whether some text of a field is long enough to hold an identifier."""
    return (cast("int | None", found.get(f"longest_{number}")) or 0) >= min(_FEWEST_SIGNS.values())


def _is_repeated(found: Mapping[str, object], number: int) -> bool:
    """Whether a long text is looked at once for all records that have it: of many records, where not too many texts differ."""
    many = cast("int", found["records"]) >= _MANY
    return many and _is_long(found, number) and _filled(found, number) < _FULL


def _hits_by_value(engine: Engine, table: ir.Table, name: str, number: int) -> Mapping[str, object]:
    values = table.group_by(name).agg(records_=table.count())
    hits = {
        f"{kind}_{number}": values.records_.sum(where=is_found)
        for kind, is_found in _found_in(cast("ir.StringColumn", values[name])).items()
    }
    return engine.only_row(values.aggregate(**hits))


def identifier_hits(column: ir.Column) -> dict[str, ir.Value]:
    """How many records of a text hold what looks like each direct identifier."""
    return {name: is_found.sum() for name, is_found in _found_in(cast("ir.StringColumn", column)).items()}


def _found_in(text: ir.StringColumn) -> dict[str, ir.BooleanColumn]:
    # The digits of a code can be read as those of a telephone number: numbers are looked for beside the codes.
    beside = text.re_replace(IDENTIFIER_PATTERNS["personal_identity_code"], " ")
    places = dict.fromkeys(IDENTIFIER_PATTERNS, text) | {"telephone": beside}
    return {name: cast("ir.BooleanColumn", looks_like(name, text, within=places[name])) for name in IDENTIFIER_PATTERNS}


def looks_like(name: str, text: ir.StringValue, *, within: ir.StringValue | None = None) -> ir.BooleanValue:
    """Whether a text, or what is left of it `within`, holds what looks like that identifier; in a short one it is not looked for."""
    looked_through = text if within is None else within
    is_found = looked_through.re_search(IDENTIFIER_PATTERNS[name])
    return cast("ir.BooleanValue", ibis.cases((text.length() >= _FEWEST_SIGNS[name], is_found), else_=False))


def _is_number(field: Field) -> bool:
    return field.type in {FieldType.INTEGER, FieldType.DECIMAL}


def _estimated(found: Mapping[str, object], number: int) -> int:
    """How many values differ: by the places that their digests fill (Whang, Vander-Zanden and Taylor 1990), or by a sample.

    Where nearly all places are full, the values whose digest is one of a 256th are counted instead.
    """
    filled = _filled(found, number)
    if filled < _FULL:
        return round(-_PLACES * math.log1p(-filled))
    return _ONE_IN * cast("int", found[f"sample_{number}"])


def _filled(found: Mapping[str, object], number: int) -> float:
    return cast("int", found[f"places_{number}"]) / _PLACES


def _profile(field: Field, number: int, found: Mapping[str, object]) -> FieldProfile:
    records, missing = cast("int", found["records"]), cast("int | None", found[f"missing_{number}"]) or 0
    filled = records - missing
    exact = cast("int | None", found.get(f"exact_{number}"))
    hits = {name: cast("int | None", found.get(f"{name}_{number}")) or 0 for name in IDENTIFIER_PATTERNS}
    suspected = tuple(name for name, count in hits.items() if count > SUSPICIOUS_SHARE * max(filled, 1))
    low, high = found.get(f"low_{number}"), found.get(f"high_{number}")
    spread = (
        _coarse(field, low, high) if filled >= FEWEST_FOR_A_RANGE and low is not None and high is not None else None
    )
    return FieldProfile(
        field.name,
        field.sensitivity,
        records,
        missing,
        _rounded(_estimated(found, number) if exact is None else exact),
        spread,
        suspected,
    )


def _coarse(field: Field, low: object, high: object) -> str:
    """From the first to the last hundredth: five-year steps of years, powers of ten of numbers."""
    if not _is_number(field):
        return f"{_year(low) // 5 * 5}-{_year(high) // 5 * 5 + 4}"
    return f"{_power(low)} to {_power(high)}"


def _year(value: object) -> int:
    return int(float(cast("float", value)))


def _power(value: object) -> str:
    number = float(cast("float | Decimal", value))
    # An approximate quantile of nothing but zeros is the smallest number there is.
    if abs(number) < _NOTHING:
        return "0"
    return f"{'-' if number < 0 else ''}10^{math.ceil(math.log10(abs(number)))}"


def _rounded(distinct: int) -> int:
    if distinct <= EXACT_UP_TO:
        return distinct
    step: int = 10 ** (len(str(distinct)) - 2)
    return round(distinct / step) * step
