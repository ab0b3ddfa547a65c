"""Every page says something, leads somewhere, and can be reached; none speaks of one machine, or promises too much."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.docs.reading import PAGES, ROOT, WRITTEN_BY_HAND, links_of, name_of, prose_of, text_of

README = ROOT / "README.md"
PICTURES = sorted((ROOT / "docs/images").iterdir())
DECISIONS = sorted((ROOT / "docs/adr").glob("*.md"))
LARGEST_PICTURE = 300_000
ONE_PAGE = 60

MACHINE = re.compile(r"(?<![\w.~:/])(?:[A-Z]:\\|/(?:home|root|work|tmp|usr|opt|var|mnt|etc|srv|Users)\b)")
REGISTRY = re.compile(r"pypi|pythonhosted|npmjs|anaconda|repo1\.maven|proxy\.golang|crates\.io", re.IGNORECASE)
AMERICAN = re.compile(
    r"\b(?:(?:anonym|pseudonym|general|standard|util|organ|summar|recogn)iz(?:e|es|ed|ing|ation)|colou?rize|color|behavior"
    r"|center|catalog|analyzed?)\b",
    re.IGNORECASE,
)


def slug_of(heading: str) -> str:
    """The anchor of a heading, as the places that show Markdown make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_of(page: Path) -> set[str]:
    """Every anchor of a page."""
    return {slug_of(heading) for heading in re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)}


def targets_of(page: Path) -> list[tuple[Path, str]]:
    """Where a page's links within the project lead: a file, and an anchor or nothing."""
    inside = [link for link in links_of(page) if "://" not in link]
    parts = [link.partition("#") for link in inside]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


def found(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    return (hit[0] for hit in pattern.finditer(text))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_page_has_a_title_and_something_to_say(page: Path) -> None:
    first, *rest = text_of(page).splitlines()
    assert first.startswith("# ")
    assert sum(len(line) > 0 for line in rest) >= 5
    assert text_of(page).endswith("\n")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = targets_of(page)
    assert [path for path, _ in targets if not path.exists()] == []
    assert [(path.name, anchor) for path, anchor in targets if anchor and anchor not in anchors_of(path)] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, open_pages = {README}, [README]
    while open_pages:
        leads_to = {path for path, _ in targets_of(open_pages.pop()) if path in PAGES} - reached
        reached |= leads_to
        open_pages += leads_to
    assert [name_of(page) for page in PAGES if page not in reached] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_place_of_one_machine_or_a_registry(page: Path) -> None:
    assert [*found(MACHINE, text_of(page)), *found(REGISTRY, text_of(page))] == []


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=name_of)
def test_no_page_promises_what_is_not_so(page: Path) -> None:
    said = " ".join(text_of(page).split())
    assert re.findall(r"(?<!not )\banonymous\b", said) == []
    assert "tamper-proof" not in said.replace("| tamper-proof |", "")


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=name_of)
def test_pages_are_spelt_as_the_handbook_spells(page: Path) -> None:
    assert list(found(AMERICAN, text_of(page))) == []


def test_places_registries_and_spellings_are_recognised() -> None:
    assert list(found(MACHINE, "see /home/ada and C:\\Users, not ~/work, ./tmp or a/usr")) == ["/home", "C:\\"]
    assert list(found(REGISTRY, "from PyPI")) == ["PyPI"]
    assert list(found(AMERICAN, "anonymize, not anonymise or size")) == ["anonymize"]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_every_decision_says_what_was_given_up_on_one_page(page: Path) -> None:
    text = text_of(page)
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequence", "What we gave up"]
    assert len(text.splitlines()) <= ONE_PAGE


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_picture_is_told_to_those_who_do_not_see_it(page: Path) -> None:
    assert [words for words in re.findall(r"!\[([^\]]*)\]\(", prose_of(page)) if len(words) < 40] == []


@pytest.mark.parametrize("picture", PICTURES, ids=name_of)
def test_every_picture_is_shown_and_small_enough(picture: Path) -> None:
    assert [page for page in PAGES if picture in [path for path, _ in targets_of(page)]] != []
    assert picture.stat().st_size <= LARGEST_PICTURE
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    assert width >= 1000
    assert height >= 600
