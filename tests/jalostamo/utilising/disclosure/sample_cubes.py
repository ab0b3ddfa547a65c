"""A town that never was, as cubes: true values planted cell by cell from made-up units, with keys of their own."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Text
from jalostamo.producing.cubes.counted import KEY_SPACE, CountedCube, schema_of
from jalostamo.producing.cubes.definition import TOTAL, CubeDefinition, Dimension, Filter, Measure

TITLE = Text("Asukkaat", "Invånare", "Residents")
AREAS = {"1": "north", "2": "north", "3": "south", "4": "south", "5": "south"}
AREA = Dimension(
    name="area",
    field="area_code",
    title=Text("Alue", "Område", "Area"),
    levels=(("a1", "a2", "a3", "a4", "a5"), ("north", "south")),
    parents={f"a{number}": part for number, part in AREAS.items()},
    values={number: f"a{number}" for number in AREAS},
    labels={},
)
AGE = Dimension(
    name="age",
    field="age_band",
    title=Text("Ikä", "Ålder", "Age"),
    levels=(("0-17", "18-64", "65-"),),
    parents={},
    values={band: band for band in ("0-17", "18-64", "65-")},
    labels={},
)
RESIDENTS = Measure("residents", "units", "persons", TITLE)
VISITS = Measure("visits", "events", "persons", Text("Käynnit", "Besök", "Visits"))
MONEY = Measure("money", "sum", "persons", Text("Tuki", "Stöd", "Support"), of="euros")


def definition(**changes: object) -> CubeDefinition:
    """The definition of the sample cube, with some of its parts changed."""
    plain = CubeDefinition(
        name="residents_by_area",
        title=TITLE,
        population="residents",
        unit=CustomerKind.PERSON,
        first_day=datetime.date(2020, 1, 1),
        last_day=datetime.date(2020, 12, 31),
        dimensions=(AREA, AGE),
        filters=(),
        measures=(RESIDENTS, VISITS, MONEY),
        structural_zeros=(),
        noise="d5-v3-js2-p50",
        single_unit_differences=0,
        digest="d" * 64,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


class Town:
    """Made-up units: an area, an age band, a key, visits and euros of each."""

    def __init__(self, seed: int = 1, units: int = 400) -> None:
        """Draw the units; few are old, so that some cells are small."""
        generator = np.random.default_rng(seed)
        self.fields: dict[str, NDArray[np.str_]] = {
            "area_code": generator.choice(list(AREAS), units, p=[0.3, 0.3, 0.2, 0.17, 0.03]),
            "age_band": generator.choice(["0-17", "18-64", "65-"], units, p=[0.4, 0.57, 0.03]),
        }
        self.key = generator.integers(0, KEY_SPACE, units)
        self.visits = generator.integers(1, 6, units)
        self.euros = generator.integers(10, 500, units).astype(float)

    def counted(self, asked: CubeDefinition, *, shuffled: int | None = None) -> CountedCube:
        """Count a cube by looking at every unit for every cell, the plainest way there is."""
        rows = [
            {"measure": measure.name, "at": "", **words, **self._numbers(asked, measure, words)}
            for measure in asked.measures
            for words in self._coordinates(asked)
        ]
        if shuffled is not None:
            np.random.default_rng(shuffled).shuffle(rows)  # type: ignore[arg-type]  # any list
        here = self._inside(asked.filters)
        cells = pa.Table.from_pylist(rows, schema=schema_of(asked))
        return CountedCube(asked, cells, int(here.sum()), int(self.key[here].sum() % KEY_SPACE))

    def _coordinates(self, asked: CubeDefinition) -> list[dict[str, str]]:
        names = [dimension.name for dimension in asked.dimensions]
        codes = product(*((*dimension.codes, TOTAL) for dimension in asked.dimensions))
        return [dict(zip(names, each, strict=True)) for each in codes]

    def _inside(self, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        here = np.ones(len(self.key), dtype=bool)
        for each in filters:
            here &= np.isin(self.fields[each.field], each.values)
        return here

    def _numbers(self, asked: CubeDefinition, measure: Measure, words: Mapping[str, str]) -> dict[str, object]:
        here = self._inside((*asked.filters, *measure.where))
        for dimension in asked.dimensions:
            if words[dimension.name] != TOTAL:
                inside = [v for v, code in dimension.values.items() if dimension.holds(words[dimension.name], code)]
                here &= np.isin(self.fields[dimension.field], inside)
        brought = {"events": self.visits.astype(float), "sum": self.euros}.get(measure.kind, np.zeros(len(here)))[here]
        top = [*sorted(brought, reverse=True), 0.0, 0.0]
        amounts = {"largest": top[0], "second": top[1], "negative": False} if measure.kind != "units" else {}
        return {
            "n": int(here.sum()),
            "key": int(self.key[here].sum() % KEY_SPACE),
            "events": int(brought.sum()) if measure.kind == "events" else None,
            "amount": float(brought.sum()) if measure.kind == "sum" else None,
            **{"largest": None, "second": None, "negative": None, **amounts},
            "structural": any(words.items() >= zero.items() for zero in asked.structural_zeros),
        }
