"""The papers of a case: what was decided and every version of the form, to be read, kept and handed round.

Handbook 2.6, phase 3; Appendix 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from townhall.people.asking import asker
from townhall.permits.estimating.versions import versions_of
from townhall.permits.printing.composing import Printed, printed_decision, printed_form
from townhall.permits.printing.outcomes import outcome_of
from townhall.permits.views import names, seen_by


def _pdf(printed: Printed) -> bytes:
    from townhall.permits.printing.pdf import as_pdf

    return as_pdf(printed)


def _docx(printed: Printed) -> bytes:
    from townhall.permits.printing.word import as_docx

    return as_docx(printed)


# Both libraries are heavy: a process that is never asked for a paper never imports them.
_WRITERS: Final[Mapping[str, tuple[Callable[[Printed], bytes], str]]] = {
    "pdf": (_pdf, "application/pdf"),
    "docx": (_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@require_safe
@never_cache
def papers(request: HttpRequest, case_id: str) -> HttpResponse:
    """The decision as it is read, and what there is of papers."""
    case, made, events = seen_by(asker(request), case_id)
    found = outcome_of(case, made, events)
    return render(
        request,
        "permits/papers.html",
        {
            "case": case,
            "decision": printed_decision(case, found, made, names()) if found else None,
            "versions": versions_of(case, events),
            "kinds": _WRITERS,
        },
    )


@require_safe
@never_cache
def decision(request: HttpRequest, case_id: str, kind: str) -> HttpResponse:
    """The decision as a file."""
    case, made, events = seen_by(asker(request), case_id)
    found = outcome_of(case, made, events)
    if found is None:
        raise Http404
    return _file(printed_decision(case, found, made, names()), kind)


@require_safe
@never_cache
def form(request: HttpRequest, case_id: str, number: int, kind: str) -> HttpResponse:
    """A version of the form as a file."""
    case, _, events = seen_by(asker(request), case_id)
    found = versions_of(case, events)
    if not 0 < number <= len(found):
        raise Http404
    return _file(printed_form(case, found[number - 1], names()), kind)


def _file(printed: Printed, kind: str) -> HttpResponse:
    if kind not in _WRITERS:
        raise Http404
    write, called = _WRITERS[kind]
    return HttpResponse(
        write(printed),
        content_type=called,
        headers={"Content-Disposition": f'attachment; filename="{printed.file}.{kind}"'},
    )
