"""The pages of the catalogue: which registers there are, and what each holds.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jalostamo.concepts.registers import Sensitivity
from townhall.managing.catalogue import (
    FROM_THE_MOST,
    deficiencies_of,
    lines_of,
    organisation_called,
    tables_of,
    unit_called,
)
from townhall.pages.words import WORDS
from townhall.people.asking import asker
from townhall.people.models import roles_of
from townhall.permits.registers import registers as described
from townhall.permits.showing import READERS


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Every register that is described."""
    _refuse_readers(request)
    words, sensitivity = _asked(request)
    lines = lines_of(described().values(), words, sensitivity)
    return render(
        request,
        "managing/registers.html",
        {"lines": lines, "all": len(described()), "words": words, "chosen": sensitivity, "filters": _filters()},
    )


@require_safe
def register(request: HttpRequest, name: str) -> HttpResponse:
    """One register: its tables and fields, with what their codes mean."""
    _refuse_readers(request)
    found = described().get(name)
    if found is None:
        raise Http404
    words, sensitivity = _asked(request)
    return render(
        request,
        "managing/register.html",
        {
            "register": found,
            "owner": unit_called(found.owner),
            "controller": organisation_called(found.controller_on(timezone.localdate())),
            "controllers": [(organisation_called(told.organisation), told) for told in found.controllers],
            "information": WORDS[f"registers.information_{found.information.value}"] if found.information else None,
            "marking": WORDS[f"registers.marking_{found.marking.value}"],
            "permits": [(each, each.last_day < timezone.localdate()) for each in found.outside_permits],
            "tables": tables_of(found, words, sensitivity),
            "deficiencies": deficiencies_of(found),
            "words": words,
            "chosen": sensitivity,
            "filters": _filters(),
        },
    )


def _refuse_readers(request: HttpRequest) -> None:
    """Whoever has work in the process may browse; those who only read publications have their own pages."""
    if not roles_of(asker(request), timezone.localdate()) - READERS:
        raise PermissionDenied


def _asked(request: HttpRequest) -> tuple[str, Sensitivity | None]:
    words = request.GET.get("q", "")[:100].strip()
    wanted = request.GET.get("sensitivity", "")
    return words, next((each for each in Sensitivity if each.value == wanted), None)


def _filters() -> list[tuple[Sensitivity, object]]:
    return [(each, WORDS[f"registers.sensitivity_{each.value}"]) for each in FROM_THE_MOST]
