"""Handbook 2.6, Anonymising the data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.canaries import found_in
from tests.jalostamo.managing.sensitive.small_town import SURNAME, code, setting
from tests.spec.section_2_6.drawn import events_in, people_in, refined

from jalostamo.concepts.errors import Refused
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.corridor import Refined


@pytest.mark.requirement("S26-02")
def test_the_personal_number_is_replaced_with_an_individual_identifier(town: Refined) -> None:
    """Nobody in a release has a personal number or a name; everybody has an identifier made for this release alone."""
    identifiers = [str(row["person"]) for row in people_in(town)]
    assert len(set(identifiers)) == 6
    assert found_in(town.release.folder, [SURNAME, *(code(number) for number in range(7))]) == set()


@pytest.mark.requirement("S26-02")
def test_individuals_are_told_apart_on_different_rows_but_not_by_name(town: Refined) -> None:
    """The two services of one person are known to be one person's, in their order; whose, is not known."""
    by_person = Counter(row["person"] for row in events_in(town))
    assert sorted(by_person.values()) == [1, 2]
    (often,) = [name for name, times in by_person.items() if times == 2]
    assert [row["service"] for row in events_in(town) if row["person"] == often] == ["NOT", "HS"]


def test_the_required_categorical_variables_are_combined_with_the_identifier(town: Refined) -> None:
    """Gender, year of birth and language group stay, as coarse as the recipe says: neither the day nor the language."""
    told = Counter((row["sex"], row["birth_year"], row["language_group"]) for row in people_in(town))
    assert told == {("1", 1980, "domestic"): 3, ("2", 1990, "foreign"): 3}


@pytest.mark.requirement("S26-02")
def test_someone_whom_nobody_is_like_is_left_out_with_all_she_used(town: Refined) -> None:
    """Person 6 alone was born in 1950: she is not in the release, and neither is the home service that she used."""
    assert 1950 not in {row["birth_year"] for row in people_in(town)}
    assert {row["person"] for row in events_in(town)} <= {row["person"] for row in people_in(town)}
    assert len(events_in(town)) == 3
    assert (town.prepared.released, town.prepared.suppressed) == (6, 1)


FAMILY = """
    person  born        sex  language  household
    0       1980-05-01  1    fi        A
    1       1980-06-02  1    fi        B
    2       1990-01-04  2    so        C
    3       1990-02-05  2    so        C
    4       1990-03-06  2    so        C
"""


def test_the_members_of_one_family_do_not_hide_each_other(engine: Engine, tmp_path: Path) -> None:
    """Three sisters are alike, but they are one household: who knows one of them knows them all, so they are left out."""
    found = refined(engine, tmp_path, FAMILY, change=setting("preparation.suppression_limit", 0.6))
    assert {row["birth_year"] for row in people_in(found)} == {1980}


def test_a_recipe_that_leaves_too_many_out_is_stopped(engine: Engine, tmp_path: Path) -> None:
    """Where more people would go than the recipe allows, it is the recipe that must change, not the people."""
    with pytest.raises(Refused, match="generalise a field further, or raise the limit by decision"):
        refined(engine, tmp_path, change=setting("preparation.suppression_limit", 0.1))


@pytest.mark.requirement("S26-02")
def test_what_was_redacted_cannot_be_restored(town: Refined, engine: Engine, tmp_path: Path) -> None:
    """The key is made anew for every run and destroyed at its end: the same town gives other identifiers the next time."""
    again = refined(engine, tmp_path)
    first, second = ({row["person"] for row in people_in(found)} for found in (town, again))
    assert len(first) == len(second) == 6
    assert first & second == set()
