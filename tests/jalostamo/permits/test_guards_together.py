"""All guards together: none without a case that it refuses and one that it lets pass, no code that no test asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jalostamo.permits import (
    test_guards_deciding,
    test_guards_ending,
    test_guards_preparing,
    test_guards_publishing,
    test_guards_requesting,
    test_guards_reviewing,
    test_guards_running,
    test_guards_writing,
)
from tests.jalostamo.permits.played import said_by

from jalostamo.permits import duties, guards, objections, people, performing
from jalostamo.permits.duties import DUTIES
from jalostamo.permits.guards import GUARDS
from jalostamo.permits.tables import TRANSITIONS

HERE = Path(__file__).parent
CASES = [
    case
    for module in (
        test_guards_writing,
        test_guards_deciding,
        test_guards_requesting,
        test_guards_preparing,
        test_guards_reviewing,
        test_guards_running,
        test_guards_publishing,
        test_guards_ending,
    )
    for case in module.CASES
]
RULES = {
    "performing": (performing, "test_performing.py"),
    "duties": (duties, "test_duties.py"),
    "people": (people, "test_people.py"),
}


def codes_in(path: Path) -> Iterator[str]:
    """The codes by which a module objects."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "objection" and node.args:
            yield from (leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant))


def texts_in(path: Path) -> set[str]:
    """Every text that stands in a module by itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def place_of(module: object) -> Path:
    return Path(str(getattr(module, "__file__", "")))


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_every_guard_has_a_case_that_it_refuses_and_one_that_it_lets_pass(name: str) -> None:
    cases = [case for case in CASES if case.guard == name]
    assert cases
    assert all(said_by(name, case.refused) and not said_by(name, case.passes) for case in cases)


def test_no_two_cases_are_told_alike() -> None:
    told = [str(case) for case in CASES]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("path", sorted(place_of(guards).parent.glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_every_code_of_the_guards_is_one_that_a_case_is_refused_by(path: Path) -> None:
    assert set(codes_in(path)) <= {case.code for case in CASES}


@pytest.mark.parametrize("rules", sorted(RULES))
def test_every_code_of_the_other_rules_stands_in_their_tests(rules: str) -> None:
    module, tests = RULES[rules]
    codes = set(codes_in(place_of(module))) | ({duty.code for duty in DUTIES} if rules == "duties" else set())
    assert codes
    assert codes <= texts_in(HERE / tests)


def test_every_guard_stands_in_a_row_and_every_row_names_guards_that_are() -> None:
    assert {name for row in TRANSITIONS for name in row.guards} == set(GUARDS)


def test_a_code_that_stands_in_two_files_is_found_when_the_sentences_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the one would hide the other, and a refusal would be said in another's words."""
    (tmp_path / "sentences").mkdir()
    for name in ("one.toml", "two.toml"):
        sentence = '[twice]\nsection = "2.6"\nfi = "Kahdesti."\nsv = "Två gånger."\nen = "Twice."\n'
        (tmp_path / "sentences" / name).write_text(sentence, encoding="utf-8")
    monkeypatch.setattr(objections, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=r"two\.toml: the sentence 'twice'"):
        objections._sentences()
