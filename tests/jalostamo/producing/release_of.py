"""A small release written by hand, for the methods and their naive twins: nobody's events, by month."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.nonsensitive.releases import MANIFEST, SHORT_DIGEST, Release, open_release


@dataclass(frozen=True, slots=True)
class Child:
    """One child: her group, year of birth, household, the months (from the first of the frame) of moving in and out."""

    person: str
    group: str
    birth_year: int
    household: str
    came: int | None = None
    went: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event: whose, which service, in which month of the frame; the order is that of the list."""

    person: str
    service: str
    month: int


FIRST_YEAR, LAST_YEAR = 2010, 2013
MONTHS = 12 * (LAST_YEAR - FIRST_YEAR + 1)


def day_of(month: int | None) -> datetime.date | None:
    """The first day of a month of the frame."""
    return None if month is None else datetime.date(FIRST_YEAR + month // 12, month % 12 + 1, 1)


def release_of(folder: Path, children: Sequence[Child], events: Sequence[Event]) -> Release:
    """Write the two tables and their manifest, and open them as a release."""
    orders = [
        sum(earlier.person == event.person for earlier in events[: place + 1]) for place, event in enumerate(events)
    ]
    persons = pa.table(
        {
            "person": pa.array([c.person for c in children], pa.string()),
            "household": pa.array([c.household for c in children], pa.string()),
            "language_group": pa.array([c.group for c in children], pa.string()),
            "birth_year": pa.array([c.birth_year for c in children], pa.int64()),
            "resident_from": pa.array([day_of(c.came) for c in children], pa.date32()),
            "resident_to": pa.array([day_of(c.went) for c in children], pa.date32()),
        }
    )
    happened = pa.table(
        {
            "person": pa.array([e.person for e in events], pa.string()),
            "order": pa.array(orders, pa.int64()),
            "service": pa.array([e.service for e in events], pa.string()),
            "start": pa.array([day_of(e.month) for e in events], pa.date32()),
        }
    )
    half = folder / "half"
    half.mkdir(parents=True)
    named = {}
    for name, table in {"persons": persons, "events": happened}.items():
        pa.parquet.write_table(table, half / f"{name}.parquet")
        named[name] = {"file": f"{name}.parquet", "sha256": digest_of(half / f"{name}.parquet"), "fields": []}
    frame = {"from": f"{FIRST_YEAR}-01-01", "to": f"{LAST_YEAR}-12-31"}
    manifest = Manifest("release", {"tables": named, **frame})
    (half / MANIFEST).write_bytes(manifest.written)
    return open_release(half.rename(folder / manifest.digest[:SHORT_DIGEST]))
