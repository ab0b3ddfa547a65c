"""Descriptions of analyses: what phase 1 asks of them, entry by entry, and what it lets stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date

import pytest

from jalostamo.concepts.customers import COUNTED_KINDS, CustomerKind
from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.describing import (
    LONGEST_TEXT,
    objections_to_basic_information,
    objections_to_describing,
    unused_fields,
)
from jalostamo.permits.descriptions import (
    Approach,
    BusinessQuestion,
    Description,
    Entry,
    Hypothesis,
    Purpose,
    SourceAsked,
)
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.ideas import Origin
from jalostamo.permits.kinds import Default, Deviation
from jalostamo.permits.objections import PermitObjection
from jalostamo.permits.terms import DataClass, DataSubjects, KindOfAnalysis, Lane

EVENTS = SourceAsked(
    register="child_protection",
    table="decisions",
    fields=("service", "decided_on"),
    linking_fields=("identity_code",),
    controller="county",
    owning_unit="child_protection_unit",
    subjects=frozenset({DataSubjects.CHILDREN, DataSubjects.SECRET_SOCIAL_WELFARE}),
    purpose_text="The paths of children from service to service.",
)
PEOPLE = SourceAsked(
    register="population",
    table="persons",
    fields=("native_language",),
    linking_fields=("identity_code",),
    controller="agency",
    is_internal=False,
    subjects=frozenset({DataSubjects.CHILDREN}),
    purpose_text="The language by which paths are compared.",
)
DESCRIBED = Description(
    name="Paths to child protection",
    summary="How children come to the services of child protection.",
    need="The need for extensive services has grown.",
    need_owner="p-01",
    business_aim="More help before placement.",
    origin=Origin.UNIT,
    aims=("To learn by which services children come.",),
    questions=(BusinessQuestion("q1", "Do paths differ by native language?"),),
    hypotheses=(
        Hypothesis(
            "h1",
            "q1",
            "They do.",
            (
                "child_protection.decisions.service",
                "child_protection.decisions.decided_on",
                "population.persons.native_language",
            ),
        ),
    ),
    approach=Approach.HYPOTHESIS_DRIVEN,
    customers="Children in child protection.",
    customer_kinds=frozenset({CustomerKind.PERSON}),
    unit_of_analysis=CustomerKind.PERSON,
    sources=(EVENTS, PEOPLE),
    time_frame_from=date(2010, 1, 1),
    time_frame_until=date(2016, 12, 31),
    content="Decisions and languages.",
    kind=KindOfAnalysis.ONE_OFF,
    operating_model=OperatingModel.GROUP_SUPPORTS,
    commissioning_unit="family_services",
    commissioned_by="p-01",
    analyst="p-02",
    data_retrieved_by=("p-03",),
    purpose=Purpose.INTERNAL,
    users="The branch's management.",
    means=frozenset({Means.STATIC_REPORT}),
    audiences=frozenset({Audience.CITY}),
    privacy_protection="Disclosure control of cells.",
    data_security="Encrypted transfer.",
    processing_tools="The closed room.",
)
"""A description that lacks nothing."""


def codes_of(objections: Iterable[Objection]) -> list[str]:
    return [each.code for each in objections if isinstance(each, PermitObjection)]


def objected(**changed: object) -> list[str]:
    return codes_of(objections_to_describing(replace(DESCRIBED, **changed)))


def test_a_complete_description_may_go_to_assessment() -> None:
    assert objections_to_describing(DESCRIBED) == ()
    assert objections_to_basic_information(DESCRIBED) == ()


def test_every_field_is_an_entry_in_the_same_order() -> None:
    assert [entry.value for entry in Entry] == [held.name for held in fields(Description)]


def test_an_empty_draft_can_be_written_and_read_back() -> None:
    assert value_from(Description, content_of(Description())) == Description()


def test_a_full_description_can_be_written_and_read_back() -> None:
    assert value_from(Description, content_of(DESCRIBED)) == DESCRIBED


def test_an_entry_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refused):
        value_from(Description, {**content_of(DESCRIBED), "link": "x"})


@pytest.mark.requirement("S26-11")
@pytest.mark.parametrize(
    ("entry", "empty", "code"),
    [
        ("name", "  ", "describing_unfilled"),
        ("origin", None, "describing_origin"),
        ("aims", (), "describing_aims"),
        ("aims", (" ", ""), "describing_aims"),
        ("approach", None, "describing_approach"),
        ("customers", "", "describing_unfilled"),
        ("customer_kinds", frozenset(), "describing_unfilled"),
        ("unit_of_analysis", None, "describing_unfilled"),
        ("time_frame_from", None, "describing_unfilled"),
        ("time_frame_until", None, "describing_unfilled"),
        ("content", "\n", "describing_unfilled"),
        ("kind", None, "describing_kind"),
        ("operating_model", None, "describing_operating_model"),
        ("means", frozenset(), "describing_means"),
        ("audiences", frozenset(), "describing_audiences"),
        ("need", "", "describing_need"),
        ("need_owner", None, "describing_need_owner"),
        ("business_aim", "", "describing_business_aim"),
    ],
)
def test_an_entry_left_empty_is_asked_for(entry: str, empty: object, code: str) -> None:
    assert objected(**{entry: empty}) == [code]


@pytest.mark.parametrize(
    "entry",
    [
        "summary",
        "commissioning_unit",
        "commissioned_by",
        "analyst",
        "data_retrieved_by",
        "purpose",
        "users",
        "privacy_protection",
        "data_security",
        "processing_tools",
    ],
)
def test_the_forms_first_section_is_asked_for_before_assessment_alone(entry: str) -> None:
    changed = replace(DESCRIBED, **{entry: getattr(Description(), entry)})
    assert codes_of(objections_to_basic_information(changed)) == ["basic_information_unfilled"]
    assert objections_to_describing(changed) == ()


def test_an_analyst_does_not_retrieve_personal_data() -> None:
    changed = replace(DESCRIBED, data_retrieved_by=("p-03", "p-02"))
    assert codes_of(objections_to_basic_information(changed)) == ["analyst_retrieves"]


def test_an_analyst_may_retrieve_data_without_persons() -> None:
    cells = replace(PEOPLE, contains_personal_data=False, subjects=frozenset())
    changed = replace(DESCRIBED, sources=(cells,), data_retrieved_by=("p-02",))
    assert objections_to_basic_information(changed) == ()


def test_no_question_leaves_its_hypothesis_without_one() -> None:
    assert objected(questions=()) == ["describing_questions", "describing_hypothesis_alone"]


def test_each_question_needs_a_hypothesis_of_its_own() -> None:
    assert objected(questions=(*DESCRIBED.questions, BusinessQuestion("q2", "How many?"))) == [
        "describing_question_alone"
    ]


def test_an_experimental_analysis_may_start_from_questions_alone() -> None:
    assert objected(approach=Approach.EXPERIMENTAL, hypotheses=()) == []


def test_an_experimental_analysis_needs_its_questions() -> None:
    assert objected(approach=Approach.EXPERIMENTAL, hypotheses=(), questions=()) == ["describing_questions"]


def test_both_approaches_together_need_hypotheses() -> None:
    changed = objected(approach=Approach.BOTH, hypotheses=())
    assert changed == ["describing_question_alone", *["describing_field_unused"] * 3]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (Hypothesis("h2", "q1", " ", ("population.persons.native_language",)), "describing_hypothesis_empty"),
        (Hypothesis("h2", "q1", "So."), "describing_hypothesis_bare"),
        (Hypothesis("h2", "q9", "So.", ("population.persons.native_language",)), "describing_hypothesis_alone"),
        (Hypothesis("h1", "q1", "So.", ("population.persons.native_language",)), "describing_ids"),
        (Hypothesis(" ", "q1", "So.", ("population.persons.native_language",)), "describing_ids"),
        (Hypothesis("h2", "q1", "So.", ("population.persons.income",)), "describing_variable_unasked"),
    ],
)
def test_a_hypothesis_that_is_not_whole_is_objected_to(changed: Hypothesis, code: str) -> None:
    assert objected(hypotheses=(*DESCRIBED.hypotheses, changed)) == [code]


def test_questions_are_told_apart_and_are_not_empty() -> None:
    assert objected(questions=(*DESCRIBED.questions, BusinessQuestion("q1"))) == [
        "describing_ids",
        "describing_question_empty",
    ]


@pytest.mark.requirement("S22-06")
def test_a_field_that_serves_no_hypothesis_is_flagged() -> None:
    changed = replace(DESCRIBED, sources=(EVENTS, replace(PEOPLE, fields=("native_language", "birth_country"))))
    assert unused_fields(changed) == ("population.persons.birth_country",)
    (found,) = objections_to_describing(changed)
    assert found.sentence.startswith("No hypothesis needs this field: population.persons.birth_country.")


def test_linking_fields_serve_no_hypothesis_and_need_not() -> None:
    both = replace(PEOPLE, fields=("native_language", "identity_code"))
    assert both.asked == ("population.persons.native_language", "population.persons.identity_code")
    assert objected(sources=(EVENTS, both)) == []


def test_a_source_is_asked_for() -> None:
    assert objected(sources=(), hypotheses=()) == ["describing_sources", "describing_question_alone"]


def test_no_source_is_asked_for_twice() -> None:
    assert objected(sources=(EVENTS, PEOPLE, PEOPLE)) == ["describing_source_twice"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"linking_fields": ("identity_code", "identity_code")}, "describing_source_field_twice"),
        ({"fields": ("native_language", "native_language")}, "describing_source_field_twice"),
        ({"linking_fields": ("a.b",)}, "describing_source_field_unnamed"),
        ({"linking_fields": ("",)}, "describing_source_field_unnamed"),
        ({"controller": " "}, "describing_source_controller"),
        ({"is_internal": True}, "describing_source_unit"),
        ({"purpose_text": ""}, "describing_source_purpose"),
        ({"subjects": frozenset()}, "describing_source_subjects"),
        ({"contains_personal_data": False}, "describing_source_of_nobody"),
    ],
)
def test_a_source_says_all_that_its_owner_must_know(changed: dict[str, object], code: str) -> None:
    assert objected(sources=(EVENTS, replace(PEOPLE, **changed))) == [code]


@pytest.mark.parametrize("register", ["", " ", "popu.lation"])
def test_a_source_is_named_without_dots(register: str) -> None:
    assert "describing_source_unnamed" in objected(sources=(EVENTS, PEOPLE, replace(PEOPLE, register=register)))


def test_a_source_asks_for_fields() -> None:
    empty = SourceAsked("schools", "pupils", controller="city", is_internal=False, contains_personal_data=False)
    assert objected(sources=(*DESCRIBED.sources, empty)) == [
        "describing_source_fieldless",
        "describing_source_purpose",
    ]


def test_the_time_frame_does_not_end_before_it_begins() -> None:
    assert objected(time_frame_until=date(2009, 12, 31)) == ["describing_time_frame_order"]
    assert objected(time_frame_until=date(2010, 1, 1)) == []


@pytest.mark.parametrize("unit", CustomerKind)
def test_only_what_has_a_key_is_a_unit_of_analysis(unit: CustomerKind) -> None:
    expected = [] if unit in COUNTED_KINDS else ["describing_unit_uncounted"]
    assert objected(unit_of_analysis=unit) == expected


FITTING = {
    (Lane.CELLS, DataClass.PRINTED_CELLS, False),
    (Lane.CELLS, DataClass.PRINTED_CELLS, True),
    (Lane.CELLS, DataClass.IDENTIFIED, True),
    (Lane.ROWS, DataClass.PSEUDONYMISED_WITH_KEY, False),
    (Lane.ROWS, DataClass.ROW_LEVEL_KEY_DESTROYED, False),
    (Lane.ROWS, DataClass.ANONYMISED_ROWS, False),
}


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("data_class", DataClass)
@pytest.mark.parametrize("sealed", [False, True])
def test_lane_and_class_fit_together_in_six_ways(lane: Lane, data_class: DataClass, sealed: bool) -> None:
    found = objected(lane=lane, data_class=data_class, sealed_job=sealed)
    assert (found == []) == ((lane, data_class, sealed) in FITTING)


@pytest.mark.parametrize(
    ("lane", "data_class", "sealed", "code"),
    [
        (Lane.CELLS, DataClass.IDENTIFIED, False, "describing_identified"),
        (Lane.ROWS, DataClass.IDENTIFIED, False, "describing_identified"),
        (Lane.CELLS, DataClass.ANONYMISED_ROWS, False, "describing_cells_class"),
        (Lane.CELLS, DataClass.ANONYMISED_ROWS, True, "describing_cells_class"),
        (Lane.ROWS, DataClass.PRINTED_CELLS, False, "describing_rows_class"),
        (Lane.ROWS, DataClass.ANONYMISED_ROWS, True, "describing_sealed_lane"),
    ],
)
def test_each_misfit_of_lane_and_class_has_its_sentence(
    lane: Lane, data_class: DataClass, sealed: bool, code: str
) -> None:
    assert code in objected(lane=lane, data_class=data_class, sealed_job=sealed)


def test_a_sealed_job_weighs_as_identified_and_lets_out_printed_cells() -> None:
    sealed = replace(DESCRIBED, sealed_job=True)
    assert sealed.weighed_class is DataClass.IDENTIFIED
    assert sealed.leaving_class is DataClass.PRINTED_CELLS


def test_any_other_analysis_weighs_as_what_leaves() -> None:
    assert DESCRIBED.weighed_class is DESCRIBED.leaving_class is DataClass.PRINTED_CELLS


@pytest.mark.requirement("S26-08")
@pytest.mark.parametrize(
    ("data_class", "sealed", "expected"),
    [
        (DataClass.PSEUDONYMISED_WITH_KEY, False, []),
        (DataClass.PRINTED_CELLS, True, []),
        (DataClass.PRINTED_CELLS, False, ["describing_identification_class"]),
        (DataClass.ROW_LEVEL_KEY_DESTROYED, False, ["describing_identification_class"]),
        (DataClass.ANONYMISED_ROWS, False, ["describing_identification_class"]),
    ],
)
def test_persons_are_identified_only_by_a_kept_key_or_a_sealed_job(
    data_class: DataClass, sealed: bool, expected: list[str]
) -> None:
    lane = Lane.CELLS if data_class is DataClass.PRINTED_CELLS else Lane.ROWS
    found = objected(
        lane=lane, data_class=data_class, sealed_job=sealed, needs_identification=True, identification_purpose="Help."
    )
    assert found == expected


@pytest.mark.requirement("S26-08")
def test_identification_is_marked_with_its_purpose() -> None:
    assert objected(sealed_job=True, needs_identification=True) == ["describing_identification_purpose"]


def test_a_guiding_analysis_in_printed_cells_is_a_deviation_with_a_reason() -> None:
    deviation = Deviation(Default.DATA_CLASS, "Shares by area guide well enough.")
    assert objected(kind=KindOfAnalysis.GUIDING) == ["deviation_of_class", "deviation_of_connection"]
    assert objected(kind=KindOfAnalysis.GUIDING, deviations=(deviation,)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"content": "x" * (LONGEST_TEXT + 1)},
        {"aims": ("x" * (LONGEST_TEXT + 1),)},
        {"sources": (EVENTS, replace(PEOPLE, purpose_text="x" * (LONGEST_TEXT + 1)))},
        {"deviations": (Deviation(Default.STORAGE, "x" * (LONGEST_TEXT + 1)),)},
        {"need_owner": "x" * (LONGEST_TEXT + 1)},
    ],
    ids=["a text", "one of several", "within a source", "within a deviation", "an id"],
)
def test_no_text_is_endless(changed: dict[str, object]) -> None:
    assert objected(**changed) == ["describing_long"]


def test_a_text_may_be_as_long_as_the_limit() -> None:
    assert objected(content="x" * LONGEST_TEXT) == []


def test_what_people_wrote_stays_out_of_the_sentences() -> None:
    """A draft full of one word, wrong in many ways: no sentence repeats it."""
    word = "Xyzzy"
    draft = replace(
        DESCRIBED,
        need=word,
        need_owner=None,
        questions=(BusinessQuestion(word, word), BusinessQuestion(word, "")),
        hypotheses=(Hypothesis(word, "other", word),),
        deviations=(Deviation(Default.LENGTH), Deviation(Default.LENGTH, word)),
        time_frame_until=date(1999, 1, 1),
    )
    found = objections_to_describing(draft)
    assert len(found) >= 8
    assert not any(word in each.sentence for each in found)


def test_the_form_reads_customer_data_and_subjects_from_the_sources() -> None:
    assert DESCRIBED.contains_personal_data
    assert DESCRIBED.subjects == {DataSubjects.CHILDREN, DataSubjects.SECRET_SOCIAL_WELFARE}
    assert not Description().contains_personal_data
