"""The public register: what a decision keeps secret is in no byte that anybody is sent, and no case is read for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.townhall.played import played

from jalostamo.permits.decisions import PublicityClass

if TYPE_CHECKING:
    from django.test import Client

    from townhall.permits.models import Case

type Cast = Callable[..., Client]

ADDRESSES = ("/analyses/", "/analyses/all.csv", "/analyses/all.json", "/analyses/?q=libraries", "/analyses/?q=ESIM")


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case that was decided, in public."""
    cast("f-ini")
    return played()


def republished(case: Case, publicity: PublicityClass | None, **other: object) -> None:
    """The case as another publicity of its decision would have it in the register."""
    from townhall.permits.publicity.entries import publish
    from townhall.permits.recording import initiative_of

    made = initiative_of(case)
    assert made.decided is not None
    decision = replace(made.decided.decision, publicity_class=publicity, secrecy_statute="Section 24")
    publish(replace(made, decided=replace(made.decided, decision=decision, **other)))


def sent_to_anybody(case: Case) -> str:
    """Every byte of the register that somebody who is not signed in is sent, in each language."""
    from django.test import Client

    told = []
    for language in ("fi", "sv", "en"):
        client = Client(headers={"accept-language": language})
        for address in (*ADDRESSES, f"/analyses/{case.pk}/"):
            answer = client.get(address)
            told.append("\n".join([*(f"{name}: {value}" for name, value in answer.items()), answer.content.decode()]))
    return "\n".join(told)


def test_a_public_decision_tells_what_is_analysed_why_and_by_whose_decision(cast: Cast, case: Case) -> None:
    from django.test import Client

    client = Client(headers={"accept-language": "en"})
    page = client.get(f"/analyses/{case.pk}/").content.decode()
    for said in ("Use of libraries by language", "Collections are bought", "ESIM/20/2026", "The City of Imaginary"):
        assert said in page
    for said in ("Printed cells", "Low", "The person responsible for data security", "Library"):
        assert said.lower() in page.lower()
    (told,) = json.loads(client.get("/analyses/all.json").content)["analyses"]
    assert told["level"] == {"id": "low", "fi": "matala", "sv": "låg", "en": "low"}
    assert "f-ini" not in sent_to_anybody(case) and "Fiktiivinen" not in sent_to_anybody(case)


def days_of(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The day of the decision, and the permit's last, in every way in which the register writes days."""
    from django.utils import timezone

    from townhall.permits.recording import initiative_of

    decided = initiative_of(case).decided
    assert (
        decided is not None and decided.decision.decided_on is not None and decided.valid_until > timezone.localdate()
    )
    first, second = (
        (str(day), f"{day.day}.{day.month}.{day.year}", f"{day:%-d %b %Y}")
        for day in (decided.decision.decided_on, decided.valid_until)
    )
    return first, second


def test_what_a_decision_keeps_secret_is_in_no_byte_that_anybody_is_sent(case: Case) -> None:
    decided_on, valid_until = days_of(case)
    secret = (
        "libraries by",
        "Collections",
        "library",
        "printed cells",
        "oikeaan aikaan",
        "Section 24",
        "f-ini",
        *decided_on,
    )
    republished(case, PublicityClass.PARTLY_SECRET)
    sent = sent_to_anybody(case)
    assert not [each for each in secret if each in sent]
    assert not [each for each in ("ESIM/20/2026", "The City of Imaginary", *valid_until) if each not in sent]
    for publicity in (PublicityClass.SECRET, None):
        republished(case, publicity)
        sent = sent_to_anybody(case)
        assert "ESIM/20/2026" in sent
        assert not [each for each in (*secret, "The City of Imaginary", *valid_until) if each in sent]


def test_no_table_of_cases_is_read_for_who_is_not_signed_in(case: Case) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        sent_to_anybody(case)
    tables = {part for query in asked for part in query["sql"].replace('"', " ").split() if part.startswith("permits_")}
    assert tables == {"permits_publicentry"}


def test_before_it_is_decided_a_case_is_not_in_the_register(cast: Cast) -> None:
    cast("f-ini")
    case = played(until="submit_assessment")
    assert "libraries by" not in sent_to_anybody(case)


def test_the_register_can_be_made_again_from_the_events(case: Case) -> None:
    from django.utils import timezone

    from townhall.permits.models import PublicEntry
    from townhall.permits.renewing import project_again

    before = list(PublicEntry.objects.values())
    PublicEntry.objects.all().delete()
    PublicEntry.objects.create(number="2025-0001", diary_number="Somebody wrote this.", content="{}")
    assert project_again(at=timezone.now()) == 1
    assert list(PublicEntry.objects.values()) == before


def test_a_spreadsheet_takes_no_text_of_the_register_for_a_formula(case: Case) -> None:
    from django.test import Client

    from townhall.permits.recording import initiative_of

    decided = initiative_of(case).decided
    assert decided is not None
    republished(case, PublicityClass.PUBLIC, description=replace(decided.description, name="=HYPERLINK(1)"))
    sent = Client().get("/analyses/all.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in sent and ",=HYPERLINK" not in sent
