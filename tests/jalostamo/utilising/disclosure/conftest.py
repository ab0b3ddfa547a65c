"""The sample town, its counted cube, an empty ledger, and a way through the gate with the usual answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.utilising.disclosure.sample_cubes import Town, definition

from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.utilising.disclosure.gate import disclose
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.rules import OUTSIDE

ANY_SHAPE = replace(OUTSIDE, id="any shape", most_gained=1.0)
"""The outside rule for cubes too small to leave enough noise: what these tests look at does not depend on the shape."""

type Disclosing = Callable[..., PrintedCube]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger in an empty folder."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    return Ledger(folder)


@pytest.fixture
def disclosing(ledger: Ledger) -> Disclosing:
    """The gate with the outside rule for any shape, the default noise, a series and a known source, unless told otherwise."""

    def through(counted: CountedCube, **changes: object) -> PrintedCube:
        usual = {"rule": ANY_SHAPE, "noise": noise_table(counted.definition.noise), "ledger": ledger}
        return disclose(counted, **{**usual, "series": "series-1", "source": "s" * 64, **changes})  # type: ignore[arg-type]

    return through


@pytest.fixture(scope="session")
def counted() -> CountedCube:
    """The sample town, counted."""
    return Town().counted(definition())


@pytest.fixture
def printed(disclosing: Disclosing, counted: CountedCube) -> PrintedCube:
    """The sample town, printed."""
    return disclosing(counted)
