"""A synthetic twin stands for a release: the same definitions run on it, all that comes out says what it is, and none is published."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet
import pytest
from tests.jalostamo.doors.homes import PILOT, home_in, in_the_open_room, releases_of, request_in
from tests.jalostamo.doors.ordered_cells import acts_of, carried_out, cells_in, of_a_series, order_of

from jalostamo.doors import twinning
from jalostamo.doors.home import Home
from jalostamo.managing.nonsensitive.releases import TWIN_MARKING, open_to_analyse, open_twin
from jalostamo.utilising.disclosure.gate import open_printed

CELLS = ("cells", "waiting", "waiting-by-age")
ANALYSIS = """
[analysis]
name = "steps"
method = "step_map"

[groups]
field = "language_group"
values = { domestic = ["fi", "sv"], foreign = ["foreign"] }
"""


@pytest.fixture(scope="module")
def home(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with descriptions and no record, and in it the twins of the pilot's two requests."""
    home = Home(tmp_path_factory.mktemp("twins") / "home")
    for register in ("population", "social_services"):
        (home.sources / register).mkdir(parents=True)
        shutil.copyfile(sources / register / "register.toml", home.sources / register / "register.toml")
    for request in ("request", "cells-request"):
        words = (str(PILOT / f"{request}.toml"), "--home", str(home.folder), "--json")
        assert twinning.main(words) == 0
    return home


@pytest.fixture(scope="module")
def twin(home: Home) -> Path:
    """The twin of the pilot's rows."""
    return home.twins / "child-protection-pilot" / "1"


def shape_of(results: Iterable[dict[str, Any]]) -> object:
    """What questions were answered, for whom, in which parts; no figure."""
    parts = ("groups", "comparisons", "flows")
    return [
        (
            each["name"],
            each["method"],
            each["scale"],
            {part: sorted(each[part][0]) if each[part] else None for part in parts},
        )
        for each in results
    ]


@pytest.mark.slow
@pytest.mark.xdist_group("demonstration")
def test_the_pilot_s_questions_have_answers_of_one_shape_from_the_twin_and_the_release(
    demonstrated: Home, twin: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.json"
    told = in_the_open_room("answer", twin, PILOT / "definition.toml", "--out", out)
    assert told.code == 0, told.err
    (first,) = demonstrated.results.glob("*/*.json")
    of_twin, of_release = (json.loads(path.read_text(encoding="utf-8")) for path in (out, first))
    assert of_twin["marking"] == TWIN_MARKING
    assert "marking" not in of_release
    wanted, found = shape_of(of_release["results"]), shape_of(of_twin["results"])
    assert found == wanted
    (released,) = releases_of(demonstrated)
    ours, theirs = (
        {name: table["fields"] for name, table in opened.tables.items()}
        for opened in (open_to_analyse(twin), open_to_analyse(released))
    )
    assert ours == theirs


def test_every_definition_of_the_pilot_s_cells_is_printed_of_the_twin_and_says_so(home: Home, tmp_path: Path) -> None:
    for name, case in zip(
        CELLS, ("child-protection-cells", "child-protection-pilot", "child-protection-pilot"), strict=True
    ):
        out = tmp_path / f"{name}.parquet"
        told = in_the_open_room("try-cells", home.twins / case / "1", PILOT / f"{name}.toml", "--out", out)
        assert told.code == 0, told.err
        printed = open_printed(out)
        assert printed.series == "synthetic-twin"
        assert printed.cells.num_rows == told.account["cells"]
        assert json.loads(out.with_suffix(".json").read_bytes())["marking"] == TWIN_MARKING


def test_whatever_is_put_to_a_twin_is_stamped_and_nothing_of_it_is_published(twin: Path, tmp_path: Path) -> None:
    analysis, select = tmp_path / "steps.toml", tmp_path / "ages.sql"
    analysis.write_text(ANALYSIS, encoding="utf-8")
    select.write_text("SELECT birth_year, count(*) AS n FROM persons GROUP BY birth_year", encoding="utf-8")
    told = in_the_open_room("analyse", analysis, "--release", twin, "--out", tmp_path / "steps.json")
    assert told.code == 0, told.err
    assert json.loads((tmp_path / "steps.json").read_bytes())["facts"]["marking"] == TWIN_MARKING
    job = in_the_open_room("job", twin, "--select", select, "--out", tmp_path / "out")
    assert job.code == 0, job.err
    assert job.account["marking"] == TWIN_MARKING
    assert (tmp_path / "out/marking.txt").read_text(encoding="utf-8") == f"{TWIN_MARKING}\n"
    assert (tmp_path / "out/said.txt").read_text(encoding="utf-8").startswith("Synthetic twin:")
    metadata = pyarrow.parquet.read_metadata(tmp_path / "out/result.parquet").metadata
    assert metadata[b"marking"] == TWIN_MARKING.encode()
    published = in_the_open_room(
        "publish", twin, PILOT / "definition.toml", tmp_path / "none.json", "--out", tmp_path / "p"
    )
    assert (published.code, published.account["reason"]) == (4, "twin_no_release")


def test_the_first_run_of_an_order_adds_a_twin_by_printed_marginals_where_one_was_asked_for(
    sources: Path, tmp_path: Path
) -> None:
    home, request = home_in(tmp_path, sources), cells_in(tmp_path)
    assert twinning.main((str(request), "--home", str(home.folder), "--persons", "500", "--json")) == 0
    told = carried_out(order_of(request, home), home)
    assert told.code == 0, told.err
    second = open_twin(home.twins / "child-protection-cells" / "2")
    marginals = cast("dict[str, Any]", second.manifest.content["marginals"])
    counts = [
        count for fields in marginals["printed"].values() for codes in fields.values() for count in codes.values()
    ]
    assert set(marginals["printed"]["persons"]) == {"birth_year", "language_group"}
    assert counts
    assert all(count >= marginals["threshold"] and count % 5 == 0 for count in counts)
    # The cells, and then the marginals, are written down before the run's end is.
    acts = [act for act in acts_of(home) if act in ("cells_printed", "run_ended")]
    assert acts == ["cells_printed", "cells_printed", "run_ended"]


@pytest.mark.deep
def test_marginals_are_printed_once_for_a_request_and_none_where_nobody_asked_for_a_twin(
    sources: Path, tmp_path: Path
) -> None:
    home, request = home_in(tmp_path, sources), cells_in(tmp_path, of_a_series)
    assert carried_out(order_of(request, home), home).code == 0
    assert not home.twins.exists()
    assert twinning.main((str(request), "--home", str(home.folder), "--persons", "500", "--json")) == 0
    for _ in range(2):
        told = carried_out(order_of(request, home), home)
        assert told.code == 0, told.err
        assert {place.name for place in (home.twins / "child-protection-cells").iterdir()} == {"1", "2"}


@pytest.mark.deep
def test_rows_that_were_sealed_add_a_twin_by_printed_marginals_too(sources: Path, tmp_path: Path) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    assert twinning.main((str(request), "--home", str(home.folder), "--json")) == 0
    told = carried_out(order_of(request, home), home)
    assert told.code == 0, told.err
    second = open_twin(home.twins / "child-protection-pilot" / "2")
    printed = cast("dict[str, Any]", second.manifest.content["marginals"])["printed"]
    assert set(printed["persons"]) == {"sex", "birth_year", "language_group", "parents_language", "born_in"}
    assert set(printed["events"]) >= {"service", "events_per_person"}
    out = tmp_path / "results.json"
    assert in_the_open_room("answer", second.folder, PILOT / "definition.toml", "--out", out).code == 0


@pytest.mark.deep
def test_what_somebody_put_in_the_place_of_a_twin_stops_no_order(sources: Path, tmp_path: Path) -> None:
    home, request = home_in(tmp_path, sources), cells_in(tmp_path)
    place = home.twins / "child-protection-cells" / "1"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text("{}", encoding="utf-8")
    told = carried_out(order_of(request, home), home)
    assert told.code == 0, told.err
    assert "No twin was drawn" in told.out
