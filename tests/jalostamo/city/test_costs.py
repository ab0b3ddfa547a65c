"""Costs and capacity: two workbooks, and the share of costs that falls on few customers."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from jalostamo.city.costs import COSTS, deliver_costs
from jalostamo.city.costs.concentration import concentration, costs_in
from jalostamo.city.decisions import decided
from jalostamo.city.founding import founded
from jalostamo.city.plan import Plan

PLAN = Plan(people=3000, first_year=2010, last_year=2015, seed=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("costs")
    town = founded(PLAN)
    deliver_costs(place, town, decided(town))
    return place


@pytest.mark.parametrize("name", ["unit_costs", "capacity"])
def test_the_header_stands_in_the_fourth_row_under_a_title(folder: Path, name: str) -> None:
    table = COSTS.table_named(name)
    sheet = openpyxl.load_workbook(folder / "costs" / table.file)[table.writing.sheet]
    assert "synthetic" in str(sheet["A1"].value)
    assert [cell.value for cell in sheet[4]] == [field.column for field in table.fields]


def test_each_service_has_one_unit_cost_a_year(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "costs" / "yksikkokustannukset.xlsx")["Yksikkökustannukset"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert len({row[:3] for row in rows}) == len(rows) == 6 * 21
    assert all(isinstance(row[0], datetime.datetime) and isinstance(row[4], int | float) for row in rows)


def test_units_use_less_of_their_places_in_july(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "costs" / "kapasiteetti.xlsx")["Kapasiteetti"]
    used = {month: 0 for month in range(1, 13)}
    for _, month, _, _, days in sheet.iter_rows(min_row=5, values_only=True):
        assert isinstance(month, datetime.datetime)
        assert isinstance(days, int)
        used[month.month] += days
    assert used[7] < 0.6 * used[10]


def test_the_costliest_tenth_counts_those_with_costs_alone() -> None:
    costs = np.array([0.0] * 5 + [100.0, 50.0] + [1.0] * 18)
    assert concentration(costs) == pytest.approx(150 / 168)


def test_few_customers_bring_most_of_the_costs(tmp_path: Path) -> None:
    town = founded(PLAN)
    decisions = decided(town)
    planted = deliver_costs(tmp_path, town, decisions)["planted"]
    assert isinstance(planted, dict)
    told = planted["cost_concentration"]
    costs = np.sort(costs_in(town, decisions, 2015))[::-1]
    tenth = costs[: -(-told["customers"] // 10)].sum() / costs.sum()
    assert told["interval"][0] < tenth < told["interval"][1]
    assert 0.65 < told["value"] < 0.9


def test_too_short_a_period_has_no_cost_concentration(tmp_path: Path) -> None:
    town = founded(Plan(people=300, first_year=2010, last_year=2012, seed=1))
    assert deliver_costs(tmp_path, town, decided(town))["planted"] == {}
