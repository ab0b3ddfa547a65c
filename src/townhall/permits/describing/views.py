"""The pages of the description: its screens while it is written, what it says before it is handed in, and as it stands.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import Text
from jalostamo.concepts.roles import Role
from jalostamo.permits.describing import objections_to_basic_information
from jalostamo.permits.descriptions import Description, Entry
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.papers import AnalysisDescription
from townhall.pages.asking import Kind, Question, text_in
from townhall.pages.guided import Guide, Stop, is_saving, told_saved, version_seen
from townhall.pages.words import WORDS, say
from townhall.people.asking import asker
from townhall.people.models import Person
from townhall.permits import actions
from townhall.permits.describing.deviations import deviation_questions
from townhall.permits.describing.entries import Known, question
from townhall.permits.describing.people import known_in
from townhall.permits.describing.rows import added, begun, rows_of
from townhall.permits.describing.shown import parts_of
from townhall.permits.describing.sources import cards_of, options_to_add
from townhall.permits.describing.steps import REVIEW, STEPS, Step, step_named, unfinished, wrong_on
from townhall.permits.describing.variables import tested, unused
from townhall.permits.drafts import Kept, SavedMeanwhile, draft_of, drop_draft, save_draft
from townhall.permits.models import Case
from townhall.permits.showing import choices_for
from townhall.permits.views import names, seen_by

KIND: Final = "description"
COMMAND: Final = "describe"
_WRITERS: Final = (Role.INITIATOR, Role.ANALYST)


@dataclass(frozen=True, slots=True)
class Writing:
    """A description that somebody is writing: in which case and role, and the draft as it is kept."""

    person: Person
    case: Case
    made: Initiative
    role: Role
    kept: Kept[Description]

    @property
    def known(self) -> Known:
        """Whom and which units it may name."""
        return known_in(self.made, self.kept.paper)

    def with_paper(self, paper: Description) -> Writing:
        """The same with another text, which need not be kept yet."""
        return replace(self, kept=Kept(paper, self.kept.version))


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a saving that is shown again: its guide, what could not be kept as written, and the status."""

    guide: Guide
    wrong: Mapping[str, Text] = field(default_factory=dict)
    status: int = 200


@require_safe
@never_cache
def description(request: HttpRequest, case_id: str) -> HttpResponse:
    """The description as it was handed in last; where it is still to be written, its first screen."""
    person = asker(request)
    case, made, _ = seen_by(person, case_id)
    role = _role(person, made)
    if made.description is None:
        if role is None:
            raise Http404
        return redirect("describe", case.pk, STEPS[0].name)
    parts = parts_of(made.description, known_in(made, made.description))
    return render(
        request,
        "permits/describing/read.html",
        {"case": case, "made": made, "screens": parts, "may_write": role is not None, "first": STEPS[0].name},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def describe(request: HttpRequest, case_id: str, step: str) -> HttpResponse:
    """A screen of the description, or the last one, which shows everything."""
    found = step_named(step)
    if found is None and step != REVIEW:
        raise Http404
    writing = _writing(request, case_id)
    if isinstance(writing, HttpResponse):
        return writing
    if found is None:
        return _hand_in(request, writing) if request.method == "POST" else _review(request, writing)
    return _save(request, writing, found) if request.method == "POST" else _ask(request, writing, found)


def _writing(request: HttpRequest, case_id: str) -> Writing | HttpResponse:
    """The draft that she may write; where the case has moved on, the case as it is now."""
    person = asker(request)
    case, made, _ = seen_by(person, case_id)
    role = _role(person, made)
    if role is None:
        day = made.local_day(timezone.now())
        if not any(g.person == person.staff_id and g.role in _WRITERS and g.holds_on(day) for g in made.people):
            raise PermissionDenied
        messages.warning(request, say("describe.not_now"))
        return redirect("case", case.pk)
    kept = draft_of(case, KIND, Description, otherwise=made.description or _beginning(person, role))
    return Writing(person, case, made, role, kept)


def _role(person: Person, made: Initiative) -> Role | None:
    choices = choices_for(person, made, at=timezone.now())
    return next((choice.role for choice in choices if choice.command == COMMAND), None)


def _beginning(person: Person, role: Role) -> Description:
    """An empty description, but for what is known of her who begins it."""
    return Description(
        need_owner=person.staff_id if role is Role.INITIATOR else None,
        analyst=person.staff_id if role is Role.ANALYST else None,
    )


def _save(request: HttpRequest, writing: Writing, step: Step) -> HttpResponse:
    paper, wrong = step.taken(request.POST, writing.kept.paper)
    try:
        version = save_draft(writing.case, KIND, paper, writing.person, seen=version_seen(request))
    except SavedMeanwhile as meanwhile:
        other = names().get(meanwhile.theirs.saved_by, meanwhile.theirs.saved_by)
        guide = _guide(writing, step.name, other=other, theirs=meanwhile.theirs.version, seen=version_seen(request))
        if is_saving(request):
            return told_saved(request, guide)
        return _ask(request, writing.with_paper(paper), step, came=Came(guide, wrong, 409))
    after = replace(writing, kept=Kept(paper, version))
    guide = _guide(after, step.name)
    if is_saving(request):
        return told_saved(request, guide)
    if wrong:
        return _ask(request, after, step, came=Came(guide, wrong, 422))
    row = added(request.POST, paper) if step.name == "questions" else ""
    return redirect(guide.onward(request) + (f"#f-{row}" if row else ""))


def _guide(writing: Writing, here: str, *, other: str = "", theirs: int = 0, seen: int | None = None) -> Guide:
    left = unfinished(writing.kept.paper)
    is_begun = writing.kept.version > 0 or writing.made.description is not None
    stops = [
        Stop(step.title, _address(writing.case, step.name), step.name == here, is_begun and step.name not in left)
        for step in STEPS
    ]
    stops.append(Stop(WORDS["describe.step_review"], _address(writing.case, REVIEW), here == REVIEW))
    saved = writing.case.drafts.filter(kind=KIND).first()
    version = writing.kept.version if seen is None else seen
    return Guide(tuple(stops), version, saved.saved_at if saved else None, other, theirs)


def _address(case: Case, step: str) -> str:
    return reverse("describe", args=[case.pk, step])


def _ask(request: HttpRequest, writing: Writing, step: Step, *, came: Came | None = None) -> HttpResponse:
    """A screen as it is, or as it came out of a saving that did not go well."""
    came = came or Came(_guide(writing, step.name))
    mend = list(wrong_on(step, writing.kept.paper)) if "mend" in request.GET else []
    asked = _questions(request, writing, step, {**_said_at(step, mend), **came.wrong})
    context = {
        "case": writing.case,
        "title": WORDS["describe.title"],
        "guide": came.guide,
        "step": step,
        "questions": asked,
        "wrong": [each for each in asked if each.error],
        "objections_found": [found for entry, found in mend if entry not in step.entries],
        **_rows(writing, step),
    }
    return render(request, f"permits/describing/{_template(step)}.html", context, status=came.status)


def _template(step: Step) -> str:
    return step.name if step.rows else "step"


def _said_at(step: Step, mend: Sequence[tuple[Entry | None, Objection]]) -> dict[str, Text]:
    return {
        entry.value: getattr(found, "text", WORDS["form.missing"])
        for entry, found in mend
        if entry in step.entries and entry
    }


def _questions(request: HttpRequest, writing: Writing, step: Step, wrong: Mapping[str, Text]) -> list[Question]:
    known = writing.known
    asked = [question(entry, writing.kept.paper, known, wrong.get(entry.value)) for entry in step.entries]
    # An impossible day is no part of a draft; it is shown as it was written, so that it can be mended.
    return [
        replace(each, answer=text_in(request.POST, each.name))
        if each.error and each.kind is Kind.DAY and request.POST
        else each
        for each in asked
    ]


def _rows(writing: Writing, step: Step) -> Mapping[str, object]:
    """What a screen shows besides its entries."""
    paper = writing.kept.paper
    if step.name == "questions":
        return {"rows": rows_of(begun(paper))}
    if step.name == "sources":
        return {"cards": cards_of(paper, writing.known), "tables": options_to_add(paper)}
    if step.name == "variables":
        return {"tested": tested(paper), "unused": unused(paper)}
    return {"deviations": deviation_questions(paper)} if step.name == "results" else {}


def _review(
    request: HttpRequest,
    writing: Writing,
    *,
    found: Sequence[Objection] = (),
    status: int = 200,
) -> HttpResponse:
    parts = parts_of(writing.kept.paper, writing.known)
    return render(
        request,
        "permits/describing/review.html",
        {
            "case": writing.case,
            "title": WORDS["describe.title"],
            "guide": _guide(writing, REVIEW),
            "screens": parts,
            "left": sum(len(part.objections) + sum(len(a.objections) for a in part.answers) for part in parts),
            "objections_found": found,
            "later": objections_to_basic_information(writing.kept.paper),
            "role": writing.role,
        },
        status=status,
    )


def _hand_in(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Hand in what she has read: neither a draft that another has saved since, nor into a case that has moved."""
    if "hand_in" not in request.POST:
        return redirect("describe", writing.case.pk, REVIEW)
    if version_seen(request) != writing.kept.version:
        messages.warning(request, say("describe.changed_since"))
        return redirect("describe", writing.case.pk, REVIEW)
    seen = text_in(request.POST, "seen")
    act = actions.Act(
        COMMAND, writing.role, AnalysisDescription(writing.kept.paper), seen=int(seen) if seen.isdecimal() else -1
    )
    try:
        actions.give(writing.case.pk, writing.person, act)
    except actions.ActedMeanwhile:
        messages.warning(request, say("frame.acted_meanwhile"))
        return redirect("case", writing.case.pk)
    except Refused as no:
        return _review(request, writing, found=no.objections, status=422)
    drop_draft(writing.case, KIND)
    messages.success(request, say("describe.handed_in"))
    return redirect("case", writing.case.pk)
