"""The door of the closed room: the one process that may see persons; it gives releases, and profiles without a value.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.home import Home, alone, made
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

if TYPE_CHECKING:
    from jalostamo.managing.profiling import FieldProfile
    from jalostamo.managing.sensitive.combinability import RegisterMatch
    from jalostamo.managing.sensitive.corridor import Refined, Rooms
    from jalostamo.managing.sensitive.retrieval import Survey


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("request", metavar="REQUEST.toml", type=Path, help="which fields, linked and prepared how")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where sources and releases are")


def _run(asked: Namespace, progress: Progress) -> Account:
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.engine.connection import open_engine
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.requests import read_request
    from jalostamo.managing.sensitive.corridor import Rooms, refine

    check_versions()
    request, home = read_request(asked.request), Home(asked.home)
    rooms, workspace = Rooms(home.delivered(), home.private("vault"), made(home.releases)), home.private("workspace")
    progress.step("waiting for the closed room")
    with alone(home.closed, doing="at work in this closed room"):
        _clear_away(rooms, workspace)
        with (
            tempfile.TemporaryDirectory(prefix="run-", dir=workspace) as folder,
            open_engine(workspace=Path(folder)) as engine,
        ):
            refined = refine(engine, request, rooms, progress=progress.step)
    return _account(refined)


def _clear_away(rooms: Rooms, workspace: Path) -> None:
    """Destroy what runs that were killed left behind: nobody else is at work, so whatever lies there is nobody's."""
    from jalostamo.managing.sensitive.corridor import ROWS

    half_released = rooms.releases.glob("*/.*/")
    for folder in (*workspace.glob("*/"), *rooms.vault.glob(f"*/{ROWS}/"), *half_released):
        shutil.rmtree(folder)


def _account(refined: Refined) -> Account:
    release, prepared = refined.release, refined.prepared
    extracts = [
        f"Retrieved {e.manifest.content['loaded']:,} of {e.manifest.content['records']:,} records of {e.source.register}."
        for e in refined.extracts
    ]
    report = refined.linked.report
    linked = [_match(match) for match in report.joined] if report else []
    alike = ", ".join(f"{count} {unit}s" for unit, count in prepared.smallest.items())
    left_out = (
        f"Released {prepared.released:,} customers, left out {prepared.suppressed:,} with fewer than {prepared.k} alike"
    )
    return Account(
        (
            *extracts,
            *linked,
            f"{left_out} (smallest class: {alike}).",
            f"Release {release.folder.name} of class '{prepared.data_class.value}': not anonymous; its key is destroyed.",
        ),
        {"release": str(release.folder), "digest": release.digest, "released": prepared.released},
    )


def _match(match: RegisterMatch) -> str:
    invalid = match.codes - match.valid
    return (
        f"Linked {match.register}: {match.matched:,} of {match.codes:,} identity codes found; {invalid:,} not valid, "
        f"{match.unmatched:,} unknown, of which {match.look_alikes:,} differ from a person's by the sign alone."
    )


_HEADINGS: Final = ("field", "sensitivity", "missing", "distinct", "from-to", "looks like")


def _add_profile_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("register", metavar="DIR", type=Path, help="the folder of a register, with its register.toml")


def _run_profile(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.connection import open_engine
    from jalostamo.managing.sensitive.retrieval import survey

    progress.step("reading the register")
    with tempfile.TemporaryDirectory(prefix="jalostamo-") as folder, open_engine(workspace=Path(folder)) as engine:
        surveys = survey(engine, asked.register)
    sentences = tuple(line for found in surveys for line in _told(found))
    return Account(sentences, {"tables": [asdict(found) for found in surveys]})


def _told(found: Survey) -> list[str]:
    read = f"{found.table}: {found.loaded:,} of {found.records:,} records read as described."
    return [read, *found.rejections, *_columns([_HEADINGS, *(_row(field) for field in found.profile)])]


def _row(field: FieldProfile) -> tuple[str, ...]:
    share = field.missing / field.records if field.records else 0.0
    kind = field.sensitivity.value.replace("_", " ")
    looks = ", ".join(name.replace("_", " ") for name in field.suspected) or "-"
    return (field.field, kind, f"{share:.1%}", f"{field.distinct:,}", field.range or "-", looks)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


_PROFILE: Final = Command(
    name="closed-room profile",
    purpose="Tell what a register is like, field by field, without showing a value of it.",
    example="jalostamo closed-room profile town/sources/population",
    add_arguments=_add_profile_arguments,
    run=_run_profile,
)


COMMANDS: Final = {
    "run": Command(
        name="closed-room run",
        purpose="Run a request through the closed room: retrieve, link, prepare, validate, admit.",
        example="jalostamo closed-room run request.toml --home town",
        add_arguments=_add_arguments,
        run=_run,
    ),
    "profile": _PROFILE,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command of this room and return its exit code."""
    name, *rest = (sys.argv[1:] if words is None else words) or [""]
    if name in {"--help", "-h"}:
        listed = "\n".join(f"  {command.name}: {command.purpose}" for command in COMMANDS.values())
        print(f"The closed room's commands, each with --help of its own:\n\n{listed}")
        return 0
    if name not in COMMANDS:
        print(f"jalostamo: the closed room has no such command; it has {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return run(COMMANDS[name], rest)


if __name__ == "__main__":
    sys.exit(main())
