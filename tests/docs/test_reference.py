"""The reference is what the code says today, and leaves nothing out."""

from __future__ import annotations

import re

import pytest
from tests.docs.reading import ROOT, code_in, table_rows, text_of

from jalostamo.concepts import errors
from jalostamo.concepts.identifiers import IdentityFault
from jalostamo.doors import closed_room, jalostamo, open_room
from jalostamo.managing.reading import WAYS
from reference_pages import PAGES

COMMANDS = text_of(ROOT / "docs/reference/commands.md")
ERRORS = text_of(ROOT / "docs/reference/errors.md")
EXPLAINED = {
    "docs/reference/request.md": ROOT / "docs/how-to/refine-your-own-request.md",
    "docs/reference/register.md": ROOT / "docs/how-to/describe-a-source.md",
}
SOURCES = sorted((ROOT / "src/jalostamo").rglob("*.py"))
REASON = re.compile(r"""reason="([a-z_]+)\"""")


def told_reasons() -> set[str]:
    """The reasons that the reference tells of."""
    return {row[0].strip("`") for row in table_rows(ERRORS) if len(row) == 4}


def keys_told(page: str) -> list[str]:
    """The keys that a page of a file's keys tells of."""
    return [key for row in table_rows(text_of(ROOT / page)) for key in re.findall(r"^`([a-z_0-9]+)`$", row[0])]


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_as_make_docs_would_write_it(page: str) -> None:
    assert text_of(ROOT / page) == PAGES[page](), "call `make docs`"


@pytest.mark.parametrize("name", [*jalostamo.COMMANDS, *(f"closed-room {name}" for name in closed_room.COMMANDS)])
def test_every_command_is_in_the_reference(name: str) -> None:
    assert re.search(rf"^## jalostamo {name}\b", COMMANDS, re.MULTILINE)


TWO_WORDS = {"job"}
"""What is called by the open room's name and its own."""


@pytest.mark.parametrize("name", sorted(open_room.COMMANDS))
def test_every_command_of_the_open_room_has_a_name_at_the_front_door(name: str) -> None:
    assert (name in jalostamo.COMMANDS) is (name not in TWO_WORDS)


@pytest.mark.parametrize("name", jalostamo.COMMANDS)
def test_every_command_is_in_the_changelog(name: str) -> None:
    said = text_of(ROOT / "CHANGELOG.md")
    assert f"`jalostamo {name}" in said or f"`make {name}`" in said


@pytest.mark.parametrize("error", errors.JalostamoError.__subclasses__(), ids=lambda error: error.__name__)
def test_every_exit_code_is_in_the_reference(error: type[errors.JalostamoError]) -> None:
    assert f"| {error.exit_code} | `{error.__name__}`: " in ERRORS


def test_every_reason_of_the_source_is_in_the_reference() -> None:
    of_the_source = {reason for path in SOURCES for reason in REASON.findall(text_of(path))}
    of_identity_codes = {f"identity_code_{fault.value}" for fault in IdentityFault}
    of_records = set(WAYS)
    assert len(of_the_source) > 50
    assert (of_the_source | of_identity_codes | of_records) - told_reasons() == set()


def test_a_reason_goes_with_one_exit_code() -> None:
    rows = [row[0] for row in table_rows(ERRORS) if len(row) == 4]
    assert [reason for reason in set(rows) if rows.count(reason) > 1] == []


@pytest.mark.parametrize("page", EXPLAINED)
def test_every_key_is_explained(page: str) -> None:
    keys = keys_told(page)
    sections = {"request", "source", "linking", "customers", "preparation", "harmonise"}
    assert len(keys) > 20
    assert set(keys) - sections - set(code_in(EXPLAINED[page])) - {"code"} == set()
