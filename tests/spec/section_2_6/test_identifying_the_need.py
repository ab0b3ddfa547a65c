"""Handbook 2.6, Identifying the need and the data corresponding to it; data protection and the ways of using data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.test_descriptions import DESCRIBED, EVENTS, PEOPLE, codes_of

from jalostamo.permits.describing import objections_to_describing
from jalostamo.permits.descriptions import SourceAsked
from jalostamo.permits.kinds import KINDS, Automation, ConnectionBack, Default, Deviation, KindRow, defaults_of
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Lane


def objected(**changed: object) -> list[str]:
    return codes_of(objections_to_describing(replace(DESCRIBED, **changed)))


@pytest.mark.requirement("S26-11")
@pytest.mark.parametrize("entry", ["aims", "content", "questions", "sources"])
def test_aim_content_and_sources_are_described_before_anything_else(entry: str) -> None:
    """The first phase closes only when aim, content, question and at least one source are written down."""
    empty = "" if entry == "content" else ()
    assert objected(**{entry: empty}) != []
    assert objected() == []


@pytest.mark.requirement("S26-11")
@pytest.mark.parametrize("chosen", [(EVENTS,), (PEOPLE,), (EVENTS, PEOPLE)], ids=["internal", "external", "both"])
def test_sources_are_internal_or_external_one_or_more(chosen: tuple[SourceAsked, ...]) -> None:
    """One source will do, from inside the municipal organisation or from outside."""
    fields = tuple(field for source in chosen for field in source.analysed)
    hypotheses = (replace(DESCRIBED.hypotheses[0], variables=fields),)
    assert objected(sources=chosen, hypotheses=hypotheses) == []


@pytest.mark.requirement("S26-08")
def test_analyses_that_identify_are_marked_at_the_beginning() -> None:
    """Who must be identified, and why, is written in the first phase, with a class that makes it possible."""
    with_key = {"lane": Lane.ROWS, "data_class": DataClass.PSEUDONYMISED_WITH_KEY, "needs_identification": True}
    assert objected(**with_key) == ["describing_identification_purpose"]
    assert objected(**with_key, identification_purpose="To offer preventive help.") == []


@pytest.mark.requirement("S26-08")
def test_a_guiding_analysis_needs_the_way_back_to_persons() -> None:
    """Preventive measures for particular persons need them identified: the key is kept by default."""
    assert defaults_of(KindOfAnalysis.GUIDING).data_classes == {DataClass.PSEUDONYMISED_WITH_KEY}
    assert defaults_of(KindOfAnalysis.GUIDING).connection_back is ConnectionBack.MUST_BE_POSSIBLE


@pytest.mark.requirement("S26-09")
def test_the_table_of_four_kinds_is_kept_row_by_row() -> None:
    """Four kinds of analysis, each with an example and four rows of how its data is handled."""
    assert list(KINDS) == list(KindOfAnalysis)
    assert all(list(kind.rows) == list(KindRow) for kind in KINDS.values())
    assert KINDS[KindOfAnalysis.GUIDING].rows[KindRow.AUTOMATION_AND_CONNECTION_BACK].en == (
        "Connection back to persons must be possible."
    )


@pytest.mark.requirement("S26-09")
def test_a_kind_brings_its_defaults() -> None:
    """Continuous monitoring is automated, and cut off from persons."""
    monitoring = defaults_of(KindOfAnalysis.CONTINUOUS_MONITORING)
    assert monitoring.retrieval is monitoring.anonymisation is Automation.AUTOMATED
    assert monitoring.connection_back is ConnectionBack.CUT_OFF


@pytest.mark.requirement("S26-09")
def test_leaving_a_default_takes_a_reason() -> None:
    """Monitoring on rows that still tell of single persons is possible, when somebody says why."""
    rows = {
        "kind": KindOfAnalysis.CONTINUOUS_MONITORING,
        "lane": Lane.ROWS,
        "data_class": DataClass.ROW_LEVEL_KEY_DESTROYED,
    }
    assert objected(**rows) == ["deviation_of_class"]
    assert objected(**rows, deviations=(Deviation(Default.DATA_CLASS, ""),)) == ["deviation_unreasoned"]
    assert objected(**rows, deviations=(Deviation(Default.DATA_CLASS, "Rows are followed by hand."),)) == []
