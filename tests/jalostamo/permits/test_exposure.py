"""Means and audiences by exposure: less exposed than assessed is covered, anything more is not."""

from __future__ import annotations

from itertools import product

import pytest

from jalostamo.permits.exposure import Audience, Means, is_covered, widest_of
from jalostamo.permits.terms import title_of

PAIRS = list(product(Means, Audience))


def test_means_are_ordered_by_exposure() -> None:
    assert [means.value for means in sorted(Means, key=lambda each: each.exposure)] == [
        "meeting",
        "static_report",
        "alert",
        "interactive_view",
        "self_service",
        "integration",
        "tailored_data",
        "data_feed",
        "open_data",
    ]


def test_audiences_are_ordered_by_distance() -> None:
    assert [audience.value for audience in sorted(Audience, key=lambda each: each.exposure)] == [
        "commissioning_party",
        "service_units",
        "city",
        "other_public_sector",
        "named_researchers",
        "businesses_and_associations",
        "media",
        "public",
    ]


@pytest.mark.parametrize(("means", "audience"), PAIRS)
def test_what_was_assessed_covers_exactly_what_is_no_more_exposed(means: Means, audience: Audience) -> None:
    covered = {pair for pair in PAIRS if is_covered(*pair, assessed_means={means}, assessed_audiences={audience})}
    order, distance = list(Means), list(Audience)
    assert covered == set(product(order[: order.index(means) + 1], distance[: distance.index(audience) + 1]))


def test_the_most_exposed_of_several_counts() -> None:
    assert is_covered(
        Means.INTERACTIVE_VIEW,
        Audience.CITY,
        assessed_means={Means.MEETING, Means.DATA_FEED},
        assessed_audiences={Audience.COMMISSIONING_PARTY, Audience.MEDIA},
    )


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_assessed_covers_nothing(pair: tuple[Means, Audience]) -> None:
    assert not is_covered(*pair, assessed_means=set(), assessed_audiences=set(Audience))
    assert not is_covered(*pair, assessed_means=set(Means), assessed_audiences=set())


def test_nothing_has_no_exposure() -> None:
    assert widest_of(()) == -1


def test_each_has_a_title() -> None:
    assert all(title_of(each).fi for each in (*Means, *Audience))
