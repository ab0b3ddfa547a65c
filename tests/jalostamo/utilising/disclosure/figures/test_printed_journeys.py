"""Journeys are printed as they are, but for the noise: what was planted is found, what was not is not, and few are never told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.jalostamo.utilising.disclosure.figures.printed_journeys import (
    BESIDE,
    FILE,
    FILTERED,
    NOISE,
    PLANTED,
    asked,
    printed,
    town,
    true,
)

from jalostamo.concepts.errors import JalostamoError
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.analyses.findings import Findings, Found, findings_from
from jalostamo.producing.analyses.inside.comparable import refuse_incomparable
from jalostamo.producing.analyses.inside.definition import cube_of
from jalostamo.producing.analyses.inside.derivations import with_derived
from jalostamo.producing.analyses.journeys import Grain
from jalostamo.producing.analyses.methods import method_called
from jalostamo.producing.cubes.counted import Tables
from jalostamo.producing.cubes.counting import count_cube

COUNTS = {"cases", "customers", "starts", "ends", "before", "same_time", "after", "any", "both", "base"}
KEYS = ("group", "from", "to", "service", "subject")
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


def rows_of(table: Found) -> dict[tuple[object, ...], dict[str, object]]:
    return {tuple(row.get(key) for key in KEYS): dict(row) for row in table.mappings()}


def counts_in(findings: Findings) -> list[int]:
    """Every number of persons that findings tell."""
    told = [fact for name, fact in findings.facts.items() if name in {"cases", "customers", "index_customers"}]
    rows = [row for table in findings.tables.values() for row in table.mappings()]
    return [
        number
        for number in (*told, *(row[name] for row in rows for name in COUNTS & row.keys()))
        if type(number) is int
    ]


def tells_of_few(findings: Findings) -> bool:
    """Whether a number is one that only so few people could be behind."""
    return any(1 <= number <= NOISE.never for number in counts_in(findings))


@pytest.mark.parametrize("file", [FILE, BESIDE, FILTERED], ids=["step_map", "before_after", "filtered"])
def test_printed_journeys_are_the_true_ones_but_for_the_noise(asking: Callable[[str], Twice], file: str) -> None:
    shown, truth = asking(file)
    assert findings_from(shown.as_mapping()) == shown
    assert shown.protected
    assert not truth.protected
    assert truth.facts.keys() <= shown.facts.keys()
    assert {name: table.columns for name, table in shown.tables.items()} == {
        name: table.columns for name, table in truth.tables.items()
    }
    for name in shown.tables.keys() - {"differences"}:
        mine, theirs = rows_of(shown.tables[name]), rows_of(truth.tables[name])
        assert mine.keys() <= theirs.keys()
        for key, row in theirs.items():
            for column in (COUNTS & row.keys()) - {"base"}:
                found = mine.get(key, dict.fromkeys(COUNTS, 0))[column]
                assert abs(int(str(found)) - int(str(row[column]))) <= NOISE.largest


@pytest.mark.parametrize("file", [FILE, BESIDE], ids=["step_map", "before_after"])
def test_no_number_tells_of_few_people_and_a_twin_with_true_counts_would(
    asking: Callable[[str], Twice], file: str
) -> None:
    shown, truth = asking(file)
    assert counts_in(shown)
    assert not tells_of_few(shown)
    assert tells_of_few(replace(truth, protected=True))


@pytest.mark.requirement("S22-27")
def test_the_planted_difference_is_found_and_equal_groups_are_said_to_be(asking: Callable[[str], Twice]) -> None:
    differences = {row["subject"]: row for row in asking(FILE)[0].tables["differences"].mappings()}
    assert differences["N → A"]["differs"]
    low, high = (float(str(differences["N → A"][end])) for end in ("low", "high"))
    # Eight of ten begin with N, and nine of ten have a service at all.
    assert low <= (PLANTED["sv"] - PLANTED["fi"]) * 0.8 / 0.9 <= high
    assert not differences["X → Y"]["differs"]
    equal = asking(FILE.replace('swedish = ["sv"], finnish = ["fi"]', 'swedish = ["fi"], finnish = ["ru"]'))[0]
    assert equal.tables["differences"].rows
    assert not any(equal.tables["differences"].column("differs"))


def test_medians_are_near_the_true_ones_and_told_of_ten_people_or_more(asking: Callable[[str], Twice]) -> None:
    shown, truth = (rows_of(found.tables["steps"]) for found in asking(FILE))
    told = {key: row for key, row in shown.items() if row["median"] is not None}
    assert all(float(str(row["median"])).is_integer() and int(str(row["cases"])) >= 10 for row in told.values())
    # Nobody takes a step twice, so that each person's shortest time is the only one.
    many = [key for key, row in told.items() if int(str(row["cases"])) > 200]
    assert many
    assert all(abs(float(str(told[key]["median"])) - float(str(truth[key]["median"]))) <= 1 for key in many)


def test_two_analyses_of_one_series_stand_side_by_side_and_tell_the_same_people_alike(
    engine: Engine, tables: Tables, tmp_path: Path
) -> None:
    steps, around = (printed(engine, tables, file, tmp_path) for file in (FILE, BESIDE))
    users = {(row["group"], row["service"]): row["cases"] for row in steps.tables["services"].mappings()}
    for row in around.tables["services"].mappings():
        assert row["any"] == users[row["group"], row["service"]]
    assert around.facts["cases"] == steps.facts["cases"]


@pytest.mark.spark
@pytest.mark.deep
def test_spark_counts_the_same_cells_of_journeys(engine: Engine, tmp_path: Path) -> None:
    with open_engine("local[2]", workspace=tmp_path / "spark") as spark:
        for file in (FILE, BESIDE):
            definition = cube_of(asked(file, tmp_path), grain=Grain.MONTH)
            one, other = (
                count_cube(on, definition, with_derived(on, definition, town(on, people=300))) for on in (engine, spark)
            )
            assert one.cells.equals(other.cells)
            assert one.units == other.units


@pytest.mark.requirement("S23-05")
def test_the_same_people_give_the_same_bytes_again(
    asking: Callable[[str], Twice], engine: Engine, tables: Tables, tmp_path: Path
) -> None:
    assert printed(engine, tables, BESIDE, tmp_path).written == asking(BESIDE)[0].written


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('population = "children"', ""),
        ("[printed]", "[log]\n[labels]"),
        ("from = 2010-01-01\n", ""),
        ('services = ["N", "A", "F", "X", "Y"]\n', ""),
        ('method = "step_map"', 'method = "step_map"\ncase = "household"'),
        ("finnish", "others"),
        ("grid = [0, 1,", "grid = [1, 0,"),
    ],
)
def test_what_cannot_be_printed_is_refused_before_anything_is_counted(tmp_path: Path, old: str, new: str) -> None:
    assert cube_of(asked(FILE, tmp_path), grain=Grain.MONTH).measures
    with pytest.raises(JalostamoError):
        cube_of(asked(FILE.replace(old, new), tmp_path), grain=Grain.MONTH)


def test_a_method_of_more_than_counts_of_persons_is_refused_inside(tmp_path: Path) -> None:
    screen = replace(asked(FILE, tmp_path), method=method_called("factor_screen", place="here"))
    with pytest.raises(JalostamoError, match="Put it to a release"):
        cube_of(screen, grain=Grain.MONTH)


@pytest.mark.parametrize(
    ("old", "new", "compares"),
    [
        ("swedish", "north", True),
        ('"F", "X", "Y"]', '"X", "Y"]', False),
        ("[printed]", '[[filter]]\nkeep = "cases_with"\nservices = ["F"]\n[printed]', False),
    ],
)
def test_journeys_narrowed_otherwise_are_not_printed_beside_each_other(
    tmp_path: Path, old: str, new: str, *, compares: bool
) -> None:
    one, other = (cube_of(asked(file, tmp_path), grain=Grain.MONTH) for file in (FILE, FILE.replace(old, new)))
    for pair in ((one, other), (other, one)):
        if compares:
            refuse_incomparable(pair[0], [pair[1]])
        else:
            with pytest.raises(JalostamoError, match="otherwise"):
                refuse_incomparable(pair[0], [pair[1]])


def test_plain_cells_go_beside_journeys_unless_these_are_filtered_or_those_are_steps(tmp_path: Path) -> None:
    whole = cube_of(asked(FILE, tmp_path), grain=Grain.MONTH)
    filtered = cube_of(asked(FILE + '[[filter]]\nkeep = "cases_with"\nservices = ["F"]\n', tmp_path), grain=Grain.MONTH)
    cases = whole.measures[0]
    plain, steps = (replace(whole, measures=(replace(cases, table=name),)) for name in ("persons", "steps"))
    refuse_incomparable(plain, [whole])
    refuse_incomparable(whole, [plain])
    for pair in ((plain, filtered), (filtered, plain), (steps, whole), (whole, steps)):
        with pytest.raises(JalostamoError, match="otherwise"):
            refuse_incomparable(pair[0], [pair[1]])
