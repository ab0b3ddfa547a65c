"""An analysis of the written files finds what was planted, within its sampling error."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.jalostamo.city.analysis import Found, all_found, registers
from tests.jalostamo.city.conftest import Town

from jalostamo.city import Plan, generate

NAMES = ("reach_ratio", "result_difference", "volume_ratio_HS", "volume_ratio_FC", "step_difference_ASM_EMP")
STANDARD_ERRORS = 3.0
TWO = ("population", "social_services")


@pytest.fixture(scope="module")
def found_in_town(town: Town) -> dict[str, Found]:
    return all_found(town.registers)


@pytest.mark.parametrize("name", NAMES)
def test_the_planted_difference_is_found_in_a_small_city(
    town: Town, found_in_town: dict[str, Found], name: str
) -> None:
    planted = town.truth["planted"][name]
    assert abs(found_in_town[name].distance_to(planted["value"], planted["scale"])) < STANDARD_ERRORS


@pytest.fixture(scope="module")
def found_in_large_city(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    folder = tmp_path_factory.mktemp("large")
    generate(folder, Plan(people=150_000, first_year=2010, last_year=2016, seed=5), only=TWO)
    return all_found(registers(folder, 2010, 2016))


@pytest.mark.deep
@pytest.mark.parametrize(
    ("name", "value", "within"),
    [
        ("reach_ratio", 0.70, 0.08),
        ("result_difference", -0.12, 0.06),
        ("volume_ratio_HS", 0.60, 0.08),
        ("volume_ratio_FC", 1.00, 0.08),
        ("step_difference_ASM_EMP", 0.12, 0.03),
    ],
)
def test_a_large_city_finds_it_more_exactly(
    found_in_large_city: dict[str, Found], name: str, value: float, within: float
) -> None:
    assert found_in_large_city[name].value == pytest.approx(value, abs=within)


def test_the_truth_states_the_planted_values(town: Town) -> None:
    stated = {name: (town.truth["planted"][name]["value"], town.truth["planted"][name]["scale"]) for name in NAMES}
    assert stated == {
        "reach_ratio": (0.7, "ratio"),
        "result_difference": (-0.12, "difference"),
        "volume_ratio_HS": (0.6, "ratio"),
        "volume_ratio_FC": (1.0, "ratio"),
        "step_difference_ASM_EMP": (0.12, "difference"),
    }
    assert {town.truth["planted"][name]["group"] for name in NAMES} == {"foreign"}
    assert {town.truth["planted"][name]["reference"] for name in NAMES} == {"domestic"}


@pytest.mark.parametrize("name", NAMES)
def test_the_interval_is_as_wide_as_the_analysis_is_unsure(
    town: Town, found_in_town: dict[str, Found], name: str
) -> None:
    low, high = town.truth["planted"][name]["interval"]
    width = math.log(high / low) if town.truth["planted"][name]["scale"] == "ratio" else high - low
    assert width == pytest.approx(2 * 1.96 * found_in_town[name].standard_error, rel=0.25)


@pytest.mark.deep
def test_half_the_seeds_err_on_each_side(tmp_path: Path) -> None:
    """Twelve small cities: their mean distance from the truth is that of chance, not of a slant."""
    distances: dict[str, list[float]] = {name: [] for name in NAMES}
    for seed in range(12):
        folder = tmp_path / str(seed)
        truth = generate(folder, Plan(people=6_000, first_year=2010, last_year=2016, seed=seed), only=TWO)
        for name, found in all_found(registers(folder, 2010, 2016)).items():
            planted = truth["planted"][name]
            distances[name].append(found.distance_to(planted["value"], planted["scale"]))
    for name, apart in distances.items():
        assert abs(sum(apart)) / len(apart) ** 0.5 < STANDARD_ERRORS, name
