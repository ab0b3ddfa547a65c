"""What can be done with an idea: which acts follow from where it stands, who may do them, and what each asks.

Handbook 2.1 (the operational models).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import Role
from jalostamo.permits.ideas import IDEA_TRANSITIONS, Idea, IdeaStatus, objections_to_moving
from townhall.permits.showing import READERS

PROPOSERS: Final = frozenset(Role) - READERS - {Role.AUDITOR}
"""Whoever has work in the process may propose an idea; an auditor changes nothing."""

MOVERS: Final = frozenset({Role.INITIATOR, Role.ANALYST, Role.BRANCH_MANAGER, Role.CITY_MANAGER})
"""Who weighs ideas: those who commission analyses, those who make them, and those who lead."""


@dataclass(frozen=True, slots=True)
class IdeaAct:
    """An act on an idea: the status that it leads to, None where that stays; and the entries that it asks."""

    name: str
    to: IdeaStatus | None = None
    asks: tuple[str, ...] = ()


ACTS: Final = (
    IdeaAct("accept", IdeaStatus.ACCEPTED),
    IdeaAct("hand_over", None, ("handed_to",)),
    IdeaAct("write_method", None, ("method",)),
    IdeaAct("take_up", IdeaStatus.UNDER_WAY),
    IdeaAct("finish", IdeaStatus.DONE, ("outcome",)),
    IdeaAct("refuse", IdeaStatus.REFUSED, ("reason",)),
)
"""In the order in which they come."""


def acts_for(idea: Idea, roles: Collection[Role], units: Collection[str]) -> tuple[IdeaAct, ...]:
    """What somebody with these roles, at these units, may do with an idea now."""
    return tuple(act for act in ACTS if _fits(act, idea, frozenset(roles), units))


def _fits(act: IdeaAct, idea: Idea, roles: frozenset[Role], units: Collection[str]) -> bool:
    if act.name == "write_method":
        # The unit devises how it will be carried out: somebody of another unit does not write it for her.
        is_of_unit = not units or idea.handed_to in units
        return _is_passed_on(idea) and bool(idea.handed_to) and is_of_unit and bool(roles & PROPOSERS)
    leads_on = _is_passed_on(idea) if act.to is None else act.to in IDEA_TRANSITIONS[idea.status]
    return leads_on and bool(roles & MOVERS)


def _is_passed_on(idea: Idea) -> bool:
    """Whether the group hands it to a unit: in model C, once it has been accepted."""
    return idea.operating_model is OperatingModel.GROUP_ORIGINATES and idea.status is IdeaStatus.ACCEPTED


def may_begin(idea: Idea, *, has_case: bool) -> bool:
    """Whether an initiative may be started from it: it is under way or can be at once, and none was started yet."""
    is_ready = idea.status is IdeaStatus.UNDER_WAY or not objections_to_moving(idea, IdeaStatus.UNDER_WAY)
    return is_ready and not has_case
