"""The accessibility statement with its feedback form, for everybody; and the feedback's queue, for the administrator.

Handbook 2.3 (the Act on the Provision of Digital Services).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalostamo.concepts.roles import Role
from townhall.pages.asking import Kind, Question, text_in
from townhall.pages.words import WORDS, language, say
from townhall.people.asking import asker
from townhall.people.feedback import TooMuch, give_answer, leave
from townhall.people.models import Feedback, Person, roles_of

ASSESSED_ON: Final = datetime.date(2026, 11, 23)
"""When the statement was last held against the pages."""

ANSWER_DAYS: Final = 14
"""Within how many days the law has feedback answered."""

_MOST_A_SESSION: Final = 5
_HOUR: Final = datetime.timedelta(hours=1)
_LENGTHS: Final = {"text": 5_000, "page": 300, "address": 254}
_SHOWN: Final = 50


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, and what somebody wants to say of it."""
    questions, status = _questions(request), 200
    if request.method == "POST":
        questions, status = _judged(questions), 409
        if not any(question.error for question in questions):
            if _left(request):
                messages.success(request, say("accessibility.thanks"))
                return redirect("accessibility")
            questions, status = (replace(questions[0], error=WORDS["accessibility.too_much"]), *questions[1:]), 429
    return render(
        request,
        "people/accessibility.html",
        {
            "questions": questions,
            "wrong": [question for question in questions if question.error],
            "assessed_on": ASSESSED_ON,
            "days": ANSWER_DAYS,
            "feedback_to": settings.TOWN.feedback_to,
            "may_answer": isinstance(request.user, Person) and _answers(request.user),
        },
        status=status,
    )


def _questions(request: HttpRequest) -> tuple[Question, ...]:
    sent = request.POST if request.method == "POST" else {"page": request.GET.get("page", "")[: _LENGTHS["page"]]}
    return tuple(
        Question(
            name,
            Kind.TEXT if name == "text" else Kind.LINE,
            WORDS[f"accessibility.ask_{name}"],
            WORDS[f"accessibility.ask_{name}_help"],
            text_in(sent, name),
            optional=name != "text",
            longest=longest,
        )
        for name, longest in _LENGTHS.items()
    )


def _judged(questions: Sequence[Question]) -> tuple[Question, ...]:
    return tuple(replace(question, error=_wrong(question)) for question in questions)


def _wrong(question: Question) -> str | None:
    written = str(question.answer)
    if len(written) > question.longest:
        return say("form.too_long", limit=question.longest)
    if question.name == "text" and not written:
        return say("accessibility.empty")
    if question.name == "address" and written:
        try:
            validate_email(written)
        except ValidationError:
            return say("accessibility.not_an_address")
    return None


def _left(request: HttpRequest) -> bool:
    """Keep the feedback, unless this browser, or all together, have sent more within the hour than people write."""
    now = timezone.now()
    recent = [at for at in request.session.get("feedback_at", []) if at > (now - _HOUR).timestamp()]
    if len(recent) >= _MOST_A_SESSION:
        return False
    written = {name: text_in(request.POST, name) for name in _LENGTHS}
    try:
        leave(Feedback(language=language(), sent_at=now, **written))
    except TooMuch:
        return False
    request.session["feedback_at"] = [*recent, now.timestamp()]
    return True


@require_safe
@never_cache
def feedback(request: HttpRequest) -> HttpResponse:
    """What people have said: the open ones by age, or those that were answered."""
    if not _answers(asker(request)):
        raise PermissionDenied
    answered = request.GET.get("which") == "answered"
    found = Feedback.objects.filter(answered_at__isnull=not answered)
    if answered:
        found = found.order_by("-answered_at")
    shown = [
        (each, None if answered else _answering(each), timezone.localdate(each.sent_at) + _within())
        for each in found[:_SHOWN]
    ]
    return render(request, "people/feedback.html", {"shown": shown, "answered": answered, "count": found.count()})


def _within() -> datetime.timedelta:
    return datetime.timedelta(days=ANSWER_DAYS)


def _answering(each: Feedback) -> Question:
    return Question(f"answer-{each.pk}", Kind.TEXT, WORDS["accessibility.answer"], longest=_LENGTHS["text"])


@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer what somebody has said."""
    person = asker(request)
    if not _answers(person):
        raise PermissionDenied
    text = text_in(request.POST, f"answer-{number}")[: _LENGTHS["text"]]
    if not text:
        messages.warning(request, say("accessibility.answer_empty"))
    elif give_answer(number, person, text, at=timezone.now()):
        messages.success(request, say("accessibility.answered_now"))
    else:
        messages.warning(request, say("accessibility.answered_before"))
    return redirect("feedback")


def _answers(person: Person) -> bool:
    return Role.ADMINISTRATOR in roles_of(person, timezone.localdate())
