"""A log in XES is read event by event, as it stands, and opens nothing but itself."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.xes import write_events

SECRET = "010190-900A"
TRACE = """  <trace>
    <string key="concept:name" value="1"/>
    <event>
      <string key="concept:name" value="A"><string key="inner" value="x"/></string>
      <int key="number" value="7"/>
    </event>
  </trace>
"""


def events(folder: Path, log: str, *kept: str) -> list[dict[str, object]]:
    """Read a log and list its events."""
    (folder / "log.xes").write_text(log)
    write_events(folder / "log.xes", folder / "events.parquet", kept=kept)
    return pyarrow.parquet.read_table(folder / "events.parquet").to_pylist()


def refusal(path: Path) -> Unfit:
    """Read a log that is unfit and return what is said, which repeats nothing of what it holds."""
    with pytest.raises(Unfit) as refused:
        write_events(path, path.with_suffix(".parquet"), kept=["case:concept:name", "concept:name"])
    assert SECRET not in refused.value.sentence
    return refused.value


def test_events_carry_their_own_attributes_and_those_of_their_trace(tmp_path: Path) -> None:
    log = f'<?xml version="1.0"?>\n<log xmlns="http://www.xes-standard.org/">\n{TRACE}{TRACE}</log>'
    assert events(tmp_path, log, "case:concept:name", "concept:name", "number") == [
        {"record_": 1, "line_": 5, "case:concept:name": "1", "concept:name": "A", "number": "7"},
        {"record_": 2, "line_": 12, "case:concept:name": "1", "concept:name": "A", "number": "7"},
    ]


def test_attributes_within_attributes_are_not_the_events(tmp_path: Path) -> None:
    assert write_events_names(tmp_path, f"<log>{TRACE}</log>") == {"case:concept:name", "concept:name", "number"}


def write_events_names(folder: Path, log: str) -> frozenset[str]:
    """Read a log and return the names of its attributes."""
    (folder / "log.xes").write_text(log)
    return write_events(folder / "log.xes", folder / "events.parquet", kept=[])


def test_what_the_log_says_of_itself_belongs_to_no_event(tmp_path: Path) -> None:
    head = '<global scope="event"><string key="concept:name" value="none"/></global><string key="source" value="x"/>'
    (event,) = events(tmp_path, f"<log>{head}{TRACE}</log>", "concept:name", "source")
    assert (event["concept:name"], event["source"]) == ("A", None)


def test_an_attribute_of_one_trace_does_not_stay_for_the_next(tmp_path: Path) -> None:
    log = '<log><trace><string key="a" value="1"/><event/></trace><trace><event/></trace></log>'
    assert [event["case:a"] for event in events(tmp_path, log, "case:a")] == ["1", None]


def test_events_outside_any_trace_are_read_too(tmp_path: Path) -> None:
    log = '<log><event><string key="a" value="1"/></event><event><string key="a" value=""/></event></log>'
    assert [event["a"] for event in events(tmp_path, log, "a")] == ["1", None]


def test_a_name_space_may_have_a_prefix(tmp_path: Path) -> None:
    log = '<x:log xmlns:x="urn:x"><x:trace><x:event><x:string key="a" value="1"/></x:event></x:trace></x:log>'
    assert [event["a"] for event in events(tmp_path, log, "a")] == ["1"]


def test_batches_follow_one_another_without_loss(tmp_path: Path) -> None:
    many = "".join(f'<event><int key="n" value="{number}"/></event>' for number in range(1, 120_001))
    read = events(tmp_path, f"<log><trace>{many}</trace></log>", "n")
    assert [(event["record_"], event["n"]) for event in read] == [(n, str(n)) for n in range(1, 120_001)]


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("", "line 1: the file is not whole, or not XML"),
        ("client,service\n", "line 1: the file is not whole, or not XML"),
        (f"<log>\n{TRACE}", "line 9: the file is not whole, or not XML"),
        (f'<log>\n<trace>\n<event name="{SECRET}"></trace></log>', "line 3: the file is not whole, or not XML"),
        (f"<html>{SECRET}</html>", "line 1: the file does not begin as a log"),
        (f'<!DOCTYPE log [<!ENTITY a "{SECRET}">]>\n<log/>', "line 1: the file declares a document type"),
    ],
    ids=["empty", "text", "cut", "crossed", "web-page", "entity"],
)
def test_a_file_that_is_no_whole_log_is_told_by_its_line(log: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(log)
    unfit = refusal(path)
    assert unfit.sentence.startswith(f"log.xes, {said}")
    assert unfit.exit_code == 4


def test_an_external_entity_is_never_resolved(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    path = tmp_path / "log.xes"
    path.write_text(
        f'<!DOCTYPE log [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>'
        '<log><trace><event><string key="concept:name" value="&s;"/></event></trace></log>'
    )
    assert refusal(path).reason == "xes_form"


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_compressed_log_that_was_cut_is_unfit(kept: float, tmp_path: Path) -> None:
    whole = gzip.compress(f"<log>{TRACE * 50}</log>".encode())
    path = tmp_path / "log.xes.gz"
    path.write_bytes(whole[: int(len(whole) * kept)])
    assert refusal(path).reason in {"gzip_form", "xes_form"}


def test_a_compressed_log_that_was_damaged_is_unfit(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(f"<log>{TRACE * 50}</log>".encode()))
    whole[len(whole) // 2] ^= 0xFF
    path = tmp_path / "log.xes.gz"
    path.write_bytes(whole)
    assert refusal(path).reason == "gzip_form"


def test_a_plain_log_that_is_called_compressed_is_unfit(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_text(f"<log>{TRACE}</log>")
    assert refusal(path).reason == "gzip_form"


@pytest.mark.parametrize(
    "trace",
    [
        '<event><string key="concept:name" value="A"/><string key="concept:name" value="B"/></event>',
        '<string key="concept:name" value="1"/><string key="concept:name" value="2"/><event/>',
        '<string key="concept:name" value="1"/><event><string key="case:concept:name" value="2"/></event>',
    ],
    ids=["event", "trace", "both"],
)
def test_two_attributes_of_one_name_are_refused(trace: str, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(f"<log><trace>{trace}</trace></log>")
    assert refusal(path).reason == "column_doubled"


def test_an_attribute_of_a_trace_after_its_events_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text('<log><trace><event/><string key="concept:name" value="1"/></trace></log>')
    assert "after its events" in refusal(path).sentence


@pytest.mark.slow
def test_a_long_log_takes_the_memory_of_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    with gzip.open(path, "wt", compresslevel=1) as log:
        log.write("<log>")
        for _ in range(10):
            log.write(TRACE * 40_000)
        log.write("</log>")
    program = (
        "import resource, sys; from pathlib import Path; from jalostamo.managing.xes import write_events\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "write_events(Path(sys.argv[1]), Path(sys.argv[2]), kept=['concept:name'])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path), str(tmp_path / "events.parquet")],
        capture_output=True,
        text=True,
        check=True,
    )
    kilobytes = int(run.stdout)
    # 400,000 events as Python values would take some hundreds of megabytes.
    assert kilobytes < 100_000
