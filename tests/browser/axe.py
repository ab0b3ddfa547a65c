"""What axe finds on a page, by the rules of WCAG 2.2 AA and of good practice."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def found_by_axe(page: Page, assets: Path) -> list[tuple[str, list[str]]]:
    """The rules that a page breaks, each with the first places where it does."""
    page.evaluate((assets / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags}).then(r => r.violations)", TAGS)
    return [(broken["id"], [node["html"][:120] for node in broken["nodes"]][:3]) for broken in found]
