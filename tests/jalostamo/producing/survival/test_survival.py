"""Time to event equals the naive twin's in exact fractions, and R's survival and cmprsk, whatever the ties."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.survival.naive_survival import (
    Row,
    naive_aalen_johansen,
    naive_gray,
    naive_kaplan_meier,
    naive_log_likelihood,
    naive_log_rank,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.survival.cox import Patterns, cox
from jalostamo.producing.survival.curves import Curve
from jalostamo.producing.survival.patterns import patterns_of
from jalostamo.producing.survival.results import TimeToEvent, time_to_event
from jalostamo.producing.survival.tied_sums import ONE_BY_ONE, tied_sums

HERE = Path(__file__).parent
FIGURES = json.loads((HERE / "r_figures.json").read_bytes())["cases"]
ROWS = pa.schema([("time", pa.float64()), ("status", pa.int64()), ("group", pa.string())])
CLOSE = 1e-9
ROW = st.builds(
    Row,
    st.integers(0, 5).map(float),
    st.sampled_from([0, 1, 1, 2, 2, 3]),
    st.sampled_from(["a", "a", "b", "c", None]),
)


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def found_in(engine: Engine, rows: Sequence[Row]) -> TimeToEvent:
    """The time to event of some rows, by group."""
    table = pa.Table.from_pylist([row._asdict() for row in rows], schema=ROWS)
    return time_to_event(engine, engine.in_memory(table), grouped=True)


def rows_of(case: str) -> list[Row]:
    """The rows of a table that R was given."""
    found = FIGURES[case]
    return [Row(*row) for row in zip(found["time"], found["status"], found["group"], strict=True)]


def lines(curve: Curve) -> list[tuple[float, ...]]:
    """A curve as the twin gives it."""
    return list(
        zip(*(getattr(curve, name).tolist() for name in ("time", "at_risk", "estimate", "standard_error")), strict=True)
    )


def alike(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> bool:
    """Whether two lists of numbers are the same but for rounding, of which a root of nothing has the most."""
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=CLOSE, atol=1e-7)


@given(rows=st.lists(ROW, min_size=1, max_size=30))
@settings(max_examples=25)
def test_curves_and_tests_equal_the_naive_twin_in_fractions(rows: list[Row], duckdb: Engine) -> None:
    found = found_in(duckdb, rows)
    of = {None: (rows, found.all)} | {
        group: ([row for row in rows if (row.group or "null") == group], survival)
        for group, survival in found.groups.items()
    }
    assert {row.group or "null" for row in rows} == set(found.groups)
    for chosen, survival in of.values():
        assert alike(lines(survival.kaplan_meier), naive_kaplan_meier(chosen))
        for kind, curve in survival.aalen_johansen.items():
            assert alike(lines(curve), naive_aalen_johansen(chosen, kind))
    if len(found.groups) == 1:
        assert (found.log_rank, found.gray) == (None, None)
        return
    assert_tested(found.log_rank and found.log_rank.statistic, naive_log_rank(rows))
    for kind, test in (found.gray or {}).items():
        assert_tested(test and test.statistic, naive_gray(rows, kind))


def assert_tested(found: float | None, expected: float | None) -> None:
    """Both tell the same statistic, or neither any."""
    assert (found is None) == (expected is None)
    assert found is None or expected is None or math.isclose(found, expected, rel_tol=1e-7, abs_tol=1e-7)


@pytest.mark.parametrize("case", FIGURES)
def test_figures_agree_with_those_of_r(case: str, duckdb: Engine) -> None:
    found, figures = found_in(duckdb, rows_of(case)), FIGURES[case]
    for survival, by_r in [
        (found.all, figures["all"]),
        *((found.groups[g], figures["groups"][g]) for g in found.groups),
    ]:
        curve, low_high = survival.kaplan_meier, survival.kaplan_meier.limits()
        of_r = by_r["kaplan_meier"]
        columns = (curve.time, curve.at_risk, curve.estimate, curve.standard_error, *low_high)
        for column, name in zip(columns, ("time", "at_risk", "estimate", "standard_error", "low", "high"), strict=True):
            np.testing.assert_allclose(column, of_r[name], rtol=CLOSE, atol=CLOSE, err_msg=name)
        assert {str(kind) for kind in survival.aalen_johansen} == set(by_r["aalen_johansen"])
        for kind, aalen in survival.aalen_johansen.items():
            of_r = by_r["aalen_johansen"][str(kind)]
            np.testing.assert_allclose(aalen.estimate, of_r["estimate"], rtol=CLOSE, atol=CLOSE)
            np.testing.assert_allclose(aalen.standard_error**2, of_r["variance"], rtol=CLOSE, atol=CLOSE)
    assert found.log_rank is not None
    np.testing.assert_allclose((found.log_rank.statistic, found.log_rank.df), figures["log_rank"], rtol=CLOSE)
    gray = {str(kind): (test.statistic, test.df, test.p) for kind, test in (found.gray or {}).items() if test}
    assert gray.keys() == figures["gray"].keys()
    for kind, test in gray.items():
        np.testing.assert_allclose(test, figures["gray"][kind], rtol=CLOSE)


def test_ties_that_are_moved_apart_are_found_out(duckdb: Engine) -> None:
    rows, chance = rows_of("many_ties"), np.random.default_rng(1)
    moved = found_in(duckdb, [row._replace(time=row.time + chance.uniform(0, 1e-6)) for row in rows])
    exact = naive_aalen_johansen(rows, 1)
    curve = moved.all.aalen_johansen[1]
    at = [curve.time.searchsorted(time + 1e-5, side="right") - 1 for time, *_ in exact]
    assert not np.allclose(curve.estimate[at], [estimate for _, _, estimate, _ in exact], rtol=0, atol=1e-4)


def patterns(engine: Engine, case: str) -> Patterns:
    """The patterns of a table that R was given, counted by its group and its covariate."""
    figures = FIGURES[case]
    table = pa.table({name: figures[name] for name in ("time", "status", "group", "x")})
    return patterns_of(engine, engine.in_memory(table), ["group", "x"])


@pytest.mark.parametrize("case", FIGURES)
def test_cox_agrees_with_that_of_r(case: str, duckdb: Engine) -> None:
    found, figures = cox(patterns(duckdb, case)), FIGURES[case]["cox"]
    nothing = found.log_likelihood - found.likelihood_ratio.statistic / 2
    np.testing.assert_allclose([c.log_ratio for c in found.coefficients], figures["coefficient"], rtol=1e-7, atol=CLOSE)
    np.testing.assert_allclose([c.standard_error for c in found.coefficients], figures["standard_error"], rtol=1e-7)
    np.testing.assert_allclose((nothing, found.log_likelihood), figures["log_likelihood"], rtol=CLOSE)


def test_cox_stands_at_the_top_of_efrons_likelihood_however_rows_are_counted() -> None:
    chance = np.random.default_rng(5)
    rows = [(float(t), int(e), float(x)) for t, e, x in chance.integers((1, 0, 0), (5, 2, 3), size=(60, 3))]
    time, event, x = (np.array(column) for column in zip(*rows, strict=True))
    each = Patterns(("x",), (time - 1).astype(np.int64), event, x[:, None], np.ones(60, dtype=np.int64))
    distinct, n = np.unique(np.array(rows), axis=0, return_counts=True)
    counted = Patterns(
        ("x",), (distinct[:, 0] - 1).astype(np.int64), distinct[:, 1].astype(np.int64), distinct[:, 2:], n
    )
    one, other = cox(each), cox(counted)
    top = one.coefficients[0].log_ratio
    assert math.isclose(top, other.coefficients[0].log_ratio, rel_tol=CLOSE)
    assert math.isclose(one.log_likelihood, naive_log_likelihood(rows, top), rel_tol=1e-12)
    assert all(naive_log_likelihood(rows, top + step) < one.log_likelihood for step in (-1e-3, 1e-3))


def test_a_model_without_an_optimum_is_refused() -> None:
    time, event, n = np.array([0, 1, 2, 3]), np.array([1, 1, 0, 0]), np.array([2, 2, 2, 2])
    for covariates in (
        [[1.0], [1.0], [0.0], [0.0]],
        [[1.0], [1.0], [1.0], [1.0]],
        [[1.0, 2.0], [0.0, 0.0], [1.0, 2.0], [0, 0]],
    ):
        names = tuple("xy"[: len(covariates[0])])
        with pytest.raises(Unfit, match="no optimum"):
            cox(Patterns(names, time, event, np.array(covariates), n))


def test_sums_over_many_tied_events_equal_those_over_each() -> None:
    events = np.array([ONE_BY_ONE + 1, 200, 5_000, 5_000], dtype=np.float64)
    each, at_risk = np.array([0.4, 1.3, 2.0, 0.01]), np.array([900.0, 261.0, 10_000.5, 80_000.0])
    ranks = [np.arange(int(d)) for d in events]
    left = [s - rank * e for s, rank, e in zip(at_risk, ranks, each, strict=True)]
    expected = [
        [math.fsum(values) for values in (np.log(r), 1 / r, k / r, 1 / r**2, k / r**2, (k / r) ** 2)]
        for r, k in zip(left, ranks, strict=True)
    ]
    found = tied_sums(at_risk, each, events)
    sums = (found.logarithms, found.ones, found.ranks, found.squares, found.rank_squares, found.ranks_squared)
    # What they are multiplied with is of the size of a step; beside the events themselves less does not count.
    unit = each[:, None] ** np.array([0, 1, 1, 2, 2, 2]) / events[:, None]
    np.testing.assert_allclose(np.array(sums).T * unit, np.array(expected) * unit, rtol=CLOSE, atol=1e-10)


def test_too_many_groups_and_a_group_called_as_the_missing_one_are_refused(duckdb: Engine) -> None:
    for rows, reason in (
        ([Row(1.0, 1, str(n)) for n in range(201)], "too_many_values"),
        ([Row(1.0, 1, None), Row(2.0, 0, "null")], "group_null"),
    ):
        with pytest.raises(Unfit) as refused:
            found_in(duckdb, rows)
        assert refused.value.reason == reason


@pytest.mark.spark
@pytest.mark.deep
@pytest.mark.requirement("S25-02")
def test_spark_finds_the_same(duckdb: Engine, tmp_path: Path) -> None:
    with open_engine("local[2]", workspace=tmp_path) as spark:
        for case in ("many_ties", "three_kinds"):
            assert found_in(spark, rows_of(case)).as_mapping() == found_in(duckdb, rows_of(case)).as_mapping()
        assert cox(patterns(spark, "many_ties")) == cox(patterns(duckdb, "many_ties"))


@pytest.mark.deep
@pytest.mark.needs("r")
def test_r_still_finds_what_was_kept(tmp_path: Path) -> None:
    program = shutil.which("Rscript") or "Rscript"
    if subprocess.run([program, "-e", "library(cmprsk)"], capture_output=True, check=False).returncode:
        pytest.skip("R has no package cmprsk")
    again = subprocess.run([program, str(HERE / "oracle.R")], capture_output=True, check=True, cwd=tmp_path)
    for kept, found in zip(numbers_in(FIGURES), numbers_in(json.loads(again.stdout)["cases"]), strict=True):
        assert math.isclose(kept, found, rel_tol=1e-9, abs_tol=1e-12)


def numbers_in(tree: object) -> list[float]:
    """Every number of a tree, in its order."""
    if isinstance(tree, dict):
        return [number for branch in tree.values() for number in numbers_in(branch)]
    if isinstance(tree, list):
        return [number for branch in tree for number in numbers_in(branch)]
    return [float(tree)] if isinstance(tree, int | float) else []
