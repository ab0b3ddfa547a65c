"""The four kinds of analysis: the table in words, its defaults, its three vocabularies, and leaving it with a reason."""

from __future__ import annotations

import pytest
from tests.jalostamo.permits.test_descriptions import codes_of

from jalostamo.permits.kinds import (
    KINDS,
    Automation,
    ConnectionBack,
    Continuity,
    Default,
    Deviation,
    KindRow,
    ReportUse,
    Storage,
    continuity_of,
    defaults_of,
    is_continuous,
    objections_to_deviations,
    report_use_of,
)
from jalostamo.permits.terms import DataClass, KindOfAnalysis, title_of

MONITORING = KindOfAnalysis.CONTINUOUS_MONITORING
GUIDING = KindOfAnalysis.GUIDING
SELDOM = KindOfAnalysis.SELDOM_REPEATED
ONE_OFF = KindOfAnalysis.ONE_OFF
KEY_KEPT = DataClass.PSEUDONYMISED_WITH_KEY


def objected(
    kind: KindOfAnalysis, data_class: DataClass, *deviations: Deviation, identification: bool = False
) -> list[str]:
    return codes_of(
        objections_to_deviations(deviations, kind=kind, data_class=data_class, needs_identification=identification)
    )


def test_the_table_has_every_kind_in_every_row() -> None:
    assert set(KINDS) == set(KindOfAnalysis)
    assert all(set(kind.rows) == set(KindRow) for kind in KINDS.values())


@pytest.mark.parametrize("kind", KindOfAnalysis)
def test_every_kind_has_defaults(kind: KindOfAnalysis) -> None:
    assert defaults_of(kind).data_classes
    assert DataClass.IDENTIFIED not in defaults_of(kind).data_classes


def test_retrieval_is_the_less_automated_the_seldomer_it_is_done() -> None:
    assert [defaults_of(kind).retrieval for kind in KindOfAnalysis] == [
        Automation.AUTOMATED,
        Automation.PRIMARILY_AUTOMATED,
        Automation.PRIMARILY_MANUAL,
        Automation.MANUAL,
    ]


def test_connection_back_is_cut_off_possible_or_as_needed() -> None:
    assert {kind: defaults_of(kind).connection_back for kind in KindOfAnalysis} == {
        MONITORING: ConnectionBack.CUT_OFF,
        GUIDING: ConnectionBack.MUST_BE_POSSIBLE,
        SELDOM: ConnectionBack.AS_NEEDED,
        ONE_OFF: ConnectionBack.AS_NEEDED,
    }


def test_only_monitoring_stores_continuously() -> None:
    continuous = [kind for kind in KindOfAnalysis if defaults_of(kind).storage is Storage.CONTINUOUS]
    assert continuous == [MONITORING]


def test_only_one_off_analyses_make_their_models_anew() -> None:
    assert [kind for kind in KindOfAnalysis if not defaults_of(kind).models_are_reused] == [ONE_OFF]


def test_permits_run_two_years_and_a_one_off_one_year() -> None:
    assert {kind: defaults_of(kind).months for kind in KindOfAnalysis} == {
        MONITORING: 24,
        GUIDING: 24,
        SELDOM: 24,
        ONE_OFF: 12,
    }


@pytest.mark.parametrize(
    ("kind", "continuity", "use"),
    [
        (MONITORING, Continuity.CONTINUOUS_MONITORING, ReportUse.CONTINUOUS),
        (GUIDING, Continuity.UPDATED_AT_INTERVALS, ReportUse.CONTINUOUS),
        (SELDOM, Continuity.UPDATED_AT_INTERVALS, ReportUse.CONTINUOUS),
        (ONE_OFF, Continuity.ONE_OFF, ReportUse.ONE_OFF),
    ],
)
def test_one_kind_is_told_in_three_vocabularies(kind: KindOfAnalysis, continuity: Continuity, use: ReportUse) -> None:
    assert continuity_of(kind) is continuity
    assert report_use_of(kind) is use
    assert is_continuous(kind) is (kind is not ONE_OFF)


@pytest.mark.parametrize("kind", KindOfAnalysis)
@pytest.mark.parametrize("data_class", DataClass)
def test_a_class_outside_the_defaults_is_a_deviation(kind: KindOfAnalysis, data_class: DataClass) -> None:
    identification = kind is GUIDING
    found = objected(kind, data_class, identification=identification)
    assert found == ([] if data_class in defaults_of(kind).data_classes else ["deviation_of_class"])


@pytest.mark.parametrize("kind", KindOfAnalysis)
@pytest.mark.parametrize("data_class", DataClass)
def test_a_deviation_with_a_reason_may_leave_any_class(kind: KindOfAnalysis, data_class: DataClass) -> None:
    assert objected(kind, data_class, Deviation(Default.DATA_CLASS, "The unit needs it."), identification=True) == []


def test_monitoring_does_not_identify_without_a_reason() -> None:
    cells = DataClass.PRINTED_CELLS
    assert objected(MONITORING, cells, identification=True) == ["deviation_of_cut_connection"]
    declared = Deviation(Default.CONNECTION_BACK, "An alarm must reach a person.")
    assert objected(MONITORING, cells, declared, identification=True) == []


def test_guiding_keeps_the_way_back_unless_a_reason_is_given() -> None:
    assert objected(GUIDING, KEY_KEPT) == ["deviation_of_connection"]
    assert objected(GUIDING, KEY_KEPT, Deviation(Default.CONNECTION_BACK, "Nobody is approached.")) == []
    assert objected(GUIDING, KEY_KEPT, identification=True) == []


@pytest.mark.parametrize("default", Default)
def test_every_deviation_needs_a_reason(default: Default) -> None:
    assert objected(ONE_OFF, KEY_KEPT, Deviation(default, "  ")) == ["deviation_unreasoned"]
    assert objected(ONE_OFF, KEY_KEPT, Deviation(default, "So.")) == []


def test_a_default_is_left_once() -> None:
    twice = Deviation(Default.STORAGE, "Kept for the next round.")
    assert objected(ONE_OFF, KEY_KEPT, twice, twice) == ["deviation_twice"]


def test_without_a_kind_only_the_reasons_are_looked_at() -> None:
    found = objections_to_deviations(
        (Deviation(Default.LENGTH),), kind=None, data_class=DataClass.IDENTIFIED, needs_identification=True
    )
    assert codes_of(found) == ["deviation_unreasoned"]


@pytest.mark.parametrize("kind", [KindRow, Automation, ConnectionBack, Storage, Default, Continuity, ReportUse])
def test_every_word_of_the_table_has_a_title(kind: type[KindRow]) -> None:
    assert all(title_of(member).sv for member in kind)
