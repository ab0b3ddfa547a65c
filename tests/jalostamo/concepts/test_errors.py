"""Each branch of the tree of errors has its exit code, its sentence and its reason."""

from __future__ import annotations

import pytest

from jalostamo.concepts.errors import Broken, JalostamoError, Misused, Objection, Refused, Unfit


@pytest.mark.parametrize(("branch", "exit_code"), [(Misused, 2), (Unfit, 4), (Broken, 5), (JalostamoError, 5)])
def test_an_error_carries_its_sentence_reason_and_exit_code(branch: type[JalostamoError], exit_code: int) -> None:
    error = branch("A sentence.", reason="a_reason")
    assert (error.sentence, error.reason, error.exit_code) == ("A sentence.", "a_reason", exit_code)
    assert str(error) == "A sentence."


def test_a_refusal_shows_all_of_its_objections() -> None:
    refused = Refused((Objection(text, "2.6") for text in ("No key.", "No permit.")), reason="rule")
    assert refused.sentence == "No key. No permit."
    assert [objection.section for objection in refused.objections] == ["2.6", "2.6"]
    assert refused.exit_code == 3
