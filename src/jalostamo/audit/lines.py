"""The lines of a log as they are found in its files: by their places, or by their own numbers where a file is in disorder.

Handbook 2.6.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from jalostamo.audit.files import Files, read_from

# Nothing else in a line of ours has this form: its other texts come from closed lists, and none holds a quote.
_NUMBER: Final = re.compile(rb'"sequence":(\d{1,18})[,}]')

_sha256 = hashlib.sha256


class Lines:
    """The lines of a log up to the lengths that its files had at one moment; asked for in their order, a file at a time."""

    def __init__(self, files: Files, lengths: Sequence[int]) -> None:
        self.files, self._lengths = files, lengths
        self._file = -1
        self._lines: list[bytes] = []
        self._numbers: list[int] | None = None
        self._ends: list[int] = []
        self._unfinished = b""
        self.strays: list[int] = []
        """The first numbers of files that hold lines which are none of theirs."""

    @property
    def size(self) -> int:
        """How many entries there would be, judged by the files and the lines of the last one."""
        if not self._lengths:
            return 0
        self._load(len(self._lengths) - 1)
        return (len(self._lengths) - 1) * self.files.per_file + len(self._lines)

    def leaves(self, first: int, end: int) -> list[bytes]:
        """The hashes of the lines from number `first` up to, and without, `end`; fewer where some are missing."""
        per_file = self.files.per_file
        found: list[bytes] = []
        for file in range(first // per_file, min(-(-end // per_file), len(self._lengths))):
            self._load(file)
            begin = file * per_file
            lines = self._between(max(first, begin), min(end, begin + per_file))
            # Written out: a call for each leaf would take half as long again.
            found += [_sha256(b"\0" + line).digest() for line in lines]
        return found

    def begins(self, size: int) -> int | None:
        """Where, in its file, the line of that number begins; None where the file is in disorder."""
        inside = size % self.files.per_file
        if not inside:
            return 0
        self._load(size // self.files.per_file)
        return None if self._numbers is not None else self._ends[inside - 1]

    def disorder(self, number: int) -> None:
        """From now on go by the numbers in the lines of the file that has this one: their places have proved wrong."""
        file = number // self.files.per_file
        if file < len(self._lengths):
            self._load(file)
            self._numbers = self._numbers or _numbers(self._lines)

    def tail(self, size: int) -> bytes:
        """What stands in the file of number `size` from that on, with a last line that was not finished."""
        file = size // self.files.per_file
        if file >= len(self._lengths):
            return b""
        self._load(file)
        lines = self._lines[size % self.files.per_file :]
        if self._numbers is not None:
            last = max((place for place, number in enumerate(self._numbers) if number < size), default=-1)
            lines = self._lines[last + 1 :]
        return b"".join(line + b"\n" for line in lines) + self._unfinished

    def _between(self, first: int, end: int) -> list[bytes]:
        begin = self._file * self.files.per_file
        if self._numbers is None:
            return self._lines[first - begin : end - begin]
        return [line for number, line in zip(self._numbers, self._lines, strict=True) if first <= number < end]

    def _load(self, file: int) -> None:
        if file == self._file:
            return
        self._file, self._numbers = file, None
        begin = file * self.files.per_file
        *self._lines, self._unfinished = read_from(self.files.entries(begin), 0)[: self._lengths[file]].split(b"\n")
        self._ends = list(accumulate(len(line) + 1 for line in self._lines))
        last = file == len(self._lengths) - 1
        short = len(self._lines) < self.files.per_file or self._unfinished
        if len(self._lines) > self.files.per_file or (short and not last):
            self._numbers = _numbers(self._lines)
            if self._unfinished or any(not begin <= n < begin + self.files.per_file for n in self._numbers):
                self.strays.append(begin)


def _numbers(lines: Sequence[bytes]) -> list[int]:
    """The number that each line says it has, -1 where it says none."""
    found = (_NUMBER.search(line) for line in lines)
    return [int(each[1]) if each else -1 for each in found]
