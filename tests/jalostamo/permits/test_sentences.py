"""Every sentence by which a permit is refused: said in three languages, filled in as it is called, and none without use."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import jalostamo.permits
from jalostamo.concepts.errors import Refused
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.permits.duties import DUTIES
from jalostamo.permits.events import replay
from jalostamo.permits.objections import SENTENCES, objection
from jalostamo.permits.signing import Ed25519Verifier

LONGEST = 240
SECTION = re.compile(r"2\.[1-6]|2\.6, (phase [1-8]|[a-z]+)|Appendix 1(, section [1-6])?")
ATTACHED = re.compile(r"\w\{|\}[\w’-]|\}'s|\}:\w")
COMPUTED = re.compile(r"(describing|idea|entry|duty)_[a-z_]+")


@dataclass(frozen=True, slots=True)
class Said:
    """One place in the code that says a sentence; `code` is None where it is computed, `filled` where words are."""

    module: str
    code: str | None
    filled: frozenset[str] | None


def _modules() -> Iterator[tuple[str, ast.Module]]:
    [folder] = jalostamo.permits.__path__
    for file in sorted(Path(folder).rglob("*.py")):
        yield file.relative_to(folder).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def _codes_of(argument: ast.expr) -> list[str | None]:
    if isinstance(argument, ast.IfExp):
        return [*_codes_of(argument.body), *_codes_of(argument.orelse)]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    return [None]


def _said_in(module: str, tree: ast.Module) -> Iterator[Said]:
    for call in ast.walk(tree):
        name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        if not isinstance(call, ast.Call) or name not in {"objection", "_refuse_unless"}:
            continue
        names = [keyword.arg for keyword in call.keywords]
        filled = None if None in names else frozenset(str(each) for each in names)
        for code in _codes_of(call.args[0 if name == "objection" else 1]):
            yield Said(module, code, filled)


MODULES = dict(_modules())
# In `objections` the code is defined, and in `_refuse_unless` handed on; neither says a sentence of its own.
SAID = [said for module, tree in MODULES.items() for said in _said_in(module, tree) if module != "objections.py"]
TEXTS = {
    module: {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for module, tree in MODULES.items()
}


def _places(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def _sentences_where(wrong: Callable[[str], bool]) -> list[str]:
    return [
        f"{code}, {language}"
        for code, (_, text) in SENTENCES.items()
        for language in LANGUAGES
        if wrong(text.in_language(language))
    ]


def _computed_in(module: str) -> set[str]:
    return {text for text in TEXTS[module] if COMPUTED.fullmatch(text)}


def test_the_code_says_sentences_by_name_by_condition_and_by_table() -> None:
    """Were the reading of the code blind, the tests below would say nothing."""
    codes = {said.code for said in SAID}
    assert {"reason_missing", "model_asks_for_the_unit", "model_asks_for_the_group", "chain_rolled_back"} <= codes
    assert _computed_in("duties.py") == {*(duty.code for duty in DUTIES), "duty_of_the_city"}


def test_every_sentence_that_is_said_is_written() -> None:
    """A rule that refuses always has its words."""
    named = {said.code for said in SAID if said.code is not None}
    computed = {code for said in SAID if said.code is None for code in _computed_in(said.module)}
    assert sorted((named | computed) - set(SENTENCES)) == []


def test_every_sentence_that_is_written_is_said() -> None:
    """No sentence is kept that no rule says any more."""
    assert sorted(set(SENTENCES) - set().union(*TEXTS.values())) == []


def test_every_sentence_is_filled_in_the_same_in_every_language() -> None:
    """What stands in braces in one language stands in braces in all."""
    differing = [
        code
        for code, (_, text) in SENTENCES.items()
        if len({_places(text.in_language(language)) for language in LANGUAGES}) > 1
    ]
    assert differing == []


def test_every_sentence_has_a_place_for_exactly_what_is_filled_in() -> None:
    """The reader sees everything that the rule tells, and no empty brace."""
    wrong = [
        said.code
        for said in SAID
        if said.code is not None and said.filled is not None and said.filled != _places(SENTENCES[said.code][1].en)
    ]
    assert wrong == []


def test_a_sentence_of_a_table_has_a_place_for_what_one_of_its_calls_fills_in() -> None:
    """Where the code of a sentence is computed, some call of that module fills in just its words."""
    wrong = []
    for module in {said.module for said in SAID if said.code is None}:
        filled = [said.filled for said in SAID if said.module == module and said.code is None]
        for code in sorted(_computed_in(module)):
            named = {said.code for said in SAID if said.module == module}
            if code not in named and None not in filled and _places(SENTENCES[code][1].en) not in filled:
                wrong.append(code)
    assert wrong == []


@pytest.mark.parametrize("code", [*(duty.code for duty in DUTIES), "duty_of_the_city"])
def test_the_sentence_of_a_duty_names_both_roles(code: str) -> None:
    """Who may not act learns which two roles are kept apart."""
    assert _places(SENTENCES[code][1].en) == {"role", "other"}


def test_every_sentence_can_be_said() -> None:
    """Filled in, each sentence holds the words of its language and no brace."""
    word = Text("suomeksi", "på svenska", "in English")
    for code, (section, text) in SENTENCES.items():
        said = objection(code, **dict.fromkeys(_places(text.en), word))
        assert (said.code, said.section, said.sentence) == (code, section, said.text.en)
        for language in LANGUAGES:
            spoken = said.text.in_language(language)
            assert "{" not in spoken and "}" not in spoken
            assert (word.in_language(language) in spoken) == bool(_places(text.en))


def test_no_sentence_is_empty() -> None:
    """A refusal without words helps nobody."""
    assert _sentences_where(lambda sentence: not sentence.strip()) == []


def test_no_sentence_is_too_long_to_be_read_at_once() -> None:
    """A tired official understands it at first sight."""
    assert _sentences_where(lambda sentence: len(sentence) > LONGEST) == []


def test_no_sentence_has_stray_spaces() -> None:
    """Sentences are typed with care."""
    assert _sentences_where(lambda sentence: "  " in sentence or sentence != sentence.strip()) == []


def test_every_sentence_ends_with_a_full_stop() -> None:
    """In every language a sentence is a whole one."""
    assert _sentences_where(lambda sentence: not sentence.endswith(".")) == []


def test_every_sentence_begins_with_a_capital_or_a_name() -> None:
    """In every language a sentence is a whole one."""
    assert _sentences_where(lambda sentence: not (sentence[0].isupper() or sentence[0] == "{")) == []


def test_no_ending_is_attached_to_what_is_filled_in() -> None:
    """Finnish and Swedish inflect; a word that is filled in stands alone, so that every title fits."""
    assert _sentences_where(lambda sentence: ATTACHED.search(sentence) is not None) == []


def test_no_sentence_shows_a_code() -> None:
    """What machines read is not shown to people."""
    plain = re.compile(r"\{\w+\}")
    assert _sentences_where(lambda sentence: "_" in plain.sub("", sentence)) == []


def test_no_two_languages_say_the_same() -> None:
    """Each sentence is translated."""
    same = [code for code, (_, text) in SENTENCES.items() if len({text.fi, text.sv, text.en}) < 3]
    assert same == []


def test_no_two_sentences_are_the_same() -> None:
    """Who reads a sentence knows which rule it was."""
    for language in LANGUAGES:
        spoken = [text.in_language(language) for _, text in SENTENCES.values()]
        assert len(spoken) == len(set(spoken))


def test_every_sentence_names_its_section() -> None:
    """Each refusal can be looked up in the handbook."""
    assert [code for code, (section, _) in SENTENCES.items() if not SECTION.fullmatch(section)] == []


def test_a_chain_that_is_refused_says_so_in_three_languages() -> None:
    """Whoever answers for data security is told what was found."""
    with pytest.raises(Refused) as refused:
        replay([], verifier=Ed25519Verifier({}))
    [said] = refused.value.objections
    assert said == objection("chain_empty")
