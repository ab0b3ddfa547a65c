"""The command `analyse`: one analysis from its file, put to a release or to a log of one's own.

Handbook 2.2 (modelling and analysing data) and 2.6, phase 7.
"""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.people import key_of
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command
from jalostamo.storage.places import check_place, write_whole

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings
    from jalostamo.producing.analyses.journeys import Journeys

_WHOSE: Final = {
    False: "true figures, for the people of the permit, not for publication.",
    True: "figures from printed cells alone; they do not add up, and are not to be added up.",
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("definition", metavar="ANALYSIS.toml", type=Path, help="what is asked: method and parameters")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--release", metavar="RELEASE", type=Path, help="the folder of a release")
    source.add_argument("--log", metavar="LOG", type=Path, help="a file .csv, .parquet, .xes or .xes.gz of your own")
    source.add_argument(
        "--cells", metavar="CUBE", type=Path, help="the cells that the closed room printed of this file"
    )
    parser.add_argument("--out", metavar="FINDINGS.json", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.producing.analyses.asked import read_analysis

    check_versions()
    analysis = read_analysis(asked.definition)
    check_place(asked.out, force=asked.force)
    findings = _printed(analysis, asked.cells) if asked.cells else _found(asked, analysis, progress)
    write_whole(asked.out, findings.written, force=asked.force)
    return _account(findings, asked)


def _found(asked: Namespace, analysis: Analysis, progress: Progress) -> Findings:
    """The true findings, from a release or a log."""
    from jalostamo.engine.connection import SETTING, open_engine
    from jalostamo.managing.nonsensitive.releases import stamp_of
    from jalostamo.producing.analyses.answering import answer

    timezone = analysis.log.writing.timezone if analysis.log else "UTC"
    with (
        tempfile.TemporaryDirectory(prefix="jalostamo-") as folder,
        open_engine(os.environ.get(SETTING), workspace=Path(folder), timezone=timezone) as engine,
    ):
        journeys, source = _journeys(engine, asked, analysis, progress)
        findings = answer(engine, journeys, analysis, source=source, progress=progress.step)
    stamp = stamp_of(asked.release) if asked.release else {}
    return replace(findings, facts={**findings.facts, **stamp}) if stamp else findings


def _printed(analysis: Analysis, cells: Path) -> Findings:
    """What the closed room printed tells of the analysis; nothing else is read."""
    from jalostamo.utilising.disclosure.figures.journeys import findings_printed
    from jalostamo.utilising.disclosure.gate import open_printed

    return findings_printed(open_printed(cells), analysis)


def _journeys(engine: Engine, asked: Namespace, analysis: Analysis, progress: Progress) -> tuple[Journeys, str]:
    from jalostamo.managing.logs import LogColumns, LogFile, read_log
    from jalostamo.managing.manifests import digest_of
    from jalostamo.managing.nonsensitive.releases import open_to_analyse
    from jalostamo.producing.analyses.sources import journeys_of_log, journeys_of_release

    if asked.release is not None:
        progress.step("verifying the release")
        release = open_to_analyse(asked.release)
        release = release.with_key(key_of(release.folder))
        return journeys_of_release(engine, release, analysis), release.digest
    if analysis.log is None:
        raise Misused(
            f"{asked.definition.name} says nothing of a log: add [log] with its columns case, activity and time.",
            reason="log_undeclared",
        )
    progress.step("reading the log")
    written = analysis.log
    columns = LogColumns(written.case, written.activity, written.time, written.group)
    log = read_log(engine, LogFile(asked.log, written.writing, written.time_format), columns)
    return journeys_of_log(engine, log, analysis), digest_of(asked.log)


def _account(findings: Findings, asked: Namespace) -> Account:
    differences = findings.tables.get("differences")
    compared = len(differences.rows) if differences else 0
    differing = sum(bool(differs) for differs in differences.column("differs")) if differences else 0
    events = "" if findings.protected else f"Events: {findings.facts['events']:,}. "
    sentences = (
        f"{events}Cases: {findings.facts['cases']:,}.",
        *((f"Groups differ in {differing:,} of {compared:,} comparisons.",) if compared else ()),
        f"Written to {asked.out.name}: {_WHOSE[findings.protected]}",
        *(("Synthetic twin: nothing here is about anybody.",) if "marking" in findings.facts else ()),
    )
    return Account(
        sentences, {**findings.facts, "method": findings.method, "compared": compared, "differing": differing}
    )


COMMAND: Final = Command(
    name="analyse",
    purpose="Put one analysis, frozen in a file, to a release or to a log of your own.",
    example="jalostamo analyse step-map.toml --release town/exchange/releases/pilot/0123456789abcdef --out steps.json",
    add_arguments=_add_arguments,
    run=_run,
)
