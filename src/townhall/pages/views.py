"""Pages that belong to no room, and what is said when something is wrong: what happened, and what to do.

Handbook 2.3.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from jalostamo.concepts.errors import Objection
from townhall.pages.asking import Question
from townhall.pages.patterns import shown
from townhall.pages.style import STYLE


@login_not_required
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def style(request: HttpRequest) -> HttpResponse:
    """The style sheet."""
    return HttpResponse(STYLE, content_type="text/css; charset=utf-8")


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether townhall answers and its database does; for those who watch over it, without a word of any case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchall()
    return JsonResponse({"town": "up", "database": connection.vendor})


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """The living page of patterns: every part that pages are made of."""
    return render(request, "pages/patterns.html", shown(timezone.localdate()))


def refused(request: HttpRequest, objections: Sequence[Objection], *, back: str, status: int = 409) -> HttpResponse:
    """What rules object to, said on a page of its own."""
    return render(request, "pages/refused.html", {"objections_found": objections, "back": back}, status=status)


def asked(
    request: HttpRequest,
    template: str,
    questions: Sequence[Question],
    objections: Sequence[Objection] = (),
    **shown: object,
) -> HttpResponse:
    """A form of one page: its questions, and what is wrong with what was answered; 422 where something is."""
    wrong = [question for question in questions if question.error]
    context = {"questions": questions, "wrong": wrong, "objections_found": list(objections), **shown}
    return render(request, template, context, status=422 if wrong or objections else 200)


def _wrong(request: HttpRequest, name: str, status: int) -> HttpResponse:
    return render(request, "pages/wrong.html", {"name": name, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is not what a page of ours sends."""
    return _wrong(request, "bad_request", 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What she may not see or do."""
    return _wrong(request, "not_allowed", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page."""
    return _wrong(request, "not_found", 404)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Something went wrong with us."""
    return _wrong(request, "our_fault", 500)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was opened before the present login, or in another: it is to be opened again."""
    return _wrong(request, "stale_page", 403)
