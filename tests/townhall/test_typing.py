"""Typing in a guided form in a real browser: saved by itself, kept while the line is down, back after signing in again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from tests.browser.conftest import ARGUMENTS

from system_tools import find_tool

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page where the initiator is signed in, at the first screen of a new description."""
    from django.utils import timezone

    from townhall.config.laying import seat_the_cast

    program = find_tool("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    seat_the_cast(timezone.localdate())
    # Playwright keeps a loop in this thread, and Django would refuse its own clearing up for it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        opened = browser.new_context(locale="en-GB").new_page()
        opened.goto(f"{live_server.url}/sign-in/")
        opened.click("button[value='f-ini']")
        opened.click("button[name='role'][value='initiator']")
        opened.goto(f"{opened.url}description/need/")
        yield opened
        browser.close()


def test_what_is_typed_outlives_a_lost_line_and_a_lost_session(page: Page) -> None:
    saved, summary = page.locator("#savedness"), page.locator("#f-summary")
    form = page.url
    summary.fill("Typed, and saved by itself.")
    expect(saved).to_contain_text("Draft saved")
    page.reload()
    expect(summary).to_have_value("Typed, and saved by itself.")

    page.context.set_offline(True)
    summary.fill("Typed without a line.")
    expect(saved).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(saved).to_contain_text("Draft saved")

    page.context.clear_cookies(name="town_session")
    summary.fill("Typed after the session.")
    expect(saved).to_contain_text("Your session has ended")
    page.click("#savedness a")
    page.click("button[value='f-ini']")
    expect(summary).to_have_value("Typed after the session.")
    expect(saved).to_contain_text("Draft saved")

    page.context.clear_cookies(name="town_session")
    summary.fill("Sent after the session.")
    page.locator("button.hds-button[name='next']").click()
    page.click("button[value='f-ini']")
    assert page.url == form
    expect(summary).to_have_value("Sent after the session.")
    # At once after typing: what is on its way is waited for, and nobody is told that she has saved meanwhile.
    summary.fill("Typed and sent at once.")
    page.locator("button.hds-button[name='next']").click()
    page.wait_for_url("**/questions/")
    page.go_back()
    expect(summary).to_have_value("Typed and sent at once.")


def test_what_somebody_typed_is_never_shown_to_the_next_who_signs_in(page: Page) -> None:
    summary = page.locator("#f-summary")
    expect(page.locator("#savedness")).not_to_be_empty()
    page.route("**/need/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    summary.fill("Mine alone.")
    expect(page.locator("#savedness")).to_contain_text("No connection")
    page.context.clear_cookies(name="town_session")
    page.goto(page.url)
    page.click("button[value='f-ana']")
    expect(summary).to_have_value("")
