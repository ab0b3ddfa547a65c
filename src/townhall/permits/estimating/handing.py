"""Handing the form in: one page that shows everything, then the act; where two do it together, the other reads and joins.

Handbook 2.6, phases 2, 6 and 8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import Text
from jalostamo.permits.descriptions import Description
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.estimates.shown import tidied
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.papers import Assessment
from townhall.pages.asking import Kind, Question
from townhall.pages.guided import version_seen
from townhall.pages.words import WORDS, say
from townhall.people.asking import asker
from townhall.people.models import Person
from townhall.permits import actions, showing
from townhall.permits.describing.people import known_in
from townhall.permits.drafts import draft_of, drop_draft
from townhall.permits.estimating.desk import DRAFT, HANDED_IN, WRITERS, Desk, guide_of, writing_desk
from townhall.permits.estimating.drawing import matrix_of
from townhall.permits.estimating.leading import leads_of, wrong_in, wrong_in_basics
from townhall.permits.estimating.reading import readings_of
from townhall.permits.estimating.versions import changes_between
from townhall.permits.models import Case
from townhall.permits.views import names, seen_by

_MATRICES: Final = ("processing", "decision")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A paper that waits for her who looks: left to be joined, or signed by others already, by whom, and her part in it."""

    paper: object
    by: tuple[str, ...]
    choice: showing.Choice
    act: Callable[[str, Person, actions.Act], actions.Done]

    @property
    def mark(self) -> str:
        """By which it is known that what she read is what she joins."""
        return hashlib.sha256(actions.written(self.paper).encode()).hexdigest()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def estimate_review(request: HttpRequest, case_id: str) -> HttpResponse:
    """Everything that was written, what it leads to and what is missing; then the act."""
    desk = writing_desk(request, case_id)
    choice = next((each for each in desk.choices if each.command == request.POST.get("command")), None)
    if request.method != "POST" or choice is None:
        return _reviewed(request, desk)
    if version_seen(request) != desk.kept.version:
        messages.warning(request, say("estimate.draft_moved"))
        return redirect(desk.review)
    paper = Assessment(tidied(desk.kept.paper))
    return _handed_in(
        request,
        desk.case,
        lambda seen: actions.give(desk.case.pk, desk.person, _act(choice, paper, seen)),
        paper=paper,
        otherwise=lambda no: _reviewed(request, desk, no),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, case_id: str, command: str) -> HttpResponse:
    """Read what another has handed in or signed, and join her."""
    person = asker(request)
    case, made, _ = seen_by(person, case_id)
    waiting = _waiting(person, case, made, command)
    if waiting is None:
        messages.warning(request, say("case.not_now"))
        return redirect("case", case.pk)
    if request.method != "POST":
        return _to_join(request, case, made, waiting)
    if request.POST.get("mark") != waiting.mark:
        messages.warning(request, say("frame.acted_meanwhile"))
        return redirect("join", case.pk, command)
    return _handed_in(
        request,
        case,
        lambda seen: waiting.act(case.pk, person, _act(waiting.choice, waiting.paper, seen)),
        paper=waiting.paper,
        otherwise=lambda no: _to_join(request, case, made, waiting, no),
    )


def waiting_for(desk: Desk) -> str | None:
    """The act by which the form waits for her who looks to join, or to sign after another; None where it does not."""
    return next((name for name in HANDED_IN if _waiting(desk.person, desk.case, desk.made, name)), None)


def _act(choice: showing.Choice, paper: object, seen: int) -> actions.Act:
    return actions.Act(choice.command, choice.role, paper, seen, choice.subject)


def _handed_in(
    request: HttpRequest,
    case: Case,
    act: Callable[[int], actions.Done],
    *,
    paper: object,
    otherwise: Callable[[Sequence[Objection]], HttpResponse],
) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        done = act(int(seen) if seen.isdecimal() and len(seen) < 10 else -1)
    except actions.ActedMeanwhile:
        messages.warning(request, say("frame.acted_meanwhile"))
        return redirect("case", case.pk)
    except Refused as no:
        return otherwise(no.objections)
    if done.fires and isinstance(paper, Assessment):
        _forget(case, paper)
    messages.success(request, say("case.done" if done.fires else "case.left"))
    return redirect("case", case.pk)


def _forget(case: Case, paper: Assessment) -> None:
    """Let go of the draft that was handed in; what somebody has written in it since stays for the next version."""
    if tidied(draft_of(case, DRAFT, Estimate, otherwise=paper.estimate).paper) == paper.estimate:
        drop_draft(case, DRAFT)


def _reviewed(request: HttpRequest, desk: Desk, refused: Sequence[Objection] = ()) -> HttpResponse:
    made, written = desk.made, tidied(desk.kept.paper)
    wrong: dict[str, Text] = {}
    for placed in wrong_in(made, written):
        wrong.setdefault(placed.entry, placed.objection.text)
    left = desk.case.proposals.filter(command__in=HANDED_IN).first()
    at_entries = {told.en for told in wrong.values()}
    context = {
        "guide": guide_of(desk, None),
        "case": desk.case,
        "title": WORDS["estimate.title"],
        # To her who tried to hand it in; until then the heading says how much is missing.
        "wrong": [Question(entry, Kind.LINE, "", error=told) for entry, told in wrong.items()] if refused else (),
        # What is said at its entry is not said twice.
        "objections_found": [*wrong_in_basics(made), *(no for no in refused if no.sentence not in at_entries)],
        "may_mend": desk.may_mend,
        "choices": desk.choices,
        "left": left,
        "left_by": names().get(left.staff_id, left.staff_id) if left else "",
        **_form(made, made.description, written, wrong),
    }
    return render(request, "permits/estimate/review.html", context, status=409 if refused else 200)


def _form(
    made: Initiative, description: Description | None, written: Estimate, wrong: Mapping[str, Text] | None = None
) -> Mapping[str, object]:
    """The form as it is read before an act: its answers, what they lead to, and what has changed since the last version."""
    described, last, leads = description or Description(), made.assessed, leads_of(made, written)
    return {
        "leads": leads,
        "missing": sum(each.count for each in leads.missing),
        "readings": readings_of(described, written, leads, known=known_in(made, described), wrong=wrong),
        "matrices": [matrix_of(name, written) for name in _MATRICES],
        "changes": changes_between(made, (last.description, last.estimate), (described, written)) if last else (),
        "last": last,
    }


def _waiting(person: Person, case: Case, made: Initiative, command: str) -> Waiting | None:
    choice = next(
        (each for each in showing.choices_for(person, made, at=timezone.now()) if each.command == command), None
    )
    if choice is None:
        return None
    left = case.proposals.filter(command=command, subject=choice.subject).exclude(staff_id=person.staff_id).first()
    if left is not None:
        return Waiting(actions.paper_left(left, made), (left.staff_id,), choice, actions.join)
    signed = made.waiting_for(command, choice.subject)
    if signed is None:
        return None
    return Waiting(signed.content, tuple(actor.person for _, actor in signed.signed), choice, actions.give)


def _to_join(
    request: HttpRequest, case: Case, made: Initiative, waiting: Waiting, refused: Sequence[Objection] = ()
) -> HttpResponse:
    context: dict[str, object] = {
        "case": case,
        "waiting": waiting,
        "by": [names().get(person, person) for person in waiting.by],
        "objections_found": list(refused),
        "may_change": waiting.choice.command in HANDED_IN and waiting.choice.role in WRITERS,
    }
    if isinstance(waiting.paper, Assessment):
        context |= _form(made, waiting.paper.description or made.description, waiting.paper.estimate)
    else:
        context["paper"] = showing.told_paper(waiting.paper)
    return render(request, "permits/estimate/join.html", context, status=409 if refused else 200)
