"""A report is only made of what may be shown, and names everything that it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.concepts.languages import Text
from jalostamo.utilising.publication.report import ChainLink, Report


@pytest.mark.parametrize("marking", ["personal", "public", ""])
def test_results_of_real_people_are_refused(report: Report, marking: str) -> None:
    with pytest.raises(Refused) as refused:
        replace(report, marking=marking)
    assert refused.value.objections[0].section.startswith("Handbook 2.6")


@pytest.mark.parametrize("code", ["foreign", "lighter", "EMP"])
def test_a_code_without_a_label_is_refused_by_name(report: Report, code: str) -> None:
    with pytest.raises(Unfit, match=code):
        replace(report, labels={key: label for key, label in report.labels.items() if key != code})


def test_a_report_without_answers_is_refused(report: Report) -> None:
    with pytest.raises(Unfit, match="at least one answer"):
        replace(report, answers=())


def test_a_chain_has_no_step_of_another_kind() -> None:
    with pytest.raises(Unfit, match="request, extract, linked"):
        ChainLink("guess", Text("a", "b", "c"), "0" * 64, "")
