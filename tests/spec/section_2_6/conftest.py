"""The drawn town, refined once for the sentences that only look at it."""

from __future__ import annotations

import pytest
from tests.jalostamo.managing.sensitive.conftest import engine
from tests.spec.section_2_6.drawn import refined

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.corridor import Refined

__all__ = ["engine", "town"]


@pytest.fixture(scope="module")
def town(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Refined:  # noqa: F811  # the fixture above
    return refined(engine, tmp_path_factory.mktemp("town"))
