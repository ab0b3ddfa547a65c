"""A village drawn from a seed, and releases of it as recoding and leaving out would write them, or fail to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from jalostamo.managing.sensitive.validation.attacks.columns import Column

AGES = [f"{age:02d}" for age in range(80)]
AREAS = [f"{area:02d}" for area in range(24)]
ILLS = [f"ill{number}" for number in range(8)]


def age(level: int) -> Column:
    """Ages by one, five, ten, forty years, or none."""
    steps = [1, 5, 10, 40]
    levels = [{a: a if step == 1 else f"{int(a) // step * step}+{step}" for a in AGES} for step in steps]
    return Column("age", (*levels, dict.fromkeys(AGES, "*")), level)


def area(level: int) -> Column:
    """Areas by one, four, twelve, or none."""
    steps = [1, 4, 12]
    levels = [{a: a if step == 1 else f"{int(a) // step}of{step}" for a in AREAS} for step in steps]
    return Column("area", (*levels, dict.fromkeys(AREAS, "*")), level)


def sex(level: int) -> Column:
    """Two sexes, or none."""
    return Column("sex", ({"F": "F", "M": "M"}, {"F": "*", "M": "*"}), level)


def columns(ages: int, areas: int, sexes: int = 0) -> tuple[Column, ...]:
    """The village's quasi-identifiers at their levels."""
    return age(ages), area(areas), sex(sexes)


def village(seed: int, people: int = 2_000, *, ills: int = 8) -> pl.DataFrame:
    """People in no order, whose ills have nothing to do with anything."""
    chance = np.random.default_rng(seed)
    drawn = {
        "age": [AGES[n] for n in chance.integers(0, 80, people)],
        "area": [AREAS[n] for n in chance.integers(0, 24, people)],
        "sex": ["FM"[n] for n in chance.integers(0, 2, people)],
        "ill": [ILLS[n] for n in chance.integers(0, ills, people)],
    }
    return pl.DataFrame(drawn)


def recoded(source: pl.DataFrame, quasi: Sequence[Column]) -> pl.DataFrame:
    """Every row, made coarser, in the source's order."""
    return source.with_columns(
        pl.col(column.name).replace_strict({v: column.called(v) for v in source[column.name].unique()})
        for column in quasi
    )


def released(source: pl.DataFrame, quasi: Sequence[Column], *, k: int) -> pl.DataFrame:
    """What a sound tool writes: classes of fewer than k rows are left out, the others sorted by content."""
    coarse = recoded(source, quasi)
    kept = coarse.filter(pl.len().over([column.name for column in quasi]) >= k)
    return kept.sort(kept.columns)


def with_stars(source: pl.DataFrame, quasi: Sequence[Column], *, k: int) -> pl.DataFrame:
    """What others write: rows that should be left out stay in, under stars, with their sensitive values."""
    coarse = recoded(source, quasi)
    names = [column.name for column in quasi]
    few = pl.len().over(names) < k
    starred = coarse.with_columns(pl.when(few).then(pl.lit("*")).otherwise(pl.col(name)).alias(name) for name in names)
    return starred.sort(starred.columns)


def write(frame: pl.DataFrame, path: Path) -> Path:
    """The rows as a Parquet file, in their order."""
    frame.write_parquet(path)
    return path
