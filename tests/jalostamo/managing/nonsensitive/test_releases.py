"""A release is opened only when it is, to the bit, what was admitted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from shutil import copytree

import polars as pl
import pyarrow.parquet
import pytest
from tests.jalostamo.managing.sensitive.small_town import code, decision, person, prepared, request_in

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.manifests import Manifest, digest_of, read_manifest
from jalostamo.managing.nonsensitive.admission import admit
from jalostamo.managing.nonsensitive.releases import MANIFEST, Release, open_release
from jalostamo.managing.sensitive.validation import validate

MANY = 400


@pytest.fixture(scope="module")
def release(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = tmp_path_factory.mktemp("released")
    made = prepared(engine, home, [person(n) for n in range(6)], [decision(n, code(n % 6)) for n in range(8)])
    facts = {"marking": "synthetic", "combinability": {}}
    return admit(made, validate(engine, made), request_in(home), releases=home / "releases", **facts)  # type: ignore[arg-type]


@pytest.fixture
def copied(release: Release, tmp_path: Path) -> Path:
    """The release in a folder of its own, to be spoiled."""
    folder = tmp_path / release.folder.name
    copytree(release.folder, folder)
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


def opens(folder: Path) -> bool:
    try:
        open_release(folder)
    except JalostamoError:
        return False
    return True


def opens_without_digests(folder: Path) -> bool:
    """The weakening that must be noticed: a release is opened if its files are what their ends say they are."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        for table in content["tables"].values():
            pyarrow.parquet.read_metadata(folder / table["file"])
    except (ValueError, KeyError, AttributeError, OSError, pyarrow.ArrowException):
        return False
    return True


def survivors(folder: Path, name: str, opening: Callable[[Path], bool]) -> list[int]:
    """The places of a file at which a flipped bit goes unnoticed: of a small file all are tried, of a large one many."""
    path = folder / name
    content = path.read_bytes()
    places = range(len(content)) if len(content) <= 5 * MANY else Random(7).sample(range(len(content)), MANY)  # noqa: TID251  # a generator of its own
    unnoticed = []
    for place in places:
        path.write_bytes(content[:place] + bytes([content[place] ^ (1 << place % 8)]) + content[place + 1 :])
        unnoticed += [place] if opening(folder) else []
    path.write_bytes(content)
    return unnoticed


@pytest.mark.parametrize("name", ["persons.parquet", "events.parquet", MANIFEST])
def test_every_flipped_bit_is_noticed(name: str, copied: Path) -> None:
    assert survivors(copied, name, opens) == []
    assert opens(copied)


@pytest.mark.parametrize("name", ["events.parquet", MANIFEST])
def test_without_digests_flipped_bits_go_unnoticed(name: str, copied: Path) -> None:
    assert survivors(copied, name, opens_without_digests)


def rewritten(folder: Path, change: Callable[[dict[str, object]], object]) -> Path:
    """The manifest changed by somebody who knows its form, in the folder as it was called."""
    manifest = read_manifest(folder / MANIFEST)
    content = json.loads(json.dumps(manifest.content))
    change(content)
    (folder / MANIFEST).write_bytes(Manifest(manifest.step, content).written)
    return folder


def with_table(content: dict[str, object]) -> None:
    content["tables"]["more"] = content["tables"]["persons"]  # type: ignore[index]  # of a release


def other_table(folder: Path) -> None:
    pl.DataFrame({"person": ["x"]}).write_parquet(folder / "more.parquet")


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a missing table": (lambda folder: (folder / "events.parquet").unlink(), "is not the file that was released"),
    "two tables exchanged": (
        lambda folder: (folder / "events.parquet").write_bytes((folder / "persons.parquet").read_bytes()),
        "is not the file that was released",
    ),
    "an added table": (other_table, "files that were not released with it"),
    "an added hidden file": (lambda folder: (folder / ".more").touch(), "files that were not released with it"),
    "an added folder": (lambda folder: (folder / "more").mkdir(), "files that were not released with it"),
    "a table added to the manifest": (lambda folder: rewritten(folder, with_table), "in the folder of its own digest"),
    "a larger k": (lambda folder: rewritten(folder, lambda c: c.update(k=50)), "in the folder of its own digest"),
    "another marking": (
        lambda folder: rewritten(folder, lambda c: c.update(marking="public")),
        "in the folder of its own digest",
    ),
    "a manifest in another form": (
        lambda folder: (folder / MANIFEST).write_text(json.dumps(json.loads((folder / MANIFEST).read_bytes()))),
        "has been changed since it was written",
    ),
    "no manifest's form": (lambda folder: (folder / MANIFEST).write_text("[]"), "is not a manifest"),
    "another step's manifest": (
        lambda folder: (folder / MANIFEST).write_bytes(Manifest("prepared", {}).written),
        "in the folder of its own digest",
    ),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_what_is_changed_missing_or_added_is_refused(fault: str, copied: Path) -> None:
    spoil, sentence = SPOILED[fault]
    assert opens(copied)
    spoil(copied)
    with pytest.raises(Unfit, match=sentence):
        open_release(copied)


def test_a_whole_other_release_under_this_name_is_refused(copied: Path, tmp_path: Path) -> None:
    # Files and manifest fit each other: only the name, by which results and people know the release, does not.
    pl.DataFrame({"person": ["x"]}).write_parquet(copied / "persons.parquet")
    digest = digest_of(copied / "persons.parquet")
    rewritten(copied, lambda content: content["tables"]["persons"].update(sha256=digest))  # type: ignore[attr-defined]
    with pytest.raises(Unfit, match="in the folder of its own digest") as refused:
        open_release(copied)
    assert refused.value.reason == "release_changed"


def test_a_folder_without_a_manifest_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="is no release"):
        open_release(tmp_path)


def test_a_release_is_opened_under_any_way_to_its_folder(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copied)
    assert open_release(Path()).digest[:16] == copied.name
    (copied.parent / "link").symlink_to(copied)
    assert opens(copied.parent / "link")


def test_the_tables_of_a_release_are_read_by_name(release: Release, engine: Engine) -> None:
    persons = release.table(engine, "persons")
    assert engine.only_row(persons.agg(n=persons.count()))["n"] == 6
    with pytest.raises(Unfit, match="it has events, persons") as refused:
        release.table(engine, "households")
    assert refused.value.reason == "table_unknown"
