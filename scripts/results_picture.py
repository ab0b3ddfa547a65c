"""Takes the picture of the README: the page that the demonstration makes, in Chromium, from its title to its first chart."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from system_tools import find_tool

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/images/results-page.png"
FRONT_DOOR = [sys.executable, "-P", "-m", "jalostamo.doors.jalostamo"]
WIDTH, HEIGHT = 1440, 900
SCALE = 0.8  # as wide as a README is shown, and small enough to travel with the code
BELOW = 8
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync")


def main() -> None:
    """Make the demonstration in a folder of its own, and take the picture of its page in English."""
    chromium = find_tool("chromium")
    if chromium is None:
        sys.exit("The picture is taken in Chromium, which is not installed: call make setup as an administrator.")
    with tempfile.TemporaryDirectory(prefix="jalostamo-") as folder:
        _demo("start", "--home", folder, "--port", "0")
        try:
            page = Path(folder) / "exchange/publications/child-protection-pilot/index.en.html"
            take(page, PICTURE, chromium=chromium)
        finally:
            _demo("stop", "--home", folder)


def take(page: Path, picture: Path, *, chromium: Path) -> None:
    """Take the picture of a page of results, from its top to the end of its first chart."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        size: ViewportSize = {"width": WIDTH, "height": HEIGHT}
        opened = browser.new_page(viewport=size, device_scale_factor=SCALE, color_scheme="light")
        opened.goto(page.as_uri())
        chart = opened.locator("#answer-1 figure").first.bounding_box()
        if chart is None:
            sys.exit("The first answer shows no chart: the picture would end somewhere else.")
        end = chart["y"] + chart["height"] + BELOW
        opened.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": end})
        browser.close()


def _demo(*words: str) -> None:
    subprocess.run([*FRONT_DOOR, "demo", *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
