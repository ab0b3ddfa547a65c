"""Acts on ideas: each is one transaction, judged by the rules, and noted with who did it.

Whoever acts has seen an idea in some version; if others have changed it since, nothing is done and she is told.

Handbook 2.1 (the operational models).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.descriptions import Description
from jalostamo.permits.ideas import Idea, IdeaStatus, moved, objections_to_proposing
from jalostamo.permits.initiative import Opening
from jalostamo.permits.objections import objection
from townhall.people.models import Person
from townhall.permits import models
from townhall.permits.actions import ActedMeanwhile, open_new
from townhall.permits.describing.views import KIND
from townhall.permits.drafts import save_draft
from townhall.permits.ideas.acts import IdeaAct

PROPOSED: Final = "propose"
BEGUN: Final = "begin"
_LACKING: Final = {"handed_to": "idea_unit", "method": "idea_method"}


def idea_of(kept: models.Idea) -> Idea:
    """An idea as the rules know it."""
    return value_from(Idea, json.loads(kept.content))


def propose(idea: Idea, person: Person, *, at: datetime.datetime | None = None) -> models.Idea:
    """Put an idea into the backlog, under the next number; refused while it lacks anything."""
    wrong = objections_to_proposing(idea)
    if wrong:
        raise Refused(wrong, reason="idea")
    at = at or timezone.now()
    for number in count(models.Idea.objects.count() + 1):
        numbered = replace(idea, id=f"I-{number:04d}")
        kept = models.Idea(id=numbered.id, proposed_at=at, version=0)
        try:
            with transaction.atomic():
                _write(kept, numbered, is_new=True)
                _note(kept, PROPOSED, person, at=at)
        except IntegrityError:
            # Another took the number in the same moment.
            continue
        return kept
    raise AssertionError("numbers have no end")


def carry_out(  # noqa: PLR0913  # who does what with which idea, as she saw it, and when
    idea_id: str,
    person: Person,
    act: IdeaAct,
    answers: Mapping[str, str],
    *,
    seen: int,
    at: datetime.datetime | None = None,
) -> models.Idea:
    """Carry out an act with what was answered; refused with sentences, or done whole."""
    with transaction.atomic():
        kept = _locked(idea_id, seen)
        idea = _answered(idea_of(kept), act, answers)
        _write(kept, idea if act.to is None else moved(idea, act.to))
        _note(kept, act.name, person, at=at or timezone.now())
        return kept


def begin(idea_id: str, person: Person, role: Role, opening: Opening, *, seen: int) -> models.Case:
    """Start an initiative from an idea: a case whose description begins with what the idea says."""
    with transaction.atomic():
        kept = _locked(idea_id, seen)
        idea = idea_of(kept)
        if kept.case is not None:
            raise ActedMeanwhile
        if idea.status is not IdeaStatus.UNDER_WAY:
            idea = moved(idea, IdeaStatus.UNDER_WAY)
        kept.case = open_new(person, role, opening)
        _write(kept, idea)
        _note(kept, BEGUN, person, at=timezone.now())
        save_draft(kept.case, KIND, _description(idea, person, role), person, seen=0)
        return kept.case


def _answered(idea: Idea, act: IdeaAct, answers: Mapping[str, str]) -> Idea:
    """The idea with what was answered; where an act moves nothing, what it asks is all that it is, and must be there."""
    lacking = [name for name in act.asks if not answers.get(name)]
    if act.to is None and lacking:
        raise Refused([objection(_LACKING[name]) for name in lacking], reason="idea")
    return replace(
        idea,
        handed_to=answers.get("handed_to", idea.handed_to),
        method=answers.get("method", idea.method),
        outcome=answers.get("outcome", idea.outcome),
        reason=answers.get("reason", idea.reason),
    )


def _description(idea: Idea, person: Person, role: Role) -> Description:
    return Description(
        name=idea.name,
        need=idea.need,
        origin=idea.origin,
        operating_model=idea.operating_model,
        commissioning_unit=idea.handed_to,
        need_owner=person.staff_id if role is Role.INITIATOR else None,
        analyst=person.staff_id if role is Role.ANALYST else None,
    )


def _locked(idea_id: str, seen: int) -> models.Idea:
    kept = models.Idea.objects.select_for_update().get(pk=idea_id)
    if kept.version != seen:
        raise ActedMeanwhile
    return kept


def _write(kept: models.Idea, idea: Idea, *, is_new: bool = False) -> None:
    kept.status, kept.origin = idea.status.value, idea.origin.value if idea.origin else ""
    kept.content = json.dumps(content_of(idea), ensure_ascii=False, sort_keys=True)
    kept.version += 1
    kept.save(force_insert=is_new)


def _note(kept: models.Idea, act: str, person: Person, *, at: datetime.datetime) -> None:
    models.IdeaMove.objects.create(idea=kept, act=act, staff_id=person.staff_id, at=at)
