"""The page on time to event in a real browser: axe finds nothing, nothing scrolls sideways, whatever groups are called.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser
from tests.browser.axe import found_by_axe

from jalostamo.concepts.languages import Language
from jalostamo.producing.survival.counts import EventCounts
from jalostamo.producing.survival.results import TimeToEvent, time_to_event_of
from jalostamo.utilising.survival_page.paging import survival_page
from jalostamo.utilising.survival_page.pictures import Tongue

pytestmark = pytest.mark.browser

NAMES = ("<b>fi</b> & co", "x" * 300, "perheet, jotka muuttivat kaupunkiin viime vuonna", "ø", "1", "2", "null")


@pytest.fixture(scope="module")
def found() -> TimeToEvent:
    """Seven groups, two kinds of event, thousands of times and of rows at each."""
    chance = np.random.default_rng(1)
    size = 9_000
    places = tuple(chance.integers(0, most, size) for most in (3_000, 3, len(NAMES)))
    return time_to_event_of(
        EventCounts(np.arange(3_000.0) / 4, (1, 2), NAMES, *places, chance.integers(1, 9_999, size))
    )


@pytest.mark.parametrize(("width", "scheme", "language"), [(390, "dark", "fi"), (1440, "light", "sv")])
def test_axe_finds_nothing_and_the_page_never_scrolls_sideways(
    chromium: Browser, found: TimeToEvent, assets: Path, tmp_path: Path, width: int, scheme: str, language: Language
) -> None:
    (tmp_path / "page.html").write_bytes(survival_page(found, Tongue(language, "kk"), assets=assets))
    # axe runs from the outside; the page's own policy would rightly refuse it.
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=True,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"file://{tmp_path}/page.html")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("tbody th", has_text="<b>fi</b> & co").count() == 1
    broken = found_by_axe(page, assets)
    context.close()
    assert broken == []
