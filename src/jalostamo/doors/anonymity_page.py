"""The command `anonymity-page`: a report of one table made coarser as three pages, drawn from files alone.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from jalostamo.concepts.languages import LANGUAGES
from jalostamo.doors.home import made
from jalostamo.doors.publishing import browser_assets
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.doors.progress import Progress

_FILES: Final = (*(f"index.{language}.html" for language in LANGUAGES), "index.html")


class Drawing(Protocol):
    """The room's function that draws the pages of a report; `assets` is what they are drawn with."""

    def __call__(
        self, report: Path, *, check: Path | None, evidence: Path | None, assets: Path
    ) -> Mapping[str, bytes]: ...


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--report", metavar="REPORT.json", type=Path, required=True, help="what `anonymise` wrote")
    parser.add_argument("--check", metavar="CHECK.json", type=Path, help="what `check-anonymity` wrote")
    parser.add_argument("--evidence", metavar="EVIDENCE.json", type=Path, help="what `attack` wrote")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="the folder of the pages")
    parser.add_argument("--force", action="store_true", help="replace pages that exist")


def command(run: Callable[[Namespace, Progress], Account]) -> Command:
    """The command, run by the room that may see what its files tell."""
    return Command(
        name="anonymity-page",
        purpose="Make pages of a report that `anonymise` wrote, in three languages, for whoever looks after data protection.",
        example="jalostamo anonymity-page --report report.json --check check.json --out pages",
        add_arguments=_add_arguments,
        run=run,
    )


def make_pages(asked: Namespace, progress: Progress, drawing: Drawing) -> Account:
    """Draw the pages of a report, and write them."""
    check_folder(asked.out, force=asked.force)
    progress.step("drawing")
    pages = drawing(asked.report, check=asked.check, evidence=asked.evidence, assets=browser_assets())
    return Account((write_pages(pages, asked.out, force=asked.force),), {"pages": sorted(pages)})


def check_folder(folder: Path, *, force: bool) -> None:
    """Refuse a folder whose pages exist already, before anything is read."""
    from jalostamo.storage.places import check_place

    browser_assets()
    for name in _FILES:
        check_place(made(folder) / name, force=force)


def write_pages(pages: Mapping[str, bytes], folder: Path, *, force: bool) -> str:
    """Write the pages, and say so."""
    from jalostamo.storage.places import write_whole

    for name, page in pages.items():
        write_whole(made(folder) / name, page, force=force)
    return f"Pages in {', '.join(LANGUAGES)} written to {folder.name}: exact figures, which stay where the table is."
