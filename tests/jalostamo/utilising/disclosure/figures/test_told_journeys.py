"""Use, named paths, steps around a service, states and waiting are printed as they are, but for the noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.jalostamo.utilising.disclosure.figures.printed_journeys import (
    FILE,
    NOISE,
    PLANTED,
    asked,
    printed,
    town,
    true,
)

from jalostamo.concepts.errors import JalostamoError
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.analyses.findings import Findings, Found
from jalostamo.producing.analyses.inside.comparable import refuse_incomparable
from jalostamo.producing.analyses.inside.definition import cube_of
from jalostamo.producing.analyses.inside.derivations import with_derived
from jalostamo.producing.analyses.inside.refusals import INSIDE
from jalostamo.producing.analyses.journeys import Grain
from jalostamo.producing.analyses.methods import METHODS
from jalostamo.producing.cubes.counted import Tables
from jalostamo.producing.cubes.counting import count_cube

_PLAIN = FILE.replace("age_bands = [[0, 6], [7, 17]]\n", "").replace("grid = [0, 1, 2, 3, 6, 12]\n", "")
FILES = {
    "use": _PLAIN.replace("step_map", "use"),
    "variants": _PLAIN.replace("step_map", "variants") + '[parameters]\npaths = [["N", "A"], ["N"], ["X", "Y"]]\n',
    "around": _PLAIN.replace("step_map", "around") + '[parameters]\nindex = ["N"]\nbefore = 1\nafter = 2\n',
    "states": _PLAIN.replace("step_map", "states") + '[parameters]\nstates = ["A", "X"]\nstart = ["N"]\nmonths = 7\n',
    "time_to_event": FILE.replace("step_map", "time_to_event").replace("grid = [0, 1, 2, 3, 6, 12]\n", "")
    + '[parameters]\nfrom = ["N"]\nto = ["A"]\ncompeting = ["X"]\nclasses = [1, 3, 6]\n',
}
TABLES = {
    "use": ("use", ("group", "period", "service"), ("customers",)),
    "variants": ("variants", ("group", "path"), ("cases",)),
    "around": ("links", ("group", "step", "from", "to"), ("customers",)),
    "states": ("distribution", ("group", "position", "state"), ("cases",)),
    "time_to_event": ("intervals", ("group", "from"), ("at_risk", "reached", "competing")),
}
"""Which table of a method has which counts of persons, by which keys."""
DIFFERING = {"variants": "N → A", "around": "+1 A", "states": "A", "time_to_event": "below 6 months", "use": "A"}
FAST = ("time_to_event", "use")
DEEP = [pytest.param(name, marks=pytest.mark.deep) for name in ("variants", "around", "states")]
SHARE_OF_N = {"around": 1.0, "states": 1.0, "time_to_event": 1.0}

type Twice = tuple[Findings, Findings]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.fixture(scope="module")
def tables(engine: Engine) -> Tables:
    return town(engine)


@pytest.fixture(scope="module")
def asking(engine: Engine, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Twice]:
    """An analysis of the town, as it is printed and as it truly is; each is made once."""

    @cache
    def both(file: str) -> Twice:
        folder = tmp_path_factory.mktemp("asked")
        return printed(engine, tables, file, folder), true(engine, tables, file, folder)

    return both


def counted(table: Found, keys: tuple[str, ...], names: tuple[str, ...]) -> dict[tuple[object, ...], int]:
    """Every count of persons by its keys; a row of all the rest, which no path names, is left out."""
    rows = [dict(row) for row in table.mappings() if None not in [row[key] for key in keys]]
    return {(*(row[key] for key in keys), name): int(str(row[name])) for row in rows for name in names}


@pytest.mark.parametrize("method", [*FAST, *DEEP])
def test_what_is_told_is_true_but_for_the_noise_and_the_planted_difference_is_found(
    asking: Callable[[str], Twice], method: str
) -> None:
    shown, truth = asking(FILES[method])
    assert {name: table.columns for name, table in shown.tables.items()} == {
        name: table.columns for name, table in truth.tables.items()
    }
    name, keys, counts = TABLES[method]
    mine, theirs = (counted(found.tables[name], keys, counts) for found in (shown, truth))
    assert mine.keys() <= theirs.keys()
    # What comes within an interval is the difference of two printed numbers.
    doubt = 2 * NOISE.largest if method == "time_to_event" else NOISE.largest
    assert all(abs(mine.get(key, 0) - number) <= doubt for key, number in theirs.items())
    assert any(mine.values())
    if method != "time_to_event":
        assert not any(1 <= number <= NOISE.never for number in mine.values())
    if method in {"use", "around"}:
        assert any(1 <= number <= NOISE.never for number in theirs.values()), "true counts would tell of few"
    differences = {row["subject"]: row for row in shown.tables["differences"].mappings()}
    assert differences[DIFFERING[method]]["differs"]
    if method in SHARE_OF_N:
        low, high = (float(str(differences[DIFFERING[method]][end])) for end in ("low", "high"))
        assert low <= PLANTED["sv"] - PLANTED["fi"] <= high


@pytest.mark.spark
@pytest.mark.deep
def test_spark_counts_the_same_cells(engine: Engine, tmp_path: Path) -> None:
    with open_engine("local[2]", workspace=tmp_path / "spark") as spark:
        for file in (FILES["around"], FILES["time_to_event"]):
            definition = cube_of(asked(file, tmp_path), grain=Grain.MONTH)
            one, other = (
                count_cube(on, definition, with_derived(on, definition, town(on, people=200))) for on in (engine, spark)
            )
            assert one.cells.equals(other.cells)


@pytest.mark.parametrize("method", ["time_to_event", *DEEP])
def test_groups_that_were_made_alike_are_not_said_to_differ(asking: Callable[[str], Twice], method: str) -> None:
    alike = FILES[method].replace('swedish = ["sv"], finnish = ["fi"]', 'swedish = ["fi"], finnish = ["ru"]')
    shown, _ = asking(alike)
    assert shown.tables["differences"].rows
    assert not any(shown.tables["differences"].column("differs"))


def test_a_life_table_of_printed_numbers_is_near_the_exact_curve(asking: Callable[[str], Twice]) -> None:
    shown, truth = (
        {(row["group"], row["from"]): row for row in found.tables["intervals"].mappings()}
        for found in asking(FILES["time_to_event"])
    )
    told = {key: row for key, row in shown.items() if row["waiting"] is not None}
    assert len(told) == 9, "three intervals with an end, of all and of two groups"
    for key, row in told.items():
        for share in ("waiting", "share_reached"):
            assert float(str(row[share])) == pytest.approx(float(str(truth[key][share])), abs=0.04)


def test_every_other_method_is_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    analysis = asked(FILE, tmp_path)
    others = [method for method in METHODS if method.name not in INSIDE]
    assert others
    for method in others:
        with pytest.raises(
            JalostamoError, match=r"not printed: .+ prints? .+\. Put it|not printed: .+ tell .+\. Put it"
        ):
            cube_of(replace(analysis, method=method), grain=Grain.MONTH)
    for old, new in (('["X", "Y"]]', '["X", "Z"]]'), ('["N", "A"], ["N"], ', "")):
        with pytest.raises(JalostamoError):
            cube_of(asked(FILES["variants"].replace(old, new), tmp_path), grain=Grain.MONTH)


def test_other_tellings_of_the_same_people_are_not_printed_beside_each_other(tmp_path: Path) -> None:
    cubes = {name: cube_of(asked(file, tmp_path), grain=Grain.MONTH) for name, file in FILES.items()}
    north = cube_of(asked(FILES["use"].replace("swedish", "north"), tmp_path), grain=Grain.MONTH)
    later = FILES["time_to_event"].replace("competing", "covariates")
    cubes |= {"steps": cube_of(asked(FILE, tmp_path), grain=Grain.MONTH)}
    cubes |= {"other waits": cube_of(asked(later, tmp_path), grain=Grain.MONTH)}
    refuse_incomparable(cubes["use"], [north])
    for one, other in (("use", "steps"), ("steps", "around"), ("time_to_event", "other waits"), ("states", "use")):
        with pytest.raises(JalostamoError, match="otherwise"):
            refuse_incomparable(cubes[one], [cubes[other]])
