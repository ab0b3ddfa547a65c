"""The six steps of refining, as the table of 2.2 has them."""

from __future__ import annotations

import pytest

from jalostamo.permits.steps import STEPS, Party, RefiningStep
from jalostamo.permits.terms import title_of

CITY, ANALYSTS, DATA, DEVELOPERS = Party


def test_there_are_six_steps_in_order() -> None:
    assert [each.step for each in STEPS] == list(RefiningStep)
    assert [int(step) for step in RefiningStep] == [1, 2, 3, 4, 5, 6]


@pytest.mark.requirement("S22-01")
def test_each_step_has_the_roles_of_the_table() -> None:
    assert [set(each.act) for each in STEPS] == [
        {CITY, ANALYSTS},
        {CITY, ANALYSTS, DATA},
        {DATA},
        {ANALYSTS},
        {CITY, ANALYSTS},
        {CITY, DEVELOPERS},
    ]


@pytest.mark.requirement("S22-01")
def test_analysts_are_consulted_in_preparing_and_nowhere_else() -> None:
    assert [each.consulted for each in STEPS] == [(), (), (ANALYSTS,), (), (), ()]


def test_nobody_both_acts_and_is_consulted() -> None:
    assert not any(set(each.act) & set(each.consulted) for each in STEPS)


@pytest.mark.requirement("S22-01")
def test_each_step_has_an_aim_and_tasks_of_its_own() -> None:
    assert len({each.aim for each in STEPS}) == 6
    assert [len(each.tasks) for each in STEPS] == [2, 3, 2, 1, 1, 3]


def test_steps_and_parties_have_titles() -> None:
    assert all(title_of(each).fi for each in (*RefiningStep, *Party))
