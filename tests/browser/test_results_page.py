"""The page of results in a real browser: for everyone, on a phone and on a wide screen, in light and in dark.

Handbook 2.3 (the user of the end results needs no expertise).
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.axe import found_by_axe
from tests.jalostamo.utilising.sample_report import sample_report

from jalostamo.charts.typesetting import BOLD, REGULAR, inter
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.utilising.publication.ad_hoc import publish

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
PHONE, WIDE = 390, 1440
MOST_STOPS = 200


@pytest.fixture(scope="module")
def address(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample report's pages, served under the policy that they promise to work with."""
    folder = tmp_path_factory.mktemp("results")
    for name, content in publish(sample_report("fi"), assets=assets).items():
        (folder / name).write_bytes(content)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Strict, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_axe_finds_nothing(
    chromium: Browser, address: str, assets: Path, width: int, scheme: str, language: str
) -> None:
    # axe runs from the outside; the page's own policy would rightly refuse it.
    context = _context(chromium, width=width, scheme=scheme, bypass_csp=True)
    page = _opened(context, f"{address}/index.{language}.html")
    _open_all(page)
    found = found_by_axe(page, assets)
    context.close()
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, PHONE, 820, WIDE])
def test_the_page_never_scrolls_sideways(chromium: Browser, address: str, width: int, language: str) -> None:
    context = _context(chromium, width=width)
    page = _opened(context, f"{address}/index.{language}.html")
    _open_all(page)
    found = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found == width


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_request_leaves_and_the_policy_is_not_broken(chromium: Browser, address: str, language: str) -> None:
    context = _context(chromium)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/index.{language}.html", wait_until="networkidle")
    context.close()
    assert asked == [f"{address}/index.{language}.html"]
    assert said == []


def test_the_page_reads_the_same_without_any_script(chromium: Browser, address: str) -> None:
    context = _context(chromium, width=PHONE, java_script_enabled=False)
    page = _opened(context, f"{address}/index.en.html")
    page.get_by_text("Show the numbers as a table").first.click()
    assert page.locator("#answer-1 table").first.is_visible()
    context.close()


def test_languages_are_one_link_apart(chromium: Browser, address: str) -> None:
    context = _context(chromium)
    page = _opened(context, f"{address}/index.html")
    assert page.locator("html").get_attribute("lang") == "fi"
    page.get_by_role("link", name="Svenska").click()
    assert page.locator("html").get_attribute("lang") == "sv"
    assert page.get_by_role("link", name="Svenska").get_attribute("aria-current") == "page"
    context.close()


@pytest.mark.requirement("S23-03")
def test_the_keyboard_reaches_the_answers_and_opens_each_table(chromium: Browser, address: str) -> None:
    context = _context(chromium, width=PHONE)
    page = _opened(context, f"{address}/index.en.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answers"
    opened = _walk(page)
    context.close()
    assert opened["opened"] == 5, "a table for each question, and one for the paths"
    assert opened["regions"] >= 6, "each table can be scrolled by the keyboard"


def test_on_a_wide_screen_the_numbers_stand_beside_the_drawings(chromium: Browser, address: str) -> None:
    context = _context(chromium, width=WIDE)
    page = _opened(context, f"{address}/index.sv.html")
    for place in range(1, 5):
        picture = page.locator(f"#answer-{place} .pictures").bounding_box()
        table = page.locator(f"#answer-{place} .numbers--beside table").first.bounding_box()
        assert picture is not None
        assert table is not None
        assert table["x"] >= picture["x"] + picture["width"]
        assert abs(table["y"] - picture["y"]) < 40
    context.close()


def test_in_print_the_tables_are_open_and_the_paper_is_light(chromium: Browser, address: str) -> None:
    context = _context(chromium, width=800, scheme="dark")
    page = _opened(context, f"{address}/index.fi.html")
    page.emulate_media(media="print")
    assert all(table.is_visible() for table in page.locator(".numbers table").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.drawing text')).fill") == "rgb(26, 37, 48)"
    assert page.locator("nav").is_hidden()
    context.close()


def test_one_drawing_of_two_is_shown(chromium: Browser, address: str) -> None:
    for width, shown, hidden in ((PHONE, "narrow", "wide"), (WIDE, "wide", "narrow")):
        context = _context(chromium, width=width)
        page = _opened(context, f"{address}/index.en.html")
        assert all(drawing.is_visible() for drawing in page.locator(f".drawing--{shown}").all())
        assert all(drawing.is_hidden() for drawing in page.locator(f".drawing--{hidden}").all())
        context.close()


def test_dark_paper_exchanges_every_ink_of_a_drawing(chromium: Browser, address: str) -> None:
    fills = []
    for scheme in ("light", "dark"):
        context = _context(chromium, scheme=scheme)
        page = _opened(context, f"{address}/index.en.html")
        fills.append(page.evaluate("getComputedStyle(document.querySelector('.drawing text')).fill"))
        context.close()
    assert fills == ["rgb(26, 37, 48)", "rgb(232, 237, 241)"]


def test_labels_are_as_wide_as_they_were_measured(chromium: Browser, address: str, assets: Path) -> None:
    context = _context(chromium)
    page = _opened(context, f"{address}/index.fi.html")
    page.evaluate("document.fonts.ready.then(() => true)")
    found = page.evaluate(_MEASURES)
    context.close()
    typeface = inter(assets)
    measured = [
        typeface.width(text, size=size, weight=BOLD if weight == "600" else REGULAR) for text, size, weight, _ in found
    ]
    assert len(found) > 200
    assert [
        (text, width, ours)
        for (text, _, _, width), ours in zip(found, measured, strict=True)
        if not -1 <= ours - width <= 0.03 * width + 2
    ] == []


_MEASURES = """[...document.querySelectorAll('.drawing--wide text')].map(text => {
  const style = getComputedStyle(text)
  return [text.textContent, parseFloat(style.fontSize), style.fontWeight, text.getComputedTextLength()]
})"""


class _Strict(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has in the library
        """Say nothing."""


def _context(
    chromium: Browser,
    *,
    width: int = WIDE,
    scheme: str = "light",
    bypass_csp: bool = False,
    java_script_enabled: bool = True,
) -> BrowserContext:
    return chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=bypass_csp,
        java_script_enabled=java_script_enabled,
    )


def _opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    return page


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def _walk(page: Page) -> dict[str, int]:
    """Press Tab to the end of the page, and Enter on each table's summary; count what was opened and reached."""
    opened = regions = 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        tag, role, inside = page.evaluate(
            "[document.activeElement.tagName, document.activeElement.getAttribute('role'),"
            " !!document.activeElement.closest('.numbers')]"
        )
        if tag == "BODY":
            break
        if tag == "SUMMARY" and inside:
            page.keyboard.press("Enter")
            opened += int(page.evaluate("document.activeElement.parentElement.open"))
        regions += int(role == "region")
    return {"opened": opened, "regions": regions}
