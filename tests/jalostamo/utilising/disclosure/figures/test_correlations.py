"""Correlation and association from a printed two-way table: right without noise, withheld where thin, covering with noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import contingency

from jalostamo.concepts.errors import Unfit
from jalostamo.utilising.disclosure.figures.correlations import Association, TwoWayTable, correlation, cramers_v
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable, noise_table
from jalostamo.utilising.disclosure.rules import INSIDE, OUTSIDE
from jalostamo.utilising.disclosure.withheld import Withheld


def table_of(counts: np.ndarray, base: int | None = None) -> TwoWayTable:
    printed = tuple(tuple(int(n) for n in row) for row in counts)
    return TwoWayTable(printed, int(counts.sum()) if base is None else base)


tables = st.lists(st.lists(st.integers(3, 40), min_size=3, max_size=3), min_size=2, max_size=4).map(np.array)


@given(tables)
def test_the_correlation_is_that_of_the_units_one_by_one(counts: np.ndarray) -> None:
    rows, columns = np.indices(counts.shape)
    one_by_one = np.corrcoef(np.repeat(rows.ravel(), counts.ravel()), np.repeat(columns.ravel(), counts.ravel()))[0, 1]
    found = correlation(table_of(counts), noise=None, rule=OUTSIDE)
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(one_by_one, abs=1e-9)


@given(tables)
def test_the_corrected_association_is_at_most_the_plain_one(counts: np.ndarray) -> None:
    found = cramers_v(table_of(counts), noise=noise_table(), rule=OUTSIDE)
    assert found.estimate is not None
    assert 0 <= found.estimate.value <= contingency.association(counts, method="cramer") + 1e-9


def test_a_table_of_one_class_for_each_other_is_wholly_associated() -> None:
    counts = np.diag([40, 40, 40])
    for measure in (correlation, cramers_v):
        found = measure(table_of(counts), noise=None, rule=OUTSIDE).estimate
        assert found is not None
        assert found.value == pytest.approx(1.0, abs=0.01)


def test_scores_say_how_far_apart_classes_are() -> None:
    printed = ((10, 20, 5), (5, 10, 20))
    far = correlation(TwoWayTable(printed, 70, (0, 1), (0, 1, 100)), noise=None, rule=OUTSIDE)
    near = correlation(TwoWayTable(printed, 70), noise=None, rule=OUTSIDE)
    assert far.estimate != near.estimate


@pytest.mark.parametrize("rule", [INSIDE, OUTSIDE])
def test_fewer_than_ten_units_are_too_few_inside_and_outside(rule: object) -> None:
    small = table_of(np.array([[3, 0], [3, 3]]))
    for measure in (correlation, cramers_v):
        assert measure(small, noise=noise_table(), rule=rule).withheld is Withheld.FEW_UNITS  # type: ignore[arg-type]  # a rule


def test_fewer_than_ten_free_observations_are_too_few_though_the_units_are_not() -> None:
    counts = np.array([[4, 3], [0, 4]])
    assert correlation(table_of(counts), noise=None, rule=OUTSIDE) == Association(11, 9, None, Withheld.FEW_FREE)
    assert correlation(table_of(counts, base=12), noise=None, rule=OUTSIDE).withheld is None
    assert cramers_v(table_of(counts, base=12), noise=None, rule=OUTSIDE).withheld is Withheld.FEW_FREE
    assert cramers_v(table_of(counts, base=13), noise=None, rule=OUTSIDE).withheld is None


def test_a_table_with_all_in_one_class_has_no_correlation() -> None:
    for measure in (correlation, cramers_v):
        found = measure(table_of(np.array([[20, 30], [0, 0]])), noise=noise_table(), rule=OUTSIDE)
        assert found.withheld is Withheld.NO_VARIATION


def test_classes_with_one_score_have_no_correlation() -> None:
    table = TwoWayTable(((20, 30), (10, 5)), 65, (1.0, 1.0))
    assert correlation(table, noise=None, rule=OUTSIDE).withheld is Withheld.NO_VARIATION


@pytest.mark.parametrize(
    ("printed", "scores"), [(((5, 5),), ()), (((5,), (5,)), ()), (((5, 5), (5,)), ()), (((5, 5), (5, 5)), (1.0,))]
)
def test_what_is_no_table_of_two_dimensions_is_refused(
    printed: tuple[tuple[int, ...], ...], scores: tuple[float, ...]
) -> None:
    with pytest.raises(Unfit):
        TwoWayTable(printed, 10, scores)


def chances(slope: float, classes: int) -> np.ndarray:
    """Cells that grow more likely towards the diagonal, with even margins as near as matters."""
    apart = np.abs(np.subtract.outer(np.arange(classes), np.arange(classes)))
    found = np.exp(-slope * apart)
    return found / found.sum()


def truths(cells: np.ndarray) -> tuple[float, float]:
    scores, rows, columns = np.arange(len(cells)), cells.sum(1), cells.sum(0)
    means = rows @ scores, columns @ scores
    spreads = rows @ scores**2 - means[0] ** 2, columns @ scores**2 - means[1] ** 2
    even = np.outer(rows, columns)
    linear = (scores @ cells @ scores - means[0] * means[1]) / np.sqrt(spreads[0] * spreads[1])
    return float(linear), float(np.sqrt(((cells - even) ** 2 / even).sum() / (len(cells) - 1)))


def coverage(
    units: int, cells: np.ndarray, *, told: NoiseTable | None, made_with: NoiseTable | None = None, folds: int = 500
) -> tuple[float, float]:
    """How often the intervals of the correlation and of Cramer's V hold the truth."""
    rng, noise, true = np.random.default_rng(3), made_with or noise_table(), truths(cells)
    held = np.zeros(2)
    for _ in range(folds):
        counts = rng.multinomial(units, cells.ravel())
        printed = noise.printed(counts, rng.integers(0, KEY_SPACE, counts.size)).reshape(cells.shape)
        base = int(noise.printed(np.array([units]), rng.integers(0, KEY_SPACE, 1))[0])
        found = [
            measure(table_of(printed, base), noise=told, rule=OUTSIDE).estimate for measure in (correlation, cramers_v)
        ]
        held += [e is not None and e.low <= share <= e.high for e, share in zip(found, true, strict=True)]
    return float(held[0] / folds), float(held[1] / folds)


@pytest.mark.parametrize(("units", "slope", "classes"), [(100, 0.3, 3), (300, 0.2, 5), (1000, 0.1, 4)])
def test_intervals_cover_as_often_as_they_say(units: int, slope: float, classes: int) -> None:
    linear, association = coverage(units, chances(slope, classes), told=noise_table())
    assert 0.93 <= linear <= 0.985
    assert 0.93 <= association <= 0.985


def test_intervals_that_do_not_know_of_the_noise_cover_too_seldom() -> None:
    linear, association = coverage(200, chances(0.2, 5), told=None)
    assert linear < 0.93
    assert association < 0.93


@pytest.mark.parametrize("measure", [correlation, cramers_v])
@pytest.mark.parametrize("cells", [((1, 0), (0, 1)), ((1, 0), (0, 2)), ((2, 1), (1, 3))], ids=["two", "three", "seven"])
def test_cells_that_print_next_to_nothing_have_no_association_whatever_their_base_prints(
    measure: Callable[..., Association], cells: tuple[tuple[int, ...], ...]
) -> None:
    found = measure(TwoWayTable(cells, 16), noise=noise_table("d5-v3-js0-p50"), rule=OUTSIDE)
    assert (found.estimate, found.withheld) == (None, Withheld.FEW_UNITS)
