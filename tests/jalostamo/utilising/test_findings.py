"""Findings say what differs and what was not found to, with the interval, and never a cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.jalostamo.utilising.sample_report import LABELS, paths, reach, results, volumes

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.producing.results import Comparison, Estimate, Result
from jalostamo.utilising.publication.findings import finding_of


def found_in(result: Result) -> str:
    return finding_of(result, LABELS).en.replace("\u00a0", " ")


def undecided(result: Result) -> Result:
    """The same result with no comparison larger than chance."""
    return replace(result, comparisons=tuple(replace(c, adjusted_p=0.4) for c in result.comparisons))


@pytest.mark.requirement("S22-24")
def test_reach_is_told_as_two_shares_and_their_ratio() -> None:
    first = found_in(reach()).split(". ")[0]
    assert first == (
        "After a first notification, services lighter than placement reached 36 % of foreign-language children and 53 % "
        "of Finnish- and Swedish-speaking children (ages standardised; ratio 0.68, 95 % interval 0.58–0.78)"
    )


@pytest.mark.requirement("S22-25")
def test_results_are_told_as_a_difference_in_percentage_points() -> None:
    assert found_in(results()) == (
        "After a lighter service, 69 % of foreign-language children and 81 % of Finnish- and Swedish-speaking children "
        "were not placed for 12 months (ages standardised; difference −12 percentage points, 95 % interval −20 to −4)."
    )


@pytest.mark.requirement("S22-26")
def test_volumes_name_the_service_used_most_above_and_most_below() -> None:
    assert found_in(volumes()) == (
        "Among foreign-language children, emergency placement is more common and home service for families is less common; "
        "use differs by language in 6 of 11 services (ages standardised; emergency placement: ratio 3.29, 95 % interval "
        "2.30–4.72; home service for families: ratio 0.64, 95 % interval 0.50–0.83)."
    )


@pytest.mark.requirement("S22-27")
def test_paths_name_the_step_that_differs_most() -> None:
    assert found_in(paths()) == (
        "After assessment of service need, the next step was emergency placement for 20 % of foreign-language children "
        "and 8 % of Finnish- and Swedish-speaking children; differing by language: 2 of 7 steps (ages standardised; "
        "difference +12 percentage points, 95 % interval 7–18)."
    )


@pytest.mark.parametrize("make", [reach, results, volumes, paths])
def test_chance_is_called_no_difference_found(make: Callable[[], Result]) -> None:
    assert found_in(undecided(make())).startswith("No difference")


@pytest.mark.parametrize("make", [reach, results, volumes, paths])
def test_no_finding_claims_a_cause(make: Callable[[], Result]) -> None:
    text = finding_of(make(), LABELS)
    for word in ("caus", "because", "due to", "leads to", "johtuu", "aiheut", "syy", "orsak", "beror"):
        assert word not in " ".join(text.in_language(language) for language in LANGUAGES).lower()


def test_a_finding_is_told_in_the_numbers_of_each_language() -> None:
    text = finding_of(results(), LABELS)
    assert "−20\u00a0…\u00a0−4" in text.fi
    assert "−20\u00a0till\u00a0−4" in text.sv
    assert "ikävakioitu" in text.fi
    assert "åldersstandardiserat" in text.sv


def test_one_direction_alone_is_told_alone() -> None:
    result = volumes()
    only_more = tuple(replace(c, adjusted_p=1.0) if c.estimate.value < 1 else c for c in result.comparisons)
    assert "less common" not in found_in(replace(result, comparisons=only_more))


def test_a_ratio_of_nothing_is_the_least_of_all() -> None:
    nothing = Comparison("AFT", "foreign", "domestic", "ratio", Estimate(0.0, 0.0, 0.4), 0.001, 0.001)
    others = tuple(c for c in volumes().comparisons if c.subject != "AFT")
    assert "aftercare is less common" in found_in(replace(volumes(), comparisons=(*others, nothing)))


def test_groups_without_ages_in_common_are_told_as_counted() -> None:
    result = results()
    crude = replace(result, groups=tuple(replace(g, standardised=None) for g in result.groups))
    assert "ages standardised" not in found_in(crude)
    assert "68 % of foreign-language children" in found_in(crude)


def test_too_few_customers_are_said_to_be_too_few() -> None:
    assert found_in(replace(reach(), comparisons=())) == "There are too few customers to compare the groups."


def test_other_subjects_and_groups_are_told_by_their_labels() -> None:
    result = replace(results(), name="other", groups=tuple(replace(g, subject="FC") for g in results().groups))
    result = replace(result, comparisons=tuple(replace(c, subject="FC") for c in result.comparisons))
    assert found_in(result).startswith("Family counselling: 69 % of foreign-language children and 81 %")


def test_a_step_from_no_service_in_particular_is_told_too() -> None:
    result = paths()
    groups = tuple(replace(g, subject=g.subject.removeprefix("ASM>")) for g in result.groups)
    comparisons = tuple(replace(c, subject=c.subject.removeprefix("ASM>")) for c in result.comparisons)
    text = found_in(replace(result, groups=groups, comparisons=comparisons))
    assert text.startswith("The next step was emergency placement for 20 %")


def test_a_comparison_without_its_estimate_is_refused() -> None:
    with pytest.raises(Unfit, match="without an estimate"):
        finding_of(replace(results(), groups=results().groups[:1]), LABELS)
