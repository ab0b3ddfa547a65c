"""Who may open which page, member by member and state by state; and what the page of a case does not offer is not done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from tests.townhall.walking import played_town, signed_in

from jalostamo.doors.playing.cast import CAST
from jalostamo.permits.machines import Machine
from jalostamo.permits.tables import TRANSITIONS

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

ANSWERS = {200: ".", 302: ">", 403: "x", 404: "-"}
"""How a page is answered: it opens, leads elsewhere, is not for her, is not there."""

PAGES = (
    *("/", "/calendar/", "/cases/", "/ideas/", "/support/", "/overview/", "/registers/", "/analyses/"),
    *("/roles/", "/audit/", "/audit/chains/", "/accessibility/feedback/"),
)
OPENED = """
f-ini ....x...xxxx
f-ana ....x...xxxx
f-prv ....x...xxxx
f-sec ....x....xxx
f-tec ....x...xxxx
f-brn ....x....xxx
f-rsk ....x...xxxx
f-cty ....x...xxxx
f-own ....x...xxxx
f-sys ....x...xxxx
f-ano ....x...xxxx
f-val ....x...xxxx
f-ch1 ....x...xxxx
f-ch2 ....x...xxxx
f-pub ....x...xxxx
f-ser ..xxxxx.xxxx
f-sup ........xxxx
f-out ..xxxxx.xxxx
f-aud ...........x
f-adm ....x....xx.
"""
"""Each member's answers, page by page."""

ACTS = {
    "1.draft": "withdraw",
    "1.described": "open_assessment",
    "2.assessing": "withdraw",
    "3.inspection low": "confirm_low",
    "3.management moderate": "decide_to_continue",
    "3.city high": "decide_to_continue",
    "3.permitted low": "open_requests",
    "X.rejected high": "withdraw",
}
"""The states, each with an act whose page is asked for."""

OF_A_CASE = ("", "description/need/", "estimate/benefit/")
SEEN = """
f-ini ..x. ..x. .>.. .>x> .>x> .>x> .>x> .>x>
f-ana ..x> ..x> .>.> .>x> .>x> .>x> .>x. .>x>
f-prv .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-sec .xx> .xx> .xx> .xx. .xx> .xx> .xx> .xx>
f-tec .xx> .xx> .xx> .xx. .xx> .xx> .xx> .xx>
f-brn .xx> .xx> .xx> .xx> .xx. .xx> .xx> .xx>
f-rsk .xx> .xx> .xx> .xx> .xx. .xx> .xx> .xx>
f-cty .xx> .xx> .xx> .xx> .xx> .xx. .xx> .xx>
f-own .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-sys .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-ano .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-val .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-ch1 .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-ch2 .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-pub .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-ser xxxx xxxx xxxx xxxx xxxx xxxx xxxx xxxx
f-sup .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-out xxxx xxxx xxxx xxxx xxxx xxxx xxxx xxxx
f-aud .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
f-adm .xx> .xx> .xx> .xx> .xx> .xx> .xx> .xx>
"""
"""Each member's answers in each state: the case, a screen of its description, a part of its form, the act."""

COMMANDS = sorted({row.command for row in TRANSITIONS if row.machine is Machine.PERMIT})


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), played_town():
        yield


def table(rows: Mapping[str, str]) -> str:
    return "\n" + "\n".join(f"{name} {answers}" for name, answers in rows.items()) + "\n"


def cases() -> dict[str, str]:
    """A case in each state, by the state and its level."""
    from townhall.permits.models import Case

    return {f"{case.state} {case.level}".strip(): case.pk for case in Case.objects.order_by("id")}


def answers(client: Client, pages: Iterable[str]) -> str:
    return "".join(ANSWERS[client.get(page).status_code] for page in pages)


def test_each_member_opens_the_pages_of_her_roles_alone() -> None:
    assert table({each.staff_id: answers(signed_in(each.staff_id), PAGES) for each in CAST}) == OPENED


@pytest.mark.slow
def test_each_member_opens_the_pages_of_a_case_that_are_hers_in_its_state() -> None:
    found, by_state = {}, cases()
    for member in CAST:
        client = signed_in(member.staff_id)
        pages = {state: (*OF_A_CASE, f"act/{command}/") for state, command in ACTS.items()}
        found[member.staff_id] = " ".join(
            answers(client, (f"/cases/{by_state[state]}/{page}" for page in asked)) for state, asked in pages.items()
        )
    assert table(found) == SEEN


def test_what_a_case_does_not_offer_is_refused_and_leaves_no_event() -> None:
    """One act for each member in each state, in turn among all that the process knows: each is tried somewhere."""
    from django.utils import timezone

    from townhall.people.models import Person
    from townhall.permits.models import Case, CaseEvent
    from townhall.permits.recording import initiative_of
    from townhall.permits.showing import choices_for

    by_state, turns, before = cases(), cycle(COMMANDS), CaseEvent.objects.count()
    tried = set()
    for state in ACTS:
        case = Case.objects.get(pk=by_state[state])
        made = initiative_of(case)
        for member in CAST:
            person = Person.objects.get(username=member.staff_id)
            offered = {choice.command for choice in choices_for(person, made, at=timezone.now())}
            command = next(each for each in turns if each not in offered)
            sent = {"seen": case.length, "reason": "I may not.", "note": "I may not.", "statement": "I may not."}
            answer = signed_in(member.staff_id).post(f"/cases/{case.pk}/act/{command}/", sent)
            assert answer.status_code in (302, 403), (state, member.staff_id, command)
            tried.add(command)
    assert tried == set(COMMANDS)
    assert CaseEvent.objects.count() == before and not any(case.proposals.exists() for case in Case.objects.all())
