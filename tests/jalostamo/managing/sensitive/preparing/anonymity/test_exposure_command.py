"""The command holds what a recipe asks of how exposed people are; with one guarantee taken out, both readings tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, seed, settings
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle, written
from tests.jalostamo.managing.sensitive.preparing.anonymity.drawn import exposed_tasks
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import Column, Task
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_exposure import Exposed, estimated
from tests.jalostamo.managing.sensitive.preparing.anonymity.test_optimal import anonymised, checked, told_as_found

NAMES = {"most": "presence", "least": "presence:least"}


def is_asked(exposed: Exposed | None) -> bool:
    return exposed is not None and exposed != Exposed(size=exposed.size, population=exposed.population)


@pytest.mark.slow
@seed(2026)
@settings(max_examples=settings.default.max_examples // 2)
@given(exposed_tasks())
def test_the_command_writes_what_trying_everything_finds(task: Task) -> None:
    assume(is_asked(task.exposed))
    found = oracle.optimum(task)
    with TemporaryDirectory() as place:
        done = anonymised(task, Path(place))
        assert done.code == (3 if found is None else 0)
        if found is not None:
            told_as_found(task, found, done.report)
            released = written.read(done.out)
            assert Counter(tuple(row.values()) for row in released) == written.expected(task, found)
            assert written.failing(task, released) | written.exposing(task, found.levels, released) == set()
            assert done.report["models"] | figures(task, found) == done.report["models"]
            code, holds, _ = checked(task, done.out, Path(place, "check"))
            assert (code, set(holds)) == (0, set(done.report["models"]))


def figures(task: Task, found: oracle.Found) -> dict[str, object]:
    """What each model must be told to have found."""
    asked, there = task.exposed, oracle.held(task, found.levels)
    assert asked is not None
    called = oracle.generalised(task, found.levels)
    left = {
        called[members[0]]: oracle.people(task, [task.rows[i] for i in members])
        for members in oracle.released(task, found.levels)
    }
    held = {name: there[name] for name in left}
    alike = held if asked.against_population else left

    def mean(risks: Iterable[float]) -> float:
        return sum(n * risk for n, risk in zip(left.values(), risks, strict=True)) / sum(left.values())

    numbers = {
        "k_map": lambda: min(held.values()),
        "presence": lambda: max(left.get(name, 0) / n for name, n in there.items()),
        "presence:least": lambda: min(left.get(name, 0) / n for name, n in there.items()),
        "maximum_risk": lambda: 1 / min(alike.values()),
        "average_risk": lambda: mean(1 / n for n in alike.values()),
        "sample_uniqueness": lambda: mean(n == 1 for n in left.values()),
        "population_uniqueness": lambda: (
            mean(n == 1 for n in held.values()) if asked.size is None else estimated([*left.values()], asked.size)
        ),
    }
    told = {NAMES.get(key, key): getattr(asked, key) for key in ("k_map", *NAMES, *[*numbers][3:])}
    return {
        name: {"asked": float(told[name]), "found": pytest.approx(number(), rel=1e-5), "holds": True}
        for name, number in numbers.items()
        if told[name] is not None and left
    }


AREAS = Column("area", (("a", "*"), ("b", "*")))


def people(drawn: str) -> tuple[dict[str, str | None], ...]:
    """A row for each letter."""
    return tuple({"area": letter} for letter in drawn)


def planted(drawn: str, population: str = "", **asked: object) -> Task:
    exposed = Exposed(population=people(population), **asked)  # type: ignore[arg-type]  # keys of the planted recipe
    return Task(people(drawn), (AREAS,), k=1, exposed=exposed)


PLANTED = {
    "k_map": planted("aab", "aaabb", k_map=3),
    "presence": planted("aab", "aaaaaaaab", most="0.5"),
    "presence:least": planted("aab", "aabbbbbb", least="0.2"),
    "maximum_risk": planted("aab", maximum_risk="0.5"),
    "maximum_risk, population": planted("aabb", "aabbb", maximum_risk="0.4", against_population=True),
    "average_risk": planted("aabb", average_risk="0.3"),
    "average_risk, population": planted("aabb", "aabbb", average_risk="0.4", against_population=True),
    "sample_uniqueness": planted("aab", sample_uniqueness="0"),
    "population_uniqueness": planted("aab", "aaaab", population_uniqueness="0"),
    "population_uniqueness, estimated": planted("aaaab", population_uniqueness="0.01", size=10),
}
FIELDS = {name: key for key, name in NAMES.items()}


@pytest.mark.parametrize("guarantee", PLANTED)
def test_with_its_guarantee_a_planted_table_holds_and_without_it_both_readings_tell(
    guarantee: str, tmp_path: Path
) -> None:
    task, model = PLANTED[guarantee], guarantee.partition(",")[0]
    kept, left_out = tmp_path / "kept", tmp_path / "left_out"
    kept.mkdir()
    left_out.mkdir()
    held = anonymised(task, kept)
    assert (held.code, held.report["levels"]) == (0, {"area": 1})
    assert (written.exposing(task, (1,), written.read(held.out)), checked(task, held.out, kept)[0]) == (set(), 0)
    assert task.exposed is not None
    weak = anonymised(replace(task, exposed=None), left_out)
    assert (weak.code, weak.report["levels"]) == (0, {"area": 0})
    assert written.exposing(task, (0,), written.read(weak.out)) == {model}
    code, holds, _ = checked(task, weak.out, tmp_path / "check")
    assert (code, [name for name, holding in holds.items() if not holding]) == (3, [model])
