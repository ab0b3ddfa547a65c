"""The pages of the public register: for everyone, signed in or not; no table of cases is read for them.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from townhall.pages.words import say
from townhall.permits.models import PublicEntry
from townhall.permits.publicity.entries import analysis_in
from townhall.permits.publicity.reading import as_csv, as_json, controllers_of, lines_of

A_PAGE: Final = 25


@login_not_required
@require_safe
def analyses(request: HttpRequest) -> HttpResponse:
    """The register: every decided analysis by what is public of it."""
    words = request.GET.get("q", "")[:100].strip()
    page = Paginator(_found(words), A_PAGE).get_page(request.GET.get("page"))
    read = ((entry, analysis_in(entry)) for entry in page)
    shown = [(entry, found, controllers_of(found)) for entry, found in read]
    return render(
        request, "permits/analyses.html", {"page": page, "shown": shown, "words": words, "count": page.paginator.count}
    )


@login_not_required
@require_safe
def analysis(request: HttpRequest, number: str) -> HttpResponse:
    """One analysis; one whose decision is secret has no page of its own."""
    entry = get_object_or_404(PublicEntry, pk=number)
    found = analysis_in(entry)
    if found.validity is None:
        raise Http404
    return render(request, "permits/analysis.html", {"entry": entry, "analysis": found, "lines": list(lines_of(found))})


@login_not_required
@require_safe
def analyses_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The whole register, for a spreadsheet or a program."""
    found = [analysis_in(entry) for entry in PublicEntry.objects.all()]
    disposition = {"Content-Disposition": f'attachment; filename="{say("analyses.file")}.{kind}"'}
    if kind == "csv":
        return HttpResponse(as_csv(found), content_type="text/csv; charset=utf-8", headers=disposition)
    if kind == "json":
        return JsonResponse(
            {"analyses": [as_json(each) for each in found]},
            json_dumps_params={"ensure_ascii": False},
            headers=disposition,
        )
    raise Http404


def _found(words: str) -> QuerySet[PublicEntry]:
    every = PublicEntry.objects.all()
    return every.filter(Q(name__icontains=words) | Q(diary_number__icontains=words)) if words else every
