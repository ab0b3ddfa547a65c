"""The command `job`: one analysis on one release, in a child that has this release to read and a folder for its results.

What comes back are files of the results' folder, taken over one by one; how it ended is one word.

Handbook 2.6 (the non-sensitive environment) and phase 7.
"""

from __future__ import annotations

import os
import shutil
import stat
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.doors.own_folder import own_folder
from jalostamo.doors.people import OWN_KEY, key_of
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.confinement import Confined, Ended

_MODULE: Final = "jalostamo.doors.job_lanes"
_ADDRESSES: Final = 4 * 2**30
"""Bytes of addresses above the memory that is asked: libraries reserve much and use little."""

_MIB: Final = 2**20
_PROCESSES_OF_R: Final = 8
_MOST_FILES: Final = 64
SAID: Final = "said.txt"
MARKING: Final = "marking.txt"
RSCRIPTS: Final = ("/usr/bin/Rscript", "/usr/local/bin/Rscript")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("release", metavar="RELEASE", type=Path, help="the folder of the release that it may read")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--definition", metavar="FILE.toml", type=Path, help="the questions of a definition")
    asked.add_argument("--select", metavar="FILE.sql", type=Path, help="one SELECT on the tables of the release")
    asked.add_argument("--python", metavar="FILE", type=Path, help="a notebook (.ipynb) or a script (.py)")
    asked.add_argument("--r", metavar="FILE.R", type=Path, help="a script of R, where R is installed")
    parser.add_argument("--out", metavar="FOLDER", type=Path, required=True, help="the folder of results to make")
    parser.add_argument("--own-key", metavar="FILE", type=Path, help=OWN_KEY)
    parser.add_argument("--seconds", metavar="N", type=int, default=300, help="how long it may take (300)")
    parser.add_argument("--memory", metavar="MIB", type=int, default=2048, help="how much it may hold at once (2048)")
    parser.add_argument("--output", metavar="MIB", type=int, default=256, help="how much it may write (256)")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.confinement import Ending

    kind, file = next((kind, path) for kind in ("definition", "select", "python", "r") if (path := vars(asked)[kind]))
    _check(asked, kind, file)
    progress.step("running the job")
    with own_folder() as private:
        ended = _ended(asked, kind, file, private)
        asked.out.mkdir(mode=0o700)
        (asked.out / SAID).write_bytes(ended.said)
        # What a cell that failed had given before is its people's, too; of a job that was ended nothing is taken over.
        took = ended.ending in {Ending.DONE, Ending.REFUSED}
        files = sorted(taken(private / "results", asked.out, most=asked.output * _MIB)) if took else []
        marked = _mark(asked.release, asked.out)
        if ended.ending is not Ending.DONE:
            raise _refusal(ended, asked)
    held = {each.wall.value: list(each.by) or [each.but] for each in ended.held}
    return Account(
        (f"The job is done: {len(files)} files of results in {asked.out.name}.",),
        {**marked, "ending": ended.ending.value, "files": files, "held": held},
    )


def _mark(release: Path, out: Path) -> Mapping[str, str]:
    """Stamp what a job on a synthetic twin left, whatever the job was: outside the folder that it could write."""
    from jalostamo.managing.nonsensitive.releases import stamp_of

    if stamp := stamp_of(release):
        (out / MARKING).write_text(f"{stamp['marking']}\n", encoding="utf-8")
    return stamp


def _check(asked: Namespace, kind: str, file: Path) -> None:
    from jalostamo.managing.nonsensitive.envelopes import ENVELOPES

    if not file.is_file():
        raise Misused(f"{file.name} is missing: it says what the job is to do.", reason="job_missing")
    if not (asked.release / "manifest.json").is_file():
        raise Misused(f"'{asked.release.name}' is no release: it has no manifest.json.", reason="release_missing")
    if asked.out.exists() or not asked.out.absolute().parent.is_dir():
        raise Misused(f"'{asked.out.name}' exists, or lies in no folder: name a new one.", reason="out_exists")
    if min(asked.seconds, asked.memory, asked.output) < 1:
        raise Misused("A job has at least a second, and a MiB to hold and to write.", reason="job_limits")
    if kind == "r" and not _has_r():
        raise Misused("R is not installed on this machine.", reason="r_missing")
    if kind == "r" and (asked.release / ENVELOPES).is_file():
        raise Misused("R reads no sealed release: ask it in Python, or by a SELECT.", reason="r_sealed")


def _has_r() -> bool:
    return any(Path(path).is_file() for path in RSCRIPTS)


def _ended(asked: Namespace, kind: str, file: Path, private: Path) -> Ended:
    from jalostamo.confinement import Allowance, run_confined

    results, scratch, put = private / "results", private / "scratch", private / "asked"
    for folder in (results, scratch, put):
        folder.mkdir(mode=0o700)
    copy = put / file.name
    shutil.copyfile(file, copy)
    release, processes = asked.release.resolve(), _PROCESSES_OF_R if kind == "r" else 0
    words = [kind, str(release), str(copy), str(results), str(scratch)]
    allowance = Allowance(
        seconds=asked.seconds,
        memory=asked.memory * _MIB,
        # It works in a copy of the release, which is larger than the release's own packed files.
        output=asked.output * _MIB + 20 * _size_of(release),
        processes=processes,
    )
    key = key_of(release, asked.own_key)
    told = f"{key.written()}\n".encode() if key else b""
    return run_confined(_MODULE, words, walls_of_job(asked, release, copy, private, processes), allowance, told=told)


def walls_of_job(asked: Namespace, release: Path, copy: Path, private: Path, processes: int) -> Confined:
    """What a job may have: its release and what it was asked to read, results to write, and a folder to work in."""
    from jalostamo.confinement import Confined

    return Confined(
        read=(release, copy),
        write=(private / "results",),
        scratch=(private / "scratch",),
        memory=asked.memory * _MIB + _ADDRESSES,
        cpu_seconds=2 * asked.seconds + 1,
        output=asked.output * _MIB + 20 * _size_of(release),
        processes=processes,
    )


def _size_of(release: Path) -> int:
    return sum(path.stat().st_size for path in release.iterdir() if path.is_file())


def _refusal(ended: Ended, asked: Namespace) -> JalostamoError:
    from jalostamo.confinement import Ending

    match ended.ending:
        case Ending.TIME:
            return Unfit(f"The job took more than its {asked.seconds} seconds.", reason="job_time")
        case Ending.MEMORY:
            return Unfit(f"The job needed more than its {asked.memory} MiB of memory.", reason="job_memory")
        case Ending.OUTPUT:
            return Unfit(f"The job wrote more than its {asked.output} MiB, or too many files.", reason="job_output")
        case Ending.PROCESSES:
            return Unfit("The job started more processes than it may.", reason="job_processes")
        case Ending.NOT_CONFINED:
            return Misused("This machine cannot confine a job, so that none is run.", reason="job_not_confined")
        case Ending.REFUSED:
            return Misused(f"The job was refused: {SAID} in its folder says why.", reason="job_refused")
    return Unfit(f"The job ended before its end: {SAID} in its folder holds what it said.", reason="job_crashed")


def taken(results: Path, out: Path, *, most: int) -> Iterator[str]:
    """Take over the files that a job left; a link, a folder or anything but a plain file is none."""
    left = most
    for number, name in enumerate(sorted(os.listdir(results))):  # noqa: PTH208  # names alone
        with _plain(results / name) as opened:
            left -= os.fstat(opened.fileno()).st_size
            if left < 0 or number >= _MOST_FILES:
                raise Unfit("The job left too much, or too many files.", reason="job_results")
            with (out / name).open("xb") as written:
                shutil.copyfileobj(opened, written)
        yield name


def _plain(path: Path) -> BinaryIO:
    """A file that a job left, opened if it is a plain file of its own."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise _no_file() from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        os.close(descriptor)
        raise _no_file()
    return os.fdopen(descriptor, "rb")


def _no_file() -> Unfit:
    return Unfit("The job left something that is no plain file of its own.", reason="job_results")


COMMAND: Final = Command(
    name="open-room job",
    purpose="Run one analysis on one release, in a process that can reach nothing else.",
    example="jalostamo open-room job town/exchange/releases/pilot/0123456789abcdef --select ages.sql --out results/ages",
    add_arguments=_add_arguments,
    run=_run,
)
