"""The file of an analysis goes into the closed room as it is, and what was printed answers the pilot's fourth question."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest
from tests.jalostamo.doors.counting_lane import counting
from tests.jalostamo.doors.homes import PILOT, home_in, in_the_open_room
from tests.jalostamo.doors.ordered_cells import carried_out, cells_in, inside, order_of

from jalostamo.doors.home import Home
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
from jalostamo.producing.analyses.answering import answer
from jalostamo.producing.analyses.asked import Analysis, read_analysis
from jalostamo.producing.analyses.findings import Findings, findings_from
from jalostamo.producing.analyses.journeys import Grain
from jalostamo.producing.analyses.sources import journeys_from, window_of
from jalostamo.producing.cubes.counted import Tables

pytestmark = pytest.mark.slow

NOISE = 10
"""The most that a printed number is off."""


def of_a_small_town(text: str) -> str:
    """The pilot's file with so few services that a small town's cells are filled."""
    head, _, labels = text.partition("[analysis.labels]")
    head = re.sub(r"services = .*", 'services = ["NOT", "ASM", "FW"]', head)
    return head + labels[labels.index("[groups]") :]


@pytest.fixture
def request_of_steps(tmp_path: Path) -> Path:
    request = cells_in(tmp_path, lambda text: text.replace("cells.toml", "steps.toml"))
    small = of_a_small_town((PILOT / "step-map.toml").read_text(encoding="utf-8"))
    request.with_name("steps.toml").write_text(small, encoding="utf-8")
    return request


def truly(home: Home, request: Path, analysis: Analysis) -> Findings:
    """What the same rows tell, had anybody been let look at them."""
    keys = RecordKeys()
    with counting(home, request, keys) as opened, open_engine(workspace=home.private("true")) as engine:
        return _answer(engine, opened.tables, analysis)


def _answer(engine: Engine, tables: Tables, analysis: Analysis) -> Findings:
    persons, events = (engine.in_memory(tables[name].to_pyarrow()) for name in ("persons", "events"))
    window = window_of(datetime.date(2010, 1, 1), datetime.date(2016, 12, 31), Grain.MONTH)
    journeys = journeys_from(
        persons, events, analysis.setting, services=analysis.services, grain=Grain.MONTH, window=window
    )
    return answer(engine, journeys, analysis, source="true", progress=lambda _: None)


def test_the_fourth_question_is_answered_by_order_within_the_noise(
    sources: Path, tmp_path: Path, request_of_steps: Path
) -> None:
    home, file, out = home_in(tmp_path, sources), request_of_steps.with_name("steps.toml"), tmp_path / "f.json"
    told = carried_out(order_of(request_of_steps, home), home)
    assert told.code == 0, told.err
    cube = str(told.account["cube"])
    told = in_the_open_room("analyse", file, "--cells", cube, "--out", out)
    assert told.code == 0, told.err
    shown, truth = findings_from(json.loads(out.read_bytes())), truly(home, request_of_steps, read_analysis(file))
    assert shown.protected
    assert shown.definition == truth.definition
    true_cases = {(row["group"], row["from"], row["to"]): row["cases"] for row in truth.tables["steps"].mappings()}
    steps = {(row["group"], row["from"], row["to"]): row["cases"] for row in shown.tables["steps"].mappings()}
    assert steps.keys() <= true_cases.keys()
    assert steps["", "NOT", "ASM"]
    assert all(abs(int(str(steps.get(key, 0))) - int(str(cases))) <= NOISE for key, cases in true_cases.items())
    # Of the same people no narrower map is printed beside it, and no other file is read from these cells.
    file.write_text(file.read_text(encoding="utf-8").replace(', "FW"]', "]"), encoding="utf-8")
    told = in_the_open_room("analyse", file, "--cells", cube, "--out", out, "--force")
    assert json.loads(told.out)["reason"] == "analysis_other"
    told = inside("cells", request_of_steps, file, "--home", home.folder)
    assert json.loads(told.out)["reason"] == "analysis_narrowed_otherwise"
