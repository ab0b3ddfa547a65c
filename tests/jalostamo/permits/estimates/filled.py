"""A filled estimate to start from, and estimates of every kind for properties."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from jalostamo.concepts.languages import Text
from jalostamo.permits.estimates.answers import Estimate, Placement
from jalostamo.permits.estimates.choices import LikelyUsers, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.estimates.matrices import class_of
from jalostamo.permits.estimates.risks import Floor
from jalostamo.permits.terms import DataClass, DataSubjects, Step

FILLED = Estimate(
    initiator_view="Worth its costs.",
    likely_users=frozenset({LikelyUsers.UNITS_OF_THE_CITY}),
    aims_and_use="To see which services come before others.",
    significance=Step.HIGH,
    probability_of_use=Step.MODERATE,
    raw_has_personal=YesNo.YES,
    analysed_has_personal=YesNoUnable.NO,
    results_have_personal=YesNoUnable.NO,
    data_subjects=frozenset({DataSubjects.OTHERS}),
    personal_harms=frozenset({PersonalHarm.PSYCHOLOGICAL}),
    processing=Placement(Step.MODERATE, Step.VERY_LOW),
    publication=Placement(Step.LOW, Step.LOW),
    costs=Costs(False, 20, 10, 5, 100, 1200, 15),
)
"""Low processing risk, nothing missing."""

CELLS = DataClass.PRINTED_CELLS
WHY = Text("Kaupunki on päättänyt.", "Staden har beslutat.", "The city has so decided.")

steps = st.sampled_from(Step)
maybe_steps = st.none() | steps
classes = st.sampled_from(DataClass)
subjects = st.frozensets(st.sampled_from(DataSubjects))
reasons = st.sampled_from(["", " ", "A reason."])
placements = st.builds(Placement, maybe_steps, maybe_steps, st.booleans())
floors = st.builds(
    Floor,
    id=st.just("city"),
    why=st.just(WHY),
    step=steps,
    from_class=classes,
    from_harm=steps,
    data_subjects=subjects,
    personal_data_analysed=st.booleans(),
)
city_floors = st.lists(floors, max_size=3).map(tuple)
estimates = st.builds(
    replace,
    st.just(FILLED),
    raw_has_personal=st.none() | st.sampled_from(YesNo),
    analysed_has_personal=st.none() | st.sampled_from(YesNoUnable),
    results_have_personal=st.none() | st.sampled_from(YesNoUnable),
    data_subjects=subjects,
    processing=placements,
    stated_processing_risk=maybe_steps,
    processing_reason=reasons,
    publication=placements,
    stated_publication_risk=maybe_steps,
    publication_reason=reasons,
    significance=maybe_steps,
    probability_of_use=maybe_steps,
    stated_benefit=maybe_steps,
    benefit_reason=reasons,
)


def placed(step: Step) -> Placement:
    """A placement whose class by the matrix is the one asked for."""
    return next(
        Placement(harm, probability) for harm in Step for probability in Step if class_of(probability, harm) is step
    )


def with_risks(*, processing: Step = Step.VERY_LOW, publication: Step = Step.VERY_LOW) -> Estimate:
    """The filled estimate with these classes of risk by the matrix."""
    return replace(FILLED, processing=placed(processing), publication=placed(publication))
