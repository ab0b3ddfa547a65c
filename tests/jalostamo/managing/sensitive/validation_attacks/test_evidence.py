"""Findings are held against their criteria, and told in words without any promise."""

from __future__ import annotations

import pytest

from jalostamo.managing.sensitive.validation.attacks.criteria import FIGURES, read_criteria
from jalostamo.managing.sensitive.validation.attacks.evidence import Evidence, Judge
from jalostamo.managing.sensitive.validation.attacks.rates import Rate, Risk, Sample
from jalostamo.managing.sensitive.validation.attacks.words import MEANS

SAMPLE = Sample(seed=1, size=2_000)
JUDGE = Judge(read_criteria("outside"), SAMPLE)


def risk(main: int, control: int, attempts: int = 2_000) -> Risk:
    return Risk(Rate(main, attempts), Rate(100, attempts), Rate(control, attempts))


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (risk(400, 390), "withstood"),
        (risk(1_000, 400), "succeeded"),
        (risk(1_000, 900), "undecided"),
        # The control group leaves next to nothing to win: nothing is won over it.
        (risk(2_000, 2_000), "withstood"),
        (risk(1_000, 0, 1_000), "succeeded"),
        (risk(10, 10, 10), "undecided"),
    ],
)
def test_a_risk_is_judged_by_its_interval(found: Risk, outcome: str) -> None:
    assert JUDGE.drawn("inference.risk", found).outcome == outcome


def test_what_did_not_withstand_is_told_with_its_limit_and_its_source() -> None:
    findings = (
        JUDGE.drawn("inference.risk", risk(1_000, 400), "illness"),
        JUDGE.counted("singling_out.smallest_class", 3),
        JUDGE.counted("insider.certain", 0.0, "illness"),
        JUDGE.counted("insider.mean_gain", 0.7, "illness"),
    )
    found = Evidence("1", "0" * 64, JUDGE.criteria, SAMPLE, with_control=False, findings=findings)
    opening, counted, inferred, smallest, closing = found.sentences()
    assert "1 of 3 withstood" in opening
    assert counted.startswith("People are counted by row; beside the release the attacker had no earlier release")
    assert inferred.startswith("inference.risk (illness): succeeded: what is to be hidden is guessed better")
    assert "Found 0.37" in inferred
    assert "at most 0.09 was wanted" in inferred
    assert "Found 3; at least 11 was wanted. Source of the limit: 0.09 is one in eleven" in smallest
    assert "a named person decides" in closing
    assert not found.withstood


def test_every_figure_has_its_meaning_in_words() -> None:
    assert set(MEANS) == set(FIGURES)
