"""The form of Appendix 1 on pages: every answer is kept, floors are told, two hand it in together, versions are compared."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict
from tests.jalostamo.permits.cases import START, Kind, description_of, opening_of
from tests.jalostamo.permits.estimates.filled import FILLED
from tests.jalostamo.permits.played import LOW, next_command, way_of

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers
from jalostamo.permits.estimates.answers import Estimate, Placement, Treatment, answer_to, with_answer
from jalostamo.permits.estimates.choices import OtherHarm, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.form import FORM
from jalostamo.permits.events import append, open_case
from jalostamo.permits.people import Actor
from jalostamo.permits.performing import perform
from jalostamo.permits.terms import Step

if TYPE_CHECKING:
    from django.test import Client

    from townhall.permits.estimating.parts import Part
    from townhall.permits.models import Case

type Cast = Callable[..., Client]

EVERYTHING = replace(
    FILLED,
    other_users="Neighbouring cities",
    stated_benefit=Step.VERY_HIGH,
    benefit_reason="It repeats each year.",
    stated_processing_risk=Step.MODERATE,
    processing_reason="More people read it.",
    stated_publication_risk=Step.VERY_LOW,
    publication_reason="Cells alone.",
    other_personal_harm="Shame",
    other_harms={OtherHarm.CITY_IMAGE: Treatment("daycare.spells.began", "Too exact.")},
    processing=Placement(Step.VERY_HIGH, Step.LOW, unable=True),
    publication=Placement(Step.LOW, Step.VERY_HIGH, unable=True),
    costs=replace(FILLED.costs, cannot_be_estimated=True, anonymisation=25),
)
"""Every entry answered, whether it is shown or not."""


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case whose estimate is being written."""
    from townhall.people.models import Person
    from townhall.permits import actions
    from townhall.permits.models import Case

    opened = cast("f-ini").post("/cases/new/", {"role": "initiator"})
    case = Case.objects.get(pk=opened["Location"].strip("/").split("/")[-1])
    described = replace(
        description_of(Kind()),
        analyst="f-ana",
        commissioned_by="f-ini",
        need_owner="f-ini",
        data_retrieved_by=("f-sys",),
    )
    person = Person.objects.get(username="f-ini")
    for command, paper in (("describe", papers.AnalysisDescription(described)), ("open_assessment", papers.Note())):
        case = actions.give(case.pk, person, actions.Act(command, Role.INITIATOR, paper, case.length)).case
    return case


def sent_of(part: Part, estimate: Estimate) -> dict[str, list[str]]:
    """What a browser sends of a part, as its page holds it."""
    from townhall.permits.estimating.asking import asked_of

    sent: dict[str, list[str]] = {}
    for asked in asked_of(part, estimate, typed={}):
        answer = asked.question.answer
        sent[asked.question.name] = (
            ["yes"] * answer if isinstance(answer, bool) else [answer] if isinstance(answer, str) else sorted(answer)
        )
        for line in asked.lines:
            sent[f"{asked.question.name}.{line.harm}.redaction"] = [line.redaction]
            sent[f"{asked.question.name}.{line.harm}.reason"] = [line.reason]
    return sent


def fill(client: Client, case: Case, estimate: Estimate) -> None:
    """Answer every part of the form, one after the other, and press its button."""
    from townhall.permits.estimating.parts import PARTS

    for part in PARTS:
        address = f"/cases/{case.pk}/estimate/{part.name}/"
        answer = client.post(address, {**sent_of(part, estimate), **hidden_in(client.get(address)), "next": "yes"})
        assert answer.status_code == 302, part.name


def hidden_in(page: object) -> dict[str, str]:
    """What the page sends along unseen."""
    text = getattr(page, "content").decode()  # noqa: B009  # the test client's answer has no one type
    main = text[text.index("<main") :]
    found = re.findall(r'<input type="hidden"[^>]*name="(seen|version|mark|command)" value="([^"]*)"', main)
    return {name: value for name, value in reversed(found)}


def said(page: object) -> str:
    """What a page says."""
    return html.unescape(getattr(page, "content").decode())  # noqa: B009  # as above


def kept(case: Case) -> Estimate:
    from townhall.permits.drafts import draft_of

    return draft_of(case, "estimate", Estimate, otherwise=Estimate()).paper


def test_each_entry_is_read_as_it_was_written() -> None:
    from townhall.permits.estimating.asking import sent_to
    from townhall.permits.estimating.parts import PARTS

    unasked = {field.id for field in FORM.asked} - {field.id for part in PARTS for field in part.asked}
    assert not unasked
    for estimate in (EVERYTHING, FILLED, Estimate()):
        read = Estimate()
        for part in PARTS:
            sent = QueryDict(mutable=True)
            for name, values in sent_of(part, estimate).items():
                sent.setlist(name, values)
            read = sent_to(part, sent, read).estimate
        for field in FORM.asked:
            assert answer_to(read, field.id) == answer_to(estimate, field.id), field.id


def test_what_is_typed_is_saved_and_told_with_its_floor(cast: Cast, case: Case) -> None:
    client, address = cast("f-ana"), f"/cases/{case.pk}/estimate/persons/"
    page = client.get(address)
    answers = {"raw_has_personal": "yes", "analysed_has_personal": "yes", "results_have_personal": "no"}
    told = said(client.post(address, {**hidden_in(page), **answers}, headers={"HX-Request": "true"}))
    assert "At least high risk, because the data analysed includes personal data." in told
    assert "the city management" in told or "city management" in told
    assert 'id="leads"' in told and "hx-swap-oob" in told
    assert kept(case).analysed_has_personal is YesNoUnable.YES


def test_a_cell_of_a_matrix_answers_both_its_axes(cast: Cast, case: Case) -> None:
    client, address = cast("f-ana"), f"/cases/{case.pk}/estimate/processing/"
    moved = client.post(address, {**hidden_in(client.get(address)), "place": "processing:high:low"})
    assert moved["Location"] == f"{address}#matrix-processing"
    assert kept(case).processing == Placement(Step.HIGH, Step.LOW)
    assert "This case: moderate risk." in said(client.get(address))


def test_nothing_is_lost_where_a_number_is_unclear_or_the_answer_brings_more_questions(cast: Cast, case: Case) -> None:
    client, costs = cast("f-ini"), f"/cases/{case.pk}/estimate/costs/"
    answers = {"costs.it": "2,5", "costs.quality_control": "a week", "costs.outside_euros": "1 200", "next": "yes"}
    page = client.post(costs, {**hidden_in(client.get(costs)), **answers})
    assert page.status_code == 409
    assert 'value="a week"' in said(page) and "Write the days in figures" in said(page)
    assert (kept(case).costs.it, kept(case).costs.outside_euros) == (25, 1200)
    benefit = f"/cases/{case.pk}/estimate/benefit/"
    answers = {"likely_users": "other", "aims_and_use": "To open groups in time.", "next": "yes"}
    assert client.post(benefit, {**hidden_in(client.get(benefit)), **answers})["Location"] == f"{benefit}#q-other_users"
    long = {"aims_and_use": "x" * 10_001, "next": "yes"}
    client.post(benefit, {**hidden_in(client.get(benefit)), **long})
    assert "Shorten it to 10000 characters" in said(client.get(benefit)) and len(kept(case).aims_and_use) == 10_001


def test_two_write_different_parts_at_once_and_one_part_only_knowingly(cast: Cast, case: Case) -> None:
    ini, ana = cast("f-ini"), cast("f-ana")
    persons, view = (f"/cases/{case.pk}/estimate/{name}/" for name in ("persons", "overall"))
    first, second, third = hidden_in(ini.get(view)), hidden_in(ana.get(persons)), hidden_in(ana.get(view))
    assert ana.post(persons, {**second, "raw_has_personal": "no", "next": "yes"}).status_code == 302
    assert ini.post(view, {**first, "initiator_view": "Worth its costs.", "next": "yes"}).status_code == 302
    assert (kept(case).initiator_view, kept(case).raw_has_personal) == ("Worth its costs.", YesNo.NO)
    page = ana.post(view, {**third, "initiator_view": "Hardly.", "next": "yes"})
    assert page.status_code == 409 and "Hardly." in said(page) and "Fiktiivinen Inka Initiatiivi" in said(page)
    assert kept(case).initiator_view == "Worth its costs."
    again = ana.post(view, {**hidden_in(page), "initiator_view": "Hardly.", "next": "yes"})
    assert again.status_code == 409
    over = re.search(r'name="over" value="(\d+)"', said(page))
    assert over is not None
    ana.post(view, {**hidden_in(page), "over": over[1], "initiator_view": "Hardly."})
    assert (kept(case).initiator_view, kept(case).raw_has_personal) == ("Hardly.", YesNo.NO)


def test_two_hand_in_what_both_have_read_without_what_is_hidden(cast: Cast, case: Case) -> None:
    from townhall.permits.recording import initiative_of

    ini, ana = cast("f-ini"), cast("f-ana")
    review, joining = f"/cases/{case.pk}/estimate/review/", f"/cases/{case.pk}/join/submit_assessment/"
    refused = ini.post(review, hidden_in(ini.get(review)))
    assert refused.status_code == 409 and "An answer is missing" in said(refused)
    fill(ini, case, replace(FILLED, personal_harms=frozenset({PersonalHarm.SERIOUS}), other_personal_harm="Not asked"))
    assert "ready to be handed in" in said(ini.get(review))
    assert ini.post(review, {**hidden_in(ini.get(review)), "version": "1"})["Location"] == review
    assert not case.proposals.exists()
    assert ana.get(joining).status_code == 302
    assert ini.post(review, hidden_in(ini.get(review))).status_code == 302
    case.refresh_from_db()
    assert case.state == "2.assessing"
    assert ini.get(joining).status_code == 302 and cast("f-sec").get(joining).status_code == 302
    assert ana.get(f"/cases/{case.pk}/estimate/")["Location"] == joining
    read = hidden_in(ana.get(joining))
    assert ana.post(joining, {**read, "mark": "of another text"})["Location"] == joining
    assert ana.post(joining, read).status_code == 302
    case.refresh_from_db()
    made = initiative_of(case)
    assert made.assessed is not None and made.assessed.version == 1 and case.state == "3.inspection"
    assert made.assessed.estimate.other_personal_harm == "" and made.assessed.estimate.likely_users
    assert not case.drafts.exists() and not case.proposals.exists()
    assert "Worth its costs." in said(cast("f-sec").get(f"/cases/{case.pk}/estimate/"))


def test_the_versions_of_a_returned_form_are_compared(cast: Cast, case: Case) -> None:
    from townhall.people.models import Person
    from townhall.permits import actions

    person = {name: Person.objects.get(username=name) for name in ("f-ini", "f-ana", "f-prv")}

    def hand_in(estimate: Estimate) -> None:
        case.refresh_from_db()
        for name, role, act in (("f-ini", Role.INITIATOR, actions.give), ("f-ana", Role.ANALYST, actions.join)):
            act(case.pk, person[name], actions.Act("submit_assessment", role, papers.Assessment(estimate), case.length))

    hand_in(FILLED)
    case.refresh_from_db()
    returned = actions.Act(
        "return_for_completion", Role.PRIVACY_PERSON, papers.Reasoned("Think again, please."), case.length
    )
    actions.give(case.pk, person["f-prv"], returned)
    hand_in(with_answer(FILLED, "processing", Placement(Step.HIGH, Step.HIGH)))
    page = said(cast("f-sec").get(f"/cases/{case.pk}/versions/1/2/"))
    assert "2 entries changed" in page
    for expected in ("great harm", "very low probability", "city management", "low risk"):
        assert expected in page
    assert cast("f-sec").get(f"/cases/{case.pk}/versions/1/3/").status_code == 404
    assert "Compare with version 1" in said(cast("f-sec").get(f"/cases/{case.pk}/estimate/"))


def signed_in(staff_id: str) -> Client:
    """A browser of her own for somebody who is not of the cast."""
    from django.test import Client

    from townhall.people.models import Person

    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(username=staff_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def played_until(command: str) -> Case:
    """A case of low risk, played by people who are called by their roles, up to a command of its way."""
    from townhall.people.models import Person
    from townhall.permits.models import Case
    from townhall.permits.recording import keep, project, signer

    for role in Role:
        Person.objects.create(username=role.value, name=role.value)
    opener = Actor(Role.INITIATOR.value, Role.INITIATOR)
    event, made = open_case("2026-0900", opening_of(LOW), by=opener, at=START, signer=signer())
    case = Case(id=made.id, opened_at=START, last_at=START, since=START, length=0)
    case.save(force_insert=True)
    keep(case, event)
    for name, subject in way_of(LOW):
        if name == command:
            break
        fires = False
        while not fires:
            act = next_command(LOW, made, name, subject)
            occurrence = perform(made, act, at=START)
            event, made = append(made, occurrence, signer=signer())
            keep(case, event)
            fires = occurrence.fires
    return project(case, made, at=START)


def test_what_is_still_low_is_signed_by_one_and_read_and_signed_by_the_other(db: None) -> None:
    from townhall.permits.recording import initiative_of

    case = played_until("confirm_fit")
    analyst, security, initiator = (
        signed_in(role.value) for role in (Role.ANALYST, Role.DATA_SECURITY_PERSON, Role.INITIATOR)
    )
    review, joining = f"/cases/{case.pk}/estimate/review/", f"/cases/{case.pk}/join/confirm_fit/"
    assert 'value="confirm_fit"' not in said(initiator.get(review))
    assert security.get(f"/cases/{case.pk}/estimate/").status_code == 200
    page = analyst.get(review)
    assert 'value="submit_revised_assessment"' in said(page)
    assert analyst.post(review, {**hidden_in(page), "command": "confirm_fit"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "6.review"
    assert security.get(f"/cases/{case.pk}/estimate/")["Location"] == joining
    assert security.post(joining, hidden_in(security.get(joining))).status_code == 302
    case.refresh_from_db()
    made = initiative_of(case)
    assert made.assessed is not None and (case.state, made.assessed.version) == ("7.analysis", 2)


def test_only_those_who_write_it_see_the_draft(cast: Cast, case: Case) -> None:
    for name, statuses in {"f-ini": (302, 200), "f-ana": (302, 200), "f-sec": (200, 403), "f-ser": (403, 403)}.items():
        client = cast(name)
        pages = [client.get(f"/cases/{case.pk}/estimate/{rest}") for rest in ("", "benefit/")]
        assert tuple(page.status_code for page in pages) == statuses, name
    fields: Mapping[str, str] = {"fi": "Kuinka merkittävä", "sv": "Hur stor betydelse", "en": "How significant"}
    for language, words in fields.items():
        assert words in said(cast("f-ana", language).get(f"/cases/{case.pk}/estimate/benefit/"))
