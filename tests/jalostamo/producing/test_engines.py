"""The pilot's questions have the same answers on Spark as on the embedded engine, intervals included."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.producing.release_of import FIRST_YEAR, Child, Event, release_of

from jalostamo.engine.connection import open_engine
from jalostamo.producing.definitions import read_definition
from jalostamo.producing.questions import answer

DEFINITION = read_definition(Path(__file__).parents[3] / "examples" / "pilot" / "definition.toml")
EACH_METHOD = replace(DEFINITION, questions=tuple({q.method: q for q in DEFINITION.questions}.values()))
WAYS = (("NOT", "ASM", "FW", "OCP"), ("NOT", "ASM", "EMP", "SP"), ("FC", "NOT", "ASM"), ("NOT", "ASM", "IFW", "FC"))


def town() -> tuple[list[Child], list[Event]]:
    """Two hundred children who go four ways, at ages and with groups that follow no rule of the ways."""
    children = [
        Child(f"p{n}", ("fi", "sv", "foreign")[n % 7 % 3], FIRST_YEAR - n % 17, f"h{n // 3}") for n in range(200)
    ]
    events = [
        Event(child.person, service, (n % 11) + 2 * place)
        for n, child in enumerate(children)
        for place, service in enumerate(WAYS[n % 4])
    ]
    return children, events


@pytest.mark.spark
@pytest.mark.requirement("S25-02")
def test_the_same_definition_gives_the_same_results_on_spark(tmp_path: Path) -> None:
    release = release_of(tmp_path / "release", *town())
    found = {}
    for url in ("duckdb", "local[2]"):
        workspace = tmp_path / url.partition("[")[0]
        workspace.mkdir()
        with open_engine(url, workspace=workspace) as engine:
            found[url] = plain([result.as_mapping() for result in answer(engine, release, EACH_METHOD)])
    embedded, spark = found.values()
    assert embedded.keys() == spark.keys()
    assert len(embedded) > 300
    assert not [place for place, value in embedded.items() if not alike(value, spark[place])]


def alike(one: object, other: object) -> bool:
    """Equal, or numbers that differ by rounding in the order of a sum."""
    numbers = isinstance(one, float) and isinstance(other, float)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) if numbers else one == other  # type: ignore[arg-type]


def plain(found: object, place: str = "") -> dict[str, object]:
    """Every number and word of nested results by its place."""
    if isinstance(found, dict):
        return {k: v for key, value in found.items() for k, v in plain(value, f"{place}.{key}").items()}
    if isinstance(found, list | tuple):
        return {k: v for key, value in enumerate(found) for k, v in plain(value, f"{place}.{key}").items()}
    return {place: found}
