"""The code of an analysis gives the numbers of its findings: its SQL in a plain DuckDB, its R in R as it is installed."""

from __future__ import annotations

import csv
import json
import random
import subprocess
from math import isclose
from pathlib import Path

import duckdb
import pytest
from tests.jalostamo.producing.release_of import MONTHS, Child, Event, release_of

from jalostamo.doors.open_room import main
from jalostamo.producing.analyses.asked import read_analysis
from jalostamo.producing.analyses.code.r import r_script
from jalostamo.producing.analyses.entries import Entry, entries
from jalostamo.producing.analyses.findings import Findings

HEAD = """
[analysis]
name = "steps"
method = "step_map"
{more}
[log]
case = "client"
activity = "service"
time = "start"
group = "language"
delimiter = ";"
timezone = "Europe/Helsinki"
[groups]
field = "language"
values = {{ finnish = ["fi"], others = ["sv", "en"] }}
compare = ["others", "finnish"]
"""
PERIOD = 'from = 2026-01-02\nto = 2026-12-30\nservices = ["A", "B", "C"]\ntie = "activity"'
RULES = [
    'keep = "cases_with"\nservices = ["A"]\nat_least = 2',
    'keep = "cases_without"\nservices = ["D"]',
    'keep = "cases_starting_with"\nservices = ["A", "B"]',
    'keep = "cases_ending_with"\nservices = ["A", "B"]',
    'keep = "cases_followed"\nservices = ["A"]\nthen = ["B"]\nwithin = 864000',
    'keep = "cases_directly_followed"\nservices = ["A"]\nthen = ["B"]',
    'keep = "cases_where"\nfield = "group"\nvalues = ["finnish"]',
    'keep = "events_where"\nfield = "service"\nvalues = ["A", "C"]',
    'keep = "events_of"\nservices = ["A", "B"]',
    'keep = "events_from"\nservices = ["B"]',
    'keep = "events_up_to"\nservices = ["B"]',
    'keep = "first_events"\nservices = ["A"]',
]


def log_in(folder: Path) -> None:
    """A log of sixty cases, many of whose events are at one time."""
    draw = random.Random(7)
    lines = ["client;service;start;language"]
    for _ in range(300):
        day = f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
        start = draw.choice([day, f"{day}T0{draw.randint(0, 9)}:30", f"{day} 12:00:00.250", f"{day}T12:00:00Z"])
        lines.append(f'c{draw.randint(1, 60)};"{draw.choice("ABCD")}";{start};{draw.choice(["fi", "sv", "en", ""])}')
    (folder / "log.csv").write_text("\n".join(lines) + "\n")


def coded(folder: Path, definition: str) -> dict[str, list[dict[str, object]]]:
    """Put a definition to the log, with its code, and return the tables that were found."""
    log_in(folder)
    (folder / "steps.toml").write_text(definition)
    words = [str(folder / "steps.toml"), "--log", str(folder / "log.csv"), "--out", str(folder / "f.json")]
    assert main(["analyse", *words, "--code", str(folder / "code")]) == 0
    tables = json.loads((folder / "f.json").read_bytes())["tables"]
    return {name: [dict(zip(t["columns"], row, strict=True)) for row in t["rows"]] for name, t in tables.items()}


def test_the_sql_gives_the_same_steps_to_a_plain_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = coded(tmp_path, HEAD.format(more=PERIOD) + f"[[filter]]\n{RULES[0]}\n")
    assert (tmp_path / "code/steps.toml").read_bytes() == (tmp_path / "steps.toml").read_bytes()
    monkeypatch.chdir(tmp_path)
    steps: dict[tuple[object, ...], dict[str, float]] = {}
    with duckdb.connect() as plain:
        for statement in duckdb.extract_statements((tmp_path / "code/steps.sql").read_text()):
            answer = plain.execute(statement)
            columns = [column[0] for column in answer.description or ()]
            if {"from", "to", "median"} <= set(columns):
                rows = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
                steps |= {(row["group"], row["from"], row["to"]): row for row in rows}
    assert len(found["steps"]) == len(steps) > 12
    for row in found["steps"]:
        same = steps[row["group"], row["from"], row["to"]]
        assert (same["events"], same["cases"]) == (row["events"], row["cases"])
        assert isclose(same["median"] / 1e6, float(str(row["median"])), abs_tol=1e-6)


def agree_in_r(folder: Path, definition: str) -> None:
    """Run the R of an analysis, and compare all that it writes."""
    found = coded(folder, definition)
    script, log = folder / "code/steps.R", folder / "log.csv"
    subprocess.run(["Rscript", "--vanilla", script, folder / "code"], cwd=log.parent, check=True, capture_output=True)
    keys = {"steps": ("group", "from", "to"), "services": ("group", "service"), "shares": ("group", "subject")}
    for name, key in keys.items():
        with (folder / f"code/steps.{name}.csv").open(encoding="utf-8", newline="") as file:
            told = {tuple(row[each] for each in key): row for row in csv.DictReader(file)}
        assert told.keys() == {tuple(row[each] for each in key) for row in found[name]}, name
        for row in found[name]:
            same = told[tuple(str(row[each]) for each in key)]
            assert [column for column in same if column not in key and not _is_same(same[column], row[column])] == []


def _is_same(written: str, value: object) -> bool:
    return isclose(float(written), float(str(value)), rel_tol=1e-9, abs_tol=1e-5)


needs_r = pytest.mark.needs("r")


@needs_r
def test_the_r_gives_the_same_steps_services_and_shares(tmp_path: Path) -> None:
    filters = "".join(f"[[filter]]\n{rule}\n" for rule in (RULES[2], RULES[9], RULES[11]))
    agree_in_r(tmp_path, HEAD.format(more=PERIOD) + filters)


@pytest.mark.parametrize("more", ["", 'days = "working"'])
def test_there_is_no_r_of_what_r_would_reckon_otherwise(tmp_path: Path, more: str) -> None:
    (tmp_path / "steps.toml").write_text(HEAD.format(more=more))
    analysis = read_analysis(tmp_path / "steps.toml")
    findings = Findings("steps", "step_map", analysis.digest, "s", "person", "person", "seconds", {}, {})
    assert (r_script(analysis, findings, "log.csv") is None) is bool(more)


@pytest.mark.deep
@needs_r
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.split('"')[1])
def test_the_r_knows_every_filter(tmp_path: Path, rule: str) -> None:
    agree_in_r(tmp_path, HEAD.format(more="") + f"[[filter]]\n{rule}\n")


@pytest.mark.deep
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.method.name)
def test_the_sql_of_every_method_runs_in_a_plain_duckdb_on_a_release(
    entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(3)
    children = [Child(f"p{n}", draw.choice(["fi", "sv"]), draw.randint(2000, 2009), f"h{n // 2}") for n in range(120)]
    services = ["notification", "assessment", "family work"]
    events = [Event(f"p{draw.randrange(120)}", draw.choice(services), draw.randrange(MONTHS)) for _ in range(900)]
    release = release_of(tmp_path / "releases", children, events)
    groups = (
        'field = "language_group"\nvalues = { finnish = ["fi"], swedish = ["sv"] }\ncompare = ["swedish", "finnish"]'
    )
    file = tmp_path / "asked.toml"
    file.write_text(f"{entry.file.partition('[log]')[0]}[groups]\n{groups}\n")
    words = ["analyse", str(file), "--release", str(release.folder), "--out", str(tmp_path / "f.json")]
    code = main([*words, "--code", str(tmp_path / "code")])
    assert code == (2 if entry.method.name == "courses" else 0)
    monkeypatch.chdir(release.folder)
    for script in tmp_path.glob("code/*.sql"):
        told = script.read_text()
        assert "'p1" not in told
        with duckdb.connect() as plain:
            plain.execute(told)


def test_there_is_no_code_of_what_code_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "steps.toml").write_text(HEAD.format(more=""))
    words = [
        "analyse",
        str(tmp_path / "steps.toml"),
        "--out",
        str(tmp_path / "f.json"),
        "--code",
        str(tmp_path / "code"),
    ]
    for source, reason in (("--cells", "code_of_cells"), ("--log", "code_of_xes")):
        assert main([*words, source, str(tmp_path / "log.xes"), "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["reason"] == reason
    assert not (tmp_path / "code").exists()
