"""Appending: in order, from threads and processes, across files, with checkpoints when they are due."""

from __future__ import annotations

import datetime
import os
import re
import resource
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.audit import second_verifier
from tests.jalostamo.audit.sample_logs import (
    AT,
    KEY,
    SIGNER,
    entries_in,
    entry,
    filled,
    log_in,
    runs_in,
    verified,
)

from jalostamo.audit.checkpoints import checkpoint_from
from jalostamo.audit.entries import Placed
from jalostamo.audit.files import length_of, sync_file, write_at
from jalostamo.audit.log import _Asked
from jalostamo.audit.tree import inclusion_proof, is_included, leaf_hash
from jalostamo.audit.writing import ENTRIES_A_CHECKPOINT, LONGEST_WITHOUT
from jalostamo.concepts.errors import Broken, Misused, Unfit
from jalostamo.permits.signing import Ed25519Signer

APPENDING = Path(__file__).with_name("appending_process.py")


def started(folder: Path, name: str, *words: str) -> subprocess.Popen[str]:
    """A process that appends to the log, and tells each acknowledged entry."""
    command = [sys.executable, APPENDING, folder, name, *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def told_by(process: subprocess.Popen[str]) -> list[str]:
    """The runs whose entries a process was told to be on the disk, and its last word."""
    told, _ = process.communicate(timeout=120)
    return told.splitlines()


def test_an_entry_is_in_its_place_when_append_returns(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    receipts = [log.append(entry(number)) for number in range(3)]
    assert [receipt.sequence for receipt in receipts] == [0, 1, 2]
    assert [placed.entry for placed in entries_in(tmp_path / "log")] == [entry(number) for number in range(3)]
    assert [leaf_hash(placed.written).hex() for placed in entries_in(tmp_path / "log")] == [r.leaf for r in receipts]


def test_the_leaf_of_a_receipt_is_proved_to_be_in_the_log(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    receipts = log.append_all([entry(number) for number in range(70)])
    leaves = [bytes.fromhex(receipt.leaf) for receipt in receipts]
    proof = inclusion_proof(leaves, 40)
    assert is_included(leaves[40], 40, log.head.size, proof=proof, root=log.head.root)


def test_a_log_goes_on_where_it_was_left(tmp_path: Path) -> None:
    for number in range(0, 90, 10):
        log_in(tmp_path / "log").append_all([entry(number + each) for each in range(10)])
    assert runs_in(tmp_path / "log") == [f"r-{number}" for number in range(90)]
    assert [path.name for path in sorted((tmp_path / "log").glob("*.jsonl"))] == [
        f"{first:012}.jsonl" for first in (0, 32, 64)
    ]


def test_the_head_is_that_of_all_lines(tmp_path: Path) -> None:
    filled(tmp_path / "log")
    lines = [placed.written for placed in entries_in(tmp_path / "log")]
    head = log_in(tmp_path / "log").head
    assert (head.size, head.root) == (len(lines), second_verifier.tree_hash(lines))


def test_nothing_asked_is_nothing_written(tmp_path: Path) -> None:
    assert log_in(tmp_path / "log").append_all(()) == ()
    assert log_in(tmp_path / "log").checkpoint() is None
    assert log_in(tmp_path / "log").head.size == 0


def test_a_checkpoint_is_made_after_every_hundred_entries_and_given_out(tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    log = log_in(tmp_path / "log", exported=second)
    for number in range(2 * ENTRIES_A_CHECKPOINT + 1):
        log.append(entry(number))
    assert sorted(path.name for path in second.iterdir()) == ["000000000100.checkpoint", "000000000200.checkpoint"]
    lines = [placed.written for placed in entries_in(tmp_path / "log")]
    for path in second.iterdir():
        head = checkpoint_from(path.read_bytes(), KEY).head
        assert head.root == second_verifier.tree_hash(lines[: head.size])


def test_a_checkpoint_is_made_after_an_hour(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append(entry(0))
    log.append(entry(1, at=AT + LONGEST_WITHOUT - datetime.timedelta(seconds=1)))
    assert verified(tmp_path / "log").covered == 0
    log.append(entry(2, at=AT + LONGEST_WITHOUT))
    log.append(entry(3, at=AT + LONGEST_WITHOUT))
    assert verified(tmp_path / "log").covered == 3


def test_a_checkpoint_that_is_due_is_made_without_an_entry(tmp_path: Path) -> None:
    log_in(tmp_path / "log").append(entry(0))
    log = log_in(tmp_path / "log")
    log.tend(AT + datetime.timedelta(minutes=59))
    assert verified(tmp_path / "log").covered == 0
    log.tend(AT + LONGEST_WITHOUT)
    log.tend(AT + 3 * LONGEST_WITHOUT)
    assert (verified(tmp_path / "log").covered, verified(tmp_path / "log").checkpoints) == (1, 1)


def test_a_checkpoint_asked_for_twice_is_one(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append(entry(0))
    assert log.checkpoint() == log.checkpoint()
    assert verified(tmp_path / "log").checkpoints == 1


def test_what_cannot_be_given_out_is_not_gone_on_with_until_it_can(tmp_path: Path) -> None:
    second = tmp_path / "second"
    log = log_in(tmp_path / "log", exported=second)
    log.append(entry(0))
    for _ in range(2):
        with pytest.raises(Misused, match="second place") as refused:
            log.append(entry(1, at=AT + LONGEST_WITHOUT))
        assert refused.value.reason == "audit_export"
    second.mkdir()
    assert log.append(entry(2)).sequence == 3
    assert [path.name for path in second.iterdir()] == ["000000000002.checkpoint"]
    assert list(second.glob("*.part")) == []


def test_a_log_rolled_back_and_written_anew_cannot_give_out_its_checkpoint(tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    log_in(tmp_path / "log", exported=second).append(entry(0))
    log_in(tmp_path / "log", exported=second).checkpoint()
    anew = log_in(tmp_path / "anew", exported=second)
    anew.append(entry(1))
    with pytest.raises(Unfit, match="'000000000001.checkpoint' has been given out before, and says something else"):
        anew.checkpoint()


def test_a_backup_that_was_put_back_is_not_gone_on_with(tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    filled(tmp_path / "log", exported=second)
    log = log_in(tmp_path / "anew", exported=second)
    log.append_all([entry(number) for number in range(6)])
    with pytest.raises(Unfit, match="ends at entry 6, and a checkpoint of 110 entries has been given out"):
        log.checkpoint()


def test_a_block_begins_after_its_entry_is_written(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    with log.recorded(entry(0)) as receipt:
        assert runs_in(tmp_path / "log") == ["r-0"]
        assert receipt.sequence == 0


def test_a_block_whose_entry_cannot_be_written_does_not_begin(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    begun = []
    (tmp_path / "log" / "000000000000.jsonl").mkdir()
    with pytest.raises(Misused, match="cannot be read"), log.recorded(entry(0)):
        begun.append(True)
    assert begun == []


def test_threads_append_in_groups_and_each_entry_once(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")

    def append(name: int) -> None:
        for number in range(12):
            log.append(replace(entry(1), run=f"t-{name}-{number}"))

    threads = [threading.Thread(target=append, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runs = runs_in(tmp_path / "log")
    for name in range(8):
        assert [run for run in runs if run.startswith(f"t-{name}-")] == [f"t-{name}-{number}" for number in range(12)]
    assert (len(runs), verified(tmp_path / "log").doubts) == (96, ())


def test_processes_append_at_once_and_none_overwrites_another(tmp_path: Path) -> None:
    processes = [started(tmp_path / "log", name, "40") for name in ("a", "b", "c")]
    told = [line for process in processes for line in told_by(process)]
    runs = runs_in(tmp_path / "log")
    assert sorted(told) == sorted(f"{run} {place}" for place, run in enumerate(runs))
    for name in "abc":
        assert [run for run in runs if run[0] == name] == [f"{name}-{number}" for number in range(40)]
    report = verified(tmp_path / "log")
    assert (report.size, report.doubts, report.checkpoints) == (120, (), 1)


def lost_without_a_lock(folder: Path) -> list[list[str]]:
    """What three processes were told of entries that are not there, having written at once without the lock."""
    processes = [started(folder, name, "40", "--unlocked") for name in ("a", "b", "c")]
    told = [line.split() for process in processes for line in told_by(process)]
    lines = b"".join(path.read_bytes() for path in sorted(folder.glob("*.jsonl"))).decode("utf-8", "replace")
    return [words for words in told if len(words) == 1 or f'"run":"{words[0]}"' not in lines]


def test_without_the_lock_processes_overwrite_each_other(tmp_path: Path) -> None:
    """Three that happen to write one after the other lose nothing: one of many tries is enough."""
    assert any(lost_without_a_lock(tmp_path / f"log-{number}") for number in range(20))


def test_a_log_handed_to_a_forked_process_is_refused_there(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log._process = 1
    for use in (lambda: log.append(entry(0)), log.checkpoint, lambda: log.tend(AT)):
        with pytest.raises(Broken) as refused:
            use()
        assert refused.value.reason == "audit_forked"


def test_a_full_disk_refuses_loses_nothing_acknowledged_and_can_be_gone_on_from(tmp_path: Path) -> None:
    told = told_by(started(tmp_path / "log", "a", "60", "--most-bytes", "5000"))
    assert told.pop() == "audit_unwritable"
    assert 5 < len(told) < 32
    runs = runs_in(tmp_path / "log")
    assert [line.split()[0] for line in told] == runs
    log_in(tmp_path / "log").append(entry(7))
    assert runs_in(tmp_path / "log") == [*runs, "r-7"]
    assert verified(tmp_path / "log").doubts == ()


def test_a_process_can_write_again_once_there_is_room(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append(entry(0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with pytest.raises(Misused) as refused:
            log.append(entry(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.reason == "audit_unwritable"
    log.append(entry(2))
    assert runs_in(tmp_path / "log") == ["r-0", "r-2"]


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(Misused) as refused:
        log_in(tmp_path / "missing" / "log")
    assert refused.value.reason == "audit_unwritable"


def test_a_log_whose_folder_went_away_refuses(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    (tmp_path / "log").rmdir()
    with pytest.raises(Misused) as refused:
        log.append(entry(0))
    assert refused.value.reason == "audit_unwritable"


def test_a_log_shorter_than_it_was_is_not_gone_on_with(tmp_path: Path) -> None:
    filled(tmp_path / "log")
    log = log_in(tmp_path / "log")
    log.append(entry(0))
    path = tmp_path / "log" / f"{96:012}.jsonl"
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(Unfit, match="entries before number 117 are missing"):
        log.append(entry(1))


def test_a_log_whose_last_checkpoint_covers_more_than_there_is_is_not_opened(tmp_path: Path) -> None:
    filled(tmp_path / "log")
    (tmp_path / "log" / f"{96:012}.jsonl").unlink()
    with pytest.raises(Unfit, match="entries before number 110 are missing"):
        log_in(tmp_path / "log").append(entry(0))


def test_a_log_of_another_key_is_not_gone_on_with(tmp_path: Path) -> None:
    filled(tmp_path / "log")
    with pytest.raises(Unfit, match="not one that this log's key has signed"):
        log_in(tmp_path / "log", signer=Ed25519Signer.new(SIGNER.key)).append(entry(0))


def test_a_log_whose_checkpoints_were_taken_away_meanwhile_is_not_gone_on_with(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append_all([entry(number) for number in range(3)])
    log.checkpoint()
    (tmp_path / "log" / "checkpoints").unlink()
    with pytest.raises(Unfit, match="its last checkpoint is of 0 entries, and one of 3 had been made"):
        log.append(entry(3))


def test_another_process_s_checkpoint_is_taken_up(tmp_path: Path) -> None:
    one, other = log_in(tmp_path / "log"), log_in(tmp_path / "log")
    one.append_all([entry(number) for number in range(3)])
    other.checkpoint()
    one.append(entry(3))
    one.checkpoint()
    other.append(entry(4))
    report = verified(tmp_path / "log")
    assert (report.size, report.covered, report.checkpoints, report.doubts) == (5, 4, 2, ())


@pytest.mark.parametrize("torn", [b'{"begins":12,"no', b'{"begins":12,"no\0\0\0\0\n'], ids=["short", "void"])
def test_a_torn_checkpoint_is_cut_off_and_made_anew(torn: bytes, tmp_path: Path) -> None:
    filled(tmp_path / "log")
    with (tmp_path / "log" / "checkpoints").open("ab") as opened:
        opened.write(torn)
    log = log_in(tmp_path / "log")
    log.append(entry(0))
    log.checkpoint()
    report = verified(tmp_path / "log")
    assert (report.covered, report.checkpoints, report.doubts) == (117, 7, ())


def test_a_checkpoint_torn_when_it_was_the_first_is_cut_off(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    (tmp_path / "log" / "checkpoints").write_bytes(b"\0\0\0")
    log.append(entry(0))
    assert log.checkpoint() is not None
    assert verified(tmp_path / "log").doubts == ()


class Stopping(datetime.datetime):
    """A time at whose writing somebody presses Ctrl-C."""

    def astimezone(self, tz: datetime.tzinfo | None = None) -> Stopping:
        """Stop."""
        raise KeyboardInterrupt


def test_whoever_is_stopped_while_writing_for_others_leaves_none_of_them_with_a_receipt(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    other = _Asked((entry(2),))
    log._queue.append(other)
    with pytest.raises(KeyboardInterrupt):
        log.append(replace(entry(0), at=Stopping(2026, 1, 1, tzinfo=datetime.UTC)))
    assert isinstance(other.error, Broken)
    assert other.error.reason == "audit_stopped"
    log.append(entry(1))
    assert runs_in(tmp_path / "log") == ["r-1"]


def test_a_frontier_is_kept_rather_than_read_anew(tmp_path: Path) -> None:
    filled(tmp_path / "log")
    first = tmp_path / "log" / f"{0:012}.jsonl"
    first.write_bytes(re.sub(rb"aino", b"eino", first.read_bytes()))
    # Opening is no verification: what was signed is what is gone on from, so that the change is found against it.
    log = log_in(tmp_path / "log")
    log.append(entry(0))
    log.checkpoint()
    assert [(doubt.first, doubt.end) for doubt in verified(tmp_path / "log").doubts] == [(0, 5), (5, 17), (17, 48)]


def test_a_log_that_may_not_be_read_or_written_says_so(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append(entry(0))
    (tmp_path / "log" / "lock").unlink()
    (tmp_path / "log" / "lock").mkdir()
    with pytest.raises(Misused) as refused:
        log.append(entry(1))
    assert refused.value.reason == "audit_unwritable"


def test_a_path_that_leads_through_a_file_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misused) as refused:
        length_of(tmp_path / "file" / "inside")
    assert refused.value.reason == "audit_unreadable"
    with pytest.raises(Misused) as unwritten:
        write_at(tmp_path / "missing" / "inside", 0, b"x")
    assert unwritten.value.reason == "audit_unwritable"
    with pytest.raises(Misused) as unsynced:
        sync_file(tmp_path / "missing")
    assert unsynced.value.reason == "audit_unwritable"


def test_what_a_process_left_unsynced_is_on_the_disk_before_a_checkpoint_covers_it(tmp_path: Path) -> None:
    log_in(tmp_path / "log").append(entry(0))
    first = tmp_path / "log" / f"{0:012}.jsonl"
    with first.open("ab") as opened:
        # As one that was killed between writing and waiting for the disk leaves it.
        opened.write(Placed(entry(1), 1, 1).written + b"\n")
    log = log_in(tmp_path / "log")
    checkpoint = log.checkpoint()
    assert checkpoint is not None
    assert checkpoint.head.size == 2
    assert log._writer.position.durable == 2


def test_a_second_place_that_holds_something_else_is_told_of(tmp_path: Path) -> None:
    second = tmp_path / "second"
    (second / "000000000001.checkpoint").mkdir(parents=True)
    log = log_in(tmp_path / "log", exported=second)
    log.append(entry(0))
    with pytest.raises(Misused, match="cannot be read") as refused:
        log.checkpoint()
    assert refused.value.reason == "audit_export"
