"""The page of a table made coarser in a real browser: axe finds nothing, nothing scrolls sideways, nothing is loaded.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.browser.axe import found_by_axe
from tests.jalostamo.managing.sensitive.page_files import CHECK, EVIDENCE, REPORT, RICH, Content, put

from jalostamo.concepts.languages import LANGUAGES
from jalostamo.managing.sensitive.anonymity_page.given import read_given
from jalostamo.managing.sensitive.anonymity_page.paging import anonymity_pages

pytestmark = pytest.mark.browser

LONG = "age_at_the_first_contact_with_any_of_the_services"


@pytest.fixture(scope="module", params=["all that a report can say", "no more than was promised"])
def folder(request: pytest.FixtureRequest, assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a rich report with its check and evidence, and of a bare one."""
    made: Path = tmp_path_factory.mktemp("anonymity")
    rich = request.param == "all that a report can say"
    report = put(made, "report.json", _with_long_names(RICH) if rich else REPORT)
    beside = {"check": put(made, "check.json", CHECK), "evidence": put(made, "evidence.json", EVIDENCE)} if rich else {}
    for name, page in anonymity_pages(read_given(report, **beside), assets=assets).items():
        (made / name).write_bytes(page)
    return made


def _with_long_names(report: Content) -> Content:
    columns = {**report["columns"], "dropped": [LONG] * 8}  # type: ignore[dict-item]
    return {**report, "columns": columns}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_the_page_never_scrolls_sideways(
    chromium: Browser, folder: Path, assets: Path, width: int, scheme: str, language: str
) -> None:
    # axe runs from the outside; the page's own policy would rightly refuse it.
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=True,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"file://{folder}/index.{language}.html")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = found_by_axe(page, assets)
    context.close()
    assert found == []


def test_no_request_leaves_and_the_policy_is_not_broken(chromium: Browser, folder: Path) -> None:
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"file://{folder}/index.en.html", wait_until="networkidle")
    context.close()
    assert asked == [f"file://{folder}/index.en.html"]
    assert said == []
