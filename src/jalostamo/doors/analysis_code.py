"""The code of an analysis, as the command `analyse` writes it beside its findings: its file, its SQL, and R where there is any.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.doors.own_folder import own_folder
from jalostamo.doors.people import key_of

if TYPE_CHECKING:
    from jalostamo.doors.putting import Source
    from jalostamo.engine.recording import RecordingEngine
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings
    from jalostamo.producing.analyses.journeys import Journeys

_DELIMITED: Final = (".csv", ".parquet")
_AMONG_PERSONS: Final = ("courses",)


def refuse_without_code(analysis: Analysis, source: Source) -> None:
    """Refuse, before anything is computed, to tell the code of what no code can read, or of what would show a person's course."""
    if analysis.method.name in _AMONG_PERSONS:
        raise Misused(
            "--code of 'courses' would write down whole courses of people, among which clusters are found.",
            reason="code_of_courses",
        )
    if source.cells is not None:
        raise Misused("--code tells how rows are counted: printed cells are read, not counted.", reason="code_of_cells")
    if source.log is not None and not source.log.name.lower().endswith(_DELIMITED):
        raise Misused("--code reads a log as .csv or .parquet: SQL and R read no XES.", reason="code_of_xes")


def code_of(definition: Path, analysis: Analysis, source: Source, *, findings: Findings) -> Mapping[str, bytes]:
    """The files of code by name; they were run, and gave the same tables as the findings."""
    from jalostamo.engine.connection import open_engine
    from jalostamo.engine.recording import recording
    from jalostamo.producing.analyses.answering import answer
    from jalostamo.producing.analyses.code.r import r_script
    from jalostamo.producing.analyses.code.sql import head_of

    timezone = analysis.log.writing.timezone if analysis.log else "UTC"
    with own_folder() as folder, open_engine("duckdb", workspace=folder, timezone=timezone) as opened:
        engine = recording(opened)
        journeys = _journeys(engine, analysis, source)
        found = answer(engine, journeys, analysis, source=findings.source, progress=lambda _: None)
    if found.tables != findings.tables:
        raise Unfit(
            "Plain SQL reads this log otherwise than its findings were made, so there is no code: write it as Parquet.",
            reason="code_differs",
        )
    place = source.log or source.release
    assert place is not None
    files = {definition.name: definition.read_bytes()}
    files[f"{definition.stem}.sql"] = engine.script(head_of(analysis, findings, place.name)).encode()
    script = r_script(analysis, findings, place.name) if source.log else None
    return files if script is None else {**files, f"{definition.stem}.R": script.encode()}


def _journeys(engine: RecordingEngine, analysis: Analysis, source: Source) -> Journeys:
    from jalostamo.managing.logs import LogColumns, LogFile, events_told
    from jalostamo.managing.nonsensitive.releases import open_to_analyse
    from jalostamo.producing.analyses.sources import journeys_of_log, journeys_of_release

    if source.release is not None:
        release = open_to_analyse(source.release)
        if key_of(release.folder, source.own_key) is not None:
            raise Misused("The release is sealed: SQL that reads it would hold its key.", reason="code_of_sealed")
        return journeys_of_release(engine, release, analysis)
    assert source.log is not None and analysis.log is not None
    written = analysis.log
    columns = LogColumns(written.case, written.activity, written.time, written.group)
    file = LogFile(source.log, written.writing, written.time_format)
    records = engine.read_log(source.log, written.writing)
    return journeys_of_log(engine, engine.keep(events_told(records, file, columns)), analysis)
