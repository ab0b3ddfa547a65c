"""One engine for all drawings of these tests, from the packages that the set-up installs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jalostamo.charts.rendering import Renderer, renderer


@pytest.fixture(scope="session")
def draw(assets: Path) -> Iterator[Renderer]:
    """A renderer that draws for the whole session."""
    with renderer(assets) as opened:
        yield opened
