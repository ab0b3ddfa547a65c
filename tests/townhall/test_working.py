"""What townhall does by itself: once, by one worker, and again by another where the first was lost."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from jalostamo.concepts.errors import Refused
from jalostamo.leases.jobs import Job, JobState
from jalostamo.leases.leasing import Leases
from jalostamo.leases.times import machine_clock

if TYPE_CHECKING:
    from django.test import Client

    from townhall.config.demonstration import Story

type Cast = Callable[[str], Client]


def test_a_day_is_worked_off_once(cast: Cast) -> None:
    from townhall.working.daily import leases, work_once

    cast("f-ini").post("/cases/new/", {"role": "initiator"})
    assert work_once("one") >= 1
    assert work_once("two") == 0
    assert {job.state for job in leases().jobs()} == {JobState.DONE}


def test_an_end_date_that_has_passed_ends_a_permit_without_anybody(cast: Cast) -> None:
    from django.utils import timezone

    from townhall.config.demonstration import play
    from townhall.permits.actions import let_time_pass
    from townhall.permits.models import Case

    cast("f-ini")
    play(permitted(), timezone.now() - datetime.timedelta(days=30))
    case = Case.objects.get()
    assert let_time_pass(case.pk, at=timezone.now()) == 0
    assert let_time_pass(case.pk, at=timezone.now() + datetime.timedelta(days=400)) == 1
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("X.expired", False)


def permitted() -> Story:
    """A story of a low risk, played until it is permitted."""
    from townhall.config.demonstration import Story as Told

    return Told(
        name="Spells of day care",
        need="Places run out every spring.",
        question="When do spells begin?",
        hypothesis="In autumn.",
        register="early_education",
        table="spells",
        fields=["began"],
        links=["identity_code"],
        subjects="others",
        level="low",
        data_class="printed_cells",
        until="confirm_low",
        days=30,
    )


@pytest.mark.django_db(transaction=True)
def test_what_a_lost_worker_left_is_taken_up_by_another_and_the_first_is_refused() -> None:
    from townhall.working.models import TownStore

    late = 0.0
    clock = machine_clock()
    held = Leases(TownStore(), lambda: clock().later(late))
    held.add(Job("day-1", "day", "0" * 64, ("time",)))
    first = held.claim("one", ("day",))
    assert first is not None
    assert held.claim("two", ("day",)) is None
    late = 10_000.0
    second = held.claim("two", ("day",))
    assert second is not None
    assert second.token > first.token
    with pytest.raises(Refused):
        held.record(first, "time", "1" * 64)
    held.record(second, "time", "2" * 64)
    assert held.finish(second).state is JobState.DONE
