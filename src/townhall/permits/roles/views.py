"""The pages of standing roles: who holds what, a role given by one, confirmed by another and ended, with its history.

Handbook 2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import Text
from jalostamo.concepts.roles import CompetenceProfile, Role
from townhall.pages.asking import Kind, Question, options_of, text_in
from townhall.pages.views import asked
from townhall.pages.words import WORDS, say
from townhall.people import actions
from townhall.people.models import Person, StandingRole, in_force
from townhall.permits.assignments import CONFIRMERS, GIVERS, Giving, assignment_in, questions_of, unanswered
from townhall.permits.models import WaitsFor
from townhall.permits.registers import registers
from townhall.permits.views import at_work, names

READERS: frozenset[Role] = GIVERS | CONFIRMERS | {Role.AUDITOR}
"""Who reads the roles of all; everyone sees her own on her first page."""

_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Held:
    """A standing role as its line shows it: how it stands, what was done to it by whom, and what may be done now."""

    given: StandingRole
    stands: str
    changes: Sequence[tuple[object, str]]
    granted_by: str
    confirmed_by: str
    substitute_for: str
    scope: Text | str
    organisation: Text | str
    may_confirm: bool
    may_end: bool


def _reader(request: HttpRequest) -> tuple[Person, frozenset[Role]]:
    person, roles = at_work(request)
    if not roles & READERS:
        raise PermissionDenied
    return person, roles


def _allowed(request: HttpRequest, allowed: Collection[Role]) -> Person:
    person, roles = at_work(request)
    if not roles & frozenset(allowed):
        raise PermissionDenied
    return person


@require_safe
@never_cache
def roles(request: HttpRequest) -> HttpResponse:
    """Everyone with the roles that she holds, and what waits to be confirmed."""
    person, held = _reader(request)
    today = timezone.localdate()
    by_person: dict[int, list[StandingRole]] = {}
    for given in in_force(today).filter(since__lte=today):
        by_person.setdefault(given.person_id, []).append(given)
    waiting = StandingRole.objects.filter(confirmed_by="", ended=False).select_related("person")
    return render(
        request,
        "permits/roles/list.html",
        {
            "people": [
                (each, by_person.get(each.pk, [])) for each in Person.objects.filter(is_active=True).order_by("name")
            ],
            "waiting": [_held(given, person, held, names()) for given in waiting],
            "may_give": bool(held & GIVERS),
        },
    )


@require_safe
@never_cache
def holder(request: HttpRequest, staff_id: str) -> HttpResponse:
    """One person: her roles, those that she held, and what she can do."""
    person, held = _reader(request)
    who = get_object_or_404(Person, username=staff_id)
    called = names()
    lines = [_held(given, person, held, called) for given in who.roles.all()]
    chosen = frozenset(who.profiles.values_list("profile", flat=True))
    return render(
        request,
        "permits/roles/holder.html",
        {
            "who": who,
            "now": [line for line in lines if line.stands != "over"],
            "before": [line for line in lines if line.stands == "over"],
            "waits": WaitsFor.objects.filter(staff_id=who.staff_id).count(),
            "profiles": [(profile, profile.value in chosen) for profile in CompetenceProfile],
            "question": Question(
                "profiles",
                Kind.MANY,
                WORDS["roles.profiles"],
                WORDS["roles.profiles_help"],
                chosen,
                options_of(CompetenceProfile),
            ),
            "may_give": bool(held & GIVERS),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give(request: HttpRequest) -> HttpResponse:
    """Give somebody a role, for another to confirm."""
    person = _allowed(request, GIVERS)
    giving = Giving(request.POST, timezone.localdate(), person.staff_id, text_in(request.GET, "person"))
    wrong: Sequence[Objection] = ()
    lacking: Mapping[str, Text] = {}
    if request.method == "POST":
        lacking = unanswered(giving)
        found = assignment_in(giving, confirmed_by="")
        if found is not None and not lacking:
            try:
                given = actions.give(found, person)
            except Refused as no:
                wrong = no.objections
            else:
                messages.success(request, say("roles.was_given"))
                return redirect("holder", given.person.staff_id)
    questions = [replace(q, error=lacking.get(q.name)) for q in questions_of(giving)]
    return asked(request, "permits/roles/give.html", questions, wrong)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, role_id: int) -> HttpResponse:
    """Confirm a role that another has given, or refuse it."""
    person = _allowed(request, CONFIRMERS)
    given = get_object_or_404(StandingRole.objects.select_related("person"), pk=role_id)
    is_refused = "refuse" in request.POST
    act = (
        (lambda why: actions.refuse(given.pk, person, why))
        if is_refused
        else (lambda _: actions.confirm(given.pk, person))
    )
    return _changed(
        request,
        given,
        act,
        needs_reason=is_refused,
        page="confirm",
        done="was_refused" if is_refused else "was_confirmed",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: HttpRequest, role_id: int) -> HttpResponse:
    """End a role."""
    person = _allowed(request, GIVERS)
    given = get_object_or_404(StandingRole.objects.select_related("person"), pk=role_id)
    return _changed(
        request, given, lambda why: actions.end(given.pk, person, why), needs_reason=True, page="end", done="was_ended"
    )


@require_POST
def profiles(request: HttpRequest, staff_id: str) -> HttpResponse:
    """Note what a person can do."""
    _allowed(request, GIVERS)
    who = get_object_or_404(Person, username=staff_id)
    actions.note_profiles(who, [each for each in CompetenceProfile if each.value in request.POST.getlist("profiles")])
    messages.success(request, say("roles.profiles_noted"))
    return redirect("holder", who.staff_id)


def _changed(  # noqa: PLR0913  # one page for three changes: what each does, and what it says when it is done
    request: HttpRequest,
    given: StandingRole,
    change: Callable[[str], StandingRole],
    *,
    needs_reason: bool,
    page: str,
    done: str,
) -> HttpResponse:
    """Show the role, and change it where the form was sent and nothing is wrong."""
    wrong: Sequence[Objection] = ()
    why = text_in(request.POST, "reason")[:_LONGEST]
    lacks = request.method == "POST" and needs_reason and not why
    if request.method == "POST" and not lacks:
        try:
            change(why)
        except actions.ChangedMeanwhile:
            messages.warning(request, say("roles.changed_meanwhile"))
            return redirect("holder", given.person.staff_id)
        except Refused as no:
            wrong = no.objections
        else:
            messages.success(request, say(f"roles.{done}"))
            return redirect("holder", given.person.staff_id)
    error = WORDS["roles.say_why"] if lacks else None
    question = Question("reason", Kind.TEXT, WORDS["sheet.reason"], WORDS[f"roles.{page}_why"], why, error=error)
    return asked(request, f"permits/roles/{page}.html", [question], wrong, **_facts(given))


def _facts(given: StandingRole) -> Mapping[str, object]:
    """What a role is, in words."""
    called = names()
    return {
        "given": given,
        "granted_by": called.get(given.granted_by, given.granted_by),
        "substitute_for": called.get(given.substitute_for, given.substitute_for),
        "scope": _place(given.scope),
        "unit": _place(given.unit),
        "organisation": _place(given.organisation),
    }


def _held(given: StandingRole, person: Person, roles: frozenset[Role], called: Mapping[str, str]) -> Held:
    stands = _stands(given)
    return Held(
        given,
        stands,
        [(change, called.get(change.by, change.by)) for change in given.changes.all()],
        called.get(given.granted_by, given.granted_by),
        called.get(given.confirmed_by, given.confirmed_by),
        called.get(given.substitute_for, given.substitute_for),
        _place(given.scope),
        _place(given.organisation),
        # She may look at what she cannot confirm herself; the rules say so when she tries.
        may_confirm=stands == "waits"
        and bool(roles & CONFIRMERS)
        and person.staff_id not in {given.granted_by, given.person.staff_id},
        may_end=stands != "over" and bool(roles & GIVERS),
    )


def _place(name: str) -> Text | str:
    """What a unit, an organisation or a register is called; its id where nobody has entered it."""
    places: Mapping[str, Text] = {
        **{each.name: each.title for each in registers().values()},
        **{each.id: each.name for each in settings.TOWN.organisations},
        **{each.id: each.name for each in settings.TOWN.units},
    }
    return places.get(name, name)


def _stands(given: StandingRole) -> str:
    """How a role stands today: over, waiting to be confirmed, ahead, or in force."""
    today = timezone.localdate()
    if given.ended or given.until < today:
        return "over"
    if not given.confirmed_by:
        return "waits"
    return "ahead" if given.since > today else "holds"
