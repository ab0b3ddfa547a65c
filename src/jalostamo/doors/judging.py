"""The writing of what `closed-room quality` and `closed-room catalogue` found: pages, a file for machines, a short account.

Handbook 2.2 (data descriptions; deficiencies found in the data).
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.languages import LANGUAGES
from jalostamo.doors.home import made
from jalostamo.doors.publishing import browser_assets
from jalostamo.doors.terminal import Account

if TYPE_CHECKING:
    from jalostamo.managing.quality.catalogue import Catalogue
    from jalostamo.managing.quality.reports import QualityReport

QUALITY_FILE: Final = "quality.json"
CATALOGUE_FILE: Final = "catalogue.json"
_PAGES: Final = (*(f"index.{language}.html" for language in LANGUAGES), "index.html")


def add_quality_arguments(parser: ArgumentParser) -> None:
    """The words of `closed-room quality`."""
    parser.add_argument(
        "register", metavar="REGISTER-DIR", type=Path, help="the folder of a register, beside the others"
    )
    _add_out(parser, required=True)


def add_catalogue_arguments(parser: ArgumentParser) -> None:
    """The words of `closed-room catalogue`."""
    parser.add_argument("sources", metavar="SOURCES-DIR", type=Path, help="the folder that holds a folder per register")
    _add_out(parser, required=False)


def _add_out(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--out", metavar="DIR", type=Path, required=required, help="the folder of the pages")
    parser.add_argument("--force", action="store_true", help="replace pages that exist")


def check_out(folder: Path, file: str, *, force: bool) -> None:
    """Refuse a place that is taken, before anything is read."""
    from jalostamo.storage.places import check_place

    browser_assets()
    for name in (*_PAGES, file):
        check_place(made(folder) / name, force=force)


def account_of_quality(report: QualityReport, folder: Path, *, force: bool) -> Account:
    """Write a report, and tell what it found."""
    from jalostamo.managing.quality.paging import quality_pages

    _write(folder, quality_pages(report, assets=browser_assets()), {QUALITY_FILE: report.as_mapping()}, force=force)
    tables = [f"{t.profile.name}: about {t.profile.records} records." for t in report.tables]
    found = [f"{place}. {finding.sentence.en}" for place, finding in enumerate(report.findings, start=1)]
    heading = f"Findings: {len(report.findings)}. A finding precedes what follows it; it tells no cause."
    sentences = (*tables, heading, *found, f"Pages and {QUALITY_FILE} written to {folder}.")
    return Account(sentences, {"findings": [finding.as_mapping() for finding in report.findings]})


def account_of_catalogue(catalogue: Catalogue, folder: Path | None, *, force: bool) -> Account:
    """Tell a catalogue, and write its pages where asked."""
    from jalostamo.managing.quality.paging import catalogue_pages

    if folder is not None:
        pages = catalogue_pages(catalogue, assets=browser_assets())
        _write(folder, pages, {CATALOGUE_FILE: catalogue.as_mapping()}, force=force)
    told = [
        f"{kind.value.replace('_', ' ')}: {', '.join(r.name for r in registers) or 'no source'}"
        for kind, registers in catalogue.by_kind().items()
    ]
    untagged = ", ".join(register.name for register in catalogue.untagged)
    more = (f"kind not described: {untagged}",) if untagged else ()
    written = (f"Pages written to {folder}.",) if folder else ()
    return Account((*told, *more, *written), catalogue.as_mapping())


def _write(folder: Path, pages: Mapping[str, bytes], files: Mapping[str, object], *, force: bool) -> None:
    from jalostamo.storage.places import write_whole

    coded = {
        name: json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n" for name, content in files.items()
    }
    for name, data in {**pages, **coded}.items():
        write_whole(made(folder) / name, data, force=force)
