"""The forbidden acts on files; each does what it says, or is refused by an error.

An act ends without a word where it succeeded. It must be able to succeed where nothing is in its way, else it proves nothing.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

Targets = Mapping[str, str]
"""What an act needs to know: paths, ports, the number of the process that holds a secret and where in it the secret lies."""


class NotDoneError(Exception):
    """An act went through without having what it was after."""


def read(name: str) -> Callable[[Targets], None]:
    """Read a file, and find in it what was put there."""

    def act(targets: Targets) -> None:
        expect(Path(targets[name]).read_bytes(), targets)

    return act


def look_into(name: str) -> Callable[[Targets], None]:
    """List a folder."""

    def act(targets: Targets) -> None:
        if not os.listdir(targets[name]):  # noqa: PTH208  # names alone
            raise NotDoneError

    return act


def overwrite(name: str) -> Callable[[Targets], None]:
    """Write into a file."""

    def act(targets: Targets) -> None:
        with Path(targets[name]).open("r+b") as opened:
            opened.write(b"x")

    return act


def empty(name: str) -> Callable[[Targets], None]:
    """Cut a file to nothing."""
    return lambda targets: os.truncate(targets[name], 0)


def remove(name: str) -> Callable[[Targets], None]:
    """Remove a file."""
    return lambda targets: Path(targets[name]).unlink()


def rename(name: str) -> Callable[[Targets], None]:
    """Give a file another name in its folder."""

    def act(targets: Targets) -> None:
        path = Path(targets[name])
        path.rename(path.with_name("renamed"))

    return act


def put_into(name: str) -> Callable[[Targets], None]:
    """Make a new file in a folder."""
    return lambda targets: (Path(targets[name]) / "put").touch()


def change_mode(name: str) -> Callable[[Targets], None]:
    """Open a file to everyone."""
    return lambda targets: Path(targets[name]).chmod(0o666)


def change_times(name: str) -> Callable[[Targets], None]:
    """Make a file look older than it is."""
    return lambda targets: os.utime(targets[name], (1, 1))


def link_symbolically(name: str) -> Callable[[Targets], None]:
    """Leave a link among the results that leads to another file."""
    return lambda targets: (Path(targets["results"]) / "link").symlink_to(targets[name])


def link_hard(name: str) -> Callable[[Targets], None]:
    """Leave a second name of another file among the results."""
    return lambda targets: (Path(targets["results"]) / "name").hardlink_to(targets[name])


def move_in(name: str) -> Callable[[Targets], None]:
    """Put a file of one's own in the place of another."""

    def act(targets: Targets) -> None:
        own = Path(targets["scratch"]) / "own"
        own.write_bytes(b"other")
        own.replace(targets[name])

    return act


def make_pipe(targets: Targets) -> None:
    """Leave a pipe among the results, on which a reader would wait for ever."""
    os.mkfifo(Path(targets["results"]) / "pipe")


def round_about(targets: Targets) -> None:
    """Reach another permit's release from one's own by dots."""
    own, other = Path(targets["own_table"]), Path(targets["other_table"])
    expect((own.parent / ".." / ".." / other.relative_to(own.parents[2])).read_bytes(), targets)


def through_root(targets: Targets) -> None:
    """Reach a file through the root of another process."""
    expect(Path(f"/proc/{targets['victim']}/root{targets['vault']}").read_bytes(), targets)


def through_descriptor(targets: Targets) -> None:
    """Open for writing what is open for reading."""
    with Path(targets["own_table"]).open("rb") as opened:
        again = os.open(f"/proc/self/fd/{opened.fileno()}", os.O_WRONLY)
    os.close(again)


def expect(found: bytes, targets: Targets) -> None:
    """Go on only if what was put there is in what was found."""
    if targets["canary"].encode() not in found:
        raise NotDoneError
