"""What the developers' pages name is there, and what is there is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from tests.docs.reading import ROOT, WRITTEN_BY_HAND, code_in, name_of, resolved, table_rows, text_of

DEVELOPERS = ROOT / "DEVELOPERS.md"
SECURITY = ROOT / "SECURITY.md"
PROJECT = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]
VERBS = re.findall(r"^([a-z-]+):.*## ", text_of(ROOT / "Makefile"), re.MULTILINE)
ROOMS = {path.name for path in (ROOT / "src/jalostamo").iterdir() if (path / "__init__.py").is_file()}
OUR_PATH = re.compile(r"(?:src|tests|docs|scripts|examples|requirements)/[\w./-]+")
OUR_NAME = re.compile(rf"(?:{'|'.join(sorted(ROOMS))})(?:\.\w+)+")


def named_in(page: Path, heading: str) -> list[str]:
    """The section of a page below a heading."""
    (section,) = re.findall(rf"^## {heading}$(.*?)(?=^## |\Z)", text_of(page), re.MULTILINE | re.DOTALL)
    return [code for row in table_rows(section)[1:] for code in re.findall(r"`([^`]+)`", row[0])]


def test_every_verb_of_make_is_told_and_every_told_one_exists() -> None:
    assert sorted(named_in(DEVELOPERS, "The verbs of make")) == sorted(VERBS)


def test_every_wall_is_told_as_the_contracts_call_it() -> None:
    told = re.findall(
        r"^- (.+)$", text_of(DEVELOPERS).partition("## The walls")[2].partition("\nBeside")[0], re.MULTILINE
    )
    assert told == [contract["name"] for contract in PROJECT["importlinter"]["contracts"]]


def test_every_room_is_told() -> None:
    told = {Path(path).name for path in named_in(DEVELOPERS, "The rooms") if path.startswith("src/jalostamo/")}
    assert told >= ROOMS


def test_every_kind_of_test_is_told() -> None:
    folders = {
        f"tests/{path.parent.relative_to(ROOT / 'tests').parts[0]}" for path in (ROOT / "tests").glob("*/**/test_*.py")
    }
    assert set(named_in(DEVELOPERS, "The tests")) == folders


def test_every_mark_is_told() -> None:
    marks = {mark.partition(":")[0].partition("(")[0] for mark in PROJECT["pytest"]["markers"]}
    told = {re.split(r"[.(]", code.removeprefix("@pytest.mark."))[0] for code in code_in(DEVELOPERS)}
    assert marks <= told


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=name_of)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    paths = [code for code in code_in(page) if OUR_PATH.fullmatch(code)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=name_of)
def test_every_name_of_the_code_that_a_page_names_exists(page: Path) -> None:
    for name in code_in(page):
        if OUR_NAME.fullmatch(name):
            assert resolved(name) is not None


def test_every_promise_of_security_names_who_keeps_it() -> None:
    promises = [row for row in table_rows(text_of(SECURITY)) if row != ["promise", "kept by"]]
    assert len(promises) > 10
    named = [(promise, re.findall(r"`([^`]+)`", keeper)) for promise, keeper in promises]
    assert [promise for promise, names in named if not names] == []
    told = {name for _, names in named for name in names}
    assert {name for name in told if not OUR_NAME.fullmatch(name)} == {"pyproject.toml", "tests/environments"}
