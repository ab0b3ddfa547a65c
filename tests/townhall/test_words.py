"""What the pages say: every sentence that is asked for exists with just what is filled in, and each page speaks one language."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from tests.townhall.walking import CASES, played_town, signed_in, walk

from jalostamo.concepts.languages import LANGUAGES, Language
from jalostamo.permits.terms import WORDS as TERMS
from townhall.pages.words import WORDS

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

TOWNHALL = Path(__file__).parents[2] / "src" / "townhall"
ROOMS = {path.stem for path in (TOWNHALL / "words").glob("*.toml")}
TAG = re.compile(r"""\{%\s*say\s+["']([\w.]+)["']([^%]*)%\}""")
NAMED = re.compile(rf"(?:{'|'.join(sorted(ROOMS))})\.[a-z0-9_]+")
SAID_ALIKE = {"jalostamo", "saavutettavuusvaatimukset", "fi", "csv", "json", "pdf", "docx", "aa"}
"""What templates say by themselves: names, and a sample of the typeface."""

NAMES = set(re.findall(r'"([a-z_]+)"', CASES.read_text(encoding="utf-8")))
"""What registers, tables and fields are called where nobody has described them."""

type Asked = tuple[str, str, frozenset[str]]
"""Where a sentence is asked for, which, and what is filled in."""


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), played_town():
        yield


def filled_in(said: str) -> frozenset[str]:
    """What a sentence leaves open."""
    return frozenset(name for _, name, _, _ in Formatter().parse(said) if name is not None)


def templates() -> Iterator[tuple[Path, str]]:
    for path in sorted(TOWNHALL.rglob("templates/**/*.html")):
        yield path, re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))


def asked_by_templates() -> Iterator[Asked]:
    for path, text in templates():
        for sentence, rest in TAG.findall(text):
            yield path.name, sentence, frozenset(re.findall(r"(\w+)=", rest))


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(set(TOWNHALL.rglob("*.py")) - set(TOWNHALL.rglob("migrations/*"))):
        yield str(path.relative_to(TOWNHALL)), ast.parse(path.read_text(encoding="utf-8"))


def asked_by_modules() -> Iterator[Asked]:
    for place, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or getattr(node.func, "attr", getattr(node.func, "id", "")) != "say":
                continue
            given = [] if any(each.arg is None for each in node.keywords) else node.keywords
            for sentence in named_in(node.args[0]):
                yield place, sentence, frozenset(str(each.arg) for each in given)


def named_in(tree: ast.AST) -> Iterator[str]:
    """The sentences that a piece of a module names; of one that it pieces together, all that begin so."""
    if isinstance(tree, ast.Call) and getattr(tree.func, "attr", "") == "get":
        return  # one that need not be there
    if (
        isinstance(tree, ast.Constant)
        and isinstance(tree.value, str)
        and NAMED.fullmatch(tree.value)
        and ".toml" not in tree.value
    ):
        begun = [name for name in WORDS if name.startswith(tree.value)] if tree.value.endswith("_") else []
        yield from begun or [tree.value]
    for node in ast.iter_child_nodes(tree):
        yield from named_in(node)


def test_every_sentence_that_is_said_exists_with_just_what_is_filled_in() -> None:
    asked = [*asked_by_templates(), *asked_by_modules()]
    assert len(asked) > 200
    wrong = [
        (place, sentence, sorted(given))
        for place, sentence, given in asked
        if sentence not in WORDS or filled_in(WORDS[sentence].en) != given
    ]
    assert wrong == []


def test_every_sentence_that_is_named_or_pieced_together_exists() -> None:
    assert [(place, name) for place, tree in modules() for name in named_in(tree) if name not in WORDS] == []


def test_each_language_fills_the_same_in() -> None:
    unlike = [
        name for name, text in WORDS.items() if len({filled_in(text.in_language(each)) for each in LANGUAGES}) > 1
    ]
    assert unlike == []


def test_templates_say_nothing_by_themselves() -> None:
    bare = []
    for path, text in templates():
        without = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
        without = re.sub(r"<(script|svg|style)\b.*?</\1>", "", without, flags=re.DOTALL)
        titled = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*[^\W\d_][^"]*)"', without)
        words = re.sub(r"<[^>]*>", "", without)
        bare += [(path.name, word) for word in (*titled, *re.findall(r"[^\W\d_]{2,}", html.unescape(words)))]
    assert [(place, word) for place, word in bare if word.casefold() not in SAID_ALIKE] == []


def shown(page: str) -> Iterator[str]:
    """What a page says, piece by piece."""
    for piece in re.findall(r'(?:aria-label|placeholder|title|alt|data-[a-z-]+)="([^"]+)"', page):
        yield html.unescape(piece).strip().casefold()
    text = re.sub(r"<(script|style|textarea|code)\b.*?</\1>", "", page, flags=re.DOTALL)
    for piece in re.sub(r"<[^>]*>", "\n", text).split("\n"):
        if piece.strip():
            yield html.unescape(piece).strip().casefold()


def foreign_to(language: Language) -> Mapping[str, str]:
    """What another language says and this one never does, with its name."""
    # The page of patterns shows samples, which are called as cases of the demonstration are.
    texts = {name: text for name, text in {**TERMS, **WORDS}.items() if not name.startswith("patterns.")}
    own = {text.in_language(language).strip().casefold() for text in texts.values()}
    return {
        said: name
        for name, text in texts.items()
        for other in LANGUAGES
        if (said := text.in_language(other).strip().casefold()) not in own and "{" not in said
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
@pytest.mark.usefixtures("town")
def test_each_page_speaks_one_language(language: Language) -> None:
    foreign = {said: name for said, name in foreign_to(language).items() if said not in NAMES}
    long = {said: name for said, name in foreign.items() if len(said) > 24}
    found, pages = set(), 0
    for staff_id in ("f-ini", "f-sec") if language == "fi" else ("f-ini",):
        for address, answer in walk(signed_in(staff_id, language)):
            if "html" not in answer.headers["Content-Type"] or address.startswith("/account/"):
                continue
            assert answer.status_code in (200, 302), address
            pages += 1
            pieces = list(shown(answer.content.decode()))
            found |= {(address, foreign[piece]) for piece in pieces if piece in foreign}
            found |= {(address, name) for said, name in long.items() for piece in pieces if said in piece}
    assert pages > 50
    assert sorted(found) == []
