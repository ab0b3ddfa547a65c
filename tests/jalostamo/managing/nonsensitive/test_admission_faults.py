"""Whatever happens while it admits, a release is there whole or not at all, and once: the next run ends what was begun."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest
from tests.jalostamo.managing.nonsensitive.ready_data import PERMIT, admitted, files_in
from tests.jalostamo.storage.crash_model import CrashModel, at
from tests.jalostamo.storage.injecting import FAULTS, KILLED, ROOT, Point, each_fault, in_memory, run_with

from jalostamo.concepts.errors import Misused
from jalostamo.managing.nonsensitive.releases import folder_of, open_release

CHILD = Path(__file__).with_name("admitting_child.py")


def released_in(exchange: Path) -> list[Path]:
    """The folders that a reader would take for releases."""
    return [path for path in exchange.glob("releases/*/*") if not path.name.startswith(".")]


def look_at(exchange: Path, files: Path) -> str:
    """What stands after a fault: every release is whole; another admission ends with one, and nothing else."""
    before = [open_release(folder).digest for folder in released_in(exchange)]
    digest = admitted(files, exchange / "releases").digest
    assert before in ([], [digest])
    assert [path.name for path in exchange.glob("releases/*/*")] == [digest[:16]]
    return "whole" if before else "none"


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def test_after_a_loss_of_power_at_any_moment_a_release_is_whole_or_not_there(tmp_path: Path) -> None:
    files, exchange = files_in(tmp_path / "files"), made(tmp_path / "exchange")
    on = CrashModel(exchange)
    release = admitted(files, exchange / "releases", on=on)
    whole = tuple((path.name, path.read_bytes()) for path in sorted(release.folder.iterdir()))
    place = ("releases", folder_of(PERMIT), release.folder.name)
    assert {at(state, *place) for state in on.during} == {None, whole}
    assert {at(state, *place) for state in on.after()} == {whole}


@pytest.mark.parametrize("too_late", [False, True], ids=["undone", "done"])
def test_a_fault_of_the_disk_at_any_operation_tears_and_doubles_nothing(too_late: bool, tmp_path: Path) -> None:
    files, seen = files_in(tmp_path / "files"), Counter[str]()
    for number in count(1):
        exchange = made(tmp_path / str(number))
        on = CrashModel(exchange, fails_at=number, too_late=too_late)
        try:
            admitted(files, exchange / "releases", on=on)
        except Misused as refused:
            assert refused.reason == "out_unwritable"
        seen[look_at(exchange, files)] += 1
        if on.done.total() < number:
            break
    assert seen["none"] > 10
    assert seen["whole"]


def preparing(files: Path) -> Callable[[Path], Sequence[str]]:
    """What makes an exchange ready, and the words of the process that admits into it."""

    def prepare(exchange: Path) -> Sequence[str]:
        made(exchange)
        words = [sys.executable, "-I", "-B", str(CHILD), str(ROOT / "src"), str(ROOT)]
        return [*words, str(files), str(exchange / "releases")]

    return prepare


@pytest.mark.needs("strace")
def test_a_real_admission_that_is_killed_or_fails_where_it_matters_is_ended_by_the_next(
    tool: Callable[[str], Path],
) -> None:
    with in_memory() as place:
        prepare = preparing(files_in(place / "files"))
        for number, (fault, ends) in enumerate({"signal=KILL": KILLED, "error=EIO": (2,)}.items()):
            exchange = place / str(number)
            # The one rename of an admission.
            assert run_with(tool("strace"), prepare(exchange), Point("rename", 1), fault) in ends
            assert look_at(exchange, place / "files") == "none"


@pytest.mark.deep
@pytest.mark.needs("strace")
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_at_any_call_of_a_real_admission_tears_or_doubles_a_release(
    fault: str, tool: Callable[[str], Path]
) -> None:
    ends: Counter[int] = Counter()
    with in_memory() as place:
        files = files_in(place / "files")
        for exchange, *_, ended in each_fault(tool("strace"), place / "runs", preparing(files), (fault,)):
            assert ended in {0, 2, *KILLED}
            assert look_at(exchange, files) == "whole" or ended
            ends[ended] += 1
    assert ends.total() > 20
    assert sum(ends[code] for code in (2, *KILLED)) > 15


def test_a_torn_release_would_be_told(tmp_path: Path) -> None:
    files, exchange = files_in(tmp_path / "files"), made(tmp_path / "exchange")
    release = admitted(files, exchange / "releases")
    table = release.folder / "events.parquet"
    table.chmod(0o600)
    table.write_bytes(b"")
    with pytest.raises(Exception, match="not the file that was released"):
        look_at(exchange, files)
