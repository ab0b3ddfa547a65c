"""Two descriptions side by side: every way of going beyond the decided one is seen, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.permits.test_descriptions import DESCRIBED, EVENTS, PEOPLE, codes_of

from jalostamo.concepts.customers import CustomerKind
from jalostamo.permits.comparing import Difference, differences, is_same_purpose, narrowings, widenings
from jalostamo.permits.descriptions import (
    BusinessQuestion,
    Description,
    Entry,
    Hypothesis,
    Purpose,
    SourceAsked,
)
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.kinds import Default, Deviation
from jalostamo.permits.terms import DataClass, DataSubjects, KindOfAnalysis, Lane

NAMES = ("a", "b", "c", "d")
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


def subsets[Member](members: st.SearchStrategy[Member]) -> st.SearchStrategy[frozenset[Member]]:
    return st.frozensets(members)


def tuples[Member](members: st.SearchStrategy[Member]) -> st.SearchStrategy[tuple[Member, ...]]:
    return st.lists(members, max_size=3).map(tuple)


sources = st.builds(
    SourceAsked,
    register=st.sampled_from(NAMES),
    table=st.sampled_from(NAMES),
    fields=tuples(st.sampled_from(NAMES)),
    linking_fields=tuples(st.sampled_from(NAMES)),
    controller=st.sampled_from(NAMES),
    owning_unit=st.sampled_from((*NAMES, None)),
    is_internal=st.booleans(),
    contains_personal_data=st.booleans(),
    subjects=subsets(st.sampled_from(DataSubjects)),
    purpose_text=st.sampled_from(NAMES),
)
descriptions = st.builds(
    Description,
    need=st.sampled_from(NAMES),
    business_aim=st.sampled_from(NAMES),
    aims=tuples(st.sampled_from(NAMES)),
    questions=tuples(st.builds(BusinessQuestion, id=st.sampled_from(NAMES), text=st.sampled_from(NAMES))),
    unit_of_analysis=st.sampled_from((*CustomerKind, None)),
    sources=tuples(sources),
    time_frame_from=st.none() | DAYS,
    time_frame_until=st.none() | DAYS,
    lane=st.sampled_from(Lane),
    data_class=st.sampled_from(DataClass),
    sealed_job=st.booleans(),
    needs_identification=st.booleans(),
    identification_purpose=st.sampled_from(NAMES),
    kind=st.sampled_from((*KindOfAnalysis, None)),
    purpose=st.sampled_from((*Purpose, None)),
    means=subsets(st.sampled_from(Means)),
    audiences=subsets(st.sampled_from(Audience)),
)


def told_apart(description: Description) -> Description:
    """The same without a source asked for twice."""
    return replace(description, sources=tuple({source.place: source for source in description.sources}.values()))


def widened(**changed: object) -> list[str]:
    return codes_of(widenings(replace(DESCRIBED, **changed), DESCRIBED))


def of_people(**changed: object) -> list[str]:
    return widened(sources=(EVENTS, replace(PEOPLE, **changed)))


@given(descriptions)
def test_nothing_goes_beyond_itself(description: Description) -> None:
    assert widenings(description, description) == ()
    assert narrowings(description, description) == ()
    assert differences(description, description) == ()
    assert is_same_purpose(description, description)


DROPPED_FROM = ("aims", "questions", "hypotheses", "sources", "means", "audiences", "deviations")


@given(descriptions.map(told_apart), st.sampled_from(DROPPED_FROM), st.data())
def test_dropping_never_widens(description: Description, entry: str, data: st.DataObject) -> None:
    held: list[object] = list(getattr(description, entry))
    kept = [part for part in held if data.draw(st.booleans())]
    dropped = replace(description, **{entry: type(getattr(description, entry))(kept)})
    assert widenings(dropped, description) == ()


@given(descriptions.map(told_apart).filter(lambda each: each.sources != ()), st.data())
def test_dropping_fields_and_subjects_of_a_source_never_widens(description: Description, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(description.sources))
    less = replace(
        source,
        # A key among the fields is kept from analysis by standing in linking_fields: dropped there, it goes from both.
        fields=tuple(name for name in source.fields if name not in source.linking_fields and data.draw(st.booleans())),
        linking_fields=tuple(name for name in source.linking_fields if data.draw(st.booleans())),
        subjects=frozenset(each for each in source.subjects if data.draw(st.booleans())),
        contains_personal_data=source.contains_personal_data and data.draw(st.booleans()),
    )
    kept = tuple(less if each is source else each for each in description.sources)
    assert widenings(replace(description, sources=kept), description) == ()


@given(
    descriptions.filter(lambda each: each.time_frame_from is not None and each.time_frame_until is not None),
    st.integers(0, 1000),
    st.integers(0, 1000),
)
def test_shortening_the_time_frame_never_widens(description: Description, later: int, sooner: int) -> None:
    assert description.time_frame_from is not None
    assert description.time_frame_until is not None
    shorter = replace(
        description,
        time_frame_from=description.time_frame_from + timedelta(days=later),
        time_frame_until=description.time_frame_until - timedelta(days=sooner),
    )
    assert widenings(shorter, description) == ()


@given(descriptions.map(told_apart).filter(lambda each: each.sources != ()), st.booleans(), st.data())
def test_every_single_added_field_is_seen(description: Description, links: bool, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(description.sources))
    entry = "linking_fields" if links else "fields"
    more = replace(source, **{entry: (*getattr(source, entry), "added")})
    wider = replace(description, sources=tuple(more if each is source else each for each in description.sources))
    (found,) = widenings(wider, description)
    assert f"{source.place}.added" in found.sentence


WITH_PARTS = {Entry.SOURCES, Entry.QUESTIONS, Entry.HYPOTHESES, Entry.DEVIATIONS}


@given(descriptions, descriptions, st.sampled_from([entry for entry in Entry if entry not in WITH_PARTS]))
def test_one_changed_entry_is_the_one_difference(old: Description, other: Description, entry: Entry) -> None:
    before, after = getattr(old, entry.value), getattr(other, entry.value)
    expected = () if before == after else (Difference(entry, before, after),)
    assert differences(old, replace(old, **{entry.value: after})) == expected


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"need": "Another need."}, "wider_purpose"),
        ({"business_aim": "Another aim."}, "wider_purpose"),
        ({"aims": (*DESCRIBED.aims, "To save money.")}, "wider_purpose"),
        ({"purpose": Purpose.EXTERNAL}, "wider_purpose"),
        ({"questions": (*DESCRIBED.questions, BusinessQuestion("q2", "And their parents?"))}, "wider_question"),
        ({"questions": (BusinessQuestion("q1", "Something else?"),)}, "wider_question"),
        ({"unit_of_analysis": CustomerKind.HOUSEHOLD}, "wider_unit"),
        ({"kind": KindOfAnalysis.SELDOM_REPEATED}, "wider_kind"),
        ({"time_frame_from": date(2009, 12, 31)}, "wider_time_frame"),
        ({"time_frame_until": date(2017, 1, 1)}, "wider_time_frame"),
        ({"time_frame_from": None}, "wider_time_frame"),
        ({"time_frame_until": None}, "wider_time_frame"),
        ({"sealed_job": True}, "wider_class"),
        ({"means": frozenset({Means.STATIC_REPORT, Means.ALERT})}, "wider_means"),
        ({"audiences": frozenset({Audience.OTHER_PUBLIC_SECTOR})}, "wider_audience"),
    ],
)
def test_each_way_beyond_the_decision_is_seen(changed: dict[str, object], code: str) -> None:
    assert widened(**changed) == [code]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fields": ("native_language", "birth_country")}, "wider_field"),
        ({"linking_fields": ("identity_code", "household")}, "wider_field"),
        ({"fields": ("native_language", "identity_code"), "linking_fields": ()}, "wider_linking_field"),
        ({"subjects": PEOPLE.subjects | {DataSubjects.HEALTH}}, "wider_subjects"),
        ({"controller": "county"}, "wider_controller"),
        ({"owning_unit": "another"}, "wider_controller"),
        ({"is_internal": True}, "wider_controller"),
        ({"purpose_text": "For something else."}, "wider_source_purpose"),
        ({"table": "families"}, "wider_table"),
        ({"register": "schools"}, "wider_source"),
    ],
)
def test_each_way_beyond_a_decided_source_is_seen(changed: dict[str, object], code: str) -> None:
    assert of_people(**changed) == [code]


def test_persons_in_a_source_decided_without_them_are_seen() -> None:
    decided = replace(DESCRIBED, sources=(replace(PEOPLE, contains_personal_data=False),))
    assert codes_of(widenings(replace(DESCRIBED, sources=(PEOPLE,)), decided)) == ["wider_personal_data"]


def test_a_table_twice_hides_nothing() -> None:
    """The first of two requests for one table asks for more: it is found though the second is as decided."""
    more = replace(PEOPLE, fields=("native_language", "birth_country"))
    assert widened(sources=(EVENTS, more, PEOPLE)) == ["wider_field"]


def test_identification_that_was_not_decided_is_seen() -> None:
    decided = replace(DESCRIBED, sealed_job=True)
    asked = replace(decided, needs_identification=True, identification_purpose="To offer help.")
    assert codes_of(widenings(asked, decided)) == ["wider_purpose", "wider_purpose"]


def test_identification_for_something_else_is_seen() -> None:
    decided = replace(DESCRIBED, sealed_job=True, needs_identification=True, identification_purpose="To offer help.")
    assert codes_of(widenings(replace(decided, identification_purpose="To bill."), decided)) == ["wider_purpose"]


def test_rows_are_beyond_a_decided_sealed_job_though_it_weighs_more() -> None:
    decided = replace(DESCRIBED, sealed_job=True)
    rows = replace(DESCRIBED, lane=Lane.ROWS, data_class=DataClass.ANONYMISED_ROWS)
    assert codes_of(widenings(rows, decided)) == ["wider_class", "wider_lane"]


@pytest.mark.parametrize("decided", DataClass)
@pytest.mark.parametrize("asked", DataClass)
def test_a_class_is_wider_when_it_exposes_more(asked: DataClass, decided: DataClass) -> None:
    found = widenings(replace(DESCRIBED, data_class=asked), replace(DESCRIBED, data_class=decided))
    assert codes_of(found) == (["wider_class"] if asked.exposure > decided.exposure else [])


KINDS_WITHIN = {
    ("continuous_monitoring", "seldom_repeated"),
    ("continuous_monitoring", "one_off"),
    ("guiding", "seldom_repeated"),
    ("guiding", "one_off"),
    ("seldom_repeated", "one_off"),
}


@pytest.mark.parametrize("decided", KindOfAnalysis)
@pytest.mark.parametrize("asked", KindOfAnalysis)
def test_only_a_seldomer_kind_is_within_the_decided_one(asked: KindOfAnalysis, decided: KindOfAnalysis) -> None:
    found = codes_of(widenings(replace(DESCRIBED, kind=asked), replace(DESCRIBED, kind=decided)))
    assert found == ([] if asked is decided or (decided.value, asked.value) in KINDS_WITHIN else ["wider_kind"])


@pytest.mark.parametrize(
    ("decided", "asked", "expected"),
    [
        (Purpose.EXTERNAL, Purpose.INTERNAL, True),
        (Purpose.INTERNAL, Purpose.EXTERNAL, False),
        (None, Purpose.INTERNAL, False),
        (Purpose.INTERNAL, None, False),
        (None, None, True),
    ],
)
def test_internal_use_is_within_a_decided_external_one(
    decided: Purpose | None, asked: Purpose | None, expected: bool
) -> None:
    assert is_same_purpose(replace(DESCRIBED, purpose=asked), replace(DESCRIBED, purpose=decided)) is expected


def test_a_new_question_may_serve_the_same_purpose() -> None:
    more = replace(DESCRIBED, questions=(*DESCRIBED.questions, BusinessQuestion("q2", "And their parents?")))
    assert is_same_purpose(more, DESCRIBED)


def test_another_layout_is_not_another_purpose() -> None:
    assert is_same_purpose(replace(DESCRIBED, need=f"  {DESCRIBED.need.replace(' ', '\n')} "), DESCRIBED)


@pytest.mark.parametrize(
    "changed",
    [
        {"hypotheses": (*DESCRIBED.hypotheses, Hypothesis("h2", "q1", "They do not."))},
        {"questions": (BusinessQuestion("another id", DESCRIBED.questions[0].text),)},
        {"name": "Another name"},
        {"analyst": "p-09"},
        {"means": frozenset({Means.MEETING})},
        {"audiences": frozenset({Audience.SERVICE_UNITS, Audience.COMMISSIONING_PARTY})},
        {"sources": (PEOPLE, EVENTS)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_asks_for_nothing_more_is_within(changed: dict[str, object]) -> None:
    assert widened(**changed) == []


def test_a_dropped_source_and_a_dropped_field_are_told() -> None:
    new = replace(DESCRIBED, sources=(replace(EVENTS, fields=("service",)),))
    field = "child_protection.decisions.decided_on"
    assert narrowings(new, DESCRIBED) == (
        Difference(Entry.SOURCES, field, None, field),
        Difference(Entry.SOURCES, PEOPLE, None, "population.persons"),
    )


def test_a_changed_entry_is_told_with_what_it_was() -> None:
    new = replace(DESCRIBED, name="Another name", kind=KindOfAnalysis.GUIDING)
    assert differences(DESCRIBED, new) == (
        Difference(Entry.NAME, DESCRIBED.name, "Another name"),
        Difference(Entry.KIND, KindOfAnalysis.ONE_OFF, KindOfAnalysis.GUIDING),
    )


def test_parts_are_told_one_by_one() -> None:
    question, hypothesis = BusinessQuestion("q2", "Since when?"), replace(DESCRIBED.hypotheses[0], text="They do not.")
    deviation = Deviation(Default.LENGTH, "Short.")
    new = replace(
        DESCRIBED,
        questions=(*DESCRIBED.questions, question),
        hypotheses=(hypothesis,),
        sources=(EVENTS,),
        deviations=(deviation,),
    )
    assert differences(DESCRIBED, new) == (
        Difference(Entry.QUESTIONS, None, question, "q2"),
        Difference(Entry.HYPOTHESES, DESCRIBED.hypotheses[0], hypothesis, "h1"),
        Difference(Entry.SOURCES, PEOPLE, None, "population.persons"),
        Difference(Entry.DEVIATIONS, None, deviation, "length"),
    )


def test_a_part_that_stands_twice_does_not_hide_the_other() -> None:
    twice = replace(DESCRIBED, questions=(BusinessQuestion("q1", "New?"), *DESCRIBED.questions))
    assert [(each.part, each.before is None) for each in differences(DESCRIBED, twice)] == [
        ("q1", False),
        ("q1 (2)", True),
    ]
