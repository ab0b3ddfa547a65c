"""A folder is published once, whole, by who is allowed; another attempt at the same one changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.storage.small_releases import SHELF, files_of, name_of, publication_of, releases_in

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.storage.disk import Disk
from jalostamo.storage.publishing import Publication, publish

FILES = files_of(1)
NAME = name_of(FILES)


def refusing() -> Refused:
    return Refused([Objection("No.", "2.6, phase 5")], reason="no")


@contextmanager
def nobody() -> Iterator[None]:
    raise refusing()
    yield


def hidden_in(root: Path) -> list[str]:
    return [path.name for path in root.rglob(".*")]


def test_a_published_folder_holds_its_files_and_cannot_be_written(tmp_path: Path) -> None:
    mask = os.umask(0o077)
    try:
        publish(publication_of(FILES, tmp_path))
    finally:
        os.umask(mask)
    folder = tmp_path / SHELF / NAME
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o440}
    assert hidden_in(tmp_path) == []


def test_files_are_copied_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "ready").write_bytes(bytes(range(256)) * 10_000)
    publication = Publication(tmp_path / "made", {"copy": tmp_path / "ready", "text": b"beside"}, tmp_path)
    publish(publication)
    publish(publication)
    assert (tmp_path / "made" / "copy").read_bytes() == (tmp_path / "ready").read_bytes()


def test_the_same_folder_may_be_published_again(tmp_path: Path) -> None:
    publish(publication_of(FILES, tmp_path))
    before = (tmp_path / SHELF / NAME).stat()
    publish(publication_of(FILES, tmp_path, mark="2"))
    assert (tmp_path / SHELF / NAME).stat().st_ino == before.st_ino
    assert hidden_in(tmp_path) == []


@pytest.mark.parametrize("other", ["changed", "shorter", "longer", "missing", "more", "a folder", "a file", "empty"])
def test_another_folder_is_never_replaced(other: str, tmp_path: Path) -> None:
    publication = Publication(tmp_path / "made", {"a": b"first", "b": b"second"}, tmp_path)
    content = {
        "changed": {"a": b"First", "b": b"second"},
        "shorter": {"a": b"firs", "b": b"second"},
        "longer": {"a": b"first.", "b": b"second"},
        "missing": {"a": b"first"},
        "more": {"a": b"first", "b": b"second", "c": b""},
        "a folder": {"a": b"first"},
        "empty": {},
    }
    if other == "a file":
        publication.target.write_bytes(b"a file")
    else:
        publication.target.mkdir()
        for name, data in content[other].items():
            (publication.target / name).write_bytes(data)
    if other == "a folder":
        (publication.target / "b").mkdir()
    with pytest.raises(Misused, match="made exists: a folder is never replaced") as refused:
        publish(publication)
    assert refused.value.reason == "out_exists"
    assert hidden_in(tmp_path) == []


def test_who_is_not_allowed_publishes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No"):
        publish(publication_of(FILES, tmp_path, allowed=nobody))
    assert releases_in(tmp_path) == {}
    assert hidden_in(tmp_path) == []


def test_who_is_not_allowed_may_not_even_confirm_what_stands_there(tmp_path: Path) -> None:
    publish(publication_of(FILES, tmp_path))
    with pytest.raises(Refused, match="No"):
        publish(publication_of(FILES, tmp_path, allowed=nobody))


def test_copies_that_are_not_as_they_should_be_are_seen_by_nobody(tmp_path: Path) -> None:
    seen: list[set[str]] = []

    def judge(staging: Path) -> None:
        seen.append({path.name for path in staging.iterdir()})
        raise refusing()

    with pytest.raises(Refused):
        publish(publication_of(FILES, tmp_path, judged=judge))
    assert seen == [set(FILES)]
    assert releases_in(tmp_path) == {}
    assert hidden_in(tmp_path) == []


def test_what_a_killed_attempt_has_begun_is_taken_away(tmp_path: Path) -> None:
    publication = publication_of(FILES, tmp_path, mark="1")
    for staging in (publication.staging, replace(publication, mark="2").staging):
        staging.mkdir(parents=True)
        (staging / "half").write_bytes(b"ha")
    publish(publication)
    assert releases_in(tmp_path) == {NAME: "whole"}
    assert hidden_in(tmp_path) == []


def test_what_begins_another_folder_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / SHELF / f".other{NAME}.1"
    other.mkdir(parents=True)
    publish(publication_of(FILES, tmp_path))
    assert other.is_dir()


def test_the_same_folder_that_appears_meanwhile_is_taken_for_ones_own(tmp_path: Path) -> None:
    @contextmanager
    def overtaken() -> Iterator[None]:
        publish(publication_of(FILES, tmp_path, mark="2"))
        yield

    # The one that came first clears away what the other has begun.
    publish(publication_of(FILES, tmp_path, mark="1", allowed=overtaken))
    assert releases_in(tmp_path) == {NAME: "whole"}
    assert hidden_in(tmp_path) == []


def test_a_folder_between_that_somebody_else_makes_meanwhile_is_used(tmp_path: Path) -> None:
    class Busy(Disk):
        def make_folder(self, path: Path) -> None:
            if path.name == SHELF:
                path.mkdir()
            super().make_folder(path)

    publish(publication_of(FILES, tmp_path), on=Busy())
    assert releases_in(tmp_path) == {NAME: "whole"}


def test_a_place_that_cannot_be_written_is_told_as_misuse(tmp_path: Path) -> None:
    (tmp_path / SHELF).write_bytes(b"no folder")
    with pytest.raises(Misused, match="cannot be written") as refused:
        publish(publication_of(FILES, tmp_path))
    assert refused.value.reason == "out_unwritable"
