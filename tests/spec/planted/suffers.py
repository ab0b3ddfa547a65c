"""What the records suffer from: second records, bad codes, late ones, units that are missing, practices that changed.

Records that were "not recorded yet" on the last day are in no file, so nobody can count them.
Handbook 2.2, combinability.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl
from tests.spec.planted.counts import Counts
from tests.spec.planted.files import Description, Files
from tests.spec.planted.people import codes

# What is in no file, and a threshold that is no count.
NOBODY_CAN_COUNT: Final = ("not_recorded_yet", "late_after_days")
WITHOUT_A_NAME: Final = "feedback"  # where most give no code, and none is not a bad one
# Without a key, two right records may be as alike as a record and its second: the files show at least the planted.
ALIKE_BY_CHANCE: Final = (
    "early_education.placements",
    "early_education.attendance",
    "schools.enrolments",
    "schools.absences",
    "schools.pupil_welfare",
    "schools.support",
)


def planted_faults(files: Files) -> Counts:
    """The truth's own numbers of the faults, by register, table and kind; 1 where a thing is said to be so."""
    return {
        f"suffers.{name}.{kind}": value if isinstance(value, int) else 1
        for name, faults in _tables(files)
        for kind, value in faults.items()
        if kind not in NOBODY_CAN_COUNT
    }


def measure_faults(files: Files) -> Counts:
    """Count the faults of which the truth has a number."""
    return {
        f"suffers.{name}.{kind}": _measured(files, name, kind, faults)
        for name, faults in _tables(files)
        for kind in faults
        if kind not in NOBODY_CAN_COUNT
    }


def _tables(files: Files) -> Iterator[tuple[str, Description]]:
    for register, tables in files.truth["suffers"].items():
        yield from ((f"{register}.{table}", faults) for table, faults in tables.items())


def _measured(files: Files, name: str, kind: str, faults: Description) -> int:
    match kind:
        case "exact_duplicates":
            return _second_records(files, name)
        case "bad_codes":
            return _bad_codes(files, name)
        case "late":
            return len(files.table(name).filter(_delay(files, name) > faults["late_after_days"]))
        case "recorded_ahead":
            return len(files.table(name).filter(_delay(files, name) < 0))
        case "missing_unit":
            return int(_is_missing(files, name, faults[kind]))
        case "practice_change":
            return int(_has_changed(files, name, faults[kind]))
        case "calls_without_reason":
            return len(files.table(name).filter(pl.col("channel") == "P", pl.col("reason").is_null()))
        case _:
            return _of_languages(files, kind)


def _described(files: Files, name: str) -> Description:
    register, table = name.split(".")
    return next(each for each in files.described(register)["table"] if each["name"] == table)


def _second_records(files: Files, name: str) -> int:
    return len(files.table(name)) - len(files.records(name))


def _bad_codes(files: Files, name: str) -> int:
    fields = _described(files, name)["field"]
    code = next(each["name"] for each in fields if each["type"] == "personal_identity_code")
    written = files.table(name)[code]
    without = 0 if name.startswith(WITHOUT_A_NAME) else written.null_count()
    return without + int((~written.drop_nulls().is_in(codes(files)["written"].to_list())).sum())


def _delay(files: Files, name: str) -> pl.Expr:
    described = _described(files, name)
    if "recorded" not in described:
        return pl.lit(0)
    between = pl.col(described["recorded"]).cast(pl.Date) - pl.col(described["occurred"]).cast(pl.Date)
    return between.dt.total_days()


def _is_missing(files: Files, name: str, missing: Description) -> bool:
    """Whether a unit of the code list has no record of the kind, although others have some."""
    records, unit = files.table(name), pl.col(_described(files, name)["unit"]) == missing["unit"]
    (field,) = (each for each in missing if each not in ("unit", "what"))
    kind = pl.col(field) == missing[field]
    return records.filter(unit, kind).is_empty() and not records.filter(~unit, kind).is_empty()


def _has_changed(files: Files, name: str, change: Description) -> bool:
    occurred = pl.col(_described(files, name)["occurred"])
    records, since = files.table(name), date.fromisoformat(change["since"])
    before, after = records.filter(occurred < since), records.filter(occurred >= since)
    if "into" in change:
        old, new = (
            pl.col("subject_class") == change["into"][0].split(".")[0],
            pl.col("subject_class").is_in(change["into"]),
        )
    else:
        old = pl.lit(value=False)
        new = (pl.col("form") == "PHO") | (pl.col("reason").str.starts_with("Z") & (pl.col("reason") != "Z00"))
    return before.filter(new).is_empty() and after.filter(old).is_empty() and not after.filter(new).is_empty()


def _of_languages(files: Files, kind: str) -> int:
    languages, unknown = files.table("population.languages"), pl.col("native_language") == "99"
    firsts = languages.sort("recorded", nulls_last=False).unique("identity_code", keep="first", maintain_order=True)
    several = languages.filter(pl.col("identity_code").is_duplicated())["identity_code"]
    told_again = pl.col("identity_code").is_in(several.implode())
    counted = {
        "unknown_at_first": firsts.filter(told_again & unknown),
        "unknown_at_the_end": files.table("population.persons").unique("identity_code").filter(unknown),
        "changed": firsts.filter(told_again & ~unknown),
    }
    return len(counted[kind])
