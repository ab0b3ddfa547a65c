"""What the answers lead to, told while they are being given: levels with their floors, the advice, the costs, who decides.

Everything here follows from the rules of the estimate; nothing is decided.

Handbook 2.6, phases 2 and 3; Appendix 1, sections 2 to 6.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import Text
from jalostamo.permits.decisions import DecidingBody, deciding_body_for
from jalostamo.permits.describing import objections_to_basic_information
from jalostamo.permits.descriptions import Description
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.estimates.costs import CostClass, cost_class, days_of
from jalostamo.permits.estimates.difference import shown_answer
from jalostamo.permits.estimates.form import FORM
from jalostamo.permits.estimates.matrices import DecisionCell, points_of
from jalostamo.permits.estimates.objections import Placed, placed_objections
from jalostamo.permits.estimates.risks import (
    Floor,
    Risk,
    Summary,
    benefit,
    decision_cell,
    floors_for,
    processing_risk,
    publication_risk,
    summary_of,
)
from jalostamo.permits.estimates.shown import tidied
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PermitState
from jalostamo.permits.standing import level_of_processing, reached_class
from jalostamo.permits.terms import DataClass, Level, Step
from townhall.permits.estimating.drawing import called_step
from townhall.permits.estimating.parts import PART_OF, PARTS, Part


@dataclass(frozen=True, slots=True)
class Told:
    """A class of benefit or of risk as people read it, with its points."""

    step: Step
    title: Text
    points: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A part in which something is still to be done, and how much."""

    part: Part
    count: int


@dataclass(frozen=True, slots=True)
class Leads:
    """What an estimate leads to; what is not known yet is None.

    `floors` are those that make the processing risk what it is, and `days` the costs in days of work as people read
    them. `is_told` says that the risk of processing has been answered, if only that it cannot be assessed, and
    `is_stated_lower` that the initiator thinks it lower than the floor lets it be.
    """

    benefit: Told | None
    processing: Told | None
    risk: Risk
    floors: tuple[Floor, ...]
    floor: Text
    is_told: bool
    is_stated_lower: bool
    publication: Told | None
    cell: DecisionCell | None
    cost: CostClass | None
    days: tuple[Text | str, ...]
    summary: Summary
    level: Level
    body: DecidingBody
    missing: tuple[Missing, ...]


_TELLING: Final = frozenset({"persons", "processing"})
"""The parts from which the risk of processing follows."""


def weighed_class(made: Initiative) -> DataClass:
    """The class by which the risk of a case is weighed, planned or reached."""
    return reached_class(made, made.description or Description())


def wrong_in(made: Initiative, estimate: Estimate) -> tuple[Placed, ...]:
    """What is still wrong with an estimate as it would be handed in, each at its entry."""
    return placed_objections(tidied(estimate), weighed_class(made))


def wrong_in_basics(made: Initiative) -> tuple[Objection, ...]:
    """What the description still lacks of section 1; it is mended there."""
    return objections_to_basic_information(made.description) if made.description else ()


def leads_of(made: Initiative, draft: Estimate) -> Leads:
    """What a draft leads to, as it would be handed in."""
    estimate, data_class, settings = tidied(draft), weighed_class(made), made.settings
    risk = processing_risk(estimate, data_class, settings.floors)
    holding = floors_for(estimate, data_class, settings.floors)
    days = days_of(estimate.costs, settings.thresholds)
    is_costed = days is not None or estimate.costs.cannot_be_estimated
    missing = _missing(made, estimate)
    level = risk.level if made.state is PermitState.ASSESSING else level_of_processing(made, estimate, data_class)
    return Leads(
        benefit=_told("stated_benefit", benefit(estimate)),
        processing=_told("stated_processing_risk", risk.step),
        risk=risk,
        floors=tuple(floor for floor in holding if floor.id in risk.floor_reasons),
        floor=called_step("stated_processing_risk", risk.floor),
        is_told=risk.step is not None or not _TELLING & {each.part.name for each in missing},
        is_stated_lower=risk.stated is not None and risk.stated < risk.floor,
        publication=_told("stated_publication_risk", publication_risk(estimate)),
        cell=decision_cell(estimate),
        cost=cost_class(days, settings.thresholds) if is_costed else None,
        days=() if days is None else shown_answer(FORM.field("cost_days"), days),
        summary=summary_of(estimate, data_class, thresholds=settings.thresholds, floors=settings.floors),
        level=level,
        body=deciding_body_for(level),
        missing=missing,
    )


def _told(entry: str, step: Step | None) -> Told | None:
    return None if step is None else Told(step, called_step(entry, step), points_of(step))


def _missing(made: Initiative, estimate: Estimate) -> tuple[Missing, ...]:
    counts = Counter(PART_OF[placed.entry].name for placed in wrong_in(made, estimate))
    counts["basics"] = len(wrong_in_basics(made))
    return tuple(Missing(part, counts[part.name]) for part in PARTS if counts[part.name])
