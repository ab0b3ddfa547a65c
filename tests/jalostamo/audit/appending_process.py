"""Appends entries to a log and prints each run once its entry is acknowledged; a test kills it, or gives it no room."""

from __future__ import annotations

import argparse
import resource
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from tests.jalostamo.audit.sample_logs import entry, log_in

from jalostamo.audit.files import Files
from jalostamo.concepts.errors import JalostamoError


def main() -> None:
    """Append, and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("name")
    parser.add_argument("entries", type=int)
    parser.add_argument("--most-bytes", type=int)
    parser.add_argument("--unlocked", action="store_true")
    asked = parser.parse_args()
    if asked.unlocked:
        Files.locked = lambda _files, *, alone: nullcontext()  # type: ignore[method-assign]  # the protection removed
    if asked.most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked.most_bytes, asked.most_bytes))
    log = log_in(asked.folder)
    try:
        for number in range(asked.entries):
            receipt = log.append(replace(entry(1), run=f"{asked.name}-{number}"))
            print(f"{asked.name}-{number} {receipt.sequence}", flush=True)
    except JalostamoError as error:
        print(error.reason, flush=True)


if __name__ == "__main__":
    main()
