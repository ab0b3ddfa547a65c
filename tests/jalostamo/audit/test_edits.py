"""Every edit of what the last exported checkpoint covers is found, by the log's verifier and by a second one.

Edits are drawn at random: of bytes, of whole entries that remain well-formed, of files, of checkpoints, and of the whole log by
somebody who holds its key.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.jalostamo.audit import second_verifier
from tests.jalostamo.audit.sample_logs import KEY, PER_FILE, SIZES, files_in, filled, laid_out, verified

from jalostamo.audit.tree import Frontier, Head
from jalostamo.audit.verifying import Doubt, Kind, _Reading
from jalostamo.concepts.errors import Unfit

LAST = SIZES[-1]
FORKS = 12
Contents = Mapping[str, bytes]
Edit = Callable[[st.DataObject, dict[str, bytes]], dict[str, bytes]]


class Logs:
    """The sample log, the checkpoint that was given out last, and logs with other entries that the same key has signed."""

    def __init__(self, folder: Path) -> None:
        (folder / "second").mkdir()
        filled(folder / "log", exported=folder / "second")
        self.contents = {name: data for name, data in files_in(folder / "log").items() if name != "lock"}
        self.exported = (folder / "second" / f"{LAST:012}.checkpoint").read_bytes()
        self.others: list[Contents] = []
        for number in range(FORKS):
            filled(folder / f"other{number}", first=1000 * (number + 1))
            self.others.append(files_in(folder / f"other{number}"))
        self.place = folder / "edited"
        self.found: Counter[str] = Counter()


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Logs:
    """Write the logs once."""
    return Logs(tmp_path_factory.mktemp("logs"))


def lines_of(contents: Contents) -> list[bytes]:
    """All entries, in order."""
    return [line for name in sorted(contents) if name.endswith(".jsonl") for line in contents[name].splitlines()]


def with_lines(contents: Contents, lines: list[bytes]) -> dict[str, bytes]:
    """The log with these entries in its files."""
    files = {name: data for name, data in contents.items() if not name.endswith(".jsonl")}
    for first in range(0, len(lines), PER_FILE):
        files[f"{first:012}.jsonl"] = b"".join(line + b"\n" for line in lines[first : first + PER_FILE])
    return files


def covered(contents: Contents, name: str) -> int:
    """How many bytes of a file the last checkpoint covers."""
    if name == "checkpoints":
        return len(contents[name])
    first = int(name.partition(".")[0])
    return sum(len(line) + 1 for line in contents[name].splitlines()[: max(0, LAST - first)])


def touches_what_is_covered(old: Contents, new: Contents) -> bool:
    """Whether anything differs of what the last checkpoint covers: of what stands behind it, nothing is claimed."""
    return any(new.get(name, b"")[: covered(old, name)] != old[name][: covered(old, name)] for name in old)


def flip(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """A byte of any file is changed."""
    name = data.draw(st.sampled_from(sorted(contents)))
    place = data.draw(st.integers(0, covered(contents, name) - 1))
    changed = bytearray(contents[name])
    changed[place] ^= data.draw(st.integers(1, 255))
    return contents | {name: bytes(changed)}


def cut_bytes(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """Some bytes of a file are taken out."""
    name = data.draw(st.sampled_from(sorted(contents)))
    assume(name != "checkpoints")
    begin = data.draw(st.integers(0, covered(contents, name) - 1))
    end = data.draw(st.integers(begin + 1, len(contents[name])))
    return contents | {name: contents[name][:begin] + contents[name][end:]}


def remove(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """Entries are taken out, and those behind them move up."""
    lines = lines_of(contents)
    begin = data.draw(st.integers(0, LAST - 1))
    return with_lines(contents, lines[:begin] + lines[begin + data.draw(st.integers(1, 20)) :])


def insert(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """An entry is put in: one that is there already, or one of another log."""
    lines = lines_of(contents)
    place = data.draw(st.integers(0, LAST - 1))
    return with_lines(contents, [*lines[:place], lines[data.draw(st.integers(0, LAST - 1))], *lines[place:]])


def reorder(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """Two entries change places."""
    lines = lines_of(contents)
    one, other = data.draw(st.integers(0, LAST - 1)), data.draw(st.integers(0, len(lines) - 1))
    assume(one != other)
    lines[one], lines[other] = lines[other], lines[one]
    return with_lines(contents, lines)


def replace(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """An entry says something else, well-formed: another person, another object, another hour, another run."""
    lines = lines_of(contents)
    place = data.draw(st.integers(0, LAST - 1))
    old, new = data.draw(
        st.sampled_from([(b"aino", b"eino"), (b"r-", b"s-"), (b"T06:", b"T05:"), (b"case-1", b"case-2")])
    )
    assume(old in lines[place])
    lines[place] = lines[place].replace(old, new, 1)
    return with_lines(contents, lines)


def truncate(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """The log ends earlier; its own checkpoints may end with it."""
    size = data.draw(st.integers(0, LAST - 1))
    rest = with_lines(contents, lines_of(contents)[:size])
    if data.draw(st.booleans()):
        kept = sum(1 for each in SIZES if each <= size)
        rest["checkpoints"] = b"".join(contents["checkpoints"].splitlines(keepends=True)[:kept])
    return rest


def swap_files(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """Two files of entries change names, or one is taken away."""
    names = [name for name in sorted(contents) if name.endswith(".jsonl")]
    one, other = data.draw(st.permutations(names))[:2]
    if data.draw(st.booleans()):
        return {name: part for name, part in contents.items() if name != one}
    return contents | {one: contents[other], other: contents[one]}


def edit_checkpoint(data: st.DataObject, contents: dict[str, bytes]) -> dict[str, bytes]:
    """A kept checkpoint says another size or place, stands in another line, twice, or has lost its signature."""
    lines = contents["checkpoints"].splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    kind = data.draw(st.sampled_from(["size", "begins", "order", "twice", "unsigned", "empty"]))
    if kind == "size":
        lines[place] = re.sub(rb"test\\n\d+", b"test\\\\n%d" % data.draw(st.integers(111, 999)), lines[place])
    elif kind == "begins":
        lines[place] = re.sub(rb'"begins":\d+', b'"begins":%d' % data.draw(st.integers(100_000, 999_999)), lines[place])
    elif kind == "order":
        other = data.draw(st.integers(0, len(lines) - 1))
        assume(other != place)
        lines[place], lines[other] = lines[other], lines[place]
    elif kind == "twice":
        lines.insert(place, lines[data.draw(st.integers(0, len(lines) - 1))])
    else:
        lines[place] = b"" if kind == "empty" else re.sub("\N{EM DASH} .*?=".encode(), b"", lines[place])
    return contents | {"checkpoints": b"".join(line + b"\n" for line in lines)}


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (flip, cut_bytes, remove, insert, reorder, replace, truncate, swap_files, edit_checkpoint)
}


def edited(logs: Logs, data: st.DataObject) -> str:
    """Lay an edited log out, and return the kind of its edit."""
    kind = data.draw(st.sampled_from([*EDITS, "fork"]))
    if kind == "fork":
        # Whoever holds the key writes another history, with checkpoints of its own.
        contents = dict(logs.others[data.draw(st.integers(0, FORKS - 1))])
        if data.draw(st.booleans()):
            contents["checkpoints"] = logs.contents["checkpoints"]
        if data.draw(st.booleans()):
            contents = EDITS["flip"](data, {name: part for name, part in contents.items() if part})
    else:
        contents = EDITS[kind](data, dict(logs.contents))
        assume(touches_what_is_covered(logs.contents, contents))
    laid_out(logs.place, contents)
    return kind


def is_found(logs: Logs) -> bool:
    """Whether verifying finds fault with the log as it lies there."""
    try:
        return bool(verified(logs.place, logs.exported).doubts)
    except Unfit:
        return True


def check(logs: Logs, data: st.DataObject) -> None:
    """An edit is found, twice."""
    kind = edited(logs, data)
    assert is_found(logs), kind
    assert not second_verifier.holds(logs.place, PER_FILE, str(KEY), [logs.exported]), kind
    logs.found[kind] += 1


SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def test_a_log_that_nobody_edited_holds(logs: Logs) -> None:
    laid_out(logs.place, logs.contents)
    report = verified(logs.place, logs.exported)
    assert (report.size, report.vouched, report.covered, report.doubts) == (LAST + 6, LAST, LAST, ())
    assert report.root == second_verifier.tree_hash(lines_of(logs.contents))
    assert second_verifier.holds(logs.place, PER_FILE, str(KEY), [logs.exported])


@settings(SETTINGS, max_examples=1_000)
@given(st.data())
def test_a_thousand_edits_are_found(logs: Logs, data: st.DataObject) -> None:
    check(logs, data)


@pytest.mark.deep
def test_ten_thousand_edits_are_found(logs: Logs) -> None:
    logs.found.clear()

    @settings(SETTINGS, max_examples=11_000)
    @given(st.data())
    def every(data: st.DataObject) -> None:
        check(logs, data)

    every()
    assert logs.found.total() >= 10_000
    # Two files can change places in a few ways only; of the others there are hundreds.
    assert min(logs.found[kind] for kind in [*EDITS, "fork"]) > 20


def test_without_comparing_roots_edits_are_missed(logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    missed: Counter[str] = Counter()

    def blind(_reading: _Reading, reached: Frontier, head: Head) -> bool:
        return reached.size == head.size

    monkeypatch.setattr(_Reading, "_agrees", blind)

    @settings(SETTINGS, max_examples=200)
    @given(st.data())
    def some(data: st.DataObject) -> None:
        kind = edited(logs, data)
        missed[kind] += not is_found(logs)

    some()
    assert missed["replace"] > 0
    assert missed["reorder"] > 0


def test_without_the_exported_checkpoint_another_history_is_not_found(logs: Logs) -> None:
    laid_out(logs.place, logs.others[0])
    assert verified(logs.place).doubts == ()
    assert [doubt.kind for doubt in verified(logs.place, logs.exported).doubts] == [Kind.OTHERWISE]


@pytest.mark.parametrize("place", range(0, LAST, 3))
def test_an_edited_entry_is_told_to_lie_between_two_checkpoints_and_no_other_is_doubted(place: int, logs: Logs) -> None:
    lines = lines_of(logs.contents)
    lines[place] = lines[place].replace(b"r-", b"s-")
    laid_out(logs.place, with_lines(logs.contents, lines))
    report = verified(logs.place, logs.exported)
    first = max((size for size in SIZES if size <= place), default=0)
    end = min(size for size in SIZES if size > place)
    assert report.doubts == (Doubt(first, end, Kind.CHANGED),)
    assert (report.vouched, report.size, report.root) == (LAST - (end - first), LAST + 6, None)


def test_a_removed_line_casts_no_doubt_on_what_follows(logs: Logs) -> None:
    name = f"{32:012}.jsonl"
    part = logs.contents[name].splitlines(keepends=True)
    laid_out(logs.place, logs.contents | {name: b"".join(part[:5] + part[6:])})
    assert verified(logs.place, logs.exported).doubts == (Doubt(17, 48, Kind.MISSING),)


def test_a_foreign_line_is_told_though_every_entry_is_there(logs: Logs) -> None:
    name = f"{32:012}.jsonl"
    laid_out(logs.place, logs.contents | {name: b"{}\n" + logs.contents[name]})
    assert verified(logs.place, logs.exported).doubts == (Doubt(32, 64, Kind.STRAY),)


def test_a_log_cut_back_with_its_checkpoints_is_missed_from_there(logs: Logs) -> None:
    rest = with_lines(logs.contents, lines_of(logs.contents)[:64])
    rest["checkpoints"] = b"".join(logs.contents["checkpoints"].splitlines(keepends=True)[:4])
    laid_out(logs.place, rest)
    assert verified(logs.place).doubts == ()
    report = verified(logs.place, logs.exported)
    assert (report.doubts, report.vouched, report.size) == ((Doubt(64, LAST, Kind.MISSING),), 64, 64)


def test_a_log_that_is_gone_is_missed(logs: Logs) -> None:
    laid_out(logs.place, {})
    assert verified(logs.place, logs.exported).doubts == (Doubt(0, LAST, Kind.MISSING),)


def test_an_end_behind_the_last_checkpoint_that_is_no_torn_one_is_told(logs: Logs) -> None:
    name = f"{96:012}.jsonl"
    part = logs.contents[name].splitlines(keepends=True)
    # The last entry is to say that those before it were on the disk.
    last = part[-1].replace(b'"durable":110', b'"durable":115')
    laid_out(logs.place, logs.contents | {name: b"".join([*part[:-3], b"{}\n", part[-2], last])})
    assert verified(logs.place, logs.exported).doubts == (Doubt(113, 116, Kind.UNREADABLE),)


def test_a_forged_checkpoint_is_told_by_its_line(logs: Logs) -> None:
    lines = logs.contents["checkpoints"].splitlines(keepends=True)
    lines[2] = lines[2].replace(b"\\n48\\n", b"\\n49\\n")
    laid_out(logs.place, logs.contents | {"checkpoints": b"".join(lines)})
    report = verified(logs.place, logs.exported)
    assert (report.doubts, report.vouched) == ((Doubt(2, 3, Kind.CHECKPOINT),), LAST)


def test_a_checkpoint_of_another_key_is_refused(logs: Logs) -> None:
    laid_out(logs.place, logs.contents)
    with pytest.raises(Unfit) as refused:
        verified(logs.place, logs.exported.replace(b"110", b"111"))
    assert refused.value.reason == "audit_checkpoint"
