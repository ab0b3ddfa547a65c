"""The pages of ideas: the backlog with its filters, a new one, one of them, and what is done with it.

Handbook 2.1 (the operational models).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.permits.ideas import IdeaStatus, Origin
from townhall.pages.asking import Question
from townhall.pages.views import asked, refused
from townhall.pages.words import say
from townhall.people.models import Person, units_of
from townhall.permits import actions as case_actions
from townhall.permits import models
from townhall.permits.ideas import actions
from townhall.permits.ideas.acts import ACTS, PROPOSERS, IdeaAct, acts_for, may_begin
from townhall.permits.ideas.asking import answers_in, idea_in, questions_for, questions_of, too_long, with_errors
from townhall.permits.views import OPENERS, at_work, names, seen_number

_A_PAGE: Final = 25


@require_safe
@never_cache
def ideas(request: HttpRequest) -> HttpResponse:
    """The backlog: of every status and origin, or of one."""
    _, roles = at_work(request)
    status = next((each for each in IdeaStatus if each.value == request.GET.get("status")), None)
    origin = next((each for each in Origin if each.value == request.GET.get("origin")), None)
    found = models.Idea.objects.all()
    found = found.filter(status=status.value) if status else found
    found = found.filter(origin=origin.value) if origin else found
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "permits/ideas/list.html",
        {
            "page": page,
            "lines": [(kept, actions.idea_of(kept)) for kept in page],
            "count": page.paginator.count,
            "all": models.Idea.objects.count(),
            "statuses": tuple(IdeaStatus),
            "origins": tuple(Origin),
            "status": status,
            "origin": origin,
            "may_propose": bool(roles & PROPOSERS),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_idea(request: HttpRequest) -> HttpResponse:
    """Propose an idea."""
    person, roles = at_work(request)
    if not roles & PROPOSERS:
        raise PermissionDenied
    idea = idea_in(request.POST, person.staff_id)
    questions: Sequence[Question] = questions_of(idea)
    wrong: Sequence[Objection] = ()
    if request.method == "POST":
        questions = too_long(questions, request.POST)
    if request.method == "POST" and not any(question.error for question in questions):
        try:
            kept = actions.propose(idea, person)
        except Refused as no:
            questions, wrong = with_errors(questions, no.objections)
        else:
            messages.success(request, say("ideas.was_proposed"))
            return redirect("idea", kept.pk)
    return asked(request, "permits/ideas/new.html", questions, wrong)


@require_safe
@never_cache
def idea(request: HttpRequest, idea_id: str) -> HttpResponse:
    """One idea: what it is, where it stands, what can be done with it, and what was."""
    person, roles = at_work(request)
    kept = get_object_or_404(models.Idea.objects.select_related("case"), pk=idea_id)
    value = actions.idea_of(kept)
    begins = may_begin(value, has_case=kept.case_id is not None)
    called = names()
    return render(
        request,
        "permits/ideas/idea.html",
        {
            "kept": kept,
            "idea": value,
            "proposer": called.get(value.proposed_by or "", value.proposed_by),
            "unit": settings.TOWN.unit(value.handed_to),
            "acts": acts_for(value, roles, units_of(person, timezone.localdate())),
            "may_begin": [role for role in OPENERS if role in roles] if begins else [],
            "moves": [(move, called.get(move.staff_id, move.staff_id)) for move in kept.moves.all()],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def idea_act(request: HttpRequest, idea_id: str, act: str) -> HttpResponse:
    """Read what an act on an idea asks, and carry it out."""
    person, roles = at_work(request)
    kept = get_object_or_404(models.Idea, pk=idea_id)
    value = actions.idea_of(kept)
    found = next(
        (each for each in acts_for(value, roles, units_of(person, timezone.localdate())) if each.name == act), None
    )
    if found is None:
        # Whoever may never do it is refused; where the idea has moved on, it says how it stands.
        if not roles & PROPOSERS or act not in {each.name for each in ACTS}:
            raise PermissionDenied
        messages.warning(request, say("ideas.not_now"))
        return redirect("idea", kept.pk)
    questions: Sequence[Question] = questions_for(found, value, request.POST)
    wrong: Sequence[Objection] = ()
    if request.method == "POST":
        questions = too_long(questions, request.POST)
    if request.method == "POST" and not any(question.error for question in questions):
        done = _carried_out(request, person, kept, found)
        if isinstance(done, HttpResponse):
            return done
        questions, wrong = with_errors(questions, done)
    return asked(request, "permits/ideas/act.html", questions, wrong, kept=kept, idea=value, act=found)


def _carried_out(
    request: HttpRequest, person: Person, kept: models.Idea, act: IdeaAct
) -> HttpResponse | Sequence[Objection]:
    try:
        actions.carry_out(kept.pk, person, act, answers_in(act, request.POST), seen=seen_number(request))
    except case_actions.ActedMeanwhile:
        messages.warning(request, say("ideas.moved_meanwhile"))
    except Refused as no:
        return no.objections
    else:
        messages.success(request, say("ideas.was_done"))
    return redirect("idea", kept.pk)


@require_POST
def begin(request: HttpRequest, idea_id: str) -> HttpResponse:
    """Start an initiative from an idea, in one of one's roles."""
    person, roles = at_work(request)
    kept = get_object_or_404(models.Idea, pk=idea_id)
    role = next((role for role in OPENERS if role.value == request.POST.get("role")), None)
    if role is None or role not in roles:
        raise PermissionDenied
    opening = case_actions.opening_of(settings.TOWN.municipality.opening, timezone.localdate())
    try:
        case = actions.begin(kept.pk, person, role, opening, seen=seen_number(request))
    except case_actions.ActedMeanwhile:
        messages.warning(request, say("ideas.moved_meanwhile"))
        return redirect("idea", kept.pk)
    except Refused as no:
        return refused(request, no.objections, back=f"/ideas/{kept.pk}/")
    messages.success(request, say("case.opened", number=case.pk))
    return redirect("case", case.pk)
