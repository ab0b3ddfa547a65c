"""The command `answer` reads a whole release and writes whole results, or says why not and writes nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.jalostamo.doors.homes import PILOT, Told, files_in, in_the_open_room, jalostamo, releases_of, replaced

from jalostamo.doors.home import Home
from jalostamo.managing.nonsensitive.releases import open_release

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]

DEFINITION = PILOT / "definition.toml"


@pytest.fixture
def release(demonstrated: Home, tmp_path: Path) -> Path:
    """A release of one's own, to be damaged."""
    (released,) = releases_of(demonstrated)
    shutil.copytree(demonstrated.open, tmp_path / "home" / "open")
    return Path(shutil.copytree(released, tmp_path / "home/exchange/releases/pilot" / released.name))


def answered(release: Path, out: Path, *words: str, definition: Path = DEFINITION) -> Told:
    return in_the_open_room("answer", release, definition, "--out", out, *words)


def test_the_same_questions_of_the_same_release_have_the_same_answer(
    demonstrated: Home, release: Path, tmp_path: Path
) -> None:
    told = answered(release, tmp_path / "again.json")
    assert told.code == 0, told.err
    (first,) = demonstrated.results.glob("*/*.json")
    before, again = (rounded(json.loads(path.read_text())) for path in (first, tmp_path / "again.json"))
    assert again == before
    assert {result["release"] for result in before["results"]} == {open_release(release).digest}


def rounded(found: object) -> Any:  # JSON is of any shape
    """Numbers to nine figures: the engine adds in several threads, in any order."""
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [rounded(value) for value in found]
    return float(f"{found:.9g}") if isinstance(found, float) else found


def test_existing_results_are_replaced_only_where_asked(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    out.write_text("mine", encoding="utf-8")
    told = answered(release, out)
    assert (told.code, told.err) == (2, "jalostamo answer: results.json exists: give --force to replace it.\n")
    assert out.read_text(encoding="utf-8") == "mine"
    assert answered(release, out, "--force").code == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))["results"]) == 4


def one_byte_of(name: str) -> Callable[[Path], object]:
    def change(release: Path) -> None:
        path = release / name
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.chmod(0o600)
        path.write_bytes(content)

    return change


def claimed(release: Path) -> None:
    """The manifest says another k, and is written anew as it should be."""
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    written = json.dumps(manifest | {"k": 50}, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    (release / "manifest.json").write_text(written, encoding="utf-8")


CHANGES: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "a table differs in one bit": (one_byte_of("persons.parquet"), 4, "Table 'persons' of the release is not the file"),
    "the manifest differs in one bit": (one_byte_of("manifest.json"), 4, "manifest.json"),
    "the manifest claims something else": (claimed, 4, "manifest.json is not that of release"),
    "a table is missing": (lambda release: (release / "events.parquet").unlink(), 4, "Table 'events'"),
    "a file was added": (lambda release: (release / "notes.txt").touch(), 4, "files that were not released with it"),
    "the manifest is missing": (lambda release: (release / "manifest.json").unlink(), 2, "is no release"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=[name.replace(" ", "-") for name in CHANGES])
def test_a_release_that_was_changed_is_not_read(
    change: tuple[Callable[[Path], object], int, str], release: Path, tmp_path: Path
) -> None:
    spoil, code, said = change
    spoil(release)
    told = answered(release, tmp_path / "results.json")
    assert told.code == code
    assert re.fullmatch(rf"jalostamo answer: .*{re.escape(said)}.*\n", told.err)
    assert not (tmp_path / "results.json").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('group_by = "language_group"', 'group_by = "language"', "The release has no field 'language' in its persons"),
        ('method = "volume"', 'method = "volumes"', "'method' or 'comparison' of question 'reach'"),
        ("[definition]", "[definition", "definition.toml is not a TOML file"),
        ("[[question]]\n", "[question]\n", "definition.toml"),
    ],
    ids=["field", "method", "toml", "form"],
)
def test_a_definition_that_does_not_fit_is_told(old: str, new: str, said: str, release: Path, tmp_path: Path) -> None:
    definition = Path(shutil.copy(DEFINITION, tmp_path))
    replaced(definition, old, new)
    told = answered(release, tmp_path / "results.json", definition=definition)
    assert told.code == 4
    assert said in told.err
    assert not (tmp_path / "results.json").exists()


def test_what_is_missing_is_told_by_name(release: Path, tmp_path: Path) -> None:
    nowhere = answered(tmp_path / "nowhere", tmp_path / "results.json")
    assert (nowhere.code, nowhere.err) == (2, "jalostamo answer: 'nowhere' is no release: it has no manifest.json.\n")
    unasked = answered(release, tmp_path / "results.json", definition=tmp_path / "questions.toml")
    assert (unasked.code, unasked.account["reason"]) == (2, "file_missing")
    unplaced = answered(release, tmp_path / "no" / "results.json")
    assert (unplaced.code, unplaced.account["reason"]) == (2, "out_folder_missing")
    ours = {name for name in files_in(tmp_path) if not name.startswith("home/open/")}
    assert ours == {str(path.relative_to(tmp_path)) for path in release.iterdir()}


def test_a_folder_that_may_not_be_written_is_told(release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "withheld"
    folder.mkdir()
    os.chown(folder, 65534, 65534) if os.geteuid() == 0 else folder.chmod(0o500)
    told = jalostamo("answer", release, DEFINITION, "--out", folder / "results.json", privileged=False)
    assert (told.code, told.account["reason"]) == (2, "out_permission")
    assert list(folder.iterdir()) == []


def test_a_definition_that_is_a_folder_is_told(release: Path, tmp_path: Path) -> None:
    assert answered(release, tmp_path / "results.json", definition=PILOT).code == 2
