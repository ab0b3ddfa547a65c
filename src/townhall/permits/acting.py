"""The page of one act: the facts beside the paper that is asked, what the act will bring about, and the act itself.

Where another has signed already, the same text is read and signed, or another act is chosen.

Handbook 2.6, phases 1 to 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import Text
from jalostamo.permits import papers
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.people import called
from jalostamo.permits.transitions import Transition
from townhall.pages.asking import Question
from townhall.pages.words import say
from townhall.people.asking import asker
from townhall.people.models import Person
from townhall.permits import actions, showing
from townhall.permits.documents import MOST_MEGABYTES, NotKept, keep_document, place_of
from townhall.permits.estimating.drawing import matrix_of
from townhall.permits.estimating.leading import leads_of
from townhall.permits.models import Case
from townhall.permits.papers_asked import PAPERS
from townhall.permits.sheets import Sheet
from townhall.permits.views import OWN_PAGES, seen_by, seen_number

_DECIDING: Final = frozenset({papers.GroupStatement, papers.DecisionPaper})
"""The papers by which a body decides, or says what it finds."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, case_id: str, command: str) -> HttpResponse:
    """Read what an act asks for and does, and carry it out."""
    person = asker(request)
    case, made, _ = seen_by(person, case_id)
    subject = request.GET.get("on", "") or request.POST.get("on", "")
    choice = next(
        (
            c
            for c in showing.choices_for(person, made, at=timezone.now())
            if (c.command, c.subject) == (command, subject)
        ),
        None,
    )
    row = showing.row_of(made, command, subject)
    if choice is None or row is None:
        # She may have signed already, or the case may have moved on: the case says how things stand.
        messages.warning(request, say("case.not_now"))
        return redirect("case", case.pk)
    if command in OWN_PAGES:
        return redirect(OWN_PAGES[command], case.pk)
    if row.paper not in PAPERS:
        raise PermissionDenied
    return _answered(request, person, case, made, choice, row)


def _answered(
    request: HttpRequest, person: Person, case: Case, made: Initiative, choice: showing.Choice, row: Transition
) -> HttpResponse:
    sheet = Sheet(made, choice.command, timezone.localdate(), request.POST, {}, person.staff_id)
    questions: Sequence[Question] = PAPERS[row.paper].questions(sheet)
    wrong: Sequence[Objection] = ()
    signed = made.waiting_for(choice.command, choice.subject)
    if request.method == "POST":
        sheet, errors = _with_documents(request, case, person, sheet, questions)
        errors |= {} if signed else PAPERS[row.paper].lacking(sheet)
        questions = [replace(q, error=errors.get(q.name)) for q in PAPERS[row.paper].questions(sheet)]
        if not errors:
            paper = signed.content if signed else PAPERS[row.paper].made(sheet)
            done = _carried_out(request, person, case, choice, paper)
            if isinstance(done, HttpResponse):
                return done
            wrong = done
            questions = [_blamed(question, wrong) for question in questions]
    errors_at = [question for question in questions if question.error]
    return render(
        request,
        "permits/act.html",
        {
            "case": case,
            "made": made,
            "choice": choice,
            "row": row,
            "questions": () if signed else questions,
            "wrong": errors_at,
            "objections_found": [each for each in wrong if not _belongs(each, errors_at)],
            "signed": signed,
            "signed_paper": showing.told_paper(signed.content) if signed else (),
            "next_parties": [called(party) for party in row.notifies],
            "to": row.to,
            "seen": case.length,
            **_basis(made, row),
        },
        status=409 if wrong or errors_at else 200,
    )


def _basis(made: Initiative, row: Transition) -> dict[str, object]:
    """What a decision rests on: what the estimate leads to, its matrices, and what changed since the version before."""
    if made.assessed is None or row.paper not in _DECIDING:
        return {}
    estimate = made.assessed.estimate
    return {
        "leads": leads_of(made, estimate),
        "matrices": [matrix_of(name, estimate) for name in ("processing", "benefit", "decision")],
        "version": made.assessed.version,
    }


def _carried_out(
    request: HttpRequest, person: Person, case: Case, choice: showing.Choice, paper: object
) -> HttpResponse | Sequence[Objection]:
    asked = actions.Act(choice.command, choice.role, paper, seen_number(request), choice.subject)
    try:
        done = actions.give(case.pk, person, asked)
    except actions.ActedMeanwhile:
        messages.warning(request, say("frame.acted_meanwhile"))
        return redirect("case", case.pk)
    except Refused as no:
        return tuple(no.objections)
    messages.success(request, say("case.done" if done.fires else "case.left"))
    return redirect("case", case.pk)


def _with_documents(
    request: HttpRequest, case: Case, person: Person, sheet: Sheet, questions: Sequence[Question]
) -> tuple[Sheet, dict[str, Text | str]]:
    """Keep the documents that were sent along, so that they are not lost where something else is wrong."""
    attached: dict[str, str] = {}
    errors: dict[str, Text | str] = {}
    kept = set(case.documents.values_list("digest", flat=True))
    for question in questions:
        if question.kind != "document":
            continue
        before = request.POST.get(f"digest-{question.name}", "")
        if before in kept:
            attached[question.name] = before
        file = request.FILES.get(question.name)
        if file is not None:
            try:
                attached[question.name] = keep_document(case, file, person)
            except NotKept as no:
                errors[question.name] = say(no.sentence, most=MOST_MEGABYTES)
    return replace(sheet, attached=attached), errors


def _blamed(question: Question, wrong: Sequence[Objection]) -> Question:
    """The question with the objection that names its entry, where there is one."""
    found = next((each for each in wrong if _names(each, question)), None)
    return question if found is None else replace(question, error=getattr(found, "text", str(found)))


def _names(objection: Objection, question: Question) -> bool:
    label = getattr(question.label, "en", "")
    return bool(label) and f"'{label}'" in objection.sentence


def _belongs(objection: Objection, questions: Sequence[Question]) -> bool:
    return any(getattr(objection, "text", None) == question.error for question in questions)


@require_safe
def document(request: HttpRequest, case_id: str, digest: str) -> FileResponse:
    """A document of a case, to be saved; a browser never shows it as a page of ours."""
    case, _, _ = seen_by(asker(request), case_id)
    found = case.documents.filter(digest=digest).first()
    if found is None or not place_of(digest).is_file():
        raise Http404
    return FileResponse(place_of(digest).open("rb"), as_attachment=True, filename=found.name, content_type=found.kind)
