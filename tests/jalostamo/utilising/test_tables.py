"""The tables hold the counts behind every drawing, whatever a result lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.utilising.sample_report import LABELS, VOLUMES, paths, reach, volumes

from jalostamo.producing.results import Result
from jalostamo.utilising.publication.speech import Speech
from jalostamo.utilising.publication.tables import Table, estimates_tables, paths_tables

SPEECH = Speech(LABELS, "en")


def row(table: Table, head: str) -> str:
    """All words of one row."""
    (cells,) = [cells for heads, cells in table.rows if heads[-1] == head]
    return " | ".join(" ".join(filter(None, (cell.value, cell.interval, *cell.notes))) for cell in cells)


def only_table(result: Result) -> Table:
    """The one table of a result with many subjects."""
    (table,) = estimates_tables(result, SPEECH)
    return table


@pytest.mark.requirement("S22-24")
def test_few_subjects_have_a_table_each_with_a_row_for_each_group() -> None:
    lighter, preventive = estimates_tables(reach(), SPEECH)
    assert row(lighter, "Foreign-language").replace("\u00a0", " ") == "36 % | 31–41 % | 135 of 382 | 35 %"
    assert "258 customers 4,106 years" in row(preventive, "Foreign-language")
    assert lighter.foot == (("Ratio", "0.68 (0.58–0.78), differs; p\u00a0<\u00a00.001"),)


@pytest.mark.requirement("S22-26")
def test_many_subjects_have_a_row_each_the_most_used_first() -> None:
    table = only_table(volumes())
    customers = [sum(VOLUMES[code]) for code in VOLUMES]
    names = [LABELS[code].en for code in sorted(VOLUMES, key=lambda code: -sum(VOLUMES[code]))]
    assert len(set(customers)) == len(customers)
    assert [heads[0] for heads, _ in table.rows] == names
    assert "11.5 8.6–15.2 n\u00a048 counted 11.7" in row(table, "Emergency placement")


def test_years_that_all_services_share_are_told_once() -> None:
    table = only_table(volumes())
    assert [column.note for column in table.columns][1:4] == ["19,840 years", "1,862 years", "4,106 years"]
    assert "years" not in row(table, "Family work")


def test_years_that_differ_are_told_with_each_number() -> None:
    result = volumes()
    first = replace(result.groups[0], exposure=1.0)
    table = only_table(replace(result, groups=(first, *result.groups[1:])))
    assert "1 years" in row(table, "Child welfare notification")
    assert "19,840 years" in row(table, "Family work")


def test_what_could_not_be_estimated_or_compared_is_said() -> None:
    result = volumes()
    groups = tuple(g for g in result.groups if (g.subject, g.group) != ("AFT", "sv"))
    comparisons = tuple(c for c in result.comparisons if c.subject != "AFT")
    table = only_table(replace(result, groups=groups, comparisons=comparisons))
    assert row(table, "Aftercare").split(" | ")[1] == "–"
    assert row(table, "Aftercare").split(" | ")[4] == "– too few to compare"


def test_groups_without_ages_in_common_are_tabled_as_counted() -> None:
    result = volumes()
    table = only_table(replace(result, groups=tuple(replace(g, standardised=None) for g in result.groups)))
    assert "counted" not in row(table, "Emergency placement")
    assert "standardised" not in table.caption
    crude = replace(reach(), groups=tuple(replace(g, standardised=None) for g in reach().groups))
    assert [column.head for column in estimates_tables(crude, SPEECH)[0].columns][-1] == "Customers"


@pytest.mark.requirement("S22-27")
def test_steps_after_one_service_are_named_by_the_next() -> None:
    table = only_table(paths())
    assert table.columns[0].head == "Next service"
    assert table.rows[0][0] == ("Emergency placement",), "what differs most comes first"


def test_steps_after_several_services_are_named_in_full() -> None:
    result = paths()
    groups = tuple(replace(g, subject="FW>OCP") if g.subject == "ASM>OCP" else g for g in result.groups)
    comparisons = tuple(replace(c, subject="FW>OCP") if c.subject == "ASM>OCP" else c for c in result.comparisons)
    table = only_table(replace(result, groups=groups, comparisons=comparisons))
    heads = [heads[0] for heads, _ in table.rows]
    assert "Family work, then placement as open care" in heads
    assert "Assessment of service need, then emergency placement" in heads


def test_paths_of_the_compared_groups_alone_are_shown() -> None:
    result = paths()
    others = tuple(replace(flow, group="sv") for flow in result.flows if flow.group == "domestic")
    services, steps = paths_tables(replace(result, flows=(*result.flows, *others)), SPEECH)
    heads = [column.head for column in services.columns]
    assert heads == ["Stage", "Service", "Finnish- and Swedish-speaking", "Foreign-language"]
    assert steps.rows[0][0] == ("Service 1", "Child welfare notification", "Assessment of service need")


def test_paths_without_a_comparison_show_every_group() -> None:
    services, _ = paths_tables(replace(paths(), comparisons=()), SPEECH)
    assert len(services.columns) == 4
