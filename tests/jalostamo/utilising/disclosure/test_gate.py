"""The gate: every cell by its own key, nothing added up, nothing decided on true values."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.jalostamo.utilising.disclosure.conftest import ANY_SHAPE, Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, AREA, MONEY, RESIDENTS, VISITS, Town, definition

from jalostamo.concepts.errors import Broken, Refused, Unfit
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.rules import OUTSIDE
from jalostamo.utilising.disclosure.sums import gate_amounts


def by_words(counted: CountedCube) -> dict[tuple[str, ...], dict[str, object]]:
    """The counted cells by their words."""
    names = ["measure", "area", "age"]
    return {tuple(row[name] for name in names): row for row in counted.cells.to_pylist()}


def test_every_cell_and_margin_is_looked_up_by_its_own_key(printed: PrintedCube, counted: CountedCube) -> None:
    noise, wrong = noise_table(), []
    for (measure, area, age), row in by_words(counted).items():
        own = noise.printed(np.array([row["n"]]), np.array([row["key"]]))[0]
        wrong += [(measure, area, age)] if printed.count(measure, area=area, age=age) != own else []
    assert not wrong


def margins_differ_from_sums(cube: PrintedCube) -> int:
    """How many margins of areas are not the sum of their printed parts."""
    ages = (*AGE.codes, "*")
    return sum(
        cube.count("residents", age=age)
        != sum(cube.count("residents", area=area, age=age) or 0 for area in AREA.levels[0])
        for age in ages
    )


def test_margins_are_not_added_up(printed: PrintedCube) -> None:
    assert margins_differ_from_sums(printed) > 0


def test_a_gate_that_adds_margins_up_would_not_print_the_same_units_the_same(
    disclosing: Disclosing, printed: PrintedCube
) -> None:
    coarse = disclosing(Town().counted(definition(name="coarse", dimensions=(AGE,), digest="d" * 64)))
    added_up = {
        age: sum(printed.count("residents", area=area, age=age) or 0 for area in AREA.levels[0]) for age in AGE.codes
    }
    assert {age: printed.count("residents", age=age) for age in AGE.codes} == {
        age: coarse.count("residents", age=age) for age in AGE.codes
    }
    assert added_up != {age: coarse.count("residents", age=age) for age in AGE.codes}


def test_units_elsewhere_change_no_other_cell(disclosing: Disclosing, printed: PrintedCube) -> None:
    town = Town()
    for name, value in {"area_code": "5", "age_band": "18-64"}.items():
        town.fields[name] = np.append(town.fields[name], value)
    town.key, town.visits, town.euros = np.append(town.key, 5), np.append(town.visits, 1), np.append(town.euros, 20.0)
    later = disclosing(town.counted(definition()), source="t" * 64)
    for area in ("a1", "a2", "a3", "a4", "north"):
        for age in AGE.codes:
            assert later.count("residents", area=area, age=age) == printed.count("residents", area=area, age=age)


def test_nothing_is_printed_from_1_to_js_nor_below_0(printed: PrintedCube) -> None:
    assert not {-1, 1, 2} & set(printed.cells["printed"].to_pylist())


def test_a_structural_zero_has_its_own_sign_and_no_lookup(disclosing: Disclosing) -> None:
    town = Town()
    town.fields["age_band"] = np.where(town.fields["area_code"] == "5", "0-17", town.fields["age_band"])
    asked = definition(structural_zeros=({"area": "a5", "age": "65-"},))
    cube = disclosing(town.counted(asked))
    assert cube.count("residents", area="a5", age="65-") is None
    assert cube.content.value("status", "residents", "", {"area": "a5", "age": "65-"}) == "structural"


def test_units_in_a_structural_zero_are_refused(disclosing: Disclosing) -> None:
    asked = definition(structural_zeros=({"area": "a1", "age": "18-64"},))
    with pytest.raises(Unfit, match="structural zeros"):
        disclosing(Town().counted(asked))


def test_a_unit_that_prints_as_none_does_not_show_by_a_refusal(disclosing: Disclosing) -> None:
    asked = definition(structural_zeros=({"area": "a5", "age": "65-"},), measures=(RESIDENTS,))
    cube = Town().counted(asked)
    assert disclosing(with_cell(cube, n=1, key=0)).count("residents", area="a5", age="65-") is None


def test_amounts_of_units_where_there_can_be_none_are_refused_since_they_are_missing_in_the_audited_sums(
    disclosing: Disclosing,
) -> None:
    asked = definition(structural_zeros=({"area": "a5", "age": "65-"},))
    with pytest.raises(Unfit) as refused:
        disclosing(with_cell(Town().counted(asked), n=1, key=0))
    assert refused.value.reason == "structural_zero_filled"


def with_cell(counted: CountedCube, **numbers: int) -> CountedCube:
    """The cube with other numbers in the cell of the old people of the smallest area."""
    rows = counted.cells.to_pylist()
    for row in rows:
        if (row["area"], row["age"]) == ("a5", "65-"):
            row.update(numbers)
    return replace(counted, cells=pa.Table.from_pylist(rows, schema=counted.cells.schema))


def test_too_thin_a_cube_is_refused_with_the_coarser_one_that_would_pass(disclosing: Disclosing) -> None:
    with pytest.raises(Refused, match="show 'area' from its level 2"):
        disclosing(Town(units=60).counted(definition()))


def test_thinness_is_judged_by_printed_numbers(disclosing: Disclosing) -> None:
    # 80 units in 15 cells pass as printed, whatever the true number of units is said to be.
    cube = Town(units=80).counted(definition())
    assert disclosing(cube).digest == disclosing(cube).digest
    with pytest.raises(Refused):
        disclosing(Town(units=64).counted(definition(name="other")), source="t" * 64, series="other")


def test_a_noise_table_that_the_definition_does_not_name_is_refused(
    disclosing: Disclosing, counted: CountedCube
) -> None:
    with pytest.raises(Refused, match="names noise table d5-v3-js2-p50"):
        disclosing(counted, noise=noise_table("d8-v6-js2-p40"))


def test_more_dimensions_than_the_rule_allows_are_refused(disclosing: Disclosing, counted: CountedCube) -> None:
    with pytest.raises(Refused, match="allows 1"):
        disclosing(counted, rule=replace(OUTSIDE, most_dimensions=1))


@pytest.mark.parametrize("numbers", [{"n": -1}, {"key": 100_000_000}, {"key": -1}])
def test_a_counted_cube_with_an_impossible_number_is_our_fault(
    disclosing: Disclosing, counted: CountedCube, numbers: dict[str, int]
) -> None:
    with pytest.raises(Broken):
        disclosing(with_cell(counted, **numbers))


def test_a_cell_that_was_counted_twice_is_our_fault(disclosing: Disclosing, counted: CountedCube) -> None:
    with pytest.raises(Broken):
        disclosing(replace(counted, cells=pa.concat_tables([counted.cells, counted.cells.slice(0, 1)])))


def test_amounts_rest_on_enough_printed_units(printed: PrintedCube) -> None:
    rows = [row for row in printed.cells.to_pylist() if row["measure"] in {"money", "visits"}]
    assert all(row["amount"] is None and row["status"] == "hidden" for row in rows if row["printed"] < 10)
    assert any(row["amount"] is not None for row in rows)


PARTS = (("*", ("north", "south")), ("north", ("a1", "a2")), ("south", ("a3", "a4", "a5")))
LINES = [
    *([("money", area, age) for age in (*AGE.codes, "*")] for area in (*AREA.codes, "*")),
    *([("money", part, age) for part in (*parts, whole)] for whole, parts in PARTS for age in (*AGE.codes, "*")),
]


def told_by_subtraction(counted: CountedCube, shown: set[tuple[str, ...]]) -> int:
    """How many hidden sums are told by the shown ones of their line, all of which are shown in full."""
    true = by_words(counted)
    told = 0
    for line in LINES:
        hidden = [cell for cell in line if cell not in shown]
        if len(hidden) == 1:
            told += float(str(true[hidden[0]]["largest"])) > 0
    return told


FINE = replace(ANY_SHAPE, id="fine", amount_figures=5)


def test_no_hidden_amount_is_told_by_subtraction(disclosing: Disclosing, counted: CountedCube) -> None:
    cube = disclosing(counted, rule=FINE)
    shown = {(r["measure"], r["area"], r["age"]) for r in cube.cells.to_pylist() if r["amount"] is not None}
    assert told_by_subtraction(counted, shown) == 0


def test_amounts_hidden_one_by_one_would_be_told_by_subtraction(disclosing: Disclosing, counted: CountedCube) -> None:
    rows = disclosing(counted, rule=FINE).cells.to_pylist()
    one_by_one = {(r["measure"], r["area"], r["age"]) for r in rows if (r["printed"] or 0) >= 10}
    assert told_by_subtraction(counted, one_by_one) > 0


def test_events_are_told_in_fives(printed: PrintedCube) -> None:
    rows = printed.cells.to_pylist()
    assert all(row["amount"] % 5 == 0 for row in rows if row["measure"] == "visits" and row["amount"] is not None)


def test_measures_of_the_same_units_print_the_same_numbers(printed: PrintedCube) -> None:
    for area in AREA.codes:
        assert (
            printed.count("residents", area=area)
            == printed.count("visits", area=area)
            == printed.count("money", area=area)
        )


def test_a_cube_without_dimensions_is_printed(disclosing: Disclosing) -> None:
    cube = disclosing(Town().counted(definition(dimensions=(), measures=(RESIDENTS, VISITS, MONEY))))
    assert cube.count("residents") == cube.units_printed


def test_the_period_of_a_cube_is_told(disclosing: Disclosing) -> None:
    cube = disclosing(Town().counted(definition(last_day=datetime.date(2020, 6, 30))))
    assert cube.period == ("2020-01-01", "2020-06-30")


OF_SENSITIVE_AGE = (AREA, replace(AGE, sensitive=True))


def test_a_group_that_falls_in_one_class_as_a_whole_is_flagged_for_review(disclosing: Disclosing) -> None:
    town = Town()
    town.fields["age_band"] = np.where(town.fields["area_code"] == "3", "18-64", town.fields["age_band"])
    cube = disclosing(town.counted(definition(dimensions=OF_SENSITIVE_AGE, measures=(RESIDENTS,))))
    assert "a3" in {dict(flag.group)["area"] for flag in cube.flags}


def test_without_that_class_nothing_is_flagged(disclosing: Disclosing) -> None:
    cube = disclosing(Town().counted(definition(dimensions=OF_SENSITIVE_AGE, measures=(RESIDENTS,))))
    assert "a3" not in {dict(flag.group)["area"] for flag in cube.flags}


def test_amounts_that_are_too_many_to_audit_are_not_printed(
    disclosing: Disclosing, counted: CountedCube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_amounts, "MOST_AUDITED", 0)
    with pytest.raises(Refused, match="too many to prove") as refused:
        disclosing(counted, rule=FINE)
    assert refused.value.reason == "amounts_unaudited"
