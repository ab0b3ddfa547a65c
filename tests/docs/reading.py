"""How the tests read the documentation: its pages, their links, their blocks of code, and the names that they use."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HOW_TO = sorted((ROOT / "docs/how-to").glob("*.md"))
WRITTEN_BY_HAND = [
    page for page in PAGES if page.parent.name != "reference" and page.name not in {"coverage.md", "rooms.md"}
]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: the language it says it is in, and its text."""

    language: str
    text: str


def name_of(page: Path) -> str:
    """The page's path in the project, by which a test is named."""
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    """The page as it is written."""
    return page.read_text(encoding="utf-8")


def blocks_of(page: Path) -> list[Block]:
    """The page's blocks of code, in order."""
    return [Block(language, text) for language, text in _BLOCK.findall(text_of(page))]


def steps_of(page: Path) -> list[tuple[Block, str | None]]:
    """What the page tells people to type, each with what it says that is printed then, or None."""
    blocks = blocks_of(page)
    after = [*blocks[1:], Block("", "")]
    return [
        (typed, shown.text if shown.language == "text" else None)
        for typed, shown in zip(blocks, after, strict=True)
        if typed.language == "bash"
    ]


def prose_of(page: Path) -> str:
    """The page without its blocks of code."""
    return _BLOCK.sub("", text_of(page))


def links_of(page: Path) -> list[str]:
    """Where the page's links and pictures lead."""
    return _LINK.findall(prose_of(page))


def code_in(page: Path) -> list[str]:
    """What the page sets as code within its sentences."""
    return _CODE.findall(prose_of(page))


def table_rows(text: str) -> list[list[str]]:
    """The rows of the tables in a text, cell by cell, without the lines between head and body."""
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)] for row in _ROW.findall(text)]
    return [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]


def resolved(name: str) -> object:
    """What a name below `jalostamo.` stands for: the longest part that is a module, then its attributes."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module: object = importlib.import_module(".".join(["jalostamo", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[length:], module)
    raise AssertionError(f"jalostamo has no {name}")
