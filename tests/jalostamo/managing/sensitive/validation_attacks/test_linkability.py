"""Two lists are joined through a release whose rows are their people's own, and not through one of like rows."""

from __future__ import annotations

import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import columns, recoded, released, village

from jalostamo.managing.sensitive.validation.attacks.linkability import linkability
from jalostamo.managing.sensitive.validation.attacks.rates import Sample

SAMPLE = Sample(seed=7, size=1_000)


def test_rows_as_recorded_join_what_is_known_of_their_people(look: Look) -> None:
    source, quasi = village(1, 60), columns(0, 0)
    risk = linkability(look(recoded(source, quasi), source, quasi), SAMPLE, halves=([0], [1, 2]))
    assert risk.low > 0.2
    assert risk.better_than_guessing


def test_rows_made_coarser_join_nobody(look: Look) -> None:
    source, quasi = village(1, 400), columns(3, 3)
    risk = linkability(look(released(source, quasi, k=5), source, quasi), SAMPLE, halves=([0], [1, 2]))
    assert risk.high < 0.09


def test_people_who_are_not_in_the_release_are_not_joined_through_it(look: Look) -> None:
    source, quasi = village(1, 300), columns(0, 0)
    control = village(2, 300)
    sight = look(recoded(source, quasi), source, quasi, control=control)
    risk = linkability(sight, SAMPLE, halves=([0], [1, 2]))
    assert risk.control.value < risk.main.value / 3


@pytest.mark.parametrize("people", [1, 2])
def test_of_hardly_anybody_a_risk_can_be_told(look: Look, people: int) -> None:
    source, quasi = village(1, people), columns(0, 0)
    risk = linkability(look(recoded(source, quasi), source, quasi), SAMPLE)
    assert risk.main.attempts == people
    assert 0 <= risk.low <= risk.high <= 1
