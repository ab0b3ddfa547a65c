"""What is said beforehand to be answerable is: the power of the very comparison is 0.80 at the answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jalostamo.concepts.errors import Misused
from jalostamo.utilising.disclosure.answerability import Answerable, Plan, Smallest, answerable, power, smallest
from jalostamo.utilising.disclosure.answerability_words import sentences
from jalostamo.utilising.disclosure.figures.comparisons import difference
from jalostamo.utilising.disclosure.figures.estimates import Figure, Part
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table

TIMES = 6_000
NOISE = noise_table()
PLANS = {
    "40 v 2,000": Plan((40, 2_000), 0.10, "share", NOISE, 10),
    "100 v 3,000": Plan((100, 3_000), 0.08, "share", NOISE, 10),
    "1,000 v 1,000": Plan((1_000, 1_000), 0.10, "share", NOISE, 10),
    "a rate": Plan((300, 2_000), 30.0, "per_1000_years", NOISE, 10),
}


def seen(plan: Plan, actual: float) -> float:
    """How often the comparison of freshly drawn and printed counts leaves out no difference, the right way."""
    chance = np.random.default_rng(5)

    def group(size: int, at: float) -> list[Figure]:
        of_share = plan.scale == "share"
        units = chance.binomial(size, at, TIMES) if of_share else chance.poisson(size * at / 1_000, TIMES)
        exposure = None if of_share else float(size)
        columns = [NOISE.printed(n, chance.integers(0, KEY_SPACE, TIMES)) for n in (units, np.full(TIMES, size))]
        pairs = zip(*(column.tolist() for column in columns), strict=True)
        return [Figure(Part(x, n, exposure), NOISE, plan.least) for x, n in pairs]

    firsts, seconds = group(plan.sizes[0], actual), group(plan.sizes[1], plan.expected)
    found = [difference(*pair).estimate for pair in zip(firsts, seconds, strict=True)]
    if actual < plan.expected:
        return float(np.mean([each is not None and each.high < 0 for each in found]))
    return float(np.mean([each is not None and each.low > 0 for each in found]))


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_power_is_four_in_five_at_the_smallest_difference(name: str) -> None:
    found = smallest(PLANS[name])
    assert found.difference is not None
    assert seen(PLANS[name], PLANS[name].expected + found.difference) == pytest.approx(0.80, abs=0.03)


@pytest.mark.slow
def test_power_is_four_in_five_downwards_too() -> None:
    plan = PLANS["1,000 v 1,000"]
    found = answerable(plan, pool=(1,)).downward
    assert found is not None
    assert seen(plan, plan.expected - found) == pytest.approx(0.80, abs=0.03)


def test_without_the_noise_in_mind_a_difference_would_be_promised_that_is_not_seen() -> None:
    found = smallest(PLANS["40 v 2,000"])
    assert found.unprotected is not None
    assert seen(PLANS["40 v 2,000"], 0.10 + found.unprotected) < 0.70


def test_power_rises_with_the_difference_and_with_size() -> None:
    plan = PLANS["40 v 2,000"]
    chances = [power(plan, at) for at in (0.1, 0.15, 0.2, 0.3, 0.5)]
    assert chances == sorted(chances)
    assert chances[0] < 0.05
    assert power(plan.pooled(2), 0.2) > power(plan, 0.2)


def test_pooling_helps_and_protection_costs_less_in_larger_groups() -> None:
    found = answerable(PLANS["40 v 2,000"], pool=(1, 2, 3))
    differences = [each.difference for each in found.pooled if each.difference is not None]
    costs = [each.due_to_protection for each in found.pooled if each.due_to_protection is not None]
    assert len(differences) == len(costs) == 3
    assert differences == sorted(differences, reverse=True)
    assert costs == sorted(costs, reverse=True)
    assert found.pooled[2].sizes == (120, 6_000)


def test_a_group_below_the_threshold_answers_nothing() -> None:
    found = smallest(Plan((7, 2_000), 0.10, "share", NOISE, 10))
    assert (found.difference, found.ratio, found.due_to_protection) == (None, None, None)
    assert found.unprotected is not None


def test_without_protection_nothing_is_due_to_it() -> None:
    assert smallest(replace(PLANS["1,000 v 1,000"], noise=None, least=1)).due_to_protection == 0


@pytest.mark.parametrize(
    ("sizes", "expected", "reason"),
    [((0, 10), 0.1, "sizes"), ((10, 10**9), 0.1, "sizes"), ((10, 10), 0.0, "expected"), ((10, 10), 1.0, "expected")],
)
def test_a_plan_that_cannot_be_is_refused(sizes: tuple[int, int], expected: float, reason: str) -> None:
    with pytest.raises(Misused) as refused:
        Plan(sizes, expected, "share", NOISE, 10)
    assert refused.value.reason == reason


def test_nothing_is_pooled_less_than_once() -> None:
    with pytest.raises(Misused):
        answerable(PLANS["40 v 2,000"], pool=(0,))


def said(upward: Smallest, downward: float | None, *pooled: Smallest, expected: float = 0.10) -> Answerable:
    scale = "share" if expected < 1 else "per_1000_years"
    return Answerable(Plan(upward.sizes, expected, scale, NOISE, 10), upward, downward, (upward, *pooled))


def test_the_answer_is_said_in_three_languages() -> None:
    found = said(Smallest((40, 2_000), 0.1355, 2.355, 0.10, 0.26), None, Smallest((80, 4_000), 0.09, 1.9, 0.08, 0.1))
    texts = sentences(found)
    assert [text.en.replace("\u00a0", " ") for text in texts] == [
        "With 40 and 2,000 customers a difference under 14 percentage points would not be seen.",
        "Of that, 26% is due to the protection of persons, the rest to chance.",
        "24% against 10% would be seen: 2.4 times as much.",
        "A lower figure would not be seen at all.",
        "With 2 years or areas counted as one the limit is 9 percentage points.",
    ]
    assert (
        texts[0].fi
        == "Kun ryhmissä on 40 ja 2\u00a0000 asiakasta, ero ei näkyisi, jos se on alle 14\u00a0prosenttiyksikköä."
    )
    assert texts[0].sv == "Med 40 och 2\u00a0000 kunder skulle en skillnad under 14\u00a0procentenheter inte synas."


def test_what_cannot_be_answered_is_said_as_clearly() -> None:
    none = Smallest((7, 20), None, None, 0.4, None)
    assert [text.en.replace("\u00a0", " ") for text in sentences(said(none, None, replace(none, sizes=(14, 40))))] == [
        "With 7 and 20 customers no difference would be seen.",
        "Without the protection of persons the limit would be 40 percentage points.",
        "Even with 2 years or areas counted as one no difference would be seen.",
    ]
    assert len(sentences(said(replace(none, unprotected=None), None))) == 1


def test_rates_and_small_differences_are_said_with_places_enough() -> None:
    found = said(Smallest((9_000, 9_000), 4.42, 1.15, 4.41, 0.0), 3.9, expected=30.0)
    assert [text.en for text in sentences(found)] == [
        "With 9,000 and 9,000 customers a difference under 4.5 per thousand years would not be seen.",
        "The protection of persons hardly adds to it.",
        "34 per thousand years against 30 per thousand years would be seen: 1.1 times as much.",
        "A lower figure would be seen when it is at least 3.9 per thousand years lower.",
    ]
