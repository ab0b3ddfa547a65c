"""A file is put in its place whole, or not at all, and never over another one unasked."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jalostamo.concepts.errors import Misused
from jalostamo.storage.disk import Disk
from jalostamo.storage.places import appear, check_place, put_whole, sync, write_whole


def test_a_new_file_holds_what_was_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "out.json", b"{}", force=False)
    assert (tmp_path / "out.json").read_bytes() == b"{}"


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    write_whole(tmp_path / "out.json", b"{}", force=False)
    write_whole(tmp_path / "out.json", b"[]", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_an_existing_file_is_replaced_only_with_force(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_bytes(b"before")
    with pytest.raises(Misused, match="--force") as refused:
        write_whole(out, b"after", force=False)
    assert refused.value.reason == "out_exists"
    assert out.read_bytes() == b"before"
    write_whole(out, b"after", force=True)
    assert out.read_bytes() == b"after"


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_bytes(b"before")
    out.chmod(0o640)
    write_whole(out, b"after", force=True)
    assert out.stat().st_mode & 0o777 == 0o640


def test_a_new_file_follows_the_users_mask(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_whole(tmp_path / "out.json", b"{}", force=False)
    finally:
        os.umask(mask)
    assert (tmp_path / "out.json").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_or_a_device_is_never_replaced(force: bool, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(Misused, match="not a plain file"):
            write_whole(tmp_path / name, b"{}", force=force)


def test_a_missing_folder_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="folder does not exist"):
        check_place(tmp_path / "missing" / "out.json", force=False)


def test_a_folder_that_takes_no_file_is_told_as_misuse() -> None:
    # Not even the administrator may write here; for anybody else the permission says so first.
    with pytest.raises(Misused, match="cannot be written") as refused:
        write_whole(Path("/proc/out.json"), b"{}", force=False)
    assert refused.value.reason in {"out_permission", "out_unwritable"}


def test_a_link_that_leads_nowhere_counts_as_taken(tmp_path: Path) -> None:
    (tmp_path / "out.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Misused, match="exists"):
        write_whole(tmp_path / "out.json", b"{}", force=False)


def test_a_file_that_does_not_fit_leaves_the_old_one_and_no_part(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_bytes(b"before")
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from jalostamo.concepts.errors import Misused\n"
        "from jalostamo.storage.places import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_whole(Path(sys.argv[1]), bytes(2000), force=True)\n"
        "except Misused as refused: sys.exit(refused.exit_code)\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(out)], check=False)
    assert run.returncode == 2
    assert out.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_folder_appears_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / ".staging" / "inner").mkdir(parents=True)
    (tmp_path / ".staging" / "inner" / "table").write_bytes(b"rows")
    appear(tmp_path / ".staging", tmp_path / "release")
    assert (tmp_path / "release" / "inner" / "table").read_bytes() == b"rows"
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def test_a_folder_never_replaces_another_not_even_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / ".staging").mkdir()
    (tmp_path / "release").mkdir()
    with pytest.raises(Misused, match="never replaced"):
        appear(tmp_path / ".staging", tmp_path / "release")


def test_a_folder_that_has_gone_is_told_as_misuse(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="release cannot be written") as refused:
        appear(tmp_path / ".staging", tmp_path / "release")
    assert refused.value.reason == "out_unwritable"


def test_a_copy_is_put_like_anything_else(tmp_path: Path) -> None:
    (tmp_path / "ready").write_bytes(bytes(3_000_000))
    put_whole(tmp_path / "ready", tmp_path / "out")
    sync(tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == bytes(3_000_000)
    with pytest.raises(Misused, match="--force"):
        put_whole(tmp_path / "ready", tmp_path / "out")


class Changing(Disk):
    """A disk on which something happens right before a second name is given."""

    def __init__(self, happens: Callable[[Path], None]) -> None:
        object.__setattr__(self, "happens", happens)

    def link(self, source: Path, target: Path) -> None:
        self.happens(target)
        super().link(source, target)


def test_a_place_below_a_file_is_told_as_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Misused, match="folder does not exist"):
        check_place(tmp_path / "file" / "out", force=False)


def test_a_file_that_came_into_being_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    def come_first(target: Path) -> None:
        target.write_bytes(b"theirs")

    with pytest.raises(Misused, match="--force"):
        write_whole(tmp_path / "out", b"ours", on=Changing(come_first))
    assert (tmp_path / "out").read_bytes() == b"theirs"


def test_where_files_have_one_name_alone_the_part_is_renamed(tmp_path: Path) -> None:
    def refuse(_: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    write_whole(tmp_path / "out", b"ours", on=Changing(refuse))
    assert (tmp_path / "out").read_bytes() == b"ours"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_into_which_nobody_looks_is_told_as_forbidden(tmp_path: Path) -> None:
    def look_as_another() -> None:
        if os.geteuid() == 0:
            os.seteuid(65534)

    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0)
    user = os.geteuid()
    look_as_another()
    try:
        with pytest.raises(Misused, match="no permission") as refused:
            check_place(tmp_path / "closed" / "out", force=False)
    finally:
        os.seteuid(user)
    assert refused.value.reason == "out_permission"


def test_a_folder_in_which_the_user_may_not_write_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    user = os.getuid()
    if user == 0:
        # Asked is the real user, not the one that a program works as.
        os.setreuid(65534, -1)
    try:
        with pytest.raises(Misused, match="no permission"):
            check_place(tmp_path / "closed" / "out", force=False)
    finally:
        os.setreuid(user, -1)


def test_a_file_whose_permissions_cannot_be_set_is_let_go(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OverflowError):
        Disk().create(tmp_path / "out", permissions=1 << 80)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
