"""The backlog of ideas: where each came from, how far it is, and what became of it.

An idea becomes an initiative only once somebody describes the analysis.

Handbook 2.1 (the operational models).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.contents import written
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import title_of


class Origin(StrEnum):
    """Where the impulse for an analysis came from."""

    UNIT = "unit"
    GROUP = "group"
    LIFESPAN_360 = "lifespan_360"
    INTEREST_GROUP = "interest_group"


class IdeaStatus(StrEnum):
    """How far an idea is."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDER_WAY = "under_way"
    DONE = "done"


IDEA_TRANSITIONS: Final[Mapping[IdeaStatus, frozenset[IdeaStatus]]] = {
    IdeaStatus.PROPOSED: frozenset({IdeaStatus.ACCEPTED, IdeaStatus.REFUSED}),
    IdeaStatus.ACCEPTED: frozenset({IdeaStatus.UNDER_WAY, IdeaStatus.REFUSED}),
    IdeaStatus.UNDER_WAY: frozenset({IdeaStatus.DONE, IdeaStatus.REFUSED}),
    IdeaStatus.REFUSED: frozenset(),
    IdeaStatus.DONE: frozenset(),
}
"""What may follow each status; a refused idea that deserves another look is proposed anew."""


@written
@dataclass(frozen=True, slots=True)
class Idea:
    """An idea for an analysis or a service; people are staff ids, units are ids.

    `need` is the business need it answers. In model C the group hands the idea to a unit (`handed_to`), and the unit
    devises the `method` of implementing it. `reason` is that of a refusal, `outcome` what came of a finished idea.
    """

    id: str
    name: str = ""
    text: str = ""
    origin: Origin | None = None
    operating_model: OperatingModel | None = None
    need: str = ""
    proposed_by: str | None = None
    handed_to: str | None = None
    method: str = ""
    status: IdeaStatus = IdeaStatus.PROPOSED
    reason: str = ""
    outcome: str = ""


def objections_to_proposing(idea: Idea) -> tuple[Objection, ...]:
    """What an idea lacks before it can stand in the backlog; without a prior need it is one of model C alone."""
    is_born_of_data = idea.operating_model is OperatingModel.GROUP_ORIGINATES
    lacking = {
        "idea_unnamed": not idea.name.strip(),
        "idea_empty": not idea.text.strip(),
        "idea_origin": idea.origin is None,
        "idea_operating_model": idea.operating_model is None,
        "idea_need": not idea.need.strip() and not is_born_of_data,
        "idea_proposer": not (idea.proposed_by or "").strip(),
    }
    return tuple(objection(code) for code, is_lacking in lacking.items() if is_lacking)


def objections_to_moving(idea: Idea, status: IdeaStatus) -> tuple[Objection, ...]:
    """What speaks against giving an idea another status; its reason and outcome are looked at as they stand in it."""
    if status not in IDEA_TRANSITIONS[idea.status]:
        return (objection("idea_status", now=title_of(idea.status), asked=title_of(status)),)
    return tuple(_objections_before(idea, status))


def moved(idea: Idea, status: IdeaStatus) -> Idea:
    """The idea with another status; refused while anything speaks against it."""
    objections = objections_to_moving(idea, status)
    if objections:
        raise Refused(objections, reason="idea")
    return replace(idea, status=status)


def ideas_from(ideas: Iterable[Idea], origin: Origin) -> tuple[Idea, ...]:
    """The ideas of one origin, in their order."""
    return tuple(idea for idea in ideas if idea.origin is origin)


def _objections_before(idea: Idea, status: IdeaStatus) -> Iterator[Objection]:
    if status is IdeaStatus.REFUSED and not idea.reason.strip():
        yield objection("idea_refusal_reason")
    if status is IdeaStatus.ACCEPTED:
        yield from objections_to_proposing(idea)
    if status is IdeaStatus.DONE and not idea.outcome.strip():
        yield objection("idea_outcome")
    if status is IdeaStatus.UNDER_WAY and idea.operating_model is OperatingModel.GROUP_ORIGINATES:
        if not (idea.handed_to or "").strip():
            yield objection("idea_unit")
        if not idea.method.strip():
            yield objection("idea_method")
