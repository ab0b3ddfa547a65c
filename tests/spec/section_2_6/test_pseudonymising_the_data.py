"""Handbook 2.6, Pseudonymising the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import setting
from tests.spec.section_2_6.drawn import people_in, refined

from jalostamo.concepts.errors import Refused
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.corridor import Refined
from jalostamo.permits.terms import DataClass


def test_identifiers_are_replaced_by_material_specific_ones(town: Refined) -> None:
    """Persons and households have names of 32 characters in place of theirs; no name says anything of who bears it."""
    names = [str(row[unit]) for row in people_in(town) for unit in ("person", "household")]
    assert len(set(names)) == 12
    assert all(len(name) == 32 and set(name) <= set("0123456789abcdef") for name in names)


def test_a_release_says_that_it_is_not_anonymous(town: Refined) -> None:
    """Rows whose key is destroyed are called just that: replacing identifiers makes no data anonymous by itself."""
    assert town.release.manifest.content["data_class"] == "row_level_key_destroyed"


@pytest.mark.parametrize("data_class", [DataClass.PSEUDONYMISED_WITH_KEY, DataClass.ANONYMISED_ROWS])
def test_a_class_that_cannot_be_proved_yet_is_not_claimed(data_class: str, engine: Engine, tmp_path: Path) -> None:
    """Keys that designated people keep, anonymity, identified data: whatever cannot be validated is refused in words."""
    with pytest.raises(Refused, match=f"Data class '{data_class}' cannot be validated"):
        refined(engine, tmp_path, change=setting("preparation.data_class", data_class))
