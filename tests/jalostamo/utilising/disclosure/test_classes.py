"""Class disclosure: a large group whose units all fall in one class is flagged, by what was printed."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.producing.cubes.definition import TOTAL, Dimension
from jalostamo.utilising.disclosure.classes import ClassDisclosure, class_disclosures
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table

AREAS, STATES = ("east", "west", "north"), ("well", "ill", "unknown")


def dimension(name: str, codes: tuple[str, ...], title: Text) -> Dimension:
    own = {code: code for code in codes}
    return Dimension(name, name, title, (codes,), {}, own, {code: title for code in codes})


AREA = dimension("area", AREAS, Text("Alue", "Område", "Area"))
STATE = dimension("state", STATES, Text("Terveydentila", "Hälsotillstånd", "State of health"))


def printed_cells(counts: np.ndarray, *, impossible: tuple[str, ...] = ()) -> pa.Table:
    """Counts by area and state, printed each by a key of its own, with margins."""
    full = np.pad(counts, ((0, 1), (0, 1)))
    full[-1, :-1], full[:, -1] = counts.sum(0), full[:, :-1].sum(1)
    full[-1, -1] = counts.sum()
    keys = np.random.default_rng(1).integers(0, KEY_SPACE, full.size)
    printed = noise_table().printed(full.ravel(), keys).tolist()
    places = list(itertools.product((*AREAS, TOTAL), (*STATES, TOTAL)))
    cells = [None if place[1] in impossible else n for place, n in zip(places, printed, strict=True)]
    return pa.table(
        {
            "measure": ["persons"] * len(places),
            "at": [""] * len(places),
            "area": [area for area, _ in places],
            "state": [state for _, state in places],
            "printed": pa.array(cells, pa.int64()),
        }
    )


PLANTED = np.array([[40, 30, 12], [0, 25, 0], [22, 18, 9]])


def flags(cells: pa.Table, *, least: int = 10) -> tuple[ClassDisclosure, ...]:
    return class_disclosures(cells, (AREA, STATE), sensitive=("state",), least=least)


def test_a_group_whose_units_are_all_in_one_class_is_flagged() -> None:
    (found,) = flags(printed_cells(PLANTED))
    assert (found.measure, found.group, found.sensitive) == ("persons", (("area", "west"),), "state")


def test_noise_alone_leaves_the_class_of_everyone_in_it_to_be_read() -> None:
    """What the flag is for: the group is printed, and so is the only class that it can be in."""
    west = [row for row in printed_cells(PLANTED).to_pylist() if row["area"] == "west"]
    assert [row["state"] for row in west if row["printed"] and row["state"] != TOTAL] == ["ill"]


def test_a_group_spread_over_classes_is_not_flagged() -> None:
    assert flags(printed_cells(np.full((3, 3), 20))) == ()


def test_a_group_below_the_threshold_is_not_flagged() -> None:
    assert flags(printed_cells(PLANTED), least=60) == ()


def test_a_class_that_cannot_occur_is_no_other_class() -> None:
    assert flags(printed_cells(PLANTED, impossible=("well", "unknown"))) == ()
    assert len(flags(printed_cells(PLANTED, impossible=("well",)))) == 1


def test_only_dimensions_named_as_sensitive_are_looked_at() -> None:
    assert class_disclosures(printed_cells(PLANTED), (AREA, STATE), sensitive=(), least=10) == ()


def test_the_whole_population_in_one_class_is_flagged_too() -> None:
    everyone = printed_cells(np.array([[0, 20, 0], [0, 25, 0], [0, 18, 0]]))
    whole = next(flag for flag in flags(everyone) if flag.group == (("area", TOTAL),))
    assert whole.sentence.en.startswith("All units of a group (the whole population; at least 10 units)")


def test_the_sentence_names_dimensions_by_their_titles_and_neither_group_nor_class() -> None:
    (found,) = flags(printed_cells(PLANTED))
    for language in LANGUAGES:
        sentence = found.sentence.in_language(language)
        assert AREA.title.in_language(language) in sentence
        assert STATE.title.in_language(language) in sentence
        assert not {word for word in (*AREAS, "ill", "well") if word in sentence.split()}


def test_a_sensitive_dimension_that_the_cube_does_not_have_is_refused() -> None:
    with pytest.raises(Misused):
        class_disclosures(printed_cells(PLANTED), (AREA, STATE), sensitive=("income",), least=10)


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from([0, 1, 4, 30]), min_size=3, max_size=3), min_size=3, max_size=3))
def test_flags_are_those_found_by_going_through_the_rows(counts: list[list[int]]) -> None:
    cells = printed_cells(np.array(counts))
    by_area = {
        area: {r["state"]: r["printed"] for r in cells.to_pylist() if r["area"] == area} for area in (*AREAS, TOTAL)
    }
    naive = {
        area
        for area, printed in by_area.items()
        if printed[TOTAL] >= 10 and sum(printed[state] > 0 for state in STATES) == 1
    }
    assert {dict(flag.group)["area"] for flag in flags(cells)} == naive
