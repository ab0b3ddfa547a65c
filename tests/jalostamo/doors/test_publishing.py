"""The command `publish` makes pages of the results of one release and one definition, or says why not and writes none."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import PILOT, Told, in_the_open_room, jalostamo, releases_of, replaced

from jalostamo.doors.home import Home
from jalostamo.doors.publishing import FILES
from jalostamo.managing.manifests import Manifest, digest_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]

type Content = list[dict[str, object]]


@pytest.fixture
def release(demonstrated: Home) -> Path:
    (released,) = releases_of(demonstrated)
    return released


@pytest.fixture
def results(demonstrated: Home, tmp_path: Path) -> Path:
    """Results of one's own, to be changed."""
    (found,) = demonstrated.results.glob("*/*.json")
    return Path(shutil.copy(found, tmp_path / "results.json"))


def published(release: Path, results: Path, out: Path, *words: str, definition: Path | None = None) -> Told:
    questions = definition or PILOT / "definition.toml"
    return in_the_open_room("publish", release, questions, results, "--out", out, *words)


def test_pages_open_in_the_language_asked_for(release: Path, results: Path, tmp_path: Path) -> None:
    told = published(release, results, tmp_path / "pages", "--language", "sv")
    assert told.code == 0, told.err
    assert {path.name for path in (tmp_path / "pages").iterdir()} == set(FILES)
    assert (tmp_path / "pages" / "index.html").read_bytes() == (tmp_path / "pages" / "index.sv.html").read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_existing_pages_are_replaced_only_where_asked_and_none_is_written_beside(
    name: str, release: Path, results: Path, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / name).write_text("mine", encoding="utf-8")
    told = published(release, results, pages)
    assert (told.code, told.err) == (2, f"jalostamo publish: {name} exists: give --force to replace it.\n")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in pages.iterdir()] == [(name, "mine")]


def test_a_release_that_was_changed_after_the_answer_is_not_published(
    release: Path, results: Path, tmp_path: Path
) -> None:
    changed = Path(shutil.copytree(release, tmp_path / release.name))
    (changed / "events.parquet").chmod(0o600)
    with (changed / "events.parquet").open("ab") as opened:
        opened.write(b"\0")
    told = published(changed, results, tmp_path / "pages")
    assert (told.code, told.account["reason"]) == (4, "release_changed")
    assert "Table 'events'" in told.err
    assert not (tmp_path / "pages").exists()


def test_results_of_another_release_are_not_published(release: Path, results: Path, tmp_path: Path) -> None:
    other = another_release(release, tmp_path)
    told = published(other, results, tmp_path / "pages")
    assert (told.code, told.account["reason"]) == (4, "results_stale")
    assert told.err == (
        "jalostamo publish: The results are of another release or definition: answer the questions again.\n"
    )
    assert not (tmp_path / "pages").exists()


def another_release(release: Path, folder: Path) -> Path:
    """A sound release of the same tables, of another request."""
    content = json.loads((release / "manifest.json").read_text(encoding="utf-8")) | {"request": "0" * 64}
    manifest = Manifest(content.pop("step"), content)
    other = Path(shutil.copytree(release, folder / manifest.digest[:16]))
    (other / "manifest.json").write_bytes(manifest.written)
    return other


def test_results_of_another_definition_are_not_published(release: Path, results: Path, tmp_path: Path) -> None:
    definition = Path(shutil.copy(PILOT / "definition.toml", tmp_path))
    replaced(definition, "months = 12", "months = 11")
    told = published(release, results, tmp_path / "pages", definition=definition)
    assert (told.code, told.account["reason"]) == (4, "results_stale")


def out_of_interval(found: Content) -> None:
    found[0]["groups"][0]["crude"]["value"] = 1e9  # type: ignore[index]


SPOILT: dict[str, tuple[Callable[[Content], object], str]] = {
    "one question's answer is left out": (lambda found: found.pop(), "results_incomplete"),
    "one answer stands twice": (lambda found: found.append(found[0]), "results_incomplete"),
    "there is no answer": (lambda found: found.clear(), "results_incomplete"),
    "an answer lacks its groups": (lambda found: found[0].pop("groups"), "results_form"),
    "an answer has more than it knows": (lambda found: found[0].update(note="x"), "results_form"),
    "an estimate lies outside its interval": (out_of_interval, "results_form"),
    "a service has no name": (lambda found: found[3]["flows"][0].update(target="zz"), "label_missing"),  # type: ignore[index]
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=[name.replace(" ", "-") for name in SPOILT])
def test_results_that_were_changed_are_not_published(
    spoilt: tuple[Callable[[Content], object], str], release: Path, results: Path, tmp_path: Path
) -> None:
    spoil, reason = spoilt
    content = json.loads(results.read_text(encoding="utf-8"))
    spoil(content["results"])
    results.write_text(json.dumps(content), encoding="utf-8")
    told = published(release, results, tmp_path / "pages")
    assert (told.code, told.account["reason"]) == (4, reason), told.err
    assert not (tmp_path / "pages").exists()


@pytest.mark.parametrize("written", ["", "[]", '{"results": ', '{"results": 1}', '{"results": [1]}', "\udcff"])
def test_what_is_no_file_of_results_is_told(written: str, release: Path, results: Path, tmp_path: Path) -> None:
    results.write_bytes(written.encode("utf-8", "surrogateescape"))
    told = published(release, results, tmp_path / "pages")
    assert (told.code, told.account["reason"]) == (4, "results_form")
    assert "results.json is not a file of results: write it with `jalostamo answer`" in told.err


def test_missing_results_and_missing_assets_are_told(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = published(release, tmp_path / "results.json", tmp_path / "pages")
    assert (told.code, told.account["reason"]) == (2, "results_unreadable")
    monkeypatch.setenv("JALOSTAMO_ASSETS", str(tmp_path))
    told = published(release, tmp_path / "results.json", tmp_path / "pages")
    assert (told.code, told.account["reason"]) == (2, "assets_missing")
    assert "run make setup, or name their folder in JALOSTAMO_ASSETS" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_told(release: Path, results: Path, tmp_path: Path) -> None:
    folder = tmp_path / "withheld"
    folder.mkdir()
    os.chown(folder, 65534, 65534) if os.geteuid() == 0 else folder.chmod(0o500)
    words = ("publish", release, PILOT / "definition.toml", results, "--out", folder / "pages")
    told = jalostamo(*words, privileged=False)
    assert (told.code, told.account["reason"]) == (2, "home_unwritable")
    assert list(folder.iterdir()) == []


def test_the_publication_names_the_release_and_the_results(demonstrated: Home, release: Path) -> None:
    pages = demonstrated.publications / "child-protection-pilot"
    named = json.loads((pages / "publication.json").read_text(encoding="utf-8"))
    (results,) = demonstrated.results.glob("*/*.json")
    assert (named["release"], named["results"]) == (digest_of(release / "manifest.json"), digest_of(results))
