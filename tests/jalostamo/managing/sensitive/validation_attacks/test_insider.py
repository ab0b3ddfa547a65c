"""Who holds the source counts each person's rows: few where classes are small, and one where a star stands alone."""

from __future__ import annotations

import math

import polars as pl
import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import (
    age,
    columns,
    recoded,
    released,
    village,
    with_stars,
)

from jalostamo.managing.sensitive.validation.attacks.insider import insider, learned


def test_of_a_sound_release_everybody_has_as_many_candidates_as_promised(look: Look) -> None:
    source, quasi = village(1), columns(1, 1)
    release = released(source, quasi, k=5)
    found = insider(look(release, source, quasi), k=5)
    assert (found.fewest_candidates, found.share_below) == (5, 0)
    assert found.not_in_release == source.height - release.height > 0


def test_a_star_is_somebody_whose_class_is_not_there(look: Look) -> None:
    # Five of one decade and one of another: with k = 5 her row should not have been written.
    source = pl.DataFrame({"age": ["10", "11", "12", "13", "14", "70"], "ill": ["a", "b", "c", "d", "e", "f"]})
    quasi = (age(2),)
    starred = look(with_stars(source, quasi, k=5), source, quasi)
    assert (insider(starred, k=5).fewest_candidates, insider(starred, k=5).share_below) == (1, 1 / 6)
    assert learned(starred).certain == 1 / 6
    dropped = look(released(source, quasi, k=5), source, quasi)
    assert (insider(dropped, k=5).fewest_candidates, insider(dropped, k=5).not_in_release) == (5, 1)
    assert learned(dropped).certain == 0


def test_stars_that_no_hierarchy_names_may_be_anybody(look: Look) -> None:
    source = pl.DataFrame({"age": ["10"] * 5 + ["70"], "ill": list("abcdef")})
    quasi = (type(age(0))("age"),)
    assert insider(look(with_stars(source, quasi, k=5), source, quasi), k=5).fewest_candidates == 1


def test_people_of_a_coarse_class_are_not_sought_under_stars(look: Look) -> None:
    source, quasi = village(1), columns(1, 1)
    release = with_stars(source, quasi, k=5)
    stars = release.filter(pl.col("age") == "*").height
    found = insider(look(release, source, quasi), k=5)
    assert found.not_in_release == 0
    assert found.fewest_candidates == min(5, stars)


def test_what_a_class_tells_is_measured_against_the_whole_release(look: Look) -> None:
    source = pl.DataFrame({"age": ["10"] * 4 + ["70"] * 4, "ill": ["a"] * 4 + ["b"] * 4})
    apart, together = (age(2),), (age(4),)
    assert learned(look(recoded(source, apart), source, apart)).mean_gain == pytest.approx(1)
    assert learned(look(recoded(source, together), source, together)).mean_gain == pytest.approx(0)
    skewed = source.with_columns(pl.Series("ill", list("aaab") + list("abbb")))
    gain = 3 / 4 * math.log2(3 / 2) + 1 / 4 * math.log2(1 / 2)
    assert learned(look(recoded(skewed, apart), skewed, apart)).greatest_gain == pytest.approx(gain)


def test_a_release_of_other_people_holds_none_of_these(look: Look) -> None:
    source, quasi = village(1).filter(pl.col("age") < "40"), columns(2, 1)
    others = village(2).filter(pl.col("age") >= "40")
    found = insider(look(released(others, quasi, k=5), source, quasi), k=5)
    assert (found.not_in_release, found.fewest_candidates) == (source.height, 0)
