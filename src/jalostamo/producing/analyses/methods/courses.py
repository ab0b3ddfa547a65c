"""Clusters of life courses: people whose months are alike, found by optimal matching and told by what they have in common.

Courses are counted by the engine; what is alike is looked for among people drawn from them, then everybody is put with the
nearest. A cluster is told by shares and means, never by the course of anybody in it.

Studer, Ritschard, Gabadinho and Müller, Sociological Methods & Research 40 (2011); see `likeness`.

Handbook 2.2 (modelling and analysing data) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.comparing import LEVEL
from jalostamo.producing.analyses.findings import Found, Value, found
from jalostamo.producing.analyses.journeys import CASE, Journeys
from jalostamo.producing.analyses.likeness import (
    WEAK,
    Places,
    Split,
    States,
    Weights,
    alike,
    best,
    distances,
    drawn,
    shuffled,
    splits,
    structure_of,
)
from jalostamo.producing.analyses.methods.states import FEWEST, facts_of
from jalostamo.producing.analyses.months import (
    ENTRY,
    LEAVING,
    NUMBER,
    POSITION,
    STATE,
    Courses,
    Life,
    at_entry,
    courses_of,
    entropy,
    life_in,
    whole_number,
)
from jalostamo.producing.analyses.parts import compared_on_cases
from jalostamo.producing.case_groups import few_enough_to_count
from jalostamo.producing.standardisation import SUBJECT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

PATH: Final = "path"
_CLUSTERS: Final = ("cluster", "cases", "share", "mostly", "entropy", "changes")
_DISTRIBUTION: Final = ("cluster", "position", "state", "cases", "share")
_TIME: Final = ("cluster", "state", "mean")
_SPLITS: Final = ("clusters", "silhouette", "smallest")
_JUDGED: Final = 400
"""So many people are compared with their own months dealt anew; more would tell hardly more, and take long."""

_SEED: Final = 2026


@dataclass(frozen=True, slots=True)
class Asked:
    """How months are told, and how clusters are looked for.

    At most `clusters` are looked for, among `sample` people; `shuffles` is how often months are dealt anew.
    """

    life: Life
    clusters: int
    sample: int
    shuffles: int


@dataclass(frozen=True, slots=True)
class Clustered:
    """Every different course with its cluster, the largest first, or none where nothing was found; and what was judged.

    `structure` is how well the clusters are told apart, in words. `silhouette` is that of the people who were judged,
    `by_chance` the highest of them with their months dealt anew.
    """

    labels: Places | None
    structure: str | None
    splits: tuple[tuple[Split, int], ...]
    silhouette: float
    by_chance: float
    p: float


def _read(section: Section) -> Asked:
    life = life_in(section)
    if not life.start:
        raise Unfit(
            f"{section.place}: 'start' is a list of services: courses are compared from the first use of one on.",
            reason="definition_incomplete",
        )
    return Asked(
        life,
        clusters=whole_number(section, "clusters", 6, between=(2, 12)),
        sample=whole_number(section, "sample", 1000, between=(50, 5000)),
        shuffles=whole_number(section, "shuffles", 99, between=(19, 999)),
    )


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """The clusters of the cases that were seen in all months; where shares of two groups in them differ."""
    life = asked.life
    courses = courses_of(engine, journeys, life)
    walked = engine.keep(_walked(courses, life))
    with few_enough_to_count():
        counted = engine.rows(walked.group_by(PATH).agg(n=walked.count()))
    if not counted:
        raise Unfit(
            f"Nobody was seen for all {life.months} months from the start on: name fewer 'months'.",
            reason="nothing_left",
        )
    paths = sorted((tuple(cast("list[int]", row[PATH])), cast("int", row["n"])) for row in counted)
    people = np.array([number for _, number in paths], dtype=np.int64)
    states = _by_months([path for path, _ in paths], life)
    clusters = clustered(states, people, asked)
    tables = {"splits": found(_SPLITS, _told(clusters)), **_described(states, people, clusters.labels, life)}
    if setting.groups and clusters.labels is not None:
        met = _met(engine, walked, courses, [path for path, _ in paths], clusters.labels)
        complete = at_entry(courses.people.semi_join(walked, NUMBER), setting)
        tables |= compared_on_cases(engine, met, complete, pair=setting.compare)
    return {**facts_of(engine, journeys, courses, life), **_facts(people, clusters, asked)}, tables


def _walked(courses: Courses, life: Life) -> ir.Table:
    """Each case that was seen in all months with its runs of states, as numbers: month of the run's begin and state."""
    people = courses.people
    complete = people.filter(people[LEAVING] - people[ENTRY] == life.months).select(NUMBER)
    months = courses.months.semi_join(complete, NUMBER)
    before = months[STATE].lag().over(group_by=months[NUMBER], order_by=months[POSITION])
    placed = months.select(
        NUMBER, number_=months[POSITION] * len(life.names) + months[STATE], new_=months[STATE] != before
    )
    runs = placed.filter(placed.new_.fill_null(True))
    return runs.group_by(NUMBER).agg(**{PATH: runs.number_.collect().sort()})


def _by_months(paths: Sequence[tuple[int, ...]], life: Life) -> States:
    """Runs of states as a state for each month."""
    states = np.zeros((len(paths), life.months), dtype=np.uint8)
    for course, path in zip(states, paths, strict=True):
        for number in path:
            position, state = divmod(number, len(life.names))
            course[position:] = state
    return states


def clustered(states: States, people: Weights, asked: Asked) -> Clustered:
    """The clusters of courses that so many people have: as many as tell them apart best, or none.

    None, where the best are no better told apart than the same months dealt anew to people, or badly (`likeness.WEAK`).
    """
    chance = np.random.default_rng(_SEED)
    judged = np.repeat(states, drawn(people, _JUDGED, chance), axis=0)
    silhouette = best(judged, asked.clusters)
    by_chance = [best(shuffled(judged, chance), asked.clusters) for _ in range(asked.shuffles)]
    p = (1 + sum(other >= silhouette for other in by_chance)) / (1 + asked.shuffles)
    sampled, weights = alike(np.repeat(states, drawn(people, asked.sample, chance), axis=0))
    told = tuple(
        (split, int(split.sizes(weights).min())) for split in splits(distances(sampled), weights, asked.clusters)
    )
    sound = [split for split, smallest in told if smallest >= FEWEST and split.silhouette >= WEAK]
    if not sound or p > LEVEL:
        return Clustered(None, None, told, silhouette, max(by_chance), p)
    chosen = max(sound, key=lambda split: (split.silhouette, -len(split.middles)))
    labels = _largest_first(distances(states, sampled[list(chosen.middles)]).argmin(axis=1), people)
    return Clustered(labels, structure_of(chosen.silhouette), told, silhouette, max(by_chance), p)


def _largest_first(labels: Places, people: Weights) -> Places:
    order = np.argsort(-np.bincount(labels, weights=people), kind="stable")
    return np.argsort(order)[labels].astype(np.int64)


def _told(clusters: Clustered) -> Iterator[Mapping[str, object]]:
    for split, smallest in clusters.splits:
        yield {"clusters": len(split.middles), "silhouette": split.silhouette, "smallest": smallest}


def _facts(people: Weights, clusters: Clustered, asked: Asked) -> Mapping[str, Value]:
    seen = int(people.sum())
    return {
        "seen_in_all_months": seen,
        "different_courses": len(people),
        "sampled": min(seen, asked.sample),
        "clusters": 0 if clusters.labels is None else int(clusters.labels.max()) + 1,
        "found": "not distinguishable" if clusters.labels is None else "clusters",
        "structure": clusters.structure,
        "silhouette": clusters.silhouette,
        "silhouette_by_chance": clusters.by_chance,
        "p": clusters.p,
    }


def _described(states: States, people: Weights, labels: Places | None, life: Life) -> Mapping[str, Found]:
    """What the members of each cluster have in common; of each at least `FEWEST` were drawn."""
    clusters: list[Mapping[str, object]] = []
    shares: list[Mapping[str, object]] = []
    times: list[Mapping[str, object]] = []
    for label in range(0 if labels is None else int(labels.max()) + 1):
        name, theirs = str(label + 1), labels == label
        counts = _in_states(states[theirs], people[theirs], life)
        size = int(people[theirs].sum())
        means = counts.sum(axis=0) / size
        changes = (np.diff(states[theirs].astype(np.int64), axis=1) != 0).sum(axis=1)
        clusters.append(
            {
                "cluster": name,
                "cases": size,
                "share": size / int(people.sum()),
                "mostly": life.names[int(means.argmax())],
                "entropy": float(np.mean([entropy(row) for row in counts.tolist()])),
                "changes": float(changes @ people[theirs]) / size,
            }
        )
        shares += [
            {"cluster": name, "position": place, "state": state, "cases": number, "share": number / size}
            for place, row in enumerate(counts.tolist())
            for state, number in zip(life.names, row, strict=True)
        ]
        times += [
            {"cluster": name, "state": state, "mean": mean}
            for state, mean in zip(life.names, means.tolist(), strict=True)
        ]
    return {
        "clusters": found(_CLUSTERS, clusters),
        "distribution": found(_DISTRIBUTION, shares),
        "time": found(_TIME, times),
    }


def _in_states(states: States, people: Weights, life: Life) -> Weights:
    """How many people are in each state (columns) in each month (rows)."""
    return np.stack([people @ (states == state) for state in range(len(life.names))], axis=1)


def _met(
    engine: Engine, walked: ir.Table, courses: Courses, paths: Sequence[tuple[int, ...]], labels: Places
) -> ir.Table:
    """Each case with its cluster: case, subject."""
    table = pa.table(
        {
            PATH: pa.array([list(path) for path in paths], pa.list_(pa.int64())),
            SUBJECT: pa.array([str(label + 1) for label in labels.tolist()], pa.string()),
        }
    )
    named = walked.inner_join(engine.in_memory(table), PATH).select(NUMBER, SUBJECT)
    return named.inner_join(courses.people.select(NUMBER, CASE), NUMBER)


METHOD: Final = Method(
    name="courses",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.ANALYST,
    title=Text("Samankaltaiset elämänkulut", "Livslopp som liknar varandra", "Life courses that are alike"),
    parameters="states open start months ages clusters sample shuffles",
    read=_read,
    measure=measure,
)
