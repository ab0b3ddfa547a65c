"""The page that `analyse` writes beside its findings: in the language asked for, and never in their place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.jalostamo.doors.test_analysing import FILE, analysed


def test_the_page_stands_beside_the_findings_in_the_language_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert analysed(tmp_path, FILE, "--page", str(page), "--language", "sv") == 0
    assert "Det vanligaste steget är N \u2013 A: 2 av 2\u00a0klienter</h1>" in page.read_text(encoding="utf-8")
    assert json.loads((tmp_path / "f.json").read_text())["method"] == "step_map"


def test_a_page_takes_neither_the_place_of_the_findings_nor_of_another_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analysed(tmp_path, FILE, "--page", str(tmp_path / "f.json"), "--json") == 2
    assert json.loads(capsys.readouterr().out)["reason"] == "out_twice"
    (tmp_path / "page.html").write_text("mine")
    assert analysed(tmp_path, FILE, "--page", str(tmp_path / "page.html")) != 0
    assert not (tmp_path / "f.json").exists()
