"""The desk of one who fills the form: the case, the draft as it is kept, and by which acts she may hand it in.

Handbook 2.6, phases 2, 6 and 8; Appendix 1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import canonical, content_of
from jalostamo.permits.estimates.answers import Estimate, answer_to, with_answer
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PermitState
from townhall.pages.guided import Guide, Stop
from townhall.pages.words import WORDS
from townhall.people.asking import asker
from townhall.people.models import Person
from townhall.permits import showing
from townhall.permits.drafts import Kept, draft_of
from townhall.permits.estimating.leading import leads_of
from townhall.permits.estimating.parts import PARTS, Part
from townhall.permits.models import Case, Draft
from townhall.permits.views import names, seen_by

DRAFT: Final = "estimate"
"""The kind of the draft."""

HANDED_IN: Final = (
    "submit_assessment",
    "submit_revised_assessment",
    "submit_periodic_assessment",
    "confirm_fit",
)
"""The acts whose paper is the form of Appendix 1."""

WRITERS: Final = frozenset({Role.INITIATOR, Role.ANALYST})
"""Who fills the form."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody who may see a case has before her; `choices` are the acts by which she may hand the form in."""

    person: Person
    case: Case
    made: Initiative
    kept: Kept[Estimate]
    choices: tuple[showing.Choice, ...]

    @property
    def drafts(self) -> QuerySet[Draft]:
        """The draft as the table keeps it."""
        return self.case.drafts.filter(kind=DRAFT)

    @property
    def may_mend(self) -> bool:
        """Whether the description can be gone back to."""
        return self.made.state is PermitState.ASSESSING

    def address(self, part: Part) -> str:
        """Where a part of the form is."""
        return reverse("estimate_part", args=[self.case.pk, part.name])

    @property
    def review(self) -> str:
        """Where everything is shown before it is handed in."""
        return reverse("estimate_review", args=[self.case.pk])


def desk_of(request: HttpRequest, case_id: str) -> Desk:
    """The desk of her who asks; the draft begins with what was handed in last."""
    person = asker(request)
    case, made, _ = seen_by(person, case_id)
    found = showing.choices_for(person, made, at=timezone.now())
    choices = tuple(choice for choice in found if choice.command in HANDED_IN and choice.role in WRITERS)
    begun = made.assessed.estimate if made.assessed else Estimate()
    return Desk(person, case, made, draft_of(case, DRAFT, Estimate, otherwise=begun), choices)


def writing_desk(request: HttpRequest, case_id: str) -> Desk:
    """The same of one who may write now; refused to anybody else."""
    desk = desk_of(request, case_id)
    if not desk.choices:
        raise PermissionDenied
    return desk


def guide_of(desk: Desk, here: Part | None, *, other: Draft | None = None) -> Guide:
    """What surrounds a screen of the form; `other` is the draft that another has saved meanwhile."""
    kept = desk.drafts.first()
    missing = {each.part.name for each in leads_of(desk.made, desk.kept.paper).missing}
    stops = [Stop(part.title, desk.address(part), part is here, part.name not in missing) for part in PARTS]
    stops.append(Stop(WORDS["form.review"], desk.review, here is None, is_done=False))
    return Guide(
        tuple(stops),
        desk.kept.version,
        kept.saved_at if kept and other is None else None,
        names().get(other.saved_by, other.saved_by) if other else "",
        other.version if other else 0,
    )


def mark_of(part: Part, estimate: Estimate) -> str:
    """A mark of the answers to one part: two who write in different parts do not stand in each other's way."""
    alone = Estimate()
    for entry in part.asked:
        alone = with_answer(alone, entry.id, answer_to(estimate, entry.id))
    return hashlib.sha256(canonical(content_of(alone))).hexdigest()[:16]
