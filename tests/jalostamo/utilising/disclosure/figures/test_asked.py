"""Which printed cells a figure is reckoned from: those of the measure, at the codes asked for, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.jalostamo.utilising.disclosure.conftest import Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, TITLE, Town, definition

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.producing.cubes.counted import KEY_SPACE, CountedCube, schema_of
from jalostamo.producing.cubes.definition import TOTAL, CubeDefinition, Dimension, Filter, Measure
from jalostamo.utilising.disclosure.figures.asked import (
    association_asked,
    maps_asked,
    quantiles_asked,
    refuse_no_base,
    survivals_asked,
)
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.queries import Query
from jalostamo.utilising.disclosure.withheld import Withheld

GRID = (0, 1, 2, 3)
SEX = Dimension("sex", "sex", TITLE, (("f", "m"),), {}, {"1": "m", "2": "f"}, {})
FIRST = Filter("first", ("true",), ("true", "false"))
MEASURES = (
    Measure("waiting", "at_most", "steps", TITLE, of="months", grid=GRID),
    Measure("still", "at_risk", "steps", TITLE, of="months", grid=GRID),
    Measure("served", "ended", "steps", TITLE, of="months", grid=GRID),
    Measure("others", "ended", "visits", TITLE, of="months", grid=GRID),
    Measure("firsts", "at_risk", "steps", TITLE, of="months", grid=GRID, where=(FIRST,)),
    Measure("path", "step", "steps", TITLE, grid=("1:>A", "1:A>B", "1:A>")),
)
COUNTS = {
    "waiting": {"": 200, "0": 20, "1": 90, "2": 150, "3": 190},
    "still": {"0": 200, "1": 180, "2": 110, "3": 50},
    "served": {"0": 10, "1": 80, "2": 130, "3": 150},
    "others": dict.fromkeys(map(str, GRID), 100),
    "firsts": {"0": 200, "1": 180, "2": 110, "3": 50},
    "path": {"1:>A": 200, "1:A>B": 150, "1:A>": 50},
}

IMPOSSIBLE = ("1:A>B", "m")


def asked(**changes: object) -> CubeDefinition:
    return definition(dimensions=(SEX,), measures=MEASURES, **changes)


def counted(of: CubeDefinition, counts: Mapping[str, Mapping[str, int]] = COUNTS) -> CountedCube:
    """Half of everybody is of either sex; keys are drawn once."""
    generator = np.random.default_rng(3)
    empty = dict.fromkeys(("events", "amount", "largest", "second", "negative"))
    rows = []
    for measure in of.measures:
        for at in measure.places:
            for sex in ("f", "m", TOTAL):
                impossible = (at, sex) == IMPOSSIBLE
                n = 0 if impossible else counts[measure.name][at] // (1 if sex == TOTAL else 2)
                named = {"measure": measure.name, "at": at, "sex": sex, "structural": impossible}
                rows.append({**named, **empty, "n": n, "key": int(generator.integers(0, KEY_SPACE)) if n else 0})
    return CountedCube(of, pa.Table.from_pylist(rows, schema=schema_of(of)), 200, 7)


@pytest.fixture
def cube(disclosing: Disclosing) -> PrintedCube:
    """A cube with a measure of each kind on a grid."""
    return disclosing(counted(asked()))


def test_quantiles_are_read_at_the_codes_asked_for(cube: PrintedCube) -> None:
    whole = quantiles_asked(cube, Query(""), 0.5).figures[()]
    by_sex = quantiles_asked(cube, Query("waiting", by={"sex": 0}), 0.5).figures
    assert whole is not None
    assert whole.base == cube.count("waiting")
    assert {codes: figure.base for codes, figure in by_sex.items() if figure} == {
        (sex,): cube.count("waiting", sex=sex) for sex in ("f", "m")
    }
    (held,) = quantiles_asked(cube, Query("waiting", where={"sex": ("f",)}), 0.5).figures.values()
    assert held == by_sex["f",]


def test_a_curve_is_of_those_at_risk_and_those_of_them_who_ended(cube: PrintedCube) -> None:
    curve = survivals_asked(cube, Query("still"), "served").figures[()]
    assert curve is not None
    assert [(p.time, p.at_risk, p.ended) for p in curve.points] == [
        (float(t), cube.count("still", str(t)), cube.count("served", str(t))) for t in GRID
    ]


@pytest.mark.parametrize(("at_risk", "ended"), [("still", "others"), ("firsts", "served")])
def test_two_measures_that_are_no_pair_are_refused(cube: PrintedCube, at_risk: str, ended: str) -> None:
    """They are of different tables, or those who ended are others than those at risk."""
    with pytest.raises(Misused) as refusal:
        survivals_asked(cube, Query(at_risk), ended)
    assert refusal.value.reason == "figure_pair"


def test_a_grid_that_leaves_out_times_that_occur_is_refused_and_not_drawn_too_low(disclosing: Disclosing) -> None:
    """Half of 200 ended between the first two points: at the second they are among the ended, and no longer at risk."""
    gaps = {**COUNTS, "still": {"0": 200, "1": 110, "2": 90, "3": 80}, "served": {"0": 0, "1": 100, "2": 112, "3": 118}}
    with pytest.raises(Misused) as refusal:
        survivals_asked(disclosing(counted(asked(), gaps)), Query("still"), "served")
    assert refusal.value.reason == "figure_times"


def test_a_step_that_cannot_be_is_no_step_that_nobody_took(cube: PrintedCube) -> None:
    by_sex = maps_asked(cube, Query("", by={"sex": 0})).figures
    links = {sex: figure.links for (sex,), figure in by_sex.items() if figure}
    dropped = {sex: figure.dropped for (sex,), figure in by_sex.items() if figure}
    assert len(links["f"]) == 3
    assert len(links["m"]) == 2
    assert dropped == {"f": 0, "m": 0}


def test_a_share_outside_nought_and_one_is_refused_before_anything_is_read(cube: PrintedCube) -> None:
    for share in (-1.0, 0.0, 1.0, float("nan")):
        with pytest.raises(Misused):
            quantiles_asked(cube, Query(""), share)


def test_an_association_is_of_the_printed_table_and_its_own_total(printed: PrintedCube) -> None:
    found = association_asked(printed, Query("", by={"age": 0, "area": 1}))
    assert found.dimensions == ("area", "age")
    assert found.association.base == printed.count("residents")
    assert not found.is_ordered


def test_ordered_dimensions_correlate_and_a_group_of_few_has_none(disclosing: Disclosing) -> None:
    ordered = tuple(replace(dimension, ordered=True) for dimension in definition().dimensions)
    cube = disclosing(Town(seed=5).counted(definition(dimensions=ordered)))
    found = association_asked(cube, Query("residents", by={"area": 0, "age": 0}))
    assert found.is_ordered
    assert found.association.estimate is not None
    # All codes but two are filtered away, and a cell holds just those two: "north".
    north = association_asked(cube, Query("residents", by={"area": 0, "age": 0}, where={"area": ("north",)}))
    assert north.association.base == cube.count("residents", area="north")


def test_filters_that_leave_one_code_or_no_cell_of_the_whole_are_refused(printed: PrintedCube) -> None:
    for where, reason in (({"area": ("a1",)}, "figure_dimensions"), ({"area": ("a1", "a3")}, "cells_not_added")):
        with pytest.raises(Misused) as refusal:
            association_asked(printed, Query("residents", by={"area": 0, "age": 0}, where=where))
        assert refusal.value.reason == reason


def test_a_small_base_is_withheld_by_its_printed_number(disclosing: Disclosing) -> None:
    cube = disclosing(Town(units=160).counted(definition()))
    found = association_asked(cube, Query("residents", by={"area": 0, "age": 0}, where={"area": ("south",)}))
    few = association_asked(
        disclosing(Town(units=9).counted(definition(name="few", population="few")), rule=_least(cube)),
        Query("residents", by={"area": 0, "age": 0}),
    )
    assert found.association.withheld is None
    assert few.association.withheld is Withheld.FEW_UNITS


def test_an_ordered_dimension_has_no_code_for_others_or_for_nothing() -> None:
    replace(AGE, ordered=True)
    with pytest.raises(Unfit):
        replace(AGE, ordered=True, missing="0-17")
    with pytest.raises(Unfit):
        replace(AGE, ordered=True, other="65-")


def test_a_base_that_is_smaller_than_its_part_has_no_share() -> None:
    noise = noise_table()
    refuse_no_base(212, 200, noise=noise)
    with pytest.raises(Misused) as refusal:
        refuse_no_base(213, 200, noise=noise)
    assert refusal.value.reason == "figure_base"


def _least(cube: PrintedCube) -> object:
    return replace(cube.rule, id="any size", mean_cell=0.0)


def test_a_file_keeps_what_is_ordered_and_what_services_are_called(disclosing: Disclosing, tmp_path: Path) -> None:
    from jalostamo.utilising.disclosure.files import write_printed
    from jalostamo.utilising.disclosure.gate import open_printed

    called = tuple(replace(m, labels={"A": TITLE}) if m.kind == "step" else m for m in MEASURES)
    cube = disclosing(counted(replace(asked(), measures=called, dimensions=(replace(SEX, ordered=True),))))
    write_printed(cube, tmp_path / "cube.parquet")
    again = open_printed(tmp_path / "cube.parquet").definition
    assert again.dimensions[0].ordered
    assert again.measures[-1].labels == {"A": TITLE}
