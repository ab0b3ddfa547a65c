"""The page of an analysis, as the command `analyse` writes it beside its findings.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.doors.publishing import browser_assets
from jalostamo.storage.places import check_place

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings


def add_page_arguments(parser: ArgumentParser) -> None:
    """Let a command be asked for a page."""
    parser.add_argument("--page", metavar="PAGE.html", type=Path, help="also draw and tell the findings on a page")
    parser.add_argument("--language", choices=LANGUAGES, default="fi", help="of the page (fi)")


def check_page(asked: Namespace) -> None:
    """Refuse, before anything is computed, a page that could not be written."""
    if asked.page is None:
        return
    check_place(asked.page, force=asked.force)
    if asked.page.resolve() == asked.out.resolve():
        raise Misused("--out and --page are files of their own: name each otherwise.", reason="out_twice")
    browser_assets()


def page_drawn(findings: Findings, analysis: Analysis, asked: Namespace) -> bytes:
    """The page, drawn; its source is what the command was given."""
    from jalostamo.utilising.analysis_page.paging import analysis_page

    source = "release" if asked.release else "log" if asked.log else "cells"
    return analysis_page(findings, analysis, asked.language, source=source, assets=browser_assets())
