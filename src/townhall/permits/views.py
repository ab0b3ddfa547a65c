"""The pages of cases: what waits for me, the list, and one case.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits.events import Event
from jalostamo.permits.initiative import Initiative
from townhall.pages.views import refused
from townhall.people.asking import asker
from townhall.people.models import Person, roles_of, unconfirmed
from townhall.permits import actions, showing
from townhall.permits.assignments import CONFIRMERS
from townhall.permits.models import Case, Takes, WaitsFor
from townhall.permits.papers_asked import PAPERS
from townhall.permits.recording import events_of, replayed

A_PAGE: Final = 25
OPENERS: Final = (Role.INITIATOR, Role.ANALYST)
"""Who opens initiatives, the first of them by default."""

OWN_PAGES: Final[Mapping[str, str]] = {
    "describe": "describe",
    "submit_assessment": "estimate",
    "submit_revised_assessment": "estimate",
    "submit_periodic_assessment": "estimate",
    "confirm_fit": "estimate",
}
"""The acts whose papers have guided forms of their own, by the names of those pages."""

_FILTERS: Final = ("open", "mine", "late", "ended", "all")


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me: by deadline, then by how long it has waited."""
    person, today = asker(request), timezone.localdate()
    waits = list(
        WaitsFor.objects.filter(staff_id=person.staff_id).select_related("case").order_by("answer_by", "since")[:200]
    )
    # Without a deadline comes after every deadline, whichever way the database sorts nothing.
    waits.sort(key=lambda wait: (wait.answer_by is None, wait.answer_by or today, wait.since))
    mine = _taken_by(person, Case.objects.all())[:8]
    roles = sorted(roles_of(person, today))
    return render(
        request,
        "permits/home.html",
        {
            "waits": waits,
            "late": sum(wait.answer_by is not None and wait.answer_by < today for wait in waits),
            "mine": mine,
            "roles": roles,
            "to_confirm": unconfirmed(person).count() if CONFIRMERS & frozenset(roles) else 0,
            "may_open": [role for role in OPENERS if role in roles],
        },
    )


@require_safe
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    """All cases, with filters as links."""
    person, _ = at_work(request)
    which = request.GET.get("which", "open")
    which = which if which in _FILTERS else "open"
    words = request.GET.get("q", "")[:100].strip()
    found = _filtered(person, which)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(id__icontains=words))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "permits/cases.html",
        {"page": page, "which": which, "filters": _FILTERS, "words": words, "count": page.paginator.count},
    )


def _taken_by(person: Person, found: QuerySet[Case]) -> QuerySet[Case]:
    """Those in which a person takes part; looked up first, so that not all cases are sorted to find a few."""
    return found.filter(pk__in=Takes.objects.filter(staff_id=person.staff_id).values("case"))


def _filtered(person: Person, which: str) -> QuerySet[Case]:
    found = Case.objects.all()
    if which == "mine":
        return _taken_by(person, found)
    if which == "late":
        return found.filter(is_open=True, answer_by__lt=timezone.localdate()).order_by("answer_by")
    return found if which == "all" else found.filter(is_open=which == "open")


@require_POST
def new_case(request: HttpRequest) -> HttpResponse:
    """Open an initiative in one of one's roles."""
    person, day = asker(request), timezone.localdate()
    role = next((role for role in OPENERS if role.value == request.POST.get("role")), None)
    if role is None or role not in roles_of(person, day):
        raise PermissionDenied
    opening = actions.opening_of(settings.TOWN.municipality.opening, day)
    try:
        case = actions.open_new(person, role, opening)
    except Refused as no:
        return refused(request, no.objections, back="/")
    return redirect("case", case.pk)


@require_safe
@never_cache
def case_page(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case: where it stands, what is asked of her who looks, and everything that happened."""
    person = asker(request)
    case, made, events = seen_by(person, case_id)
    choices = [
        choice
        for choice in showing.choices_for(person, made, at=timezone.now())
        if (row := showing.row_of(made, choice.command, choice.subject)) and has_page(choice.command, row.paper)
    ]
    return render(
        request,
        "permits/case.html",
        {
            "case": case,
            "made": made,
            "phases": showing.phases_of(made, events),
            "expected": showing.expected_in(made),
            "choices": [choice for choice in choices if choice.is_asked],
            "others": [choice for choice in choices if not choice.is_asked],
            "record": showing.record_of(person, events, names()),
            "unit": settings.TOWN.unit(case.unit),
            "proposals": case.proposals.all(),
            "is_auditor": Role.AUDITOR in roles_of(person, timezone.localdate()),
        },
    )


def has_page(command: str, paper: type) -> bool:
    """Whether an act can be carried out on a page."""
    return command in OWN_PAGES or paper in PAPERS


def seen_by(person: Person, case_id: str) -> tuple[Case, Initiative, tuple[Event, ...]]:
    """A case that a person may see, replayed from its events; refused where she has no part in it.

    That she opened it is noted, whichever of its pages it was.
    """
    case = get_object_or_404(Case, pk=case_id)
    events = events_of(case)
    made = replayed(case, events)
    if not showing.may_see(person, made, at=timezone.now()):
        raise PermissionDenied
    actions.note_opening(case, person)
    return case, made, events


def at_work(request: HttpRequest) -> tuple[Person, frozenset[Role]]:
    """Who asks, with the roles in which she works in the process; refused to those who only read what is published."""
    person = asker(request)
    roles = roles_of(person, timezone.localdate()) - showing.READERS
    if not roles:
        raise PermissionDenied
    return person, roles


def seen_number(request: HttpRequest) -> int:
    """What she had seen when she sent a form: the length of a case, the version of an idea; -1 for none that exists."""
    written = request.POST.get("seen", "")
    return int(written) if written.isdecimal() and len(written) < 9 else -1


def names() -> dict[str, str]:
    """What people are called, by their staff ids."""
    return dict(Person.objects.values_list("username", "name"))
