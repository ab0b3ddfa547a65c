"""Cases on pages: opened, seen by those who have part in them, and moved by one of many who act at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits import papers
from jalostamo.permits.events import replay

if TYPE_CHECKING:
    from django.test import Client

    from townhall.permits.models import Case

type Cast = Callable[[str], Client]


def opened(client: Client) -> Case:
    """A case that the initiator opens on the first page."""
    from townhall.permits.models import Case

    answer = client.post("/cases/new/", {"role": "initiator"})
    assert answer.status_code == 302
    return Case.objects.get(pk=answer["Location"].strip("/").split("/")[-1])


def test_an_initiator_opens_a_case_and_it_waits_for_her_and_the_analyst(cast: Cast) -> None:
    case = opened(cast("f-ini"))
    assert set(case.waits.values_list("staff_id", "command")) == {("f-ini", "describe"), ("f-ana", "describe")}
    assert case.pk in cast("f-ana").get("/").content.decode()
    assert case.pk not in cast("f-cty").get("/").content.decode()


def test_who_only_reads_publications_sees_no_case(cast: Cast) -> None:
    case = opened(cast("f-ini"))
    assert cast("f-ser").get(f"/cases/{case.pk}/").status_code == 403
    assert cast("f-ser").get("/cases/").status_code == 403
    assert cast("f-aud").get(f"/cases/{case.pk}/").status_code == 200


def test_an_event_that_was_changed_in_the_database_is_refused(cast: Cast) -> None:
    from townhall.permits.models import CaseEvent
    from townhall.permits.recording import initiative_of

    case = opened(cast("f-ini"))
    event = case.events.get()
    CaseEvent.objects.filter(pk=event.pk).update(content=event.content.replace("f-ini", "f-ana"))
    with pytest.raises(Refused):
        initiative_of(case)


def test_every_page_is_said_in_each_language(cast: Cast) -> None:
    case = opened(cast("f-ini"))
    for language, said in {"fi": "Nimetön aloite", "sv": "Initiativ utan namn", "en": "Unnamed initiative"}.items():
        page = cast("f-ini", language).get(f"/cases/{case.pk}/").content.decode()
        assert said in page
        assert f'lang="{language}"' in page


def test_an_act_on_a_case_that_has_moved_since_is_not_done(cast: Cast) -> None:
    from townhall.people.models import Person
    from townhall.permits import actions

    case = opened(cast("f-ini"))
    person = Person.objects.get(username="f-ini")
    withdraw = actions.Act("withdraw", Role.INITIATOR, papers.Reasoned("Nothing came of it."), seen=case.length)
    after = actions.give(case.pk, person, withdraw).case
    assert (after.state, after.is_open, after.length) == ("X.withdrawn", False, 2)
    with pytest.raises(actions.ActedMeanwhile):
        actions.give(case.pk, person, withdraw)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_act_at_once_one_wins_and_seven_are_told(cast: Cast) -> None:
    from django.db import connection

    from townhall.people.models import Person
    from townhall.permits import actions
    from townhall.permits.recording import events_of, verifier

    case = opened(cast("f-ini"))
    person = Person.objects.get(username="f-ini")

    def withdraw(number: int) -> str:
        act = actions.Act("withdraw", Role.INITIATOR, papers.Reasoned(f"Nothing came of it, says {number}."), seen=1)
        try:
            actions.give(case.pk, person, act)
        except actions.ActedMeanwhile:
            return "told"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(withdraw, range(8)))
    assert found == ["done", *["told"] * 7]
    made = replay(events_of(case), verifier=verifier())
    assert made.length == 2
    assert made.last_at.date() <= datetime.datetime.now(tz=datetime.UTC).date()
