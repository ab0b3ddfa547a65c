"""The description as a guided form: nothing typed is lost, two who write are told of each other, rules speak at entries."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from tests.townhall.described_registers import LIBRARY, POPULATION

if TYPE_CHECKING:
    from django.test import Client

    from townhall.permits.models import Case

type Cast = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _described() -> Iterator[None]:
    """Two small registers, described and without a row."""
    from django.conf import settings

    folder = settings.HOME.townhall / "registers"
    for name, text in {"library": LIBRARY, "population": POPULATION}.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "register.toml").write_text(text, encoding="utf-8")
    yield
    shutil.rmtree(folder)


def opened(client: Client) -> Case:
    """A case that the initiator has opened."""
    from townhall.permits.models import Case

    answer = client.post("/cases/new/", {"role": "initiator"})
    return Case.objects.get(pk=answer["Location"].strip("/").split("/")[-1])


def place(case: Case, step: str) -> str:
    """The address of a screen."""
    return f"/cases/{case.pk}/description/{step}/"


def version(case: Case) -> int:
    """The version of the draft as it stands."""
    found = case.drafts.first()
    return found.version if found else 0


def drafted(case: Case) -> dict[str, object]:
    """What the draft says."""
    told: dict[str, object] = json.loads(case.drafts.get().content)
    return told


NEED = {
    "name": "Moving home and the library",
    "summary": "Whether children who move lose the library.",
    "need": "Fewer children borrow after moves.",
    "need_owner": "f-ini",
    "business_aim": "Every child reads.",
    "aims": "Know where to keep contact\nPlan the mobile library",
    "origin": "unit",
    "operating_model": "B",
}
MATERIAL = {
    "customers": "Children of 7 to 12",
    "customer_kinds": ["person"],
    "unit_of_analysis": "person",
    "time_frame_from": "2014-01-01",
    "time_frame_until": "2015-12-31",
    "content": "Moves and loans",
}
SOURCES = {
    "source": ["library.loans", "population.addresses"],
    "s0-fields": ["loaned", "branch"],
    "s0-linking": ["card_number"],
    "s0-purpose": "To count loans",
    "s1-fields": ["since", "postcode", "native_language"],
    "s1-purpose": "To know moves",
    **{f"s{n}-{name}": value for n in (0, 1) for name, value in {"personal": "yes", "subjects": ["children"]}.items()},
    **{f"s{n}-{name}": value for n in (0, 1) for name, value in {"controller": "city", "internal": "yes"}.items()},
    **{f"s{n}-unit": "branch" for n in (0, 1)},
}
USE = {"means": ["static_report"], "audiences": ["city"], "analyst": "f-ana", "data_retrieved_by": ["f-sys"]}


def test_a_need_becomes_a_signed_description_screen_by_screen(cast: Cast) -> None:
    client = cast("f-ini")
    case = opened(client)

    def sent(step: str, told: dict[str, object], pressed: str = "next", what: str = "yes") -> str:
        answer = client.post(place(case, step), {"version": version(case), pressed: what, **told})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    assert client.get(f"/cases/{case.pk}/description/")["Location"] == place(case, "need")
    assert sent("need", NEED) == place(case, "questions")
    row = {"approach": "hypothesis_driven", "question": ["q1"], "q1": "Do moves end borrowing?"}
    first = {"hypothesis": ["h1"], "h1": "Who moves borrows less.", "h1-question": "q1"}
    assert sent("questions", {**row, **first}, "add", "q1").endswith("#f-h2")
    assert sent("questions", {**row, **first}, "remove", "h2") == place(case, "questions")
    sent("questions", {**row, **first})
    sent("material", MATERIAL)
    sent("sources", {"new": "library.loans"}, "add", "source")
    sent("sources", SOURCES | {"new": ""}, "add", "source")
    sent("sources", SOURCES | {"source": ["library.loans"], "new": "population.addresses"}, "add", "source")
    sent("sources", SOURCES)
    page = client.get(place(case, "sources")).content.decode()
    assert "The same table has a coarser field: District" in page
    assert "A ready hierarchy groups its values" in page
    chosen = ["library.loans.loaned", "population.addresses.since"]
    sent("variables", {"v-h1": chosen})
    page = client.get(place(case, "variables")).content.decode()
    assert "Cannot be tested yet" in page
    assert "no joining field is asked for" in page
    assert "<code>library.loans.branch</code>" in page
    sent("sources", {**SOURCES, "s0-fields": ["loaned"], "s1-fields": ["since"], "s1-linking": ["person"]})
    assert "Can be tested as planned" in client.get(place(case, "variables")).content.decode()
    sent("results", {"kind": "guiding", "lane": "cells", "data_class": "printed_cells"})
    assert sent("use", USE) == place(case, "review")

    refused = client.post(place(case, "review"), {"version": version(case), "seen": case.length, "hand_in": "yes"})
    assert refused.status_code == 422
    assert "deviates" in client.get(place(case, "results") + "?mend").content.decode().casefold()
    sent("results", {"kind": "one_off", "lane": "cells", "data_class": "printed_cells"})
    by_itself = client.post(place(case, "review"), {"version": version(case), "seen": case.length})
    assert by_itself["Location"] == place(case, "review")
    assert "hx-post" not in client.get(place(case, "review")).content.decode()
    stale = client.post(place(case, "review"), {"version": 1, "seen": case.length, "hand_in": "yes"})
    assert stale["Location"] == place(case, "review")
    assert (
        client.post(
            place(case, "review"), {"version": version(case), "seen": case.length, "hand_in": "yes"}
        ).status_code
        == 302
    )
    case.refresh_from_db()
    assert (case.state, case.title, case.drafts.count()) == ("1.described", NEED["name"], 0)
    for language, said in {"fi": "Analyysin kuvaus", "sv": "Beskrivning av analysen", "en": "To know moves"}.items():
        client.cookies["django_language"] = language
        assert said in client.get(f"/cases/{case.pk}/description/").content.decode()


def test_nothing_is_lost_to_an_impossible_day_or_a_text_that_is_too_long(cast: Cast) -> None:
    client = cast("f-ini")
    case = opened(client)
    long = "x" * 10_001
    told = {**MATERIAL, "time_frame_from": "2015-02-29", "content": long, "version": 0, "next": "yes"}
    answer = client.post(place(case, "material"), told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no such day" in page
    assert "at most 10000 characters" in page
    assert 'value="2015-02-29"' in page
    assert long in page
    assert MATERIAL["customers"] in page
    draft = drafted(case)
    assert (draft["time_frame_from"], draft["content"], draft["customers"]) == (None, long, MATERIAL["customers"])


def test_two_who_write_at_once_are_told_and_keep_both_texts(cast: Cast) -> None:
    hers, theirs = cast("f-ini"), cast("f-ana")
    case = opened(hers)
    hers.post(place(case, "need"), {**NEED, "version": 0})
    saved = theirs.post(place(case, "need"), {**NEED, "need": "Theirs.", "version": 1}, headers={"HX-Request": "true"})
    assert "Draft saved" in saved.content.decode()
    assert 'value="2"' in saved.content.decode()
    told = hers.post(place(case, "need"), {**NEED, "need": "Mine.", "version": 1}, headers={"HX-Request": "true"})
    assert 'name="over" value="2"' in told.content.decode()
    plain = hers.post(place(case, "need"), {**NEED, "need": "Mine.", "version": 1, "next": "yes"})
    assert plain.status_code == 409
    assert "Mine." in plain.content.decode()
    assert drafted(case)["need"] == "Theirs."
    assert hers.post(place(case, "need"), {**NEED, "need": "Mine.", "version": 1, "over": 2}).status_code == 302
    assert drafted(case)["need"] == "Mine."
    # Whoever sends nonsense for a version has seen none.
    assert hers.post(place(case, "need"), {**NEED, "version": "x"}).status_code == 409


def test_only_those_who_describe_write_and_a_lost_session_is_told_to_the_page(cast: Cast) -> None:
    from django.test import Client

    case = opened(cast("f-ini"))
    assert cast("f-cty").get(place(case, "need")).status_code == 403
    assert cast("f-cty").post(place(case, "need"), {**NEED, "version": 0}).status_code == 403
    assert cast("f-ser").get(place(case, "need")).status_code == 403
    assert cast("f-ini").get(place(case, "nothing")).status_code == 404
    assert Client().post(place(case, "need"), NEED, headers={"HX-Request": "true"}).status_code == 401
    assert "/sign-in/" in Client().post(place(case, "need"), NEED)["Location"]
    assert case.drafts.count() == 0


def test_a_case_that_has_moved_on_is_shown_instead_of_its_form(cast: Cast) -> None:
    from jalostamo.concepts.roles import Role
    from jalostamo.permits import papers
    from townhall.people.models import Person
    from townhall.permits import actions

    client = cast("f-ini")
    case = opened(client)
    withdrawn = actions.Act("withdraw", Role.INITIATOR, papers.Reasoned("Nothing came of it."), seen=case.length)
    actions.give(case.pk, Person.objects.get(username="f-ini"), withdrawn)
    assert client.get(place(case, "need"))["Location"] == f"/cases/{case.pk}/"
    assert client.post(place(case, "review"), {"version": 0, "seen": 1})["Location"] == f"/cases/{case.pk}/"


def test_the_catalogue_shows_fields_and_codes_to_an_analyst_and_no_row(cast: Cast) -> None:
    analyst = cast("f-ana")
    page = analyst.get("/registers/").content.decode()
    assert "2 registers are described" in page
    assert "direct identifier" in page
    found = analyst.get("/registers/?q=postcode").content.decode()
    assert "Population register" in found
    assert "Loans of the library" not in found
    page = analyst.get("/registers/library/?sensitivity=ordinary").content.decode()
    assert "Main library" in page
    assert "card_number" not in page.split("<table", 1)[1]
    assert "1 Jan 2023" in analyst.get("/registers/library/").content.decode()
    assert analyst.get("/registers/nothing/").status_code == 404
    assert cast("f-ser").get("/registers/").status_code == 403
