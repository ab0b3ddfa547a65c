"""Pages of analyses in a real browser: axe finds nothing, nothing scrolls sideways, and tables are one key away.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.browser.axe import found_by_axe
from tests.jalostamo.utilising.sample_analyses import found_by

from jalostamo.concepts.languages import Language
from jalostamo.engine.connection import open_engine
from jalostamo.utilising.analysis_page.paging import analysis_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("method", "width", "scheme", "language"), [("step_map", 390, "dark", "fi"), ("lifespan", 1440, "light", "sv")]
)
def test_axe_finds_nothing_and_tables_are_one_key_away(
    chromium: Browser, assets: Path, tmp_path: Path, method: str, width: int, scheme: str, language: Language
) -> None:
    with open_engine(workspace=tmp_path) as engine:
        findings, analysis = found_by(method, engine, tmp_path)
    (tmp_path / "page.html").write_bytes(analysis_page(findings, analysis, language, source="log", assets=assets))
    # axe runs from the outside; the page's own policy would rightly refuse it.
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=True,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"file://{tmp_path}/page.html")
    assert not page.locator("details table").first.is_visible()
    for summary in page.locator("summary").all():
        summary.press("Enter")
    assert page.locator("details table").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    broken = found_by_axe(page, assets)
    context.close()
    assert broken == []
