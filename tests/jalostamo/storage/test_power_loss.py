"""Whenever the power is lost, a reader finds the old or the new, whole; and what was said to be written is there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from tests.jalostamo.storage.crash_model import Broken, CrashModel, Tree, at, places, put_back
from tests.jalostamo.storage.small_releases import (
    SHELF,
    Reading,
    files_of,
    name_of,
    publication_of,
    read_files,
    releases_in,
)

from jalostamo.concepts.errors import Misused
from jalostamo.storage.places import appear, put_whole, write_whole
from jalostamo.storage.publishing import publish

OLD, NEW = files_of(1), files_of(2)
BEFORE, AFTER = b"what was there before", b"and what came afterwards"
TWINS: tuple[Broken, ...] = ("files", "folders", "late")

type Act = Callable[[CrashModel], None]


def replaces(on: CrashModel) -> None:
    write_whole(on.root / "out", AFTER, force=True, on=on)


def writes_anew(on: CrashModel) -> None:
    write_whole(on.root / "out", AFTER, on=on)


def copies(on: CrashModel) -> None:
    put_whole(Path(__file__), on.root / "out", force=True, on=on)


FILES: dict[str, tuple[Act, bytes | None, bytes]] = {
    "replaced": (replaces, BEFORE, AFTER),
    "written anew": (writes_anew, None, AFTER),
    "copied": (copies, BEFORE, Path(__file__).read_bytes()),
}


def releases(on: CrashModel) -> None:
    publish(publication_of(NEW, on.root), on=on)


def root_in(tmp_path: Path, *, old: bytes | None = None) -> Path:
    """A folder in which a release, or a file, stands that was there before."""
    root = tmp_path / "releases"
    root.mkdir()
    if old is not None:
        (root / "out").write_bytes(old)
    else:
        publish(publication_of(OLD, root))
    return root


def reading_in(tree: Tree, files: dict[str, bytes]) -> Reading:
    found = at(tree, SHELF, name_of(files))
    assert not isinstance(found, bytes)
    return read_files(
        name_of(files), None if found is None else {name: bytes(at(found, name) or b"") for name, _ in found}
    )  # type: ignore[arg-type]  # files alone


@pytest.mark.parametrize("act", FILES)
def test_a_file_is_the_old_or_the_new_after_any_crash(act: str, tmp_path: Path) -> None:
    write, old, new = FILES[act]
    root = tmp_path / "folder"
    root.mkdir()
    if old:
        (root / "out").write_bytes(old)
    on = CrashModel(root)
    write(on)
    assert {at(state, "out") for state in on.during} == {old, new}
    assert {at(state, "out") for state in on.after()} == {new}


@pytest.mark.parametrize("broken", TWINS)
def test_a_file_that_is_not_synchronised_as_it_should_be_is_found_torn_or_lost(broken: Broken, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(BEFORE)
    on = CrashModel(tmp_path, broken)
    replaces(on)
    torn = {at(state, "out") for state in on.during} - {BEFORE, AFTER}
    lost = {at(state, "out") for state in on.after()} - {AFTER}
    assert bool(torn) == (broken != "folders")
    assert bool(lost) == (broken != "late")


def test_a_release_is_there_whole_or_not_at_all_after_any_crash(tmp_path: Path) -> None:
    on = CrashModel(root_in(tmp_path))
    releases(on)
    assert {reading_in(state, NEW) for state in on.during} == {"none", "whole"}
    assert {reading_in(state, NEW) for state in on.after()} == {"whole"}
    assert {reading_in(state, OLD) for state in on.during | on.after()} == {"whole"}
    assert len(on.during) > 80


def test_the_first_release_of_a_request_is_not_lost_with_its_shelf(tmp_path: Path) -> None:
    on = CrashModel(tmp_path)
    releases(on)
    assert {reading_in(state, NEW) for state in on.during} == {"none", "whole"}
    assert {reading_in(state, NEW) for state in on.after()} == {"whole"}


@pytest.mark.parametrize("broken", TWINS)
def test_a_release_that_is_not_synchronised_as_it_should_be_is_found_torn_or_lost(
    broken: Broken, tmp_path: Path
) -> None:
    on = CrashModel(root_in(tmp_path), broken)
    releases(on)
    assert "torn" in {reading_in(state, NEW) for state in on.during}
    assert ({reading_in(state, NEW) for state in on.after()} == {"whole"}) == (broken == "late")


def test_a_finished_folder_appears_whole_and_stays(tmp_path: Path) -> None:
    on = CrashModel(tmp_path)
    staging_in(on)
    appear(tmp_path / ".staging", tmp_path / name_of(NEW), on=on)
    found = {at(state, name_of(NEW)) for state in on.during}
    assert {found_as(state) for state in on.during} == {"none", "whole"}
    assert {found_as(state) for state in on.after()} == {"whole"}
    assert len(found) == 2


def test_a_folder_whose_own_name_was_never_synchronised_is_found_lost(tmp_path: Path) -> None:
    on = CrashModel(tmp_path)
    on.make_folder(tmp_path / SHELF)
    staging_in(on, tmp_path / SHELF)
    appear(tmp_path / SHELF / ".staging", tmp_path / SHELF / name_of(NEW), on=on)
    assert "none" in {reading_in(state, NEW) for state in on.after()}


def staging_in(on: CrashModel, folder: Path | None = None) -> None:
    staging = (folder or on.root) / ".staging"
    on.make_folder(staging)
    for name, data in NEW.items():
        file = on.create(staging / name)
        file.write(data)
        file.close()


def found_as(tree: Tree) -> Reading:
    return reading_in(((SHELF, tree),), NEW)


def test_publishing_again_after_any_crash_ends_what_was_begun(tmp_path: Path) -> None:
    on = CrashModel(root_in(tmp_path))
    releases(on)
    for number, state in enumerate(sorted(on.during | on.after(), key=repr)[::3]):
        root = put_back(state, tmp_path / f"state_{number}")
        publish(publication_of(NEW, root, mark="2"))
        assert releases_in(root) == {name_of(OLD): "whole", name_of(NEW): "whole"}
        assert not any(path.name.startswith(".") for path in root.rglob("*"))


def test_a_second_loss_of_power_while_it_is_published_again_changes_nothing(tmp_path: Path) -> None:
    on = CrashModel(root_in(tmp_path))
    releases(on)
    for number, state in enumerate(sorted(on.during | on.after(), key=repr)):
        again = CrashModel(put_back(state, tmp_path / f"state_{number}"))
        publish(publication_of(NEW, again.root, mark="2"), on=again)
        assert {reading_in(found, NEW) for found in again.during} <= {"none", "whole"}
        assert {reading_in(found, NEW) for found in again.after()} == {"whole"}
        assert {reading_in(found, OLD) for found in again.during} == {"whole"}


def test_publishing_again_makes_durable_what_a_killed_run_let_appear(tmp_path: Path) -> None:
    # A kill is no loss of power: the release is seen, and would be lost with it.
    on = CrashModel(root_in(tmp_path), fails_at=operation_of(tmp_path / "counted", "rename") + 1)
    with pytest.raises(Misused, match="cannot be written"):
        releases(on)
    assert releases_in(on.root)[name_of(NEW)] == "whole"
    assert {reading_in(state, NEW) for state in on.after()} == {"none", "whole"}
    on.fails_at = 0
    releases(on)
    assert {reading_in(state, NEW) for state in on.after()} == {"whole"}


def operation_of(place: Path, name: str) -> int:
    """Which operation of publishing is the first of a kind."""
    place.mkdir()
    for number in count(1):
        on = CrashModel(root_in(made(place / str(number))), fails_at=number)
        with suppress(Misused):
            releases(on)
        if on.done[name]:
            return number
    raise AssertionError


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize("too_late", [False, True], ids=["undone", "done"])
def test_a_fault_of_the_disk_at_any_operation_leaves_the_old_or_the_new(too_late: bool, tmp_path: Path) -> None:
    for number in count(1):
        on = CrashModel(root_in(made(tmp_path / str(number))), fails_at=number, too_late=too_late)
        said = ""
        try:
            releases(on)
        except Misused as refused:
            said = refused.reason
        assert {reading_in(state, NEW) for state in on.during} <= {"none", "whole"}
        assert {reading_in(state, OLD) for state in on.during} == {"whole"}
        if not said:
            assert {reading_in(state, NEW) for state in on.after()} == {"whole"}
        on.fails_at = 0
        releases(on)
        assert {reading_in(state, NEW) for state in on.after()} == {"whole"}
        assert said in {"", "out_unwritable"}
        if on.done.total() < number:
            break
    assert number > 15


@pytest.mark.parametrize("too_late", [False, True], ids=["undone", "done"])
def test_a_fault_of_the_disk_while_a_file_is_replaced_leaves_the_old_or_the_new(too_late: bool, tmp_path: Path) -> None:
    for number in count(1):
        root = made(tmp_path / str(number))
        (root / "out").write_bytes(BEFORE)
        on = CrashModel(root, fails_at=number, too_late=too_late)
        with suppress(Misused):
            replaces(on)
        assert {at(state, "out") for state in on.during} <= {BEFORE, AFTER}
        on.fails_at = 0
        replaces(on)
        assert {at(state, "out") for state in on.after()} == {AFTER}
        if on.done.total() < number:
            break
    assert number > 5


def test_the_model_leaves_what_was_not_synchronised_to_chance(tmp_path: Path) -> None:
    on = CrashModel(tmp_path)
    file = on.create(tmp_path / "a")
    file.write(b"xyz")
    assert {at(state, "a") for state in on.during} >= {None, b"", b"x", b"xy", b"xyz", b"\0\0\0", b"x\0\0", b"\0yz"}
    file.sync()
    assert {at(state, "a") for state in on.after()} == {None, b"xyz"}
    on.rename(tmp_path / "a", tmp_path / "b")
    assert {tuple(places(state)) for state in on.after()} == {(), ("a",), ("b",)}
    on.sync(tmp_path)
    assert {tuple(places(state)) for state in on.after()} == {("b",)}
    file.close()
