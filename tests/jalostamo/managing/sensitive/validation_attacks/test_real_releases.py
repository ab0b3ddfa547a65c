"""What the command really writes, of a public table and of a town of the tests' own, under attack beside its twin without k."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import tomli_w
from tests.conftest import NO_SHARED_DATA, SHARED_DATA

from jalostamo.doors.closed_room import main
from jalostamo.engine.connection import Engine
from jalostamo.managing.hierarchies import read_hierarchy
from jalostamo.managing.sensitive.validation.attacks.case import Case, Written
from jalostamo.managing.sensitive.validation.attacks.columns import Column
from jalostamo.managing.sensitive.validation.attacks.criteria import read_criteria
from jalostamo.managing.sensitive.validation.attacks.evidence import Evidence
from jalostamo.managing.sensitive.validation.attacks.rates import Sample
from jalostamo.managing.sensitive.validation.attacks.suite import attack

SAMPLE = Sample(seed=5, size=2_000)
TOWN = ("birth_year", "sex", "postcode", "household_type")


def anonymised(table: Path, hierarchies: dict[str, Path], sensitive: str, model: dict[str, object]) -> Written:
    """What the real command writes, with the levels that it reports."""
    folder = table.parent
    quasi = [{"column": name, "hierarchy": path.name} for name, path in hierarchies.items()]
    recipe, out, report = folder / "recipe.toml", folder / "out.parquet", folder / "report.json"
    asked = {"table": {"delimiter": ";"}, "quasi_identifier": quasi, "sensitive": [{"column": sensitive}]}
    recipe.write_text(tomli_w.dumps(asked | {"model": model}))
    words = ["--recipe", str(recipe), "--out", str(out), "--report", str(report), "--force"]
    assert main(["anonymise", str(table), *words]) == 0
    levels = json.loads(report.read_bytes())["levels"]
    return Written(
        out, tuple(Column(name, read_hierarchy(path).levels, levels[name]) for name, path in hierarchies.items())
    )


def attacked(engine: Engine, table: Path, release: Written, sensitive: str) -> Evidence:
    source = engine.in_memory(pl.read_csv(table, separator=";", infer_schema=False).to_arrow())
    case = Case(release, source, (sensitive,), generalisations=1)
    return attack(engine, case, read_criteria("outside"), sample=SAMPLE)


def outcomes(found: Evidence) -> dict[str, str]:
    return {finding.figure: finding.outcome for finding in found.findings}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table of a town of 5,000, with its hierarchies beside it."""
    if not SHARED_DATA.is_dir():
        pytest.skip(NO_SHARED_DATA)
    folder = tmp_path_factory.mktemp("town")
    tool = SHARED_DATA.parent / "tools" / "population.py"
    subprocess.run([sys.executable, str(tool), str(folder), "5000"], check=True, capture_output=True)
    return folder / "pop_5000.csv"


def test_a_town_by_a_recipe_of_twelve_alike_is_not_singled_out(engine: Engine, town: Path) -> None:
    files = {name: town.with_name(f"h_{name}.csv") for name in TOWN}
    found = outcomes(attacked(engine, town, anonymised(town, files, "service", {"k": 12}), "service"))
    figures = ("singling_out.risk", "singling_out.smallest_class", "linkability.risk", "insider.fewest_candidates")
    assert {found[figure] for figure in figures} == {"withstood"}
    assert found["row_order.risk"] == "withstood"


def test_the_same_town_without_k_is(engine: Engine, town: Path) -> None:
    files = {name: town.with_name(f"h_{name}.csv") for name in TOWN}
    found = outcomes(attacked(engine, town, anonymised(town, files, "service", {"k": 1}), "service"))
    figures = ("singling_out.risk", "singling_out.smallest_class", "inference.risk", "insider.certain")
    assert {found[figure] for figure in figures} == {"succeeded"}


@pytest.mark.slow
@pytest.mark.parametrize(("k", "singled_out", "told"), [(12, "withstood", "withstood"), (2, "succeeded", "succeeded")])
def test_how_many_alike_a_public_table_needs_is_found_by_attack(
    engine: Engine, shared_data: Callable[[str], Path], tmp_path: Path, k: int, singled_out: str, told: str
) -> None:
    names = ("sex", "age", "race", "marital-status", "education", "native-country", "workclass", "salary-class")
    table = tmp_path / "adult.csv"
    table.write_bytes(shared_data("adult/adult.csv").read_bytes())
    files = {name: tmp_path / f"adult_hierarchy_{name}.csv" for name in names}
    for path in files.values():
        path.write_bytes(shared_data(f"adult/{path.name}").read_bytes())
    model: dict[str, object] = {"k": k, "suppression_limit": 0.05}
    found = outcomes(attacked(engine, table, anonymised(table, files, "occupation", model), "occupation"))
    assert found["insider.fewest_candidates"] == found["singling_out.smallest_class"] == singled_out
    # k says nothing of values: classes of two are often of one.
    assert found["homogeneity.one_value"] == told
    # Two alike are not one: no predicate fits one person alone.
    assert found["singling_out.risk"] == "withstood"
