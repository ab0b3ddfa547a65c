"""One small demonstration city, written once for all tests that read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.jalostamo.city.analysis import Registers, registers

from jalostamo.city import Plan, generate
from jalostamo.city.truth import Truth

OWN = ("population", "social_services", "background", "businesses", "exclusions")
"""The registers that the tests of this folder read; each further register has tests with a town of their own."""


@dataclass(frozen=True)
class Town:
    """A written city: where it is, what it claims to hold, and what an analyst reads there."""

    folder: Path
    plan: Plan
    truth: Truth

    @property
    def registers(self) -> Registers:
        return registers(self.folder, self.plan.first_year, self.plan.last_year)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("city")
    plan = Plan(people=20_000, first_year=2010, last_year=2016, seed=1)
    return Town(folder, plan, generate(folder, plan, only=OWN))
