"""An analysis of each method on one small log of months, for pages that are made of what they find."""

from __future__ import annotations

from pathlib import Path

from tests.jalostamo.producing.analyses.naive_journeys import FIRST, Happened, Log, Who, journeys_of

from jalostamo.engine.connection import Engine
from jalostamo.producing.analyses.answering import answer
from jalostamo.producing.analyses.asked import Analysis, read_analysis
from jalostamo.producing.analyses.findings import Findings

ASKED = {
    "around": 'index = ["NOT"]',
    "between": 'from = ["NOT"]\nto = ["ASM"]',
    "conformance": 'path = ["NOT", "ASM"]',
    "before_after": 'index = ["ASM"]',
    "factor_screen": 'start = ["TIC"]\nleast = 1',
    "states": 'start = ["NOT"]\nmonths = 12\nstates = ["ASM", "TIC"]',
    "courses": 'start = ["NOT"]\nmonths = 12\nstates = ["ASM", "TIC"]\nshuffles = 19\nsample = 60',
    "time_to_event": 'from = ["NOT"]\nto = ["TIC"]\ncompeting = ["FW"]',
}
FILE = """
[analysis]
name = "page"
method = "{method}"
[analysis.labels]
NOT = {{ fi = "Ilmoitus", sv = "Anmälan", en = "Notification" }}
ours = {{ fi = "meidän", sv = "våra", en = "ours" }}
[groups]
field = "group"
values = {{ ours = ["a"], theirs = ["b"] }}
compare = ["ours", "theirs"]
[[filter]]
keep = "cases_with"
services = ["NOT"]
[parameters]
{parameters}
"""


def log() -> Log:
    """Ninety cases, alternately of two groups: a notification, an assessment soon after, and care for every third."""
    cases, events = [], []
    for number in range(90):
        case, at = f"c{number}", FIRST + 24 + number % 7
        cases.append(Who(case, case, "ours" if number % 2 else "theirs", 2000 + number % 9))
        steps = [("NOT", at), ("ASM", at + number % 3)]
        steps += [("TIC", at + 5)] * (number % 3 == 0) + [("FW", at + 3), ("NOT", at + 9)] * (number % 4 == 1)
        events += [Happened(case, 10 * number + n, name, month, month + 1) for n, (name, month) in enumerate(steps)]
    return events, cases


def analysis_of(method: str, folder: Path) -> Analysis:
    """The analysis of a method, read from its file."""
    file = folder / "analysis.toml"
    file.write_text(FILE.format(method=method, parameters=ASKED.get(method, "")), encoding="utf-8")
    return read_analysis(file)


def found_by(method: str, engine: Engine, folder: Path) -> tuple[Findings, Analysis]:
    """What a method finds in the log."""
    analysis = analysis_of(method, folder)
    return answer(engine, journeys_of(engine, log()), analysis, source="0" * 64, progress=lambda _: None), analysis
