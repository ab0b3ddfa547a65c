"""After three refusals that tell of people, cubes of a population wait until somebody of the closed room has looked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import Told, home_in, jalostamo, request_in
from tests.jalostamo.doors.ordered_cells import inside
from tests.jalostamo.doors.test_cells import CELLS

pytestmark = pytest.mark.slow

UNLISTED = CELLS.replace('values = ["1", "2"]', 'values = ["1", "3"]')
"""The list leaves out a sex that the register has: each refusal says that there is somebody."""


def test_somebody_looks_at_refusals_before_more_is_asked(sources: Path, tmp_path: Path) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    definition = request.with_name("own.toml")

    def asked(text: str) -> Told:
        definition.write_text(text, encoding="utf-8")
        return inside("cells", request, definition, "--home", home.folder)

    def refusals(*words: str) -> Told:
        return jalostamo("closed-room", "refusals", "children", "--home", home.folder, *words)

    refused = [asked(f"{UNLISTED}# {number}\n").account["reason"] for number in range(3)]
    assert refused == ["cube_unlisted"] * 3
    waiting = asked(CELLS)
    assert (waiting.code, waiting.account["reason"]) == (3, "refusals_too_many")
    assert "retrieving" not in waiting.everything
    seen = refusals().account["refusals"]
    assert isinstance(seen, list)
    assert [each["reason"] for each in seen] == refused
    assert refusals("--by", "analyst").code == 2
    assert refusals("--by", "analyst", "--because", "The register codes sex as 1 and 2.").code == 0
    assert asked(CELLS).code == 0
    assert refusals().account["refusals"] == []


def test_a_misspelt_home_is_not_made(tmp_path: Path) -> None:
    told = jalostamo("closed-room", "refusals", "children", "--home", tmp_path / "nowhere")
    assert (told.code, told.account["reason"]) == (2, "sources_missing")
    assert not (tmp_path / "nowhere").exists()
