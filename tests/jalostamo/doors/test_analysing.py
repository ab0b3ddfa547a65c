"""The command `analyse`: one file put to a log gives the same bytes each time, and what is wrong with the file is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jalostamo.doors.open_room import main

LOG = "client,service,start,language\n1,N,2026-02-03,fi\n1,A,2026-02-10,fi\n2,N,2026-02-04,sv\n2,A,2026-02-05,sv\n"
FILE = """
[analysis]
name = "steps"
method = "step_map"
[log]
case = "client"
activity = "service"
time = "start"
group = "language"
[groups]
field = "language"
values = { finnish = ["fi"], swedish = ["sv"] }
compare = ["swedish", "finnish"]
"""


def analysed(folder: Path, definition: str, *words: str) -> int:
    """Put a definition to the log, in a folder."""
    (folder / "log.csv").write_text(LOG)
    (folder / "steps.toml").write_text(definition)
    return main(
        [
            "analyse",
            str(folder / "steps.toml"),
            "--log",
            str(folder / "log.csv"),
            "--out",
            str(folder / "f.json"),
            *words,
        ]
    )


def test_the_same_file_gives_the_same_bytes_from_the_same_log(tmp_path: Path) -> None:
    assert analysed(tmp_path, FILE) == 0
    written = (tmp_path / "f.json").read_bytes()
    assert analysed(tmp_path, FILE, "--force") == 0
    assert (tmp_path / "f.json").read_bytes() == written
    steps = json.loads(written)["tables"]["steps"]
    assert [row[:5] for row in steps["rows"]] == [
        ["", "N", "A", 2, 2],
        ["finnish", "N", "A", 1, 1],
        ["swedish", "N", "A", 1, 1],
    ]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (FILE.replace("step_map", "stepmap"), "method_unknown"),
        (FILE.replace('name = "steps"', "nome = 1"), "request_unknown"),
        (FILE.replace('compare = ["swedish", "finnish"]', 'compare = ["swedish"]'), "definition_incomplete"),
        (FILE + "age_bands = [[5, 2]]\n", "definition_incomplete"),
        (FILE + '[[filter]]\nkeep = "cases"\n', "definition_incomplete"),
        (FILE + '[[filter]]\nkeep = "events_of"\nservices = ["nothing"]\n', "nothing_left"),
        (FILE + '[[filter]]\nkeep = "events_where"\nfield = "shoe"\nvalues = ["1"]\n', "field_unknown"),
        (FILE.replace("[log]", "[lug]"), "request_unknown"),
    ],
)
def test_what_is_wrong_with_the_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, reason: str
) -> None:
    assert analysed(tmp_path, wrong, "--json") == 4
    assert json.loads(capsys.readouterr().out)["reason"] == reason
