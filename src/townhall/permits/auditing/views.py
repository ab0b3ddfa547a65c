"""The pages of an auditor: who opened what, whether every chain holds, and a chain as a file. She reads, and acts in nothing.

Handbook 2.6.
"""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jalostamo.concepts.roles import Role
from townhall.pages.words import say
from townhall.people.models import Person
from townhall.permits.auditing.chains import exported, hides_something, missing_numbers, verify
from townhall.permits.models import CaseOpened
from townhall.permits.views import at_work, names, seen_by

_A_PAGE: Final = 50


def _auditor(request: HttpRequest) -> Person:
    person, roles = at_work(request)
    if Role.AUDITOR not in roles:
        raise PermissionDenied
    return person


@require_safe
@never_cache
def audit(request: HttpRequest) -> HttpResponse:
    """Who opened what: by person, by case, or all; newest first."""
    _auditor(request)
    person, case = (request.GET.get(name, "")[:100].strip() for name in ("person", "case"))
    found = CaseOpened.objects.select_related("case")
    found = found.filter(staff_id=person) if person else found
    found = found.filter(case_id=case) if case else found
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    called = names()
    return render(
        request,
        "permits/audit/openings.html",
        {
            "page": page,
            "lines": [(opened, called.get(opened.staff_id, opened.staff_id)) for opened in page],
            "count": page.paginator.count,
            "person": person,
            "who": called.get(person, person),
            "case": case,
            "query": urlencode({"person": person, "case": case}),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def chains(request: HttpRequest) -> HttpResponse:
    """Replay the chains of cases, a hundred at a time, and say which hold."""
    _auditor(request)
    if request.method != "POST":
        return render(request, "permits/audit/chains.html", {"found": None})
    after = request.POST.get("after", "")[:100]
    found = verify(after)
    return render(
        request, "permits/audit/chains.html", {"found": found, "missing": missing_numbers() if not after else ()}
    )


@require_safe
@never_cache
def export(request: HttpRequest, case_id: str) -> HttpResponse:
    """A case's signed events as a file."""
    person = _auditor(request)
    case, _, events = seen_by(person, case_id)
    if hides_something(person.staff_id, events):
        # What one checker found is not carried out before the other has said what she finds.
        messages.warning(request, say("audit.clearance_waits"))
        return redirect("case", case.pk)
    answer = HttpResponse(exported(case), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{case.pk}.json"'
    return answer
