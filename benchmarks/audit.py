"""The audit log: how many entries a second are on the disk when append returns, and how long verifying a million takes.

Beside each the physical limit, in the same run: bare writes with fdatasync, and bare SHA-256 over the same bytes.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from jalostamo.audit.acts import Act
from jalostamo.audit.entries import Entry, Placed
from jalostamo.audit.files import Files
from jalostamo.audit.log import Log
from jalostamo.audit.notes import public_of
from jalostamo.audit.verifying import verify
from jalostamo.concepts.roles import Role
from jalostamo.permits.signing import Ed25519Signer

PROMISED_SECONDS, PROMISED_RATE = 5.0, 300
AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SIGNER = Ed25519Signer.new("jalostamo/audit/benchmark")


def entry(number: int) -> Entry:
    """An entry of usual length."""
    digest = hashlib.sha256(b"%d" % number).hexdigest()
    return Entry(Act.EXTRACT_OPENED, AT, Role.ANONYMISATION_EXPERT, "aino", "case-1", f"r-{number}", objects=(digest,))


def bare_rate(folder: Path, number: int) -> float:
    """Writes of a line with fdatasync a second, and nothing else."""
    line = Placed(entry(1), 1, 1).written + b"\n"
    descriptor = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT)
    start = time.perf_counter()
    for place in range(number):
        os.pwrite(descriptor, line, place * len(line))
        os.fdatasync(descriptor)
    os.close(descriptor)
    return number / (time.perf_counter() - start)


def single_rate(folder: Path, number: int) -> float:
    """Appends a second from one thread, each on the disk before the next."""
    log = Log(Files(folder / "single"), SIGNER)
    start = time.perf_counter()
    for place in range(number):
        log.append(entry(place))
    return number / (time.perf_counter() - start)


def threaded_rate(folder: Path, number: int, threads: int) -> float:
    """Appends a second from many threads, which share their waiting for the disk."""
    log = Log(Files(folder / "threaded"), SIGNER)

    def append() -> None:
        for place in range(number // threads):
            log.append(entry(place))

    running = [threading.Thread(target=append) for _ in range(threads)]
    start = time.perf_counter()
    for each in running:
        each.start()
    for each in running:
        each.join()
    return number / (time.perf_counter() - start)


def grouped_rate(folder: Path, number: int, size: int) -> float:
    """Appends a second in groups of one size."""
    log = Log(Files(folder / "grouped"), SIGNER)
    groups = [[entry(place) for place in range(begin, begin + size)] for begin in range(0, number, size)]
    start = time.perf_counter()
    for group in groups:
        log.append_all(group)
    return number / (time.perf_counter() - start)


def verifying(folder: Path, number: int, every: int) -> tuple[float, float, float]:
    """CPU seconds and seconds of verifying, and CPU seconds of hashing the same bytes."""
    files = Files(folder / "large")
    log = Log(files, SIGNER)
    for begin in range(0, number, every):
        log.append_all([entry(place) for place in range(begin, min(begin + every, number))])
    cpu, start = time.process_time(), time.perf_counter()
    report = verify(files, public_of(SIGNER))
    spent = time.process_time() - cpu, time.perf_counter() - start
    assert (report.size, report.doubts) == (number, ()), "the log does not hold"
    lines = [line for path in sorted(files.folder.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    cpu = time.process_time()
    for line in lines:
        hashlib.sha256(line).digest()
    print(f"{number} entries, {report.checkpoints} checkpoints, {sum(map(len, lines)) / 1e6:.0f} MB", flush=True)
    return *spent, time.process_time() - cpu


def main() -> None:
    """Print both figures, each beside its limit."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, help="on the disk to be measured; nothing is left there")
    arguments.add_argument("--entries", type=int, default=1_000_000)
    arguments.add_argument("--appends", type=int, default=2_000)
    asked = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(dir=asked.folder))
    try:
        bare = bare_rate(folder, asked.appends)
        print(f"bare write and fdatasync: {bare:.0f} a second", flush=True)
        for name, rate in (
            ("one thread", single_rate(folder, asked.appends)),
            ("16 threads", threaded_rate(folder, asked.appends, 16)),
            ("groups of 100", grouped_rate(folder, 20 * asked.appends, 100)),
        ):
            print(f"durable appends, {name}: {rate:.0f} a second (promised {PROMISED_RATE}), {rate / bare:.2f} of bare")
        cpu, seconds, hashing = verifying(folder, asked.entries, 100)
        print(f"verifying: {seconds:.2f} s, {cpu:.2f} CPU s (promised {PROMISED_SECONDS} for a million)")
        print(f"bare SHA-256 of the same lines: {hashing:.2f} CPU s; verifying takes {cpu / hashing:.1f} times as long")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
