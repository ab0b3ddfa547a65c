"""A cube that cuts single units out of earlier cells more often than its definition declares is refused."""

from __future__ import annotations

import datetime

import pytest
from tests.jalostamo.utilising.disclosure.conftest import Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, AREA, RESIDENTS, Town, definition

from jalostamo.concepts.errors import Refused
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.definition import Filter
from jalostamo.producing.cubes.differences import Difference
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.printed import PrintedCube

OTHER = "e" * 64


def filtered(**changes: object) -> CountedCube:
    """A cube whose filter leaves out the smallest area."""
    keep = Filter("area_code", ("1", "2", "3", "4"))
    asked = {"name": "filtered", "digest": OTHER, "dimensions": (AGE,), "measures": (RESIDENTS,), **changes}
    return Town().counted(definition(filters=(keep,), **asked))


def test_a_cube_whose_differences_nobody_counted_is_refused(disclosing: Disclosing, printed: PrintedCube) -> None:
    with pytest.raises(Refused, match="count the differences") as refused:
        disclosing(filtered())
    assert (refused.value.reason, printed.digest[:12] in refused.value.sentence) == ("differences_unknown", True)


def test_more_single_units_than_declared_are_refused(disclosing: Disclosing, printed: PrintedCube) -> None:
    with pytest.raises(Refused, match="by single units more often than the 1 times that its definition declares"):
        disclosing(filtered(single_unit_differences=1), differences=[Difference(printed.digest, 2)])


def test_as_many_single_units_as_declared_are_admitted(
    disclosing: Disclosing, printed: PrintedCube, ledger: Ledger
) -> None:
    disclosing(filtered(single_unit_differences=2), differences=[Difference(printed.digest, 2)])
    assert ledger.entries("residents")[1].facts["differences"] == [{"cells": 2, "earlier": printed.digest}]


def test_differences_of_all_earlier_cubes_count_together(disclosing: Disclosing, printed: PrintedCube) -> None:
    second = disclosing(filtered(single_unit_differences=2), differences=[Difference(printed.digest, 2)])
    third = filtered(single_unit_differences=2, name="third", digest="f" * 64, dimensions=(AREA,))
    both = [Difference(printed.digest, 2), Difference(second.digest, 1)]
    with pytest.raises(Refused, match="more often than the 2 times"):
        disclosing(third, differences=both)


def test_cubes_of_other_days_need_no_differences(disclosing: Disclosing, printed: PrintedCube) -> None:
    days = {"first_day": datetime.date(2021, 1, 1), "last_day": datetime.date(2021, 12, 31)}
    assert disclosing(filtered(**days)).digest != printed.digest
