"""The command `why-changed`: what was planted between two extracts of a log is found, part by part, and sums to the difference."""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path

import pytest

from jalostamo.doors.open_room import main

HEAD = "id,client,service,start,written\n"
FILE = """
[analysis]
name = "steps"
method = "step_map"
[log]
case = "client"
activity = "service"
time = "start"
"""
OLD = [
    *[f"{n},c{n},NOT,2026-01-{n:02d},2026-01-{n:02d}" for n in range(1, 9)],
    *[f"{n + 10},c{n},ASM,2026-02-{n:02d},2026-02-{n:02d}" for n in range(1, 7)],
    *[f"{n + 20},c{n},OLD,2026-03-{n:02d},2026-03-{n:02d}" for n in range(1, 5)],
]
"""Eight cases, all told of until 4 March."""

RECODED = [record.replace(",OLD,", ",FW,") for record in OLD]
CORRECTED = [
    *(record for record in RECODED if not record.startswith("16,")),
    "16,c6,ASM,2026-02-20,2026-02-06",
]
LATE = ["31,c7,ASM,2026-02-07,2026-04-01", "32,c8,ASM,2026-02-08,2026-04-02"]
NEW = [f"{n + 40},c{n},FW,2026-04-{n:02d},2026-04-{n:02d}" for n in (5, 6, 7)]


def answered(folder: Path, name: str, records: list[str]) -> None:
    """Write an extract, and put the analysis to it."""
    (folder / f"{name}.csv").write_text(HEAD + "\n".join(records) + "\n")
    (folder / "steps.toml").write_text(FILE)
    words = [str(folder / "steps.toml"), "--log", str(folder / f"{name}.csv"), "--out", str(folder / f"{name}.json")]
    assert main(["analyse", *words]) == 0


def asked(folder: Path, *words: str) -> int:
    """Ask why the two results differ, their logs at hand."""
    logs = ["--definition", "steps.toml", "--old-log", "old.csv", "--new-log", "new.csv", "--codes", "codes.csv"]
    (folder / "codes.csv").write_text("old,new\nOLD,FW\n")
    told = [str(folder / word) if "." in word else word for word in ("old.json", "new.json", *logs)]
    return main(["why-changed", *told, "--out", str(folder / "changes.json"), "--force", *words])


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    answered(tmp_path, "old", OLD)
    answered(tmp_path, "new", [*CORRECTED, *LATE, *NEW])
    return tmp_path


def changes_in(folder: Path) -> tuple[dict[str, int], dict[tuple[str, ...], dict[str, float]]]:
    """The records of each part, and the parts of each figure, which sum to its difference."""
    told = json.loads((folder / "changes.json").read_bytes())
    for each in told["figures"]:
        assert each["difference"] is None or isclose(sum(each["parts"].values()), each["difference"], abs_tol=1e-9)
        assert not isinstance(each["difference"], int) or sum(each["parts"].values()) == each["difference"]
    parts = {(each["table"], *each["row"], each["figure"]): each["parts"] for each in told["figures"]}
    return {name: n for name, n in told["records"].items() if n}, parts


def test_planted_changes_are_found_part_by_part(extracts: Path) -> None:
    assert asked(extracts, "--record", "id", "--recorded", "written") == 0
    records, parts = changes_in(extracts)
    assert records == {"old": 18, "new": 23, "recoded": 4, "removed": 1, "corrected": 1, "late": 2, "new_period": 3}
    assert parts["facts", "events"] == {"late": 2, "real": 3}
    assert parts["services", "", "FW", "events"] == {"code_list": 4, "real": 3}
    assert parts["services", "", "OLD", "cases"] == {"code_list": -4}
    assert parts["steps", "", "NOT", "ASM", "cases"] == {"late": 2}
    assert set(parts["steps", "", "NOT", "ASM", "mean"]) == {"corrected", "late"}


def test_what_cannot_be_told_apart_is_said_so(extracts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(extracts) == 0
    assert "3 late or corrected, which cannot be told apart" in capsys.readouterr().out
    records, parts = changes_in(extracts)
    assert records["late_or_corrected"] == 3
    assert parts["facts", "events"] == {"corrected": -1, "late_or_corrected": 3, "real": 3}


def test_without_records_or_of_other_definitions_no_reason_is_made_up(
    extracts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, out = (str(extracts / name) for name in ("old.json", "new.json", "changes.json"))
    assert main(["why-changed", old, new, "--out", out]) == 0
    assert changes_in(extracts)[1]["facts", "events"] == {"unknown": 5}
    (extracts / "old.csv").write_text(HEAD + OLD[0] + "\n")
    assert asked(extracts, "--json") == 2
    told = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(told)["reason"] == "source_other"
    (extracts / "old.json").write_text((extracts / "old.json").read_text().replace("step_map", "variants"))
    assert main(["why-changed", old, new, "--out", out, "--force", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["reason"] == "definitions_differ"
