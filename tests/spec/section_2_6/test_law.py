"""Handbook 2.6, data protection and privacy in data refining: the law behind a permit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jalostamo.concepts.organisations import Controller
from jalostamo.permits.decisions import DecidingBody, deciding_body_for
from jalostamo.permits.impact import ImpactAssessment, consultation_is_required, objections_to_deciding_without_impact
from jalostamo.permits.law import (
    Breadth,
    OutsidePermit,
    Processing,
    SourceLaw,
    answered_for_by,
    breadth_of,
    earliest_expiry,
    objections_to_output,
)
from jalostamo.permits.law_book import LegalRoute, PurposeOfUse, needs_impact_assessment
from jalostamo.permits.terms import DataClass, DataSubjects, Lane, Level, Step

DAY = date(2026, 5, 4)
SCHOOLS = SourceLaw(
    register="schools",
    authority="city",
    controller="city",
    controller_since=date(2000, 1, 1),
    purpose=PurposeOfUse.KNOWLEDGE_MANAGEMENT,
    route=LegalRoute.OWN_KNOWLEDGE_MANAGEMENT,
)
CHILD_PROTECTION = answered_for_by(
    replace(SCHOOLS, register="child_protection", route=LegalRoute.STATISTICS), Controller("county", "2023-01-01")
)
POPULATION = replace(
    SCHOOLS,
    register="population",
    controller="state",
    route=LegalRoute.POPULATION_REGISTER_PERMIT,
    outside_permits=(OutsidePermit("permit 1", PurposeOfUse.KNOWLEDGE_MANAGEMENT, date(2026, 12, 31)),),
)


def may(law: SourceLaw, data_class: DataClass, *, day: date = DAY) -> bool:
    lane = Lane.CELLS if data_class is DataClass.PRINTED_CELLS else Lane.ROWS
    return not objections_to_output(law, data_class, lane, day=day)


@pytest.mark.requirement("L-01")
def test_an_order_beyond_the_allowed_output_is_refused() -> None:
    """The county lets the city have figures of child protection: printed cells may be ordered, rows may not."""
    assert may(CHILD_PROTECTION, DataClass.PRINTED_CELLS)
    assert not may(CHILD_PROTECTION, DataClass.ANONYMISED_ROWS)
    assert not may(CHILD_PROTECTION, DataClass.ROW_LEVEL_KEY_DESTROYED)


@pytest.mark.requirement("L-02")
def test_the_earliest_outside_permit_ends_the_use_of_its_source() -> None:
    """The population register's permit runs out at the year's end; on New Year's Day the source may not be used."""
    later = replace(
        POPULATION,
        register="buildings",
        outside_permits=(replace(POPULATION.outside_permits[0], expires=date(2027, 6, 30)),),
    )
    assert earliest_expiry([SCHOOLS, later, POPULATION]) == date(2026, 12, 31)
    assert may(POPULATION, DataClass.PRINTED_CELLS, day=date(2026, 12, 31))
    assert not may(POPULATION, DataClass.PRINTED_CELLS, day=date(2027, 1, 1))


@pytest.mark.requirement("L-03", "S26-13")
def test_an_analysis_of_children_with_moderate_risk_waits_for_its_impact_assessment() -> None:
    """Of adults a moderate risk needs none; of children it does, and so does every high risk."""
    assert not needs_impact_assessment(Level.MODERATE, {DataSubjects.OTHERS}, day=DAY)
    assert needs_impact_assessment(Level.HIGH, {DataSubjects.OTHERS}, day=DAY)
    is_needed = needs_impact_assessment(Level.MODERATE, {DataSubjects.CHILDREN}, day=DAY)
    assert objections_to_deciding_without_impact(None, is_needed=is_needed, estimate_version=1, day=DAY)


@pytest.mark.requirement("S26-13")
def test_the_commissioner_is_consulted_where_measures_do_not_lower_the_risk() -> None:
    """Where the risk stays high after the measures nobody in the city can decide to go without the Commissioner."""
    impact = ImpactAssessment("ab" * 32, DAY, "Measures.", Step.HIGH, "Advice.", "s-103", False, 1)
    assert consultation_is_required(impact)
    assert not consultation_is_required(replace(impact, residual_risk=Step.MODERATE))


@pytest.mark.requirement("S26-13")
def test_each_level_of_risk_has_its_deciding_body() -> None:
    """What cannot be assessed clearly goes the way of moderate."""
    assert {level: deciding_body_for(level) for level in Level} == {
        Level.LOW: DecidingBody.DATA_SECURITY_PERSON,
        Level.UNCLEAR: DecidingBody.BRANCH_AND_RISK_MANAGEMENT,
        Level.MODERATE: DecidingBody.BRANCH_AND_RISK_MANAGEMENT,
        Level.HIGH: DecidingBody.CITY_MANAGEMENT,
    }


@pytest.mark.requirement("L-04")
def test_a_city_uses_a_countys_register_by_contract_or_by_disclosure() -> None:
    """Its own knowledge management is no ground for another controller's register, unless it processes on its behalf."""
    by_habit = replace(CHILD_PROTECTION, route=LegalRoute.OWN_KNOWLEDGE_MANAGEMENT)
    contract = Processing("contract 12", processor="city", controller="county")
    assert not may(by_habit, DataClass.PRINTED_CELLS)
    assert may(replace(by_habit, on_behalf_of=contract), DataClass.PRINTED_CELLS)


@pytest.mark.requirement("S21-11")
def test_wide_usage_rights_are_shown_to_those_who_decide() -> None:
    """An idea that grew out of all the city's data: three sources, of three controllers."""
    assert breadth_of([SCHOOLS, CHILD_PROTECTION, POPULATION]) == Breadth(sources=3, controllers=3)
