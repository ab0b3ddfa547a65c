"""2.2, the pilot project on child protective services: its four questions, on ten towns whose truth was planted.

In every town the child's native language makes a known difference to reach, results and the next step, a known one to
the volume of home service, and none to that of family counselling. The corridor knows nothing of it: it retrieves,
links, prepares and answers, and what it finds is held against the truth file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from tests.jalostamo.managing.sensitive.small_town import TODAY

from jalostamo.city.generation import generate
from jalostamo.city.plan import Plan
from jalostamo.engine.connection import open_engine
from jalostamo.managing.requests import read_request
from jalostamo.managing.sensitive.corridor import Rooms, refine
from jalostamo.producing.definitions import read_definition
from jalostamo.producing.questions import answer
from jalostamo.producing.results import Comparison

PILOT: Final = Path(__file__).parents[3] / "examples" / "pilot"
SEEDS: Final = range(1, 11)
PEOPLE: Final = 20_000
FEW: Final = 3
"""As many towns are asked on every day, all ten by the deep tests."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pilot")]


@dataclass(frozen=True, slots=True)
class Town:
    """What was planted in one town, and what the corridor found there."""

    planted: dict[str, float]
    found: dict[str, Comparison]

    def is_covered(self, name: str) -> bool:
        """Whether the 95 % interval holds the planted value."""
        estimate = self.found[name].estimate
        return estimate.low <= self.planted[name] <= estimate.high


TRUTHS: Final = {
    "reach_ratio": ("reach", "lighter"),
    "result_difference": ("results", "no_placement_12_months"),
    "volume_ratio_HS": ("volumes", "HS"),
    "volume_ratio_FC": ("volumes", "FC"),
    "step_difference_ASM_EMP": ("paths", "ASM>EMP"),
}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Town]:
    """A town by its seed, founded and answered when it is first asked for."""
    return cache(lambda seed: town(seed, tmp_path_factory.mktemp(f"town-{seed}")))


@pytest.fixture(
    scope="module", params=[FEW, pytest.param(len(SEEDS), marks=pytest.mark.deep)], ids=["three towns", "ten towns"]
)
def towns(request: pytest.FixtureRequest, answered: Callable[[int], Town]) -> list[Town]:
    return [answered(seed) for seed in SEEDS[: request.param]]


def town(seed: int, home: Path) -> Town:
    generate(home / "sources", Plan(PEOPLE, 2010, 2016, seed), only=("population", "social_services"))
    request, definition = read_request(PILOT / "request.toml"), read_definition(PILOT / "definition.toml")
    (home / "workspace").mkdir()
    with open_engine(workspace=home / "workspace") as engine:
        rooms = Rooms(home / "sources", home / "vault", home / "releases")
        release = refine(engine, request, rooms, progress=lambda step: None, today=TODAY).release
        results = {result.name: result for result in answer(engine, release, definition)}
    truth = json.loads((home / "sources" / "truth.json").read_text(encoding="utf-8"))["planted"]
    found = {
        name: next(c for c in results[result].comparisons if c.subject == subject)
        for name, (result, subject) in TRUTHS.items()
    }
    return Town({name: truth[name]["value"] for name in TRUTHS}, found)


def is_found(towns: list[Town], name: str) -> bool:
    """Whether the intervals hold what was planted in eight towns of ten, or two of three."""
    return sum(each.is_covered(name) for each in towns) >= len(towns) * 8 // 10


@pytest.mark.requirement("S22-24")
def test_how_preventive_and_lighter_services_reach_children_by_language_is_found(towns: list[Town]) -> None:
    """How do preventive services and services lighter than placement reach the children of immigrant families?"""
    assert is_found(towns, "reach_ratio")


@pytest.mark.requirement("S22-25")
def test_how_well_services_achieve_results_by_language_is_found(towns: list[Town]) -> None:
    """How well do these services achieve results, compared to families whose native language is Finnish or Swedish?"""
    assert is_found(towns, "result_difference")


@pytest.mark.requirement("S22-26")
def test_how_much_a_service_is_used_by_language_is_found(towns: list[Town]) -> None:
    """How does the use of services in foreign languages differ from the use in Finnish and Swedish?"""
    assert is_found(towns, "volume_ratio_HS")


@pytest.mark.requirement("S22-26")
def test_a_service_that_is_used_alike_is_not_called_different(towns: list[Town]) -> None:
    """Where nothing differs, nothing is claimed, although the groups differ in age and the service is used by age."""
    assert is_found(towns, "volume_ratio_FC")
    assert sum(each.found["volume_ratio_FC"].differs for each in towns) <= 1


@pytest.mark.requirement("S22-27")
def test_the_step_at_which_paths_differ_by_language_is_found(towns: list[Town]) -> None:
    """What are the customer paths to the different services? Do the service paths differ by language?"""
    assert is_found(towns, "step_difference_ASM_EMP")
    assert all(each.found["step_difference_ASM_EMP"].estimate.value > 0 for each in towns)
