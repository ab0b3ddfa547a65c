"""The walls of a command of the closed room, put up before it begins: the installation's own, and what its words name.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import os
import sys
import tempfile
import tomllib
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import JalostamoError, Objection, Refused
from jalostamo.confinement import Confined, Wall, enter
from jalostamo.doors.closed_room.opened_vault import KEY_FILE
from jalostamo.doors.home import Home, made
from jalostamo.doors.installation import refuse_other_user, sides_of
from jalostamo.doors.own_folder import own_folder
from jalostamo.doors.publishing import assets_folder
from jalostamo.doors.walls import HOUSE, declared_network, walls_of_closed_room, written_outside

_PATTERN: Final = frozenset("*?[")
_COMPILED: Final = "NUMBA_CACHE_DIR"
_ENGINE: Final = "JALOSTAMO_ENGINE"
_WRITTEN: Final[Mapping[str, frozenset[str]]] = {
    "anonymise": frozenset({"out", "report", "frontier", "page", "propose_catalogue", "notice", "releases"}),
    # The last two end what a run that was cut short began to write.
    "check-anonymity": frozenset({"report", "out"}),
    "attack": frozenset({"evidence", "out"}),
    "anonymity-page": frozenset({"out"}),
    "closed-room quality": frozenset({"out"}),
    "closed-room catalogue": frozenset({"out"}),
    "closed-room deficiencies": frozenset({"out"}),
    "closed-room keys": frozenset({"out", "key_file", "new_key_file"}),
}
"""The words of each command that name what it writes; what its other words name, it reads."""

_RETRIEVING: Final = frozenset({"closed-room run", "closed-room work", "closed-room cells"})
"""The commands of an installation that read registers, where that may be on a server."""

_KEEPING: Final = "closed-room deficiencies"
_BESIDE: Final = {"closed-room quality": "register", "closed-room keys": "certificate"}
"""The word of a command that names something of which it reads what lies beside it, too."""


@contextmanager
def within_walls(name: str, asked: Namespace) -> Iterator[None]:
    """Put up the walls of a command for good; what does not hold on this machine is told, and no reason to stop."""
    home = Home(asked.home) if "home" in asked else None
    if home is not None and sides_of(home) is not None:
        refuse_other_user(home, "closed")
        # What is let out is for the group of its readers.
        os.umask(0o027)
    if os.environ.get(_ENGINE, "duckdb") != "duckdb":
        _leave_to_spark(home)
        yield
        return
    if home is not None:
        walls = _walls_at(home, name)
        if name == _KEEPING:
            walls = replace(walls, scratch=(*walls.scratch, _of_deficiencies(home, asked)))
        _enter(name, _with_words(name, asked, walls))
        yield
        return
    with own_folder() as private:
        tempfile.tempdir = str(private)
        own = replace(HOUSE, scratch=(private,), cleared=(private.parent,), network=declared_network(_registers(asked)))
        _enter(name, _with_words(name, asked, own))
        yield


def _enter(name: str, walls: Confined) -> None:
    compiled = _place_of_compiled()
    held = enter(replace(walls, scratch=(*walls.scratch, *([compiled] if compiled else []))))
    lacking = [f"{each.wall.value} ({each.but})" for each in held if not each.holds and each.wall in _TOLD]
    if lacking:
        print(f"jalostamo {name}: not held on this machine: {'; '.join(lacking)}.", file=sys.stderr)


_TOLD: Final = frozenset({Wall.FILES, Wall.METADATA, Wall.NETWORK, Wall.OTHERS, Wall.SIGNALS, Wall.KERNEL})


def _place_of_compiled() -> Path | None:
    """Where loops are kept that were compiled: beside the code they could not be, which is there to be read alone."""
    try:
        above = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
        named = os.environ.setdefault(_COMPILED, str(above / "jalostamo" / "compiled"))
        Path(named).mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        # A user of the system's may have no folder of its own: then they are compiled anew each time.
        os.environ[_COMPILED] = tempfile.tempdir or ""
        return None
    return Path(named)


def _leave_to_spark(home: Home | None) -> None:
    """Spark is many processes on a network: within walls of one process it cannot run, and rows of others it may not have."""
    if home is not None:
        sentence = (
            f"Spark is no part of this closed room, which keeps no table that is not sealed: leave {_ENGINE} out."
        )
        raise Refused([Objection(sentence, "2.6")], reason="spark_not_declared")
    print("jalostamo: with Spark this command puts up no walls around itself.", file=sys.stderr)


def _walls_at(home: Home, name: str) -> Confined:
    """The closed room's own walls; what it is going to write in is made first, where it is no misspelt home."""
    if home.sources.is_dir():
        # A place that cannot be made is told by whoever needs it.
        with suppress(JalostamoError):
            made(home.closed, mode=0o700)
            for folder in written_outside(home):
                made(folder)
    walls = walls_of_closed_room(home, retrieves=name in _RETRIEVING)
    if key_file := os.environ.get(KEY_FILE):
        walls = replace(walls, scratch=(*walls.scratch, _above(Path(key_file))))
    # Whether what was destroyed is gone is looked for everywhere.
    return replace(walls, read=(*walls.read, home.orders.parent)) if name == "closed-room keys" else walls


def _of_deficiencies(home: Home, asked: Namespace) -> Path:
    folder = home.folder / "deficiencies"
    # A misspelt home is not made, and a place that cannot be made is told by whoever needs it.
    if home.folder.is_dir() or asked.by:
        with suppress(JalostamoError):
            made(folder, mode=0o700)
    return folder


def _with_words(name: str, asked: Namespace, walls: Confined) -> Confined:
    """Walls with what the words of a command name besides: to read, or to write into the folder in which it lies."""
    # What pages are drawn with is nobody's secret.
    read, scratch = [*walls.read, assets_folder()], list(walls.scratch)
    for word, path in _paths(asked):
        if word in _WRITTEN.get(name, ()):
            scratch += [path, _above(path)]
        elif word != "home":
            read += [path, *_named_in(path)]
        if word == _BESIDE.get(name):
            read.append(_above(path))
    return replace(walls, read=tuple(read), scratch=tuple(scratch), names=(*walls.names, *_looked_through(read)))


def _registers(asked: Namespace) -> list[Path]:
    """The register that a command without a home is asked about."""
    register = getattr(asked, "register", None)
    return [register] if isinstance(register, Path) else []


def _paths(asked: Namespace) -> Iterator[tuple[str, Path]]:
    for word, value in vars(asked).items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Path):
                yield word, each


def _above(path: Path) -> Path:
    """The folder in which a path lies; of several that are to be made, the one that is there."""
    return next(above for above in path.absolute().parents if above.is_dir())


def _looked_through(paths: list[Path]) -> Iterator[Path]:
    """The folders in which an engine looks names up: those above a name that could be a pattern."""
    for path in paths:
        yield from (part.parent for part in (path, *path.absolute().parents) if set(part.name) & _PATTERN)


def _named_in(path: Path, before: tuple[Path, ...] = ()) -> Iterator[Path]:
    """The folder of a recipe or a request, from which it names files, and those that it names elsewhere."""
    if path.suffix != ".toml" or path in before:
        return
    yield _above(path)
    if not path.is_file():
        return
    with suppress(OSError, ValueError):
        for word in _words_in(tomllib.loads(path.read_text(encoding="utf-8"))):
            named = path.parent / word
            with suppress(OSError, ValueError):
                if named.is_file():
                    yield named
                    yield from _named_in(named, (*before, path))


def _words_in(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for each in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from _words_in(each)
