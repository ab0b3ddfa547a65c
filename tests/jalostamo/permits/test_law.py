"""The legal ground of each source: how far an order may go, outside permits, controllers and contracts."""

from __future__ import annotations

import string
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.concepts.organisations import Controller
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.law import (
    Breadth,
    OutsidePermit,
    Processing,
    SourceLaw,
    SourceLawEntry,
    answered_for_by,
    breadth_of,
    earliest_expiry,
    objections_to_output,
    objections_to_unconfirmed,
    objections_to_unlawed,
)
from jalostamo.permits.law_book import (
    AS_SHIPPED,
    ImpactCriterion,
    ImpactTrait,
    LawBook,
    LegalRoute,
    OutputLevel,
    PurposeOfUse,
    RouteTerms,
    impact_criteria_met,
    needs_impact_assessment,
    route_on,
    said,
)
from jalostamo.permits.objections import SENTENCES, PermitObjection
from jalostamo.permits.terms import DataClass, DataSubjects, Lane, Level, title_of

DAY = date(2026, 5, 4)
PERSONS = [data_class for data_class in DataClass if data_class is not DataClass.PRINTED_CELLS]
OWN = SourceLaw(
    register="daycare",
    authority="city",
    controller="city",
    controller_since=date(2010, 1, 1),
    purpose=PurposeOfUse.KNOWLEDGE_MANAGEMENT,
    route=LegalRoute.OWN_KNOWLEDGE_MANAGEMENT,
)
COUNTYS = replace(OWN, register="child_protection", controller="county", controller_since=date(2023, 1, 1))
CONTRACT = Processing("contract 12/2025", processor="city", controller="county")
POPULATION = replace(
    OWN,
    register="population",
    controller="state",
    route=LegalRoute.POPULATION_REGISTER_PERMIT,
    outside_permits=(OutsidePermit("VRK/1234", PurposeOfUse.KNOWLEDGE_MANAGEMENT, date(2026, 12, 31)),),
)
LEVELS = {
    LegalRoute.OWN_KNOWLEDGE_MANAGEMENT_SOCIAL_AND_HEALTH: OutputLevel.OWN_KNOWLEDGE_MANAGEMENT,
    LegalRoute.OWN_KNOWLEDGE_MANAGEMENT: OutputLevel.OWN_KNOWLEDGE_MANAGEMENT,
    LegalRoute.STATISTICS: OutputLevel.AGGREGATES_ONLY,
    LegalRoute.SCIENTIFIC_RESEARCH: OutputLevel.INDIVIDUAL_LEVEL,
    LegalRoute.SOCIAL_AND_HEALTH_DATA_PERMIT: OutputLevel.INDIVIDUAL_LEVEL,
    LegalRoute.POPULATION_REGISTER_PERMIT: OutputLevel.INDIVIDUAL_LEVEL,
    LegalRoute.STATUTORY_DISCLOSURE: OutputLevel.INDIVIDUAL_LEVEL,
    LegalRoute.CONSENT: OutputLevel.INDIVIDUAL_LEVEL,
    LegalRoute.OPEN_DATA: OutputLevel.INDIVIDUAL_LEVEL,
    LegalRoute.NOT_ESTABLISHED: OutputLevel.NONE,
}


def codes(objections: tuple[object, ...]) -> list[str]:
    return [objection.code for objection in objections if isinstance(objection, PermitObjection)]


def ordered(law: SourceLaw, data_class: DataClass = DataClass.PRINTED_CELLS, *, day: date = DAY) -> list[str]:
    lane = Lane.CELLS if data_class is DataClass.PRINTED_CELLS else Lane.ROWS
    return codes(objections_to_output(law, data_class, lane, day=day))


@pytest.mark.requirement("L-01")
@pytest.mark.parametrize("route", LegalRoute)
def test_each_route_has_the_output_level_that_the_table_says(route: LegalRoute) -> None:
    terms = route_on(route, DAY)
    assert terms is not None
    assert terms.allowed_output is LEVELS[route]


@pytest.mark.requirement("L-01")
@pytest.mark.parametrize("data_class", PERSONS)
@pytest.mark.parametrize("lane", Lane)
def test_aggregates_only_refuses_every_class_that_is_of_persons(data_class: DataClass, lane: Lane) -> None:
    law = replace(OWN, route=LegalRoute.STATISTICS)
    assert codes(objections_to_output(law, data_class, lane, day=DAY)) == ["output_beyond_level"]


@pytest.mark.requirement("L-01")
def test_rows_called_printed_cells_are_rows_all_the_same() -> None:
    law = replace(OWN, route=LegalRoute.STATISTICS)
    assert codes(objections_to_output(law, DataClass.PRINTED_CELLS, Lane.ROWS, day=DAY)) == ["output_beyond_level"]


@pytest.mark.requirement("L-01")
@pytest.mark.parametrize("route", [route for route, level in LEVELS.items() if level is not OutputLevel.NONE])
def test_printed_cells_are_within_every_route_that_allows_anything(route: LegalRoute) -> None:
    terms = route_on(route, DAY)
    assert terms is not None
    purpose = terms.purposes[0]
    law = replace(OWN, route=route, purpose=purpose, outside_permits=(OutsidePermit("1", purpose, DAY),))
    assert ordered(law) == []


@pytest.mark.requirement("L-01")
@pytest.mark.parametrize("data_class", DataClass)
def test_without_a_ground_nothing_may_be_ordered(data_class: DataClass) -> None:
    assert ordered(replace(OWN, route=LegalRoute.NOT_ESTABLISHED), data_class) == ["route_not_established"]


@pytest.mark.parametrize("data_class", DataClass)
def test_a_route_that_allows_no_output_refuses_every_class(data_class: DataClass) -> None:
    closed = replace(terms_of(LegalRoute.OWN_KNOWLEDGE_MANAGEMENT), allowed_output=OutputLevel.NONE)
    book = LawBook((closed,), ())
    assert codes(objections_to_output(OWN, data_class, Lane.CELLS, day=DAY, book=book)) == ["output_none"]


@pytest.mark.requirement("L-01")
@pytest.mark.parametrize("data_class", DataClass)
def test_a_controller_may_order_its_own_rows_for_its_own_knowledge_management(data_class: DataClass) -> None:
    assert ordered(OWN, data_class) == []


@pytest.mark.requirement("L-01", "L-04")
@pytest.mark.parametrize("data_class", PERSONS)
def test_own_knowledge_management_gives_no_rows_to_another_authority(data_class: DataClass) -> None:
    assert ordered(COUNTYS, data_class) == ["output_beyond_level", "controller_differs"]


def test_a_route_is_refused_for_a_purpose_that_it_does_not_name() -> None:
    assert ordered(replace(OWN, purpose=PurposeOfUse.EDUCATION)) == ["route_other_purpose"]


@pytest.mark.requirement("L-01")
def test_a_route_counts_only_while_it_is_in_force() -> None:
    act = terms_of(LegalRoute.OWN_KNOWLEDGE_MANAGEMENT)
    assert ordered(OWN, day=act.valid_from - timedelta(1)) == ["route_not_in_force"]
    assert ordered(OWN, day=act.valid_from) == []


def test_a_changed_law_leaves_older_days_as_they_were() -> None:
    old = replace(terms_of(LegalRoute.STATISTICS), valid_until=date(2025, 12, 31))
    new = replace(old, valid_from=date(2026, 1, 1), valid_until=None, allowed_output=OutputLevel.NONE)
    book = LawBook((old, new), ())
    assert route_on(LegalRoute.STATISTICS, date(2025, 12, 31), book=book) is old
    assert route_on(LegalRoute.STATISTICS, date(2026, 1, 1), book=book) is new


def test_two_sets_of_terms_on_one_day_cannot_exist() -> None:
    terms = terms_of(LegalRoute.STATISTICS)
    with pytest.raises(Unfit, match="two sets of terms"):
        LawBook((terms, replace(terms, valid_from=date(2026, 1, 1))), ())


@pytest.mark.requirement("L-02")
def test_a_route_by_outside_permit_needs_one() -> None:
    assert ordered(replace(POPULATION, outside_permits=())) == ["outside_permit_missing"]


@pytest.mark.requirement("L-02")
@pytest.mark.parametrize(("day", "said_no"), [(date(2026, 12, 31), []), (date(2027, 1, 1), ["outside_permit_expired"])])
def test_an_outside_permit_holds_on_its_last_day_and_not_after(day: date, said_no: list[str]) -> None:
    assert ordered(POPULATION, day=day) == said_no


@pytest.mark.requirement("L-02")
def test_an_outside_permit_for_another_purpose_does_not_help() -> None:
    law = replace(POPULATION, purpose=PurposeOfUse.SCIENTIFIC_RESEARCH)
    assert ordered(law) == ["outside_permit_other_purpose"]


@pytest.mark.requirement("L-02")
@given(st.lists(st.lists(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=3), max_size=4))
def test_the_earliest_expiry_of_all_sources_wins(ends: list[list[date]]) -> None:
    purpose = PurposeOfUse.STATISTICS
    laws = [replace(OWN, outside_permits=tuple(OutsidePermit("1", purpose, end) for end in each)) for each in ends]
    every = sorted(end for each in ends for end in each)
    assert earliest_expiry(laws) == (every[0] if every else None)


@pytest.mark.requirement("L-04")
def test_another_authoritys_register_is_used_by_contract() -> None:
    assert ordered(COUNTYS) == ["controller_differs"]
    assert ordered(replace(COUNTYS, on_behalf_of=CONTRACT)) == []
    assert ordered(replace(COUNTYS, on_behalf_of=CONTRACT), DataClass.ROW_LEVEL_KEY_DESTROYED) == []


@pytest.mark.requirement("L-04")
def test_another_authoritys_register_is_used_by_a_route_that_discloses() -> None:
    assert ordered(replace(COUNTYS, route=LegalRoute.STATISTICS)) == []


@pytest.mark.requirement("L-04")
def test_a_contract_between_others_does_not_help() -> None:
    elsewhere = replace(CONTRACT, processor="company")
    assert ordered(replace(COUNTYS, on_behalf_of=elsewhere)) == ["controller_differs"]
    other = replace(CONTRACT, controller="state")
    assert ordered(replace(COUNTYS, on_behalf_of=other)) == ["contract_other_controller", "controller_differs"]


@pytest.mark.requirement("L-04")
def test_the_county_answers_for_child_protection_since_2023_and_the_city_until_then() -> None:
    city = answered_for_by(replace(OWN, register="child_protection"), Controller("city", "2000-01-01", "2022-12-31"))
    county = answered_for_by(replace(city, authority="county"), Controller("county", "2023-01-01"))
    eve, first = date(2022, 12, 31), date(2023, 1, 1)
    assert [ordered(city, day=day) for day in (eve, first)] == [[], ["controller_not_then"]]
    assert [ordered(county, day=day) for day in (eve, first)] == [["controller_not_then"], []]


BLANK = {
    SourceLawEntry.REGISTER: replace(OWN, register=""),
    SourceLawEntry.PURPOSE: replace(OWN, purpose=None),
    SourceLawEntry.AUTHORITY: replace(OWN, authority=""),
    SourceLawEntry.CONTROLLER: replace(OWN, controller=""),
    SourceLawEntry.CONTROLLER_SINCE: replace(OWN, controller_since=None),
    SourceLawEntry.CONTRACT: replace(COUNTYS, on_behalf_of=replace(CONTRACT, contract=" ")),
    SourceLawEntry.OUTSIDE_PERMIT_NUMBER: replace(
        POPULATION, outside_permits=(replace(POPULATION.outside_permits[0], number=""),)
    ),
}


@pytest.mark.parametrize("entry", [entry for entry in SourceLawEntry if entry is not SourceLawEntry.ROUTE])
def test_an_entry_that_is_missing_is_named(entry: SourceLawEntry) -> None:
    (refused,) = objections_to_output(BLANK[entry], DataClass.PRINTED_CELLS, Lane.CELLS, day=DAY)
    assert f"'{title_of(entry).en}'" in refused.sentence


def test_a_draft_can_be_written_and_read_back() -> None:
    draft = SourceLaw("", "", "", None, None)
    for law in (draft, OWN, POPULATION, replace(COUNTYS, on_behalf_of=CONTRACT)):
        assert value_from(SourceLaw, content_of(law)) == law


def test_an_unknown_route_is_refused_when_it_is_read() -> None:
    with pytest.raises(Refused, match="route"):
        value_from(SourceLaw, {**content_of(OWN), "route": "habit"})


def test_a_source_without_a_law_is_named() -> None:
    asked = [replace(OWN, table="spells"), replace(OWN, register="schools", table="pupils")]
    (refused,) = objections_to_unlawed(asked, [OWN])
    assert "'schools.pupils'" in refused.sentence


def test_a_law_of_one_table_does_not_cover_another() -> None:
    assert codes(objections_to_unlawed([replace(OWN, table="fees")], [replace(OWN, table="spells")])) == [
        "source_without_law"
    ]


@pytest.mark.requirement("S21-11")
def test_breadth_counts_sources_and_their_controllers_once() -> None:
    sources = [OWN, OWN, replace(OWN, table="fees"), COUNTYS, POPULATION]
    assert breadth_of(sources) == Breadth(sources=4, controllers=3)


@pytest.mark.requirement("L-01")
def test_nothing_that_is_shipped_is_confirmed() -> None:
    assert not any(entry.is_confirmed for entry in (*AS_SHIPPED.routes, *AS_SHIPPED.impact_criteria))
    assert codes(objections_to_unconfirmed([OWN, OWN, POPULATION], day=DAY)) == ["law_unconfirmed"] * 2


def test_what_a_lawyer_confirmed_is_no_longer_objected_to() -> None:
    confirmed = replace(terms_of(LegalRoute.OWN_KNOWLEDGE_MANAGEMENT), confirmed_by="lawyer", confirmed_on=DAY)
    assert objections_to_unconfirmed([OWN], day=DAY, book=LawBook((confirmed,), ())) == ()
    half = replace(confirmed, confirmed_on=None)
    assert codes(objections_to_unconfirmed([OWN], day=DAY, book=LawBook((half,), ()))) == ["law_unconfirmed"]


def test_a_law_book_can_be_written_and_read_back() -> None:
    assert value_from(LawBook, content_of(AS_SHIPPED)) == AS_SHIPPED


def test_every_entry_says_its_statute_in_three_languages() -> None:
    for entry in (*AS_SHIPPED.routes, *AS_SHIPPED.impact_criteria):
        assert len({entry.statute.in_language(language) for language in LANGUAGES}) == 3


NEEDED = {
    (level, subject): level is Level.HIGH
    or (subject is DataSubjects.CHILDREN and level in {Level.MODERATE, Level.UNCLEAR})
    for level in Level
    for subject in DataSubjects
}


@pytest.mark.requirement("L-03")
@pytest.mark.parametrize(("level", "subject"), NEEDED)
def test_high_risk_and_moderate_risk_of_children_need_an_impact_assessment(level: Level, subject: DataSubjects) -> None:
    assert needs_impact_assessment(level, {subject}, day=DAY) is NEEDED[level, subject]


@pytest.mark.requirement("L-03")
@pytest.mark.parametrize("trait", ImpactTrait)
def test_each_trait_alone_needs_an_impact_assessment(trait: ImpactTrait) -> None:
    (criterion,) = impact_criteria_met(Level.LOW, set(), {trait}, day=DAY)
    assert criterion.name == trait.value


def test_a_criterion_with_two_traits_needs_both() -> None:
    two = (ImpactTrait.LOCATION, ImpactTrait.PROFILING)
    criterion = replace(impact_criteria_met(Level.HIGH, (), day=DAY)[0], at_least=Level.LOW, traits=two)
    book = LawBook((), (criterion,))
    assert not needs_impact_assessment(Level.HIGH, (), two[:1], day=DAY, book=book)
    assert needs_impact_assessment(Level.LOW, (), two, day=DAY, book=book)


def test_a_criterion_counts_only_while_it_is_in_force() -> None:
    criterion: ImpactCriterion = impact_criteria_met(Level.HIGH, (), day=DAY)[0]
    assert not needs_impact_assessment(Level.HIGH, (), day=criterion.valid_from - timedelta(1))
    ended = LawBook((), (replace(criterion, valid_until=DAY),))
    assert needs_impact_assessment(Level.HIGH, (), day=DAY, book=ended)
    assert not needs_impact_assessment(Level.HIGH, (), day=DAY + timedelta(1), book=ended)


@given(st.sampled_from(Level), st.sets(st.sampled_from(DataSubjects)), st.sets(st.sampled_from(ImpactTrait)))
def test_more_risk_subjects_or_traits_never_take_the_need_away(
    level: Level, subjects: set[DataSubjects], traits: set[ImpactTrait]
) -> None:
    if needs_impact_assessment(level, subjects, traits, day=DAY):
        assert needs_impact_assessment(Level.HIGH, set(DataSubjects), set(ImpactTrait), day=DAY)
        higher = [other for other in Level if other.rank >= level.rank]
        assert all(needs_impact_assessment(other, subjects, traits, day=DAY) for other in higher)


def test_a_day_is_said_as_each_language_writes_it() -> None:
    assert (said(DAY).fi, said(DAY).sv, said(DAY).en) == ("4.5.2026", "4.5.2026", "2026-05-04")


def test_every_sentence_asks_for_the_same_words_in_each_language() -> None:
    kept = files("jalostamo.permits").joinpath("sentences", "law.toml").read_text(encoding="utf-8")
    for code in tomllib.loads(kept):
        _, sentence = SENTENCES[code]
        asked = [
            {name for _, name, _, _ in string.Formatter().parse(sentence.in_language(lang)) if name}
            for lang in LANGUAGES
        ]
        assert asked[0] == asked[1] == asked[2], code


@pytest.mark.parametrize("closed_list", [LegalRoute, OutputLevel, PurposeOfUse, ImpactTrait, SourceLawEntry])
def test_every_entry_of_a_closed_list_has_a_title(closed_list: type[LegalRoute]) -> None:
    assert len({title_of(member).fi for member in closed_list}) == len(closed_list)


def terms_of(route: LegalRoute) -> RouteTerms:
    terms = route_on(route, DAY)
    assert terms is not None
    return terms
