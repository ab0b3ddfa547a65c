"""Ideas, roles and oversight on pages: who may do what, alone and with another, and what is kept of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.roles import Role

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from townhall.permits.models import Idea

EXAMPLE = Path(__file__).parents[2] / "examples" / "town"

type Cast = Callable[[str], Client]

NEED = {"name": "Waiting times", "text": "How long do families wait?", "need": "Queues grow.", "origin": "unit"}


def proposed(client: Client, **other: str) -> Idea:
    """An idea that somebody proposes on its page."""
    from townhall.permits.models import Idea

    answer = client.post("/ideas/new/", {**NEED, "operating_model": "B", **other})
    assert answer.status_code == 302
    return Idea.objects.get(pk=answer["Location"].strip("/").split("/")[-1])


def acted(client: Client, idea: Idea, act: str, **answers: str) -> Answer:
    """An act on an idea, by somebody who has seen it as it stands."""
    idea.refresh_from_db()
    return client.post(f"/ideas/{idea.pk}/act/{act}/", {"seen": str(idea.version), **answers})


def test_an_idea_grows_into_an_initiative_that_begins_with_what_it_says(cast: Cast) -> None:
    idea = proposed(cast("f-own"))
    assert cast("f-own").get(f"/ideas/{idea.pk}/act/accept/").status_code == 302
    assert acted(cast("f-brn"), idea, "accept").status_code == 302
    idea.refresh_from_db()
    answer = cast("f-ini").post(f"/ideas/{idea.pk}/begin/", {"role": "initiator", "seen": str(idea.version)})
    idea.refresh_from_db()
    assert answer["Location"] == f"/cases/{idea.case_id}/"
    assert idea.case is not None
    draft = json.loads(idea.case.drafts.get().content)
    assert (draft["name"], draft["need"], draft["origin"], draft["operating_model"], draft["need_owner"]) == (
        *("Waiting times", "Queues grow.", "unit", "B"),
        "f-ini",
    )
    assert idea.status == "under_way"
    again = cast("f-ini").post(f"/ideas/{idea.pk}/begin/", {"role": "initiator", "seen": str(idea.version)})
    assert again["Location"] == f"/ideas/{idea.pk}/"
    assert list(idea.moves.values_list("act", "staff_id")) == [
        ("begin", "f-ini"),
        ("accept", "f-brn"),
        ("propose", "f-own"),
    ]


def test_an_idea_is_refused_with_a_reason_and_lost_to_nobody(cast: Cast) -> None:
    lacking = cast("f-ini").post("/ideas/new/", {**NEED, "name": ""})
    assert lacking.status_code == 422
    assert "How long do families wait?" in lacking.content.decode()
    idea = proposed(cast("f-ini"))
    stale = idea.version
    assert acted(cast("f-ana"), idea, "refuse").status_code == 422
    assert acted(cast("f-ana"), idea, "accept").status_code == 302
    cast("f-ana").post(f"/ideas/{idea.pk}/act/refuse/", {"seen": str(stale), "reason": "Too late."})
    idea.refresh_from_db()
    assert idea.status == "accepted"
    assert acted(cast("f-ana"), idea, "refuse", reason="Nobody would use it.").status_code == 302
    assert "Nobody would use it." in cast("f-own").get(f"/ideas/{idea.pk}/").content.decode()
    assert idea.pk in cast("f-own").get("/ideas/?status=refused&origin=unit").content.decode()
    assert idea.pk not in cast("f-own").get("/ideas/?status=accepted").content.decode()


def test_in_model_c_the_unit_itself_writes_how_an_idea_is_carried_out(cast: Cast) -> None:
    idea = proposed(cast("f-ana"), operating_model="C", need="")
    acted(cast("f-ana"), idea, "accept")
    assert acted(cast("f-ini"), idea, "take_up").status_code == 422
    assert acted(cast("f-ini"), idea, "hand_over", handed_to="nowhere").status_code == 422
    assert acted(cast("f-ini"), idea, "hand_over", handed_to="branch").status_code == 302
    # The analyst works at the group, and the idea was handed to the branch.
    acted(cast("f-ana"), idea, "write_method", method="The group does it all.")
    assert acted(cast("f-ini"), idea, "take_up").status_code == 422
    assert acted(cast("f-brn"), idea, "write_method", method="Each office, in spring.").status_code == 302
    assert acted(cast("f-ini"), idea, "take_up").status_code == 302
    assert acted(cast("f-ini"), idea, "finish").status_code == 422
    assert acted(cast("f-ini"), idea, "finish", outcome="Queues fell by a third.").status_code == 302


def given(client: Client, person: str, role: str, **other: str) -> Answer:
    """A role that somebody gives on its page."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    until = today + datetime.timedelta(days=30)
    sent = {"person": person, "role": role, "since": today.isoformat(), "until": until.isoformat(), **other}
    return client.post("/roles/give/", sent)


def test_a_role_is_in_force_once_another_has_confirmed_it(cast: Cast) -> None:
    from django.utils import timezone

    from townhall.people.models import Person, StandingRole, roles_of

    assert given(cast("f-adm"), "f-own", "publisher").status_code == 302
    role = StandingRole.objects.get(person__username="f-own", role="publisher")
    own = Person.objects.get(username="f-own")
    assert Role.PUBLISHER not in roles_of(own, timezone.localdate())
    assert "One role waits for you" in cast("f-sec").get("/").content.decode()
    assert "One role waits for you" not in cast("f-adm").get("/").content.decode()
    assert cast("f-adm").post(f"/roles/{role.pk}/confirm/", {"confirm": "yes"}).status_code == 422
    assert cast("f-own").post(f"/roles/{role.pk}/confirm/", {"confirm": "yes"}).status_code == 403
    assert cast("f-sec").post(f"/roles/{role.pk}/confirm/", {"confirm": "yes"}).status_code == 302
    assert Role.PUBLISHER in roles_of(own, timezone.localdate())
    assert cast("f-sec").post(f"/roles/{role.pk}/end/", {"reason": "She moved."}).status_code == 403
    assert cast("f-adm").post(f"/roles/{role.pk}/end/", {"reason": ""}).status_code == 422
    assert cast("f-adm").post(f"/roles/{role.pk}/end/", {"reason": "She moved."}).status_code == 302
    assert Role.PUBLISHER not in roles_of(own, timezone.localdate())
    assert list(role.changes.values_list("change", "by", "reason")) == [
        ("end", "f-adm", "She moved."),
        ("confirm", "f-sec", ""),
        ("give", "f-adm", ""),
    ]


def test_a_role_is_refused_to_oneself_and_to_outsiders_without_a_contract(cast: Cast) -> None:
    from townhall.people.models import StandingRole

    before = StandingRole.objects.count()
    for answer in (
        given(cast("f-adm"), "f-adm", "analyst"),
        given(cast("f-adm"), "f-own", "analyst", since="2026-02-30"),
        given(cast("f-adm"), "f-own", "validator", organisation="county"),
        given(cast("f-adm"), "f-own", "analyst", organisation="county", contract="K 1"),
        given(cast("f-adm"), "f-own", "city_manager", substitute_for="f-ana"),
    ):
        assert answer.status_code == 422
        assert "data-errors" in answer.content.decode()
    assert given(cast("f-sec"), "f-own", "analyst").status_code == 403
    assert StandingRole.objects.count() == before


def test_an_administrator_enters_a_person_who_may_do_nothing_without_a_role(cast: Cast) -> None:
    from townhall.people.models import Person

    assert cast("f-sec").get("/roles/people/new/").status_code == 403
    for wrong in ("", "F 1", "f-ini", "010190-999A".lower(), "new"):
        answer = cast("f-adm").post("/roles/people/new/", {"staff_id": wrong, "name": "Fiktiivinen Uusi"})
        assert answer.status_code == 422
    answer = cast("f-adm").post("/roles/people/new/", {"staff_id": "f-new", "name": "Fiktiivinen Uusi"})
    assert answer["Location"] == "/roles/people/f-new/"
    assert not Person.objects.get(username="f-new").has_usable_password()
    assert cast("f-new").get("/cases/").status_code == 403


def test_whom_the_municipalitys_file_gives_a_role_is_the_first_and_is_seated_once(cast: Cast) -> None:
    from dataclasses import replace

    from django.conf import settings
    from django.utils import timezone

    from jalostamo.doors.playing.cast import assignments
    from townhall.people.actions import seat_the_first
    from townhall.people.models import Person, roles_of
    from townhall.permits.actions import opening_of

    today = timezone.localdate()
    first = replace(assignments(today)[-1], person="f-first")
    for _ in range(2):
        seat_the_first([first])
    person = Person.objects.get(username="f-first")
    assert roles_of(person, today) == {Role.ADMINISTRATOR}
    opening = replace(settings.TOWN.municipality.opening, people=(first,))
    assert [each for each in opening_of(opening, today).people if each.person == "f-first"] == [first]
    cast("f-adm").post(f"/roles/{person.roles.get().pk}/end/", {"reason": "Another is the administrator now."})
    seat_the_first([first])
    assert [each for each in opening_of(opening, today).people if each.person == "f-first"] == []


def test_a_substitute_of_somebody_who_has_left_stops_no_new_case(cast: Cast) -> None:
    from townhall.people.models import StandingRole

    given(cast("f-adm"), "f-own", "city_manager", substitute_for="f-cty")
    substitute = StandingRole.objects.get(person__username="f-own", role="city_manager")
    cast("f-sec").post(f"/roles/{substitute.pk}/confirm/", {"confirm": "yes"})
    holder = StandingRole.objects.get(person__username="f-cty")
    cast("f-adm").post(f"/roles/{holder.pk}/end/", {"reason": "She left the city."})
    assert cast("f-ini").post("/cases/new/", {"role": "initiator"})["Location"].startswith("/cases/2")


def test_in_a_case_two_sign_for_a_role_and_for_its_end(cast: Cast) -> None:
    from townhall.permits.models import Case
    from townhall.permits.recording import initiative_of

    case = Case.objects.get(pk=cast("f-ini").post("/cases/new/", {"role": "initiator"})["Location"].split("/")[2])

    def act(who: str, command: str, **sent: str) -> Answer:
        case.refresh_from_db()
        return cast(who).post(f"/cases/{case.pk}/act/{command}/", {"seen": str(case.length), **sent})

    days = {"since": "2026-01-01", "until": "2099-12-31"}
    assert act("f-adm", "give_role", person="f-own", role="analyst", **days).status_code == 409
    named = act("f-adm", "give_role", person="f-own", role="analyst", confirmed_by="f-brn", **days)
    assert named.status_code == 302
    assert ("f-own", Role.ANALYST) not in {(g.person, g.role) for g in initiative_of(case).people}
    page = cast("f-brn").get(f"/cases/{case.pk}/act/give_role/").content.decode()
    assert "Analyst" in page
    assert act("f-brn", "give_role").status_code == 302
    case.refresh_from_db()
    assert ("f-own", Role.ANALYST) in {(g.person, g.role) for g in initiative_of(case).people}
    ending = {"holding": "f-own:analyst", "reason": "Another analyst takes over."}
    assert act("f-adm", "end_role", **ending).status_code == 302
    assert act("f-sec", "end_role").status_code == 302
    case.refresh_from_db()
    assert ("f-own", Role.ANALYST) not in {(g.person, g.role) for g in initiative_of(case).people}


def test_an_auditor_sees_who_opened_what_and_whether_chains_hold_and_acts_in_nothing(cast: Cast) -> None:
    from jalostamo.permits.events import event_from, replay
    from jalostamo.permits.signing import Ed25519Verifier
    from townhall.permits.models import Case, CaseEvent, CaseOpened

    case = Case.objects.get(pk=cast("f-ini").post("/cases/new/", {"role": "initiator"})["Location"].split("/")[2])
    for _ in range(2):
        cast("f-ana").get(f"/cases/{case.pk}/")
    assert list(CaseOpened.objects.values_list("staff_id", "case_id")) == [("f-ana", case.pk)]
    auditor = cast("f-aud")
    assert "Fiktiivinen Anu Analyysi" in auditor.get(f"/audit/?case={case.pk}").content.decode()
    told = json.loads(auditor.get(f"/cases/{case.pk}/events.json").content)
    keys = {name: bytes.fromhex(key) for name, key in told["keys"].items()}
    made = replay([event_from(each) for each in told["events"]], verifier=Ed25519Verifier(keys))
    assert (made.length, made.head) == (told["length"], told["head"])
    assert "The one chain holds" in auditor.post("/audit/chains/").content.decode()
    assert "/act/" not in auditor.get(f"/cases/{case.pk}/").content.decode()
    assert auditor.post("/cases/new/", {"role": "initiator"}).status_code == 403
    assert auditor.get("/ideas/new/").status_code == 403
    Case.objects.filter(pk=case.pk).update(state="7.analysis")
    assert "The list says otherwise" in auditor.post("/audit/chains/").content.decode()
    Case.objects.filter(pk=case.pk).update(state=case.state)
    CaseEvent.objects.update(content=case.events.get().content.replace("f-ini", "f-ana"))
    assert "1 of 1 chains do not hold" in auditor.post("/audit/chains/").content.decode()


def test_oversight_is_for_those_whose_work_it_is_and_for_no_reader(cast: Cast) -> None:
    addresses = ("ideas", "ideas/new", "overview", "units", "support", "roles", "roles/give", "audit", "audit/chains")
    allowed = {
        "f-ser": set(),
        "f-out": set(),
        "f-ini": {"ideas", "ideas/new", "overview", "units"},
        "f-sup": {"ideas", "ideas/new", "overview", "units", "support"},
        "f-sec": {"ideas", "ideas/new", "overview", "units", "roles"},
        "f-adm": {"ideas", "ideas/new", "overview", "units", "roles", "roles/give"},
        "f-aud": {"ideas", "overview", "units", "support", "roles", "audit", "audit/chains"},
    }
    for who, pages in allowed.items():
        client = cast(who)
        assert {page for page in addresses if client.get(f"/{page}/").status_code == 200} == pages
        assert all(client.get(f"/{page}/").status_code == 403 for page in set(addresses) - pages)
    first = cast("f-ser").get("/").content.decode()
    assert "/ideas/" not in first
    assert "/roles/" not in first


def test_how_units_worked_before_is_kept_and_lacking_competences_are_named(cast: Cast) -> None:
    from dataclasses import replace

    from django.conf import settings

    from jalostamo.concepts.organisations import OperatingModel
    from townhall.people.actions import note_operating_models

    branch = settings.TOWN.unit("branch")
    assert branch is not None
    note_operating_models([replace(branch, operating_model=OperatingModel.GROUP_ENABLES)], datetime.date(2024, 1, 1))
    for _ in range(2):
        note_operating_models(settings.TOWN.units, datetime.date(2025, 6, 1))
    page = cast("f-ini").get("/units/").content.decode()
    assert "before that A, since 1 Jan 2024" in page
    assert page.count("stand--lacking") > page.count("nothing")
    cast("f-adm").post("/roles/people/f-ana/profiles/", {"profiles": ["analyst", "expert", "data_architect"]})
    assert cast("f-ini").get("/units/").content.decode().count("stand--lacking") < page.count("stand--lacking")


def test_every_pair_of_colours_on_the_page_of_patterns_has_contrast_enough(cast: Cast) -> None:
    from townhall.pages.patterns import colours, contrast, pairs, scales

    light, dark = colours()
    assert contrast("#000000", "#ffffff") == 21
    assert light["paper"] != dark["paper"]
    assert [pair for pair in pairs() if not pair.is_enough] == []
    assert min(figure for _, steps in scales() for _, figure in steps) >= 4.5
    assert cast("f-ini").get("/patterns/").status_code == 200


def test_the_support_function_sees_what_is_asked_by_deadline_and_what_is_coming(cast: Cast) -> None:
    from django.conf import settings
    from django.utils import timezone

    from townhall.config.demonstration import FILE, play_cases
    from townhall.permits.models import Case, WaitsFor

    client = cast("f-sup")
    example = (EXAMPLE / FILE).read_text(encoding="utf-8").split("[[case]]")[1]
    place = settings.HOME.townhall / FILE
    place.write_text("[[case]]" + example.replace("decide_to_continue", "submit_assessment"), encoding="utf-8")
    try:
        play_cases(timezone.now())
    finally:
        place.unlink()
    case = Case.objects.get()
    assert (case.state, case.cell, case.benefit) == ("3.inspection", "open", 3)
    assert case.title not in client.get("/support/").content.decode()
    Case.objects.update(cell="consider_further")
    assert case.title in client.get("/support/").content.decode()
    by = timezone.localdate() + datetime.timedelta(days=9)
    asked = {"staff_id": "f-sup", "role": "support_function_expert", "command": "give_support_view"}
    WaitsFor.objects.create(case=case, subject="report", since=timezone.now(), answer_by=by, **asked)
    page = client.get("/support/").content.decode()
    assert "One publication waits for a view" in page
    assert "9 days left" in page
    assert page.count(case.title) == 1
    # Counts alone: no name of a case in the overview.
    assert case.title not in client.get("/overview/").content.decode()
