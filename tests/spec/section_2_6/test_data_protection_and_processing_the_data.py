"""Handbook 2.6, Data protection and processing the data for analysis."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.canaries import contents
from tests.jalostamo.managing.sensitive.small_town import TODAY, request_in, rooms_in, setting
from tests.spec.section_2_6.drawn import TOWN, decisions, persons, refined

from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.nonsensitive.releases import open_release
from jalostamo.managing.sensitive.corridor import Refined, refine


@pytest.mark.requirement("S22-12")
def test_what_reaches_the_analytic_environment_is_the_release_alone(engine: Engine, tmp_path: Path) -> None:
    """The exchange holds two tables and their description; what was retrieved for them is destroyed with the run."""
    refined(engine, tmp_path)
    assert {Path(name).name for name in contents(tmp_path / "releases") if ", read" not in name} == {
        "persons.parquet",
        "events.parquet",
        "manifest.json",
    }
    assert {Path(name).suffix for name in contents(tmp_path / "vault")} == {".json"}


def test_data_that_was_changed_after_release_is_not_analysed(engine: Engine, tmp_path: Path) -> None:
    """A release is what was validated, to the last bit; one that is not is refused before anybody reads it."""
    folder = refined(engine, tmp_path).release.folder
    assert open_release(folder).digest[:16] == folder.name
    table = folder / "persons.parquet"
    table.chmod(0o600)
    table.write_bytes(table.read_bytes()[:-1] + b"?")
    with pytest.raises(Unfit, match="is not the file that was released"):
        open_release(folder)


def test_a_ready_made_recipe_runs_again_and_stops_when_it_no_longer_fits(engine: Engine, tmp_path: Path) -> None:
    """The recipe is a file; on new data it gives a new release beside the old one, or says why it cannot."""
    request = request_in(tmp_path, setting("preparation.suppression_limit", 0.2))
    first = refine(
        engine, request, rooms_in(tmp_path, persons(), decisions()), progress=lambda _: None, today=TODAY
    ).release
    grown = TOWN + "    7       1950-11-30  1    sv        H\n"
    second = refine(
        engine, request, rooms_in(tmp_path, persons(grown), decisions()), progress=lambda _: None, today=TODAY
    ).release
    assert first.folder.parent == second.folder.parent
    assert open_release(first.folder).digest != open_release(second.folder).digest
    shrunk = "\n".join(line for line in TOWN.splitlines() if "1990-0" not in line or "1990-01" in line)
    with pytest.raises(Refused, match="customers have fewer than 2 alike"):
        refine(engine, request, rooms_in(tmp_path, persons(shrunk), decisions()), progress=lambda _: None, today=TODAY)


def test_every_step_can_be_followed_back_to_the_request(town: Refined) -> None:
    """A release names the preparation and the validation it comes from, and these the linking and the extracts."""
    content = town.release.manifest.content
    assert content["prepared"] == town.prepared.manifest.digest
    assert content["validated"] == town.validation.manifest.digest
    assert town.prepared.manifest.content["linked"] == town.linked.manifest.digest
    assert town.linked.manifest.content["extracts"] == [extract.manifest.digest for extract in town.extracts]
    assert {extract.manifest.content["request"] for extract in town.extracts} == {content["request"]}
