"""The pilot's methods agree with their naive twins on every log, and their intervals are counted on units."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing import naive
from tests.jalostamo.producing.release_of import FIRST_YEAR, MONTHS, Child, Event, release_of

from jalostamo.concepts.customers import CustomerKind
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.definitions import Definition, Question, read_definition
from jalostamo.producing.describe import volume_rows, within_rows
from jalostamo.producing.event_log import event_log
from jalostamo.producing.questions import answer
from jalostamo.producing.standardisation import rates
from jalostamo.producing.steps import flows, next_step_rows

EXAMPLE = Path(__file__).parents[3] / "examples" / "pilot" / "definition.toml"
DEFINITION = read_definition(EXAMPLE)
QUESTIONS = DEFINITION.questions
GROUPS = {"fi": ("fi",), "foreign": ("foreign",)}
SERVICES = ("NOT", "ASM", "FW", "EMP", "OCP", "FC")
METHODS = {
    "volume": (volume_rows, naive.volume),
    "within": (within_rows, naive.within),
    "next_step": (next_step_rows, naive.next_step),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("workspace")) as opened:
        yield opened


months = st.integers(0, MONTHS - 1)
children = st.lists(
    st.builds(
        Child,
        person=st.just(""),
        group=st.sampled_from(["fi", "foreign"]),
        birth_year=st.integers(FIRST_YEAR - 18, FIRST_YEAR + 3),
        household=st.sampled_from(["a", "b", "c"]),
        came=st.none() | months,
        went=st.none() | months,
    ),
    min_size=1,
    max_size=12,
).map(lambda found: [replace(child, person=f"p{place}") for place, child in enumerate(found)])


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[Child], list[Event]]:
    """Children, and their events in order of months, with many in one month."""
    found = draw(children)
    people = st.sampled_from([child.person for child in found])
    events = draw(st.lists(st.builds(Event, people, st.sampled_from(SERVICES), months), max_size=40))
    return found, sorted(events, key=lambda event: event.month)


def rows_of(engine: Engine, log: tuple[list[Child], list[Event]], question: Question) -> list[naive.Row]:
    with tempfile.TemporaryDirectory() as folder:
        release = release_of(Path(folder) / "release", *log)
        prepared = event_log(engine, release, DEFINITION)
        found = engine.rows(METHODS[question.method][0](engine, prepared, question))
    return [tuple(row[name] for name in ("unit", "group", "stratum", "subject", "x", "t")) for row in found]  # type: ignore[misc]


def rounded(rows: Sequence[naive.Row]) -> list[tuple[object, ...]]:
    return sorted((*row[:4], round(float(row[4]), 9), round(float(row[5]), 9)) for row in rows)


@pytest.mark.requirement("S22-24", "S22-25", "S22-26", "S22-27")
@pytest.mark.parametrize("place", range(len(QUESTIONS)), ids=[f"{q.name}-{q.method}" for q in QUESTIONS])
@settings(max_examples=8)
@given(log=logs())
def test_each_method_agrees_with_its_naive_twin(
    engine: Engine, place: int, log: tuple[list[Child], list[Event]]
) -> None:
    question = QUESTIONS[place]
    assert rounded(rows_of(engine, log, question)) == rounded(METHODS[question.method][1](*log, question))


@pytest.mark.requirement("S22-27")
@settings(max_examples=8)
@given(log=logs())
def test_flows_agree_with_their_naive_twin(engine: Engine, log: tuple[list[Child], list[Event]]) -> None:
    question = QUESTIONS[-1]
    with tempfile.TemporaryDirectory() as folder:
        prepared = event_log(engine, release_of(Path(folder) / "release", *log), DEFINITION)
        found = flows(engine, prepared, question, groups=GROUPS)
    assert {(f.group, f.step, f.source, f.target): f.customers for f in found} == naive.flows(*log, question)


@pytest.mark.parametrize("unit", ["person", "household"])
@settings(max_examples=8)
@given(log=logs())
def test_rates_and_their_variance_agree_with_the_naive_twin(
    engine: Engine, unit: str, log: tuple[list[Child], list[Event]]
) -> None:
    question = next(q for q in QUESTIONS if q.method == "volume")
    rows = naive.volume(*log, question)
    households = {child.person: child.household for child in log[0]}
    with tempfile.TemporaryDirectory() as folder:
        prepared = event_log(
            engine, release_of(Path(folder) / "release", *log), replace(DEFINITION, unit=CustomerKind(unit))
        )
        found = rates(engine, volume_rows(engine, prepared, question), groups=GROUPS, standard=["fi", "foreign"])
    assert {r.group for r in found} == {row[1] for row in rows}
    for r in found:
        expected = naive.rate(rows, r.subject, r.group, units=households if unit == "household" else None)
        assert (r.crude, r.crude_variance) == pytest.approx(expected[:2], abs=1e-12)
        if r.standardised is not None:
            assert (r.standardised, r.standardised_variance) == pytest.approx(expected[2:], abs=1e-12)


def family(place: int) -> tuple[list[Child], list[Event]]:
    """Four siblings who all use the service, or none of them does: one fate to a household."""
    four = [Child(f"p{place}-{n}", ("fi", "foreign")[place % 2], FIRST_YEAR - 4, f"h{place}") for n in range(4)]
    return four, [Event(child.person, "FC", 3) for child in four if place % 4 < 2]


def test_intervals_counted_on_households_are_wider_where_siblings_share_a_fate(engine: Engine, tmp_path: Path) -> None:
    families = [family(place) for place in range(40)]
    log = [c for four, _ in families for c in four], [e for _, events in families for e in events]
    release = release_of(tmp_path / "release", *log)
    widths = {}
    for unit in (CustomerKind.PERSON, CustomerKind.HOUSEHOLD):
        found = answer(engine, release, replace(DEFINITION, unit=unit))[0].groups[0].crude
        widths[unit] = math.log(found.high / found.low)
    assert widths[CustomerKind.HOUSEHOLD] == pytest.approx(2 * widths[CustomerKind.PERSON], rel=0.01)


@pytest.mark.requirement("S23-05")
def test_the_same_release_and_definition_give_the_same_results(engine: Engine, tmp_path: Path) -> None:
    families = [family(place) for place in range(40)]
    release = release_of(
        tmp_path / "release", [c for four, _ in families for c in four], [e for _, es in families for e in es]
    )
    assert answer(engine, release, DEFINITION) == answer(engine, release, DEFINITION)


def only_volume() -> Definition:
    return replace(DEFINITION, questions=tuple(q for q in QUESTIONS if q.name == "volumes"))


def test_too_few_events_are_shown_but_not_compared(engine: Engine, tmp_path: Path) -> None:
    children = [Child(f"p{n}", ("fi", "foreign")[n % 2], FIRST_YEAR - 4, f"h{n}") for n in range(40)]
    events = [Event(f"p{n}", "FC", 3) for n in range(8)]
    (result,) = answer(engine, release_of(tmp_path / "release", children, events), only_volume())
    assert {(g.group, g.customers) for g in result.groups if g.subject == "FC"} >= {("fi", 4), ("foreign", 4)}
    assert result.comparisons == ()


def test_groups_without_a_shared_age_are_not_compared(engine: Engine, tmp_path: Path) -> None:
    children = [
        Child(f"p{n}", ("fi", "foreign")[n % 2], FIRST_YEAR - (1, 14)[n % 2], f"h{n}", went=6) for n in range(40)
    ]
    events = [Event(child.person, "FC", 3) for child in children]
    (result,) = answer(engine, release_of(tmp_path / "release", children, events), only_volume())
    assert all(g.standardised is None for g in result.groups)
    assert result.comparisons == ()
