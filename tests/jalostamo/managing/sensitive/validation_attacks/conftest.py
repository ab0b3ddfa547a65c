"""Putting frames before an attacker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import pytest

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.attacks.columns import Column
from jalostamo.managing.sensitive.validation.attacks.seeing import sight_of
from jalostamo.managing.sensitive.validation.attacks.sight import Sight

type Look = Callable[..., Sight]


@pytest.fixture
def look(engine: Engine) -> Look:
    """What an attacker has who sees a release of a source."""

    def looked(
        release: pl.DataFrame, source: pl.DataFrame, quasi: Sequence[Column], *, control: pl.DataFrame | None = None
    ) -> Sight:
        return sight_of(
            engine,
            engine.in_memory(release.to_arrow()),
            engine.in_memory(source.to_arrow()),
            columns=quasi,
            sensitive=["ill"],
            control=None if control is None else engine.in_memory(control.to_arrow()),
        )

    return looked
