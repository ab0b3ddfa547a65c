"""The command `why-changed`: why two results of one definition differ, part by part, as far as can be told.

Handbook 2.3 (repeatability) and 2.4 (the quality of source data).
"""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command
from jalostamo.storage.places import check_place, write_whole

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings
    from jalostamo.producing.changes.records import Extract
    from jalostamo.producing.changes.splitting import Changes

_DAY: Final = datetime.timedelta(days=1)
_EPOCH: Final = datetime.date(1970, 1, 1)
_RECORDS: Final = {
    "recoded": "recoded",
    "removed": "removed",
    "corrected": "corrected",
    "late": "late",
    "late_or_corrected": "late or corrected, which cannot be told apart",
    "new_period": "of a new period",
    "period_left": "of a period that is no longer told of",
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD.json", type=Path, help="the older findings")
    parser.add_argument("new", metavar="NEW.json", type=Path, help="the newer findings of the same file")
    parser.add_argument("--definition", metavar="ANALYSIS.toml", type=Path, help="that file, with its section [log]")
    parser.add_argument("--old-log", metavar="LOG", type=Path, help="what the older findings are of")
    parser.add_argument("--new-log", metavar="LOG", type=Path, help="what the newer findings are of")
    parser.add_argument(
        "--recorded", metavar="COL", help="the column of both logs that tells when a record was written"
    )
    parser.add_argument("--record", metavar="COL", help="the column of both logs that is a record's own key")
    parser.add_argument("--codes", metavar="CODES.csv", type=Path, help="codes that changed: columns old and new")
    parser.add_argument(
        "--until", metavar="DAY", help="the last day that the older log tells of (that of its last record)"
    )
    parser.add_argument("--out", metavar="CHANGES.json", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions

    check_versions()
    check_place(asked.out, force=asked.force)
    results = _findings(asked.old), _findings(asked.new)
    logs = (asked.definition, asked.old_log, asked.new_log)
    if any(logs) and not all(logs):
        raise Misused(
            "Records are compared with --definition, --old-log and --new-log together.", reason="logs_incomplete"
        )
    changes = _split(asked, results, progress) if all(logs) else _alone(results)
    write_whole(asked.out, changes.written, force=asked.force)
    return _account(changes, asked)


def _findings(path: Path) -> Findings:
    from jalostamo.producing.analyses.findings import findings_from

    try:
        return findings_from(json.loads(path.read_bytes()))
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="file_unreadable") from None
    except ValueError:
        raise Unfit(f"{path.name} is no JSON: make it anew with `analyse`.", reason="findings_unread") from None


def _alone(results: tuple[Findings, Findings]) -> Changes:
    from jalostamo.producing.changes.splitting import seen_alone
    from jalostamo.utilising.disclosure.noise import noise_table

    noise = results[0].facts.get("noise")
    return seen_alone(*results, variance=noise_table(str(noise)).variance if noise else None)


def _split(asked: Namespace, results: tuple[Findings, Findings], progress: Progress) -> Changes:
    from jalostamo.managing.manifests import digest_of
    from jalostamo.producing.analyses.asked import read_analysis
    from jalostamo.producing.changes.splitting import split

    analysis = read_analysis(asked.definition)
    if analysis.digest != results[0].definition or analysis.log is None:
        raise Misused(
            f"The findings are not of {asked.definition.name} and a log of one's own: take the file that they were made with.",
            reason="analysis_other",
        )
    for path, findings in zip((asked.old_log, asked.new_log), results, strict=True):
        if digest_of(path) != findings.source:
            raise Misused(
                f"{path.name} is not the log that its findings are of, as it was then.", reason="source_other"
            )
    codes, until = _codes(asked.codes), _until(asked.until)
    with own_engine(analysis.log.writing.timezone) as engine:
        progress.step("reading the logs")
        extracts = tuple(_extract(engine, path, analysis, asked) for path in (asked.old_log, asked.new_log))
        return split(
            engine,
            analysis,
            results,
            extracts=(extracts[0], extracts[1]),
            codes=codes,
            until=until,
            progress=progress.step,
        )


def _extract(engine: Engine, path: Path, analysis: Analysis, asked: Namespace) -> Extract:
    """A log with what is known of its records: their own keys, and when they were written, each read as a log reads it."""
    from jalostamo.managing.logs import LogColumns, LogFile, read_log
    from jalostamo.producing.changes.records import RECORD, RECORDED, Extract

    told = analysis.log
    assert told is not None
    file = LogFile(path, told.writing, told.time_format)
    records = read_log(engine, file, LogColumns(told.case, told.activity, told.time, told.group))
    if asked.record or asked.recorded:
        columns = LogColumns(told.case, asked.record or told.activity, asked.recorded or told.time)
        with _told_as_known():
            known = read_log(engine, file, columns)
        own = {RECORD: known.activity} if asked.record else {}
        when = {RECORDED: known.time} if asked.recorded else {}
        records = records.inner_join(known.select("row", **own, **when), "row")
    return Extract(records)


@contextmanager
def _told_as_known() -> Iterator[None]:
    """Say of what was read in the place of an activity and a time that it is a record's own key, and when it was written."""
    try:
        yield
    except Unfit as unfit:
        raise Unfit(f"Read by --record and --recorded: {unfit.sentence}", reason=unfit.reason) from None


def _codes(path: Path | None) -> list[tuple[str, str]]:
    import csv

    if path is None:
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(row["old"], row["new"]) for row in csv.DictReader(file)]
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="file_unreadable") from None
    except (KeyError, ValueError):
        raise Unfit(f"{path.name} has a header with the columns old and new.", reason="codes_form") from None


def _until(day: str | None) -> int | None:
    """The last microsecond of a day."""
    if day is None:
        return None
    try:
        after = datetime.date.fromisoformat(day) + _DAY
    except ValueError:
        raise Misused("--until is a day, such as 2026-12-31.", reason="usage") from None
    return (after - _EPOCH).days * 86_400_000_000 - 1


def _account(changes: Changes, asked: Namespace) -> Account:
    figures = changes.figures
    sentences = [f"Figures that differ: {len(figures):,}."]
    if changes.records:
        told = [f"{changes.records[name]:,} {word}" for name, word in _RECORDS.items() if changes.records[name]]
        moved = ", in another order" if figures else ""
        sentences.append(f"Records: {', '.join(told)}." if told else f"Records: all as they were{moved}.")
    elif changes.noise is None:
        sentences.append("Why cannot be told without their logs: --definition, --old-log and --new-log.")
    else:
        beyond = sum(changes.is_beyond_noise(change) is True for change in figures)
        sentences.append(
            f"Beyond the noise: {beyond:,}. Noise alone gives a difference of counts a standard deviation of "
            f"{changes.noise:.1f}; why the rest differs, printed cells do not tell."
        )
    return Account(
        (*sentences, f"Written to {asked.out.name}."),
        {"figures": len(figures), "records": dict(changes.records), "noise": changes.noise},
    )


COMMAND: Final = Command(
    name="why-changed",
    purpose="See why two results of one definition differ: code lists, corrections, late records, real change, noise.",
    example="jalostamo why-changed may.json june.json --definition steps.toml --old-log may.csv --new-log june.csv "
    "--recorded written --out changes.json",
    add_arguments=_add_arguments,
    run=_run,
)
