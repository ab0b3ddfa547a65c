"""Criteria are dated data with their sources; what is no limit of a figure that the suite finds is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.validation.attacks.criteria import Criterion, Outcome, Recipient, read_criteria

GOOD = """dated = 2027-01-01
[outside]
recipient = "anybody"
k = 20
likely = 0.7
likelier = 10
negligible = 0.01
[[outside.criterion]]
figure = "inference.risk"
at_most = 0.05
source = "an authority of those days"
"""


@pytest.mark.parametrize("recipient", ["outside", "under_permit"])
def test_the_criteria_that_come_with_the_product_have_a_date_and_sources(recipient: Recipient) -> None:
    criteria = read_criteria(recipient)
    assert criteria.dated == datetime.date(2026, 11, 23)
    assert all(len(criterion.source) > 20 and criterion.read for criterion in criteria.by_figure.values())
    assert criteria.by_figure["minimality.gain"].read == "own"
    assert {"singling_out.risk", "linkability.risk", "inference.risk"} <= criteria.by_figure.keys()


def test_nobody_known_is_given_no_more_than_the_people_of_a_permit() -> None:
    outside, permit = read_criteria("outside"), read_criteria("under_permit")
    assert permit.by_figure.keys() <= outside.by_figure.keys()
    for figure, criterion in permit.by_figure.items():
        stricter = outside.by_figure[figure]
        assert (stricter.at_most or 0) <= (criterion.at_most or 0)
        assert (stricter.at_least or 0) >= (criterion.at_least or 0)


def test_a_later_file_replaces_them(tmp_path: Path) -> None:
    later = tmp_path / "2027-01-01.toml"
    later.write_text(GOOD)
    criteria = read_criteria("outside", later)
    assert (criteria.k, criteria.by_figure["inference.risk"].at_most) == (20, 0.05)
    assert criteria.outcome("linkability.risk", 1, 1) == "told"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("inference.risk", "inference.luck"),
        ("at_most = 0.05", ""),
        ("at_most = 0.05", "at_most = 0.05\nat_least = 0.01"),
        ("at_most = 0.05", 'at_most = "low"'),
        ("at_most = 0.05", 'at_most = 0.05\nread = "often"'),
        ("likely = 0.7", ""),
        ("k = 20", "k = 20\nkk = 3"),
        ("[outside]", "[inside]"),
        ("dated = 2027-01-01", "dated = 2027-01-0"),
        (
            "[[outside.criterion]]",
            '[[outside.criterion]]\nfigure = "inference.risk"\nat_most = 1\nsource = "x"\n[[outside.criterion]]',
        ),
    ],
)
def test_what_is_no_limit_of_a_figure_is_refused(tmp_path: Path, old: str, new: str) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(Unfit):
        read_criteria("outside", bad)


@pytest.mark.parametrize(
    ("criterion", "low", "high", "outcome"),
    [
        (Criterion("linkability.risk", 0.1, None, ""), 0.0, 0.1, "withstood"),
        (Criterion("linkability.risk", 0.1, None, ""), 0.05, 0.2, "undecided"),
        (Criterion("linkability.risk", 0.1, None, ""), 0.11, 0.2, "succeeded"),
        (Criterion("insider.fewest_candidates", None, 5, ""), 5, 5, "withstood"),
        (Criterion("insider.fewest_candidates", None, 5, ""), 4, 4, "succeeded"),
        (Criterion("insider.certain", 0.0, None, ""), 0.0, 0.0, "withstood"),
    ],
)
def test_an_interval_across_its_limit_decides_nothing(
    criterion: Criterion, low: float, high: float, outcome: Outcome
) -> None:
    assert criterion.outcome(low, high) == outcome
