"""Where a release has nothing to do with the people attacked, about 95 of 100 intervals hold no risk at all."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import columns, recoded, village

from jalostamo.managing.sensitive.validation.attacks.inference import inference
from jalostamo.managing.sensitive.validation.attacks.linkability import linkability
from jalostamo.managing.sensitive.validation.attacks.rates import Risk, Sample
from jalostamo.managing.sensitive.validation.attacks.singling_out import singling_out

LEVELS = ((2, 1), (0, 2))


def risks(look: Look, run: int) -> dict[str, Risk]:
    """Every risk of a release of other people than those attacked, and than the control group."""
    others, attacked, control = (village(10_000 + 3 * run + number, 800, ills=3) for number in range(3))
    quasi = columns(*LEVELS[run % len(LEVELS)])
    sight = look(recoded(others, quasi), attacked, quasi, control=control)
    sample = Sample(seed=run, size=400)
    alone = singling_out(sight, sample)
    return {
        "one column": alone.univariate,
        "several columns": alone.multivariate,
        "linkability": linkability(sight, sample),
        "inference": inference(sight, sample),
    }


@pytest.mark.deep
@pytest.mark.slow
def test_intervals_hold_no_risk_in_about_95_of_100_runs(look: Look) -> None:
    runs = 200
    covered = Counter[str]()
    for run in range(runs):
        covered.update(name for name, risk in risks(look, run).items() if risk.covers_nothing)
    # With 95 % each, fewer than 181 of 200 are a matter of one in a thousand.
    assert min(covered.values()) >= 181
    assert len(covered) == 4


def test_a_release_of_others_tells_nothing_of_people(look: Look) -> None:
    assert all(risk.low < 0.05 for risk in risks(look, 1_000).values())
