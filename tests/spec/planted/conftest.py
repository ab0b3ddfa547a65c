"""Ten towns, each written once, measured by everything and deleted again.

Handbook 2.2, step 5.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import rmtree

import pytest
from tests.spec.planted.files import files_in
from tests.spec.planted.shuffled import shuffled, with_a_record_less
from tests.spec.planted.towns import FEW, PEOPLE, SEEDS, Town, Towns
from tests.spec.planted.truths import exact_outcomes, outcomes_in_intervals


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Town]:
    """A town by its seed, measured when it is first asked for."""
    folder = tmp_path_factory.mktemp("planted")
    return cache(lambda seed: _measured(folder / f"town-{seed}", seed))


@pytest.fixture(
    scope="session",
    # The pilot's towns tell on every day whether what is planted is found; these take minutes.
    params=[pytest.param(FEW, marks=pytest.mark.deep), pytest.param(len(SEEDS), marks=pytest.mark.deep)],
    ids=["three towns", "ten towns"],
)
def towns(request: pytest.FixtureRequest, measured: Callable[[int], Town]) -> Towns:
    """What was measured in the towns, and in the first one with its columns shuffled or a record taken away."""
    return Towns(tuple(measured(seed) for seed in SEEDS[: request.param]))


def _measured(folder: Path, seed: int) -> Town:
    years = ["--from", "2010", "--to", "2016"]
    command = [sys.executable, "-m", "jalostamo.city", str(folder), "--people", str(PEOPLE), *years]
    subprocess.run([*command, "--seed", str(seed)], check=True, capture_output=True)
    files = files_in(folder)
    town = Town(seed, tuple(outcomes_in_intervals(files)), tuple(exact_outcomes(files)))
    if seed == SEEDS[0]:
        lost, less = outcomes_in_intervals(shuffled(files)), exact_outcomes(with_a_record_less(files))
        town = Town(seed, town.in_intervals, town.exact, tuple(lost), tuple(less))
    rmtree(folder)
    return town
