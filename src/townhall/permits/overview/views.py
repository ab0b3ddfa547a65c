"""The pages of who leads and who supports: counts, units with their operating models, and the support function's queue.

Handbook 2.1, 2.4 and Appendix 1, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import Unit
from jalostamo.concepts.roles import CompetenceProfile, Role
from jalostamo.permits.competences import MethodKind, gaps, profiles_needed
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.settings import Deadline
from jalostamo.permits.terms import KindOfAnalysis, title_of
from townhall.people.models import HeldProfile, UnitModel
from townhall.permits.models import Case, WaitsFor
from townhall.permits.overview import counts
from townhall.permits.views import at_work

_A_PAGE: Final = 25
_SUPPORT: Final = frozenset({Role.SUPPORT_FUNCTION_EXPERT, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit: whose it is, how it works now and since when, and how it worked before."""

    unit: Unit
    organisation: Text | str
    now: UnitModel | None
    before: Sequence[UnitModel]


@dataclass(frozen=True, slots=True)
class Need:
    """What some work needs: the profiles, and those of them that nobody has."""

    title: Text
    needed: Sequence[CompetenceProfile]
    lacking: Sequence[CompetenceProfile]


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Opportunities, what is blocked, and benefits."""
    at_work(request)
    today, now = timezone.localdate(), timezone.now()
    phases = counts.phases(today, now)
    return render(
        request,
        "permits/overview/overview.html",
        {
            "statuses": counts.ideas_by_status(),
            "origins": counts.ideas_by_origin(),
            "phases": phases,
            "open": sum(each.cases for each in phases),
            "late": sum(each.late for each in phases),
            "benefits": counts.benefits(),
            "quiet_days": counts.QUIET_DAYS,
        },
    )


@require_safe
@never_cache
def units(request: HttpRequest) -> HttpResponse:
    """The units with their operating models, and which competences the municipality lacks."""
    at_work(request)
    held = [{CompetenceProfile(each)} for each in HeldProfile.objects.values_list("profile", flat=True)]
    return render(
        request,
        "permits/overview/units.html",
        {
            "units": [_line(unit) for unit in settings.TOWN.units],
            "profiles": [(each, sum(each in one for one in held)) for each in CompetenceProfile],
            "kinds": [_need(title_of(kind), profiles_needed(kind), held) for kind in KindOfAnalysis],
            "methods": [
                _need(title_of(each), profiles_needed(KindOfAnalysis.ONE_OFF, (each,)), held) for each in MethodKind
            ],
        },
    )


@require_safe
@never_cache
def support(request: HttpRequest) -> HttpResponse:
    """What the support function is asked to consider, by deadline; and the cases that will come to it."""
    _, roles = at_work(request)
    if not roles & _SUPPORT:
        raise PermissionDenied
    asked = WaitsFor.objects.filter(command="give_support_view").values("case_id", "subject", "case__title")
    coming = Case.objects.filter(is_open=True, cell=DecisionCell.CONSIDER_FURTHER.value)
    coming = coming.exclude(waits__command="give_support_view")
    page = Paginator(coming, _A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "permits/overview/support.html",
        {
            "asked": asked.annotate(by=Min("answer_by"), since=Min("since")).order_by("by", "case_id"),
            "page": page,
            "count": page.paginator.count,
            "days": settings.TOWN.municipality.opening.settings.deadlines[Deadline.SUPPORT_VIEW],
        },
    )


def _line(unit: Unit) -> UnitLine:
    organisation = next((each.name for each in settings.TOWN.organisations if each.id == unit.organisation), None)
    noted = list(UnitModel.objects.filter(unit=unit.id))
    return UnitLine(unit, organisation or unit.organisation, noted[0] if noted else None, noted[1:])


def _need(title: Text, needed: Sequence[CompetenceProfile], held: list[set[CompetenceProfile]]) -> Need:
    return Need(title, needed, gaps(needed, held))
