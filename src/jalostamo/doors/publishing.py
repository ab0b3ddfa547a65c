"""The command `publish`: results as pages in three languages that open anywhere and load nothing.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import datetime
import json
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Broken, Misused, Unfit
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.doors.home import made
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.producing.results import Result

ASSETS: Final = "JALOSTAMO_ASSETS"
MANIFEST: Final = "publication.json"
FILES: Final = (*(f"index.{language}.html" for language in LANGUAGES), "index.html", MANIFEST)


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("release", metavar="RELEASE", type=Path, help="the folder of the release")
    parser.add_argument("definition", metavar="DEFINITION.toml", type=Path, help="the questions that were answered")
    parser.add_argument("results", metavar="RESULTS.json", type=Path, help="what `answer` wrote")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="the folder of the pages")
    parser.add_argument("--language", choices=LANGUAGES, default="fi", help="of index.html (fi)")
    parser.add_argument("--force", action="store_true", help="replace pages that exist")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.manifests import Manifest, digest_of
    from jalostamo.managing.nonsensitive.releases import open_release
    from jalostamo.producing.definitions import read_definition
    from jalostamo.storage.places import check_place, write_whole
    from jalostamo.utilising.publication.ad_hoc import publish
    from jalostamo.utilising.publication.assembling import Seals, assemble

    assets = browser_assets()
    progress.step("verifying the release")
    release, definition = open_release(asked.release), read_definition(asked.definition)
    results = _results(asked.results)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    sealed = digest_of(asked.results)
    publication = Manifest("publication", {"release": release.digest, "results": sealed, "made": today})
    seals = Seals(sealed, publication.digest)
    report = assemble(release.manifest, definition, results, language=asked.language, made=today, seals=seals)
    folder = made(asked.out)
    for name in FILES:
        check_place(folder / name, force=asked.force)
    progress.step("drawing")
    pages = publish(report, assets=assets)
    for name, page in {**pages, MANIFEST: publication.written}.items():
        write_whole(folder / name, page, force=asked.force)
    return Account((f"Pages in {', '.join(LANGUAGES)} written to {folder}.",), {"pages": sorted(pages)})


def _results(path: Path) -> list[Result]:
    from jalostamo.producing.results import result_from

    try:
        return [result_from(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["results"]]
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="results_unreadable") from None
    except (ValueError, KeyError, TypeError, Broken):
        raise Unfit(
            f"{path.name} is not a file of results: write it with `jalostamo answer`.", reason="results_form"
        ) from None


def assets_folder() -> Path:
    """Where that folder should be."""
    return Path(os.environ.get(ASSETS) or Path(__file__).parents[3] / "node_modules")


def browser_assets() -> Path:
    """The folder that holds what pages are drawn with; `make setup` fills it."""
    folder = assets_folder()
    if not (folder / "echarts").is_dir():
        raise Misused(
            f"The browser assets are missing: run make setup, or name their folder in {ASSETS}.",
            reason="assets_missing",
        )
    return folder


COMMAND: Final = Command(
    name="publish",
    purpose="Make pages of results in three languages; only of a synthetic town, since they are not protected.",
    example="jalostamo publish RELEASE definition.toml results.json --out pages",
    add_arguments=_add_arguments,
    run=_run,
)
