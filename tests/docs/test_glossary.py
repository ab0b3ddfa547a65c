"""One word, one thing: what the glossary names exists, and what the concepts are called stands in the glossary."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import Counter

import pytest
from tests.docs.reading import ROOT, resolved, table_rows, text_of

import jalostamo.concepts
from jalostamo.concepts.roles import ROLES, RoleDescription

GLOSSARY = text_of(ROOT / "GLOSSARY.md")
HEAD = ["term", "Finnish", "Swedish", "meaning", "section", "in code", "words we avoid"]
ENTRIES = [row for row in table_rows(GLOSSARY) if row != HEAD]
IN_CODE = {row[0]: re.findall(r"`([^`]+)`", row[5]) for row in ENTRIES}
CHAPTERS = re.findall(r"^## (.+)$", GLOSSARY, re.MULTILINE)


def concepts() -> list[str]:
    """The public classes of the concepts, as the glossary names them."""
    modules = [module.name for module in pkgutil.iter_modules(jalostamo.concepts.__path__)]
    found = []
    for name in modules:
        module = importlib.import_module(f"jalostamo.concepts.{name}")
        classes = inspect.getmembers(module, inspect.isclass)
        found += [f"concepts.{name}.{n}" for n, c in classes if c.__module__ == module.__name__ and n[0] != "_"]
    return found


@pytest.mark.parametrize("concept", concepts())
def test_every_public_class_of_the_concepts_has_an_entry(concept: str) -> None:
    assert [term for term, names in IN_CODE.items() if concept in names] != []


@pytest.mark.parametrize("name", sorted({name for names in IN_CODE.values() for name in names}))
def test_every_name_in_code_exists(name: str) -> None:
    assert resolved(name) is not None


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry[0])
def test_every_entry_has_its_words_its_meaning_and_its_section(entry: list[str]) -> None:
    assert len(entry) == len(HEAD)
    assert all(entry[:5])


def test_every_term_has_one_entry() -> None:
    assert [term for term, times in Counter(row[0] for row in ENTRIES).items() if times > 1] == []


def test_no_word_that_is_avoided_is_a_term() -> None:
    terms = {row[0] for row in ENTRIES}
    avoided = [(row[0], word) for row in ENTRIES for word in row[6].split(", ")]
    assert [(term, word) for term, word in avoided if word in terms] == []


def test_the_chapters_are_in_the_handbooks_order() -> None:
    of_the_handbook = [chapter.split()[0] for chapter in CHAPTERS if chapter[0].isdigit()]
    assert of_the_handbook == sorted(of_the_handbook)
    assert CHAPTERS[len(of_the_handbook) :] == ["Concepts", "Words of our own", "Words settled"]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.role)
def test_every_role_is_called_as_in_the_code(role: RoleDescription) -> None:
    (entry,) = [row for row in ENTRIES if f"`concepts.roles.Role.{role.role.name}`" in row[5]]
    assert [entry[1], entry[2], entry[0]] == [word.lower() for word in (role.title.fi, role.title.sv, role.title.en)]
