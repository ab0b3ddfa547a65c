"""The coverage page says what the tests say."""

from __future__ import annotations

from pathlib import Path

import pytest

from coverage_page import NO_TEST, PAGE, Proof, Requirement, find_proofs, read_requirements, render

ROW = Requirement("S22-10", "2.2 Refining process", "R", "Combinability | check", "counts equal planted")


def proofs_in(module: str, folder: Path) -> set[tuple[str, str]]:
    (folder / "tests").mkdir()
    (folder / "tests/test_example.py").write_text(module)
    return {(proof.requirement, proof.test) for proof in find_proofs(folder)}


def test_the_written_page_is_the_newest() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(read_requirements(), find_proofs()), "run `make docs`"


def test_every_row_that_a_test_names_exists() -> None:
    known = {row.id for row in read_requirements()}
    assert {proof.requirement for proof in find_proofs()} <= known


def test_the_rows_are_all_there_and_each_once() -> None:
    ids = [row.id for row in read_requirements()]
    assert len(ids) == len(set(ids)) == 266


@pytest.mark.parametrize(
    "module",
    [
        '@pytest.mark.requirement("S22-10")\ndef test_one(): ...',
        '@mark.requirement("S22-10")\nclass TestAll:\n    def test_one(self): ...',
        'pytestmark = pytest.mark.requirement("S22-10")\ndef test_one(): ...',
        'pytestmark = [mark.slow, mark.requirement("S22-10")]\ndef test_one(): ...',
        '@parametrize("x", [param(1, marks=mark.requirement("S22-10"))])\ndef test_one(x): ...',
    ],
    ids=["function", "class", "module", "list", "parameter"],
)
def test_a_row_may_be_named_in_every_place_of_a_mark(module: str, tmp_path: Path) -> None:
    assert proofs_in(module, tmp_path) == {("S22-10", "one")}


def test_what_is_no_test_proves_nothing(tmp_path: Path) -> None:
    assert proofs_in('@pytest.mark.requirement("S22-10")\ndef helper(): ...\ndef test_one(): ...', tmp_path) == set()


def test_a_row_without_a_test_says_so() -> None:
    page = render([ROW], [])
    assert f"| S22-10 | Combinability \\| check |  | {NO_TEST} |" in page
    assert "**0 of 1** rows" in page


def test_a_row_shows_its_rooms_and_tests() -> None:
    proof = Proof("S22-10", "tests/spec/test_example.py", "counts are the planted ones", ("producing.paths",))
    page = render([ROW], [proof])
    assert "| producing.paths | [counts are the planted ones](../../tests/spec/test_example.py) |" in page
    assert "**1 of 1** rows" in page
