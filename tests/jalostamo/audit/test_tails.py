"""Where the machine stopped, what was never acknowledged is cut off and told; what was acknowledged is never cut.

A power failure may leave any part of what was not yet on the disk: a beginning of it, or holes of zeros.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.audit.sample_logs import entries_in, entry, laid_out, log_in, runs_in, verified

from jalostamo.audit import writing
from jalostamo.audit.acts import Act
from jalostamo.audit.tails import Tail, tail_of
from jalostamo.concepts.errors import Unfit

ACKNOWLEDGED, GROUP = 4, 5
NAME = f"{0:012}.jsonl"
PAGE = 64


def before_and_after(folder: Path) -> tuple[bytes, bytes]:
    """A log's file with the entries that were acknowledged, and with a group behind them of which none was yet."""
    log = log_in(folder / "made")
    for number in range(ACKNOWLEDGED):
        log.append(entry(number))
    before = (folder / "made" / NAME).read_bytes()
    log.append_all([entry(100 + number) for number in range(GROUP)])
    return before, (folder / "made" / NAME).read_bytes()


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, Path]:
    """The file before and after the last group, and a folder to lay damaged ones out in."""
    folder = tmp_path_factory.mktemp("tails")
    return *before_and_after(folder), folder / "torn"


def with_holes(before: bytes, after: bytes, *, end: int, holes: set[int]) -> bytes:
    """What a power failure may leave: the group up to some byte, some of its pages void."""
    torn = bytearray(after[:end])
    for page in holes:
        begin, stop = max(len(before), page * PAGE), min(end, (page + 1) * PAGE)
        if begin < stop:
            torn[begin:stop] = bytes(stop - begin)
    return bytes(torn)


def check_goes_on(folder: Path, before: bytes, torn: bytes) -> None:
    """Append to a log that ends so: nothing acknowledged is lost, and what is cut off is told."""
    laid_out(folder, {NAME: torn})
    log_in(folder).append(entry(7))
    runs = runs_in(folder)
    assert runs[:ACKNOWLEDGED] == [f"r-{number}" for number in range(ACKNOWLEDGED)]
    assert runs[-1] == "r-7"
    kept = [run for run in runs[ACKNOWLEDGED:-1] if run]
    assert kept == [f"r-{100 + number}" for number in range(len(kept))]
    cuts = [placed.entry for placed in entries_in(folder) if placed.entry.act is Act.TAIL_CUT]
    whole = len(before) + sum(len(line) + 1 for line in torn[len(before) :].split(b"\n")[: len(kept)])
    rest = torn[whole:]
    assert [(cut.count, cut.objects) for cut in cuts] == (
        [(len(rest), (hashlib.sha256(rest).hexdigest(),))] if rest else []
    )
    assert verified(folder).doubts == ()


@settings(max_examples=150)
@given(st.data())
def test_a_torn_end_is_cut_off_and_told(states: tuple[bytes, bytes, Path], data: st.DataObject) -> None:
    before, after, folder = states
    end = data.draw(st.integers(len(before), len(after)))
    holes = data.draw(st.sets(st.integers(len(before) // PAGE, len(after) // PAGE), max_size=4))
    check_goes_on(folder, before, with_holes(before, after, end=end, holes=holes))


@pytest.mark.deep
def test_every_byte_at_which_the_end_may_be_torn(states: tuple[bytes, bytes, Path]) -> None:
    before, after, folder = states
    for end in range(len(before), len(after) + 1):
        check_goes_on(folder, before, after[:end])


def test_without_cutting_what_follows_a_torn_end_is_lost(
    states: tuple[bytes, bytes, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after, folder = states

    def blind(data: bytes, size: int) -> Tail:
        tail = tail_of(data, size)
        return Tail(tail.placed, tail.leaves, len(data), b"", False)

    monkeypatch.setattr(writing, "tail_of", blind)
    with pytest.raises((AssertionError, ValueError)):
        check_goes_on(folder, before, after[: len(before) + 100])


@given(st.data())
def test_an_edit_of_what_was_on_the_disk_is_never_taken_for_a_torn_end(
    states: tuple[bytes, bytes, Path], data: st.DataObject
) -> None:
    before, after, folder = states
    place = data.draw(st.integers(0, len(before) - 1))
    edited = bytearray(after)
    edited[place] ^= data.draw(st.integers(1, 255))
    laid_out(folder, {NAME: bytes(edited)})
    try:
        log_in(folder).append(entry(7))
    except Unfit as refused:
        assert refused.reason == "audit_changed"
        assert (folder / NAME).read_bytes() == bytes(edited)
        return
    # A change that is again an entry stands: before a checkpoint nobody can tell, and nothing was cut off.
    assert (folder / NAME).read_bytes().startswith(bytes(edited))


def test_a_file_that_ends_early_and_is_followed_by_another_was_edited(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append_all([entry(number) for number in range(40)])
    first = tmp_path / "log" / NAME
    first.write_bytes(first.read_bytes()[:-10])
    with pytest.raises(Unfit, match="entry 31 was on the disk"):
        log_in(tmp_path / "log").append(entry(1))


def test_bytes_behind_a_full_file_were_not_torn(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append_all([entry(number) for number in range(32)])
    with (tmp_path / "log" / NAME).open("ab") as opened:
        opened.write(b"{")
    with pytest.raises(Unfit, match="entry 32 was on the disk"):
        log_in(tmp_path / "log").append(entry(1))


def test_a_file_begun_and_left_empty_is_gone_on_with(tmp_path: Path) -> None:
    log = log_in(tmp_path / "log")
    log.append_all([entry(number) for number in range(32)])
    (tmp_path / "log" / f"{32:012}.jsonl").touch()
    log_in(tmp_path / "log").append(entry(32))
    assert len(runs_in(tmp_path / "log")) == 33
    assert verified(tmp_path / "log").doubts == ()


def test_an_entry_with_another_number_does_not_follow(tmp_path: Path) -> None:
    log_in(tmp_path / "log").append(entry(0))
    first = tmp_path / "log" / NAME
    first.write_bytes(first.read_bytes() * 2)
    log_in(tmp_path / "log").append(entry(1))
    assert [placed.entry.act for placed in entries_in(tmp_path / "log")][1] is Act.TAIL_CUT


def test_an_end_that_another_process_cut_is_told_once(tmp_path: Path) -> None:
    log_in(tmp_path / "log").append(entry(0))
    with (tmp_path / "log" / NAME).open("ab") as opened:
        opened.write(b'{"act":')
    one, other = log_in(tmp_path / "log"), log_in(tmp_path / "log")
    assert one.head == other.head
    one.append(entry(1))
    other.append(entry(2))
    assert [placed.entry.act for placed in entries_in(tmp_path / "log")].count(Act.TAIL_CUT) == 1


def test_verifying_tells_of_a_torn_end_and_does_not_doubt_it(tmp_path: Path) -> None:
    log_in(tmp_path / "log").append(entry(0))
    with (tmp_path / "log" / NAME).open("ab") as opened:
        opened.write(b'{"act":')
    report = verified(tmp_path / "log")
    assert (report.size, report.torn, report.doubts) == (1, 7, ())
