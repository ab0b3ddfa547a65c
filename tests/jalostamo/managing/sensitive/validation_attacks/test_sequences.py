"""Two releases of the same people tell together what neither tells alone; so does one beside printed cells."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import age, area, columns, recoded, released, village

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.attacks.columns import Column
from jalostamo.managing.sensitive.validation.attacks.homogeneity import homogeneity
from jalostamo.managing.sensitive.validation.attacks.seeing import sights_of
from jalostamo.managing.sensitive.validation.attacks.sequences import (
    Crossing,
    PrintedCounts,
    crossing,
    differencing,
    left_over,
)
from jalostamo.managing.sensitive.validation.attacks.sight import Sight


def sights(
    engine: Engine, releases: Sequence[tuple[pl.DataFrame, Sequence[Column]]], source: pl.DataFrame
) -> list[Sight]:
    tables = [(engine.in_memory(frame.to_arrow()), quasi) for frame, quasi in releases]
    return sights_of(engine, tables, engine.in_memory(source.to_arrow()), sensitive=["ill"])


def crossed(engine: Engine, source: pl.DataFrame, levels: Sequence[Sequence[Column]], *, k: int = 2) -> Crossing:
    return crossing(*sights(engine, [(recoded(source, quasi), quasi) for quasi in levels], source), k=k)


# Two classes of two by age, two by area, each with two ills; whoever knows both classes of somebody knows her ill.
FOUR = pl.DataFrame({"age": ["10", "10", "20", "20"], "area": ["00", "12", "00", "12"], "ill": list("abba")})


def test_classes_that_cross_leave_one_person_and_one_value(engine: Engine) -> None:
    by_age, by_area = (age(2), area(3)), (age(4), area(2))
    found = crossed(engine, FOUR.with_columns(pl.Series("ill", list("abca"))), [by_age, by_area])
    # a and b by the first age, c and a by the second; a and c by the first area, b and a by the second.
    assert (found.people, found.fewest_candidates, found.share_below) == (4, 1, 1)
    assert (found.one_value, found.changed) == (1 / 2, 1 / 2)


def test_the_same_levels_again_tell_nothing_more(engine: Engine) -> None:
    by_age = (age(2), area(3))
    found = crossed(engine, FOUR, [by_age, by_age])
    assert (found.fewest_candidates, found.share_below, found.one_value, found.changed) == (2, 0, 0, 0)


def test_each_release_is_sound_alone(look: Look) -> None:
    for quasi in ((age(2), area(3)), (age(4), area(2))):
        assert homogeneity(look(recoded(FOUR, quasi), FOUR, quasi), likely=0.8, likelier=9).one_value == 0


def test_a_value_that_changed_is_seen_though_as_many_are_left(engine: Engine) -> None:
    quasi = (age(2), area(3))
    later = FOUR.with_columns(pl.Series("ill", list("acba")))
    first, second = sights(engine, [(recoded(FOUR, quasi), quasi), (recoded(later, quasi), quasi)], FOUR)
    found = crossing(first, second, k=2)
    # Those of the first age had a and b, and later a and c: only a is left for both, though one has it by then.
    assert (found.changed, found.one_value) == (1 / 2, 1 / 2)


def test_people_in_one_release_only_are_not_crossed(engine: Engine) -> None:
    source, fine, coarse = village(1), columns(1, 0), columns(2, 2)
    first, second = sights(engine, [(released(source, f, k=5), f) for f in (fine, coarse)], source)
    found = crossing(first, second, k=5)
    assert found.people == released(source, fine, k=5).height < source.height
    # Classes of the finer release lie within those of the coarser: nobody has fewer than the finer promises.
    assert found.fewest_candidates >= 5


def test_releases_of_nobody_in_common_tell_nothing(engine: Engine) -> None:
    quasi = (age(2), area(3))
    halves = [FOUR.head(2), FOUR.tail(2)]
    found = crossing(*sights(engine, [(recoded(half, quasi), quasi) for half in halves], FOUR), k=2)
    assert found == Crossing(0, 0, 0.0, 0.0, 0.0)


SEVEN = pl.DataFrame({"age": ["10"] * 6 + ["20"], "ill": list("abcdef") + ["g"]})


def test_a_coarse_class_less_the_finer_ones_in_it_is_who_was_left_out_of_those(engine: Engine) -> None:
    fine, coarse = ((released(SEVEN, (age(level),), k=5), (age(level),)) for level in (2, 3))
    first, second = sights(engine, [fine, coarse], SEVEN)
    assert left_over(first, second, k=5) == left_over(second, first, k=5) == 1
    # With the same levels she is in neither, and nothing is left over.
    same, again = sights(engine, [fine, fine], SEVEN)
    assert left_over(same, again, k=5) == 0


def test_one_row_less_of_a_class_tells_of_whom_it_was(engine: Engine) -> None:
    source, quasi = pl.DataFrame({"age": ["10"] * 7, "ill": list("abcdefg")}), (age(2),)
    whole = recoded(source, quasi)
    first, second = sights(engine, [(whole, quasi), (whole.head(6), quasi)], source)
    assert left_over(first, second, k=5) == left_over(second, first, k=5) == 1
    # As many as are asked for, or rows of another time, are nobody in particular.
    assert left_over(first, second, k=1) == 0
    assert left_over(first, second, k=5, same_rows=False) == 0


def test_finer_classes_with_a_row_more_than_the_coarser_tell_of_one_too(engine: Engine) -> None:
    source = pl.DataFrame({"age": ["10"] * 5 + ["20"] * 5, "ill": list("abcdefghij")})
    fine, coarse = recoded(source, (age(2),)), recoded(source, (age(3),))
    first, second = sights(engine, [(fine, (age(2),)), (coarse.head(9), (age(3),))], source)
    assert left_over(first, second, k=5) == 1
    whole = sights(engine, [(fine, (age(2),)), (coarse, (age(3),))], source)
    assert left_over(*whole, k=5) == 0


def test_many_left_over_are_nobody_in_particular(engine: Engine) -> None:
    source = pl.DataFrame({"age": ["10"] * 6 + ["20"] * 4, "ill": list("abcdefghij")})
    first, second = sights(engine, [(released(source, (age(n),), k=5), (age(n),)) for n in (2, 3)], source)
    assert [left_over(first, second, k=k) for k in (4, 5)] == [0, 4]


def test_classes_that_lie_across_cannot_be_taken_from_each_other(engine: Engine) -> None:
    # Three of each age in each area: a class by area has some of each class by age, and no class by age whole.
    people = [(age_, area_) for age_ in ("10", "20") for area_ in ("00", "12") for _ in range(3)] + [("70", "00")]
    source = pl.DataFrame([(a, b, "x") for a, b in people], schema=["age", "area", "ill"], orient="row")
    by_age, by_area = (age(2), area(3)), (age(4), area(2))
    first, second = sights(engine, [(released(source, q, k=5), q) for q in (by_age, by_area)], source)
    assert left_over(first, second, k=5) == 0


def printed_of(source: pl.DataFrame, quasi: Column, level: int) -> dict[tuple[str, ...], int]:
    called = pl.col(quasi.name).replace_strict({v: quasi.called(v, level) for v in quasi.levels[0]})
    counted = source.group_by(called).len()
    return {(row[0],): row[1] for row in counted.iter_rows()}


def test_a_printed_cell_less_its_released_rows_tells_of_the_few_left_out(look: Look) -> None:
    source, quasi = village(1), columns(1, 1)
    cells, names = printed_of(source, age(0), 2), ["age", "area", "sex"]
    coarse = recoded(source, quasi).with_columns(recoded(source, columns(2, 3))["age"].alias("decade"))
    kept = coarse.filter(pl.len().over(names) >= 4)["decade"].value_counts()
    released_rows = {(row[0],): row[1] for row in kept.iter_rows()}
    left_out = [count - released_rows[cell] for cell, count in cells.items()]
    few = [count for count in left_out if 0 < count < 4]
    found = differencing(look(released(source, quasi, k=4), source, quasi), PrintedCounts({"age": 2}, cells), k=4)
    assert (found.cells, found.small, found.fewest) == (8, len(few), min(few))


def test_noise_hides_a_few_and_a_release_of_all_leaves_none(look: Look) -> None:
    source, quasi = village(1), columns(1, 1)
    cells = printed_of(source, age(0), 2)
    sight = look(released(source, quasi, k=4), source, quasi)
    assert differencing(sight, PrintedCounts({"age": 2}, cells), k=4).small > 0
    assert differencing(sight, PrintedCounts({"age": 2}, cells, noise=2), k=4).small == 0
    whole = look(released(source, quasi, k=1), source, quasi)
    assert differencing(whole, PrintedCounts({"age": 2}, cells), k=4).small == 0


@pytest.mark.parametrize(("noise", "small"), [(0, 1), (1, 0), (3, 0)])
def test_noise_of_any_size_leaves_open_whether_so_few_were_left_out(look: Look, noise: int, small: int) -> None:
    source, quasi = (pl.DataFrame({"age": ["10"] * 5 + ["20"] * 3, "ill": ["a"] * 8}), (age(2),))
    sight = look(released(source, quasi, k=4), source, quasi)
    assert differencing(sight, PrintedCounts({"age": 3}, {("0+40",): 8}, noise=noise), k=4).small == small


def test_cells_by_value_tell_what_those_left_out_have(look: Look) -> None:
    source = pl.DataFrame({"age": ["10"] * 5 + ["20"], "ill": list("abcde") + ["f"]})
    quasi = (age(2),)
    cells = {(label, ill): 1 for label, ill in recoded(source, (age(3),)).iter_rows()}
    sight = look(released(source, quasi, k=5), source, quasi)
    found = differencing(sight, PrintedCounts({"age": 3}, cells, by_value=True), k=5)
    assert (found.cells, found.small, found.fewest) == (6, 1, 1)


@pytest.mark.parametrize(("levels", "reason"), [({"age": 0}, "hierarchy_level"), ({"shoe": 0}, "column_missing")])
def test_cells_that_cannot_be_compared_are_refused(look: Look, levels: dict[str, int], reason: str) -> None:
    source, quasi = village(1, 50), columns(2, 1)
    with pytest.raises(Unfit) as refused:
        differencing(look(recoded(source, quasi), source, quasi), PrintedCounts(levels, {}), k=5)
    assert refused.value.reason == reason
