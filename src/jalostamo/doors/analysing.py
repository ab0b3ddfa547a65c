"""The command `analyse`: one analysis from its file, put to a release or to a log of one's own.

Handbook 2.2 (modelling and analysing data) and 2.6, phase 7.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.analysis_code import code_of, refuse_without_code
from jalostamo.doors.analysis_page import add_page_arguments, check_page, page_drawn
from jalostamo.doors.home import made
from jalostamo.doors.own_folder import own_folder
from jalostamo.doors.people import OWN_KEY
from jalostamo.doors.progress import Progress
from jalostamo.doors.putting import Source, findings_of
from jalostamo.doors.terminal import Account, Command
from jalostamo.storage.places import check_place, write_whole

if TYPE_CHECKING:
    from jalostamo.producing.analyses.findings import Findings

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
    parser.add_argument("--own-key", metavar="FILE", type=Path, help=OWN_KEY)
    add_page_arguments(parser)
    parser.add_argument("--code", metavar="DIR", type=Path, help="also write the file, its SQL and, of a step map, R")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.producing.analyses.asked import read_analysis

    check_versions()
    analysis = read_analysis(asked.definition)
    check_place(asked.out, force=asked.force)
    check_page(asked)
    source = Source(asked.release, asked.log, asked.cells, asked.own_key)
    if asked.code:
        refuse_without_code(analysis, source)
    with own_folder() as folder:
        findings = findings_of(analysis, source, workspace=folder, step=progress.step)
    # The page first, so that the findings stand only when all is done.
    if asked.page:
        progress.step("drawing")
        write_whole(asked.page, page_drawn(findings, analysis, asked), force=asked.force)
    if asked.code:
        progress.step("writing code")
        for name, code in code_of(asked.definition, analysis, source, findings=findings).items():
            write_whole(made(asked.code) / name, code, force=asked.force)
    write_whole(asked.out, findings.written, force=asked.force)
    return _account(findings, asked)


def _account(findings: Findings, asked: Namespace) -> Account:
    differences = findings.tables.get("differences")
    compared = len(differences.rows) if differences else 0
    differing = sum(bool(differs) for differs in differences.column("differs")) if differences else 0
    events = "" if findings.protected else f"Events: {findings.facts['events']:,}. "
    sentences = (
        f"{events}Cases: {findings.facts['cases']:,}.",
        *((f"Groups differ in {differing:,} of {compared:,} comparisons.",) if compared else ()),
        f"Written to {asked.out.name}: {_WHOSE[findings.protected]}",
        *((f"Its page is in {asked.page.name}.",) if asked.page else ()),
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
