"""What the answers lead to: processing risk with its floors, publication risk, benefit, advice and summary.

Processing risk decides the way through the process; publication risk is the column of section 6, and has no floor.

Handbook 2.6, phases 2 and 3; Appendix 1, sections 2, 4 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.permits.contents import written
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.estimates.choices import YesNoUnable
from jalostamo.permits.estimates.costs import CostThresholds, cost_class, cost_level_of, days_of
from jalostamo.permits.estimates.matrices import DecisionCell, decision_for, level_of
from jalostamo.permits.terms import DataClass, DataSubjects, Level, Step, title_of


class FloorReason(StrEnum):
    """Why a processing risk is never below a certain class, in every city."""

    STATUS_OF_UNPROCESSED_DATA = "status_of_unprocessed_data"
    PERSONAL_DATA_ANALYSED = "personal_data_analysed"
    VERY_HIGH_HARM = "very_high_harm"


@written
@dataclass(frozen=True, slots=True)
class Floor:
    """A class below which no processing risk goes, where all its conditions hold; a city may add floors, never take away.

    It holds from a data class on towards more exposed ones, from a potential harm on, for data on any of `data_subjects`
    (none named: on anyone), and, if so said, only where the analysed data holds personal data.
    """

    id: str
    why: Text
    step: Step
    from_class: DataClass = DataClass.PRINTED_CELLS
    from_harm: Step = Step.VERY_LOW
    data_subjects: frozenset[DataSubjects] = frozenset()
    personal_data_analysed: bool = False

    def holds_for(self, estimate: Estimate, data_class: DataClass) -> bool:
        """Whether it concerns this estimate, for what is to leave the closed room."""
        return (
            data_class.exposure >= self.from_class.exposure
            and (estimate.processing.harm or Step.VERY_LOW) >= self.from_harm
            and (not self.data_subjects or bool(self.data_subjects & estimate.data_subjects))
            and (not self.personal_data_analysed or estimate.analysed_has_personal is YesNoUnable.YES)
        )


FLOORS: Final = (
    Floor(
        FloorReason.STATUS_OF_UNPROCESSED_DATA,
        title_of(FloorReason.STATUS_OF_UNPROCESSED_DATA),
        Step.HIGH,
        from_class=DataClass.ROW_LEVEL_KEY_DESTROYED,
    ),
    Floor(
        FloorReason.PERSONAL_DATA_ANALYSED,
        title_of(FloorReason.PERSONAL_DATA_ANALYSED),
        Step.HIGH,
        personal_data_analysed=True,
    ),
    # The matrix calls very great harm of very low probability slight; for these people it is not.
    Floor(
        FloorReason.VERY_HIGH_HARM,
        title_of(FloorReason.VERY_HIGH_HARM),
        Step.MODERATE,
        from_harm=Step.VERY_HIGH,
        data_subjects=frozenset({DataSubjects.CHILDREN, DataSubjects.HEALTH, DataSubjects.SECRET_SOCIAL_WELFARE}),
    ),
)
"""The floors of every city; nobody takes one away."""


@written
@dataclass(frozen=True, slots=True)
class Risk:
    """A processing risk, and how it came about: by the matrix, by the floor and its reasons, as stated, and as it counts.

    `step` is None where the level is unclear.
    """

    matrix: Step | None
    floor: Step
    floor_reasons: tuple[str, ...]
    stated: Step | None
    step: Step | None
    level: Level


@written
@dataclass(frozen=True, slots=True)
class Summary:
    """The preliminary assessment of section 2, derived; a benefit or a publication risk that is not placed is None."""

    risk: Level
    publication_risk: Level | None
    benefit: Level | None
    cost: Level


def processing_risk(estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...] = ()) -> Risk:
    """The risk of processing, for the class of what leaves the closed room; `floors` are those that the city adds.

    A sealed job works on identified data, though only printed cells leave: its data class here is `identified`. What
    cannot be assessed, or has not been, makes the risk unclear unless what is known makes it high already.
    """
    holding = floors_for(estimate, data_class, floors)
    floor = max((found.step for found in holding), default=Step.VERY_LOW)
    matrix = estimate.processing.step
    stated = estimate.stated_processing_risk
    known = max(floor, _counted(matrix, stated, reason=estimate.processing_reason))
    is_clear = (matrix is not None and _personal_data_is_told(estimate)) or level_of(known) is Level.HIGH
    return Risk(
        matrix=matrix,
        floor=floor,
        floor_reasons=tuple(found.id for found in holding if found.step == floor > Step.VERY_LOW),
        stated=stated,
        step=known if is_clear else None,
        level=level_of(known) if is_clear else Level.UNCLEAR,
    )


def floors_for(estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...] = ()) -> tuple[Floor, ...]:
    """The floors that hold for an estimate, those of every city first."""
    return tuple(floor for floor in (*FLOORS, *floors) if floor.holds_for(estimate, data_class))


def publication_risk(estimate: Estimate) -> Step | None:
    """The class of the risk of publishing, answered apart; None where it is not, or cannot be, placed."""
    matrix = estimate.publication.step
    if matrix is None:
        return None
    return _counted(matrix, estimate.stated_publication_risk, reason=estimate.publication_reason)


def benefit(estimate: Estimate) -> Step | None:
    """The class of the benefit; None where it is not placed.

    A benefit stated above the matrix counts with a written reason only, as does a risk stated below it.
    """
    matrix, stated = estimate.benefit_by_matrix, estimate.stated_benefit
    if matrix is None or stated is None:
        return matrix
    return stated if stated <= matrix or estimate.benefit_reason.strip() else matrix


def decision_cell(estimate: Estimate) -> DecisionCell | None:
    """What the matrix of section 6 advises about opening and publishing; None where benefit or risk is not placed.

    It advises on publishing only, and never stops an analysis.
    """
    worth, risk = benefit(estimate), publication_risk(estimate)
    return None if worth is None or risk is None else decision_for(worth, risk)


def summary_of(
    estimate: Estimate, data_class: DataClass, *, thresholds: CostThresholds, floors: tuple[Floor, ...] = ()
) -> Summary:
    """The preliminary levels of risk, benefit and cost, derived from the answers so that they cannot contradict them."""
    return Summary(
        risk=processing_risk(estimate, data_class, floors).level,
        publication_risk=_level(publication_risk(estimate)),
        benefit=_level(benefit(estimate)),
        cost=cost_level_of(cost_class(days_of(estimate.costs, thresholds), thresholds)),
    )


def _level(step: Step | None) -> Level | None:
    return None if step is None else level_of(step)


def _counted(matrix: Step | None, stated: Step | None, *, reason: str) -> Step:
    placed = Step.VERY_LOW if matrix is None else matrix
    if stated is None or (stated < placed and not reason.strip()):
        return placed
    return stated


def _personal_data_is_told(estimate: Estimate) -> bool:
    answers = (estimate.analysed_has_personal, estimate.results_have_personal)
    told = all(answer in (YesNoUnable.YES, YesNoUnable.NO) for answer in answers)
    return told and estimate.raw_has_personal is not None
