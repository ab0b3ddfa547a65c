"""Cutting a cube by further categories, and solving all that it prints, tells little more of small cells than each tells alone.

How little depends on the shape, so that a shape which tells too much is refused. Attacked are all shapes right above the
limit, for each table of the noise; and shapes below it, which only a rule without the limit lets print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np
import pytest
from tests.jalostamo.producing.cubes.small_cubes import dimension, plain
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.least_squares import (
    Evidence,
    Floats,
    Guesses,
    block,
    chances_of_mean,
    chances_of_print,
    guessed,
    solved,
    sums,
)
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import definition, drawn

from jalostamo.concepts.errors import Refused
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension
from jalostamo.producing.cubes.redundancy import share_left
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable, noise_table, shipped_tables
from jalostamo.utilising.disclosure.noise_left import gained as reckoned
from jalostamo.utilising.disclosure.noise_left import least_share, objections_to_shape
from jalostamo.utilising.disclosure.rules import OUTSIDE

BEYOND = OUTSIDE.most_gained
CHANCE = 0.01
"""How much chance adds in so many cells: about two standard errors."""
MEAN_CELL = 5
CELLS = 2_500
REQUESTS = 300
UNEVEN = (3.0, 1e6)
MILDER = "d5-v3-js2-p50"


type Sizes = tuple[int | tuple[int, int], ...]
"""By dimension how many codes it has, or how many in how many groups."""


def shape(sizes: Sizes) -> list[Dimension]:
    """Dimensions of so many codes, some with a coarser level of even groups."""
    made = []
    for name, size in zip("abcd", sizes, strict=False):
        many, groups = size if isinstance(size, tuple) else (size, 0)
        codes = [f"{name}{number}" for number in range(many)]
        grouped = {code: f"{name}-{place * groups // many}" for place, code in enumerate(codes)}
        made.append(dimension(name, [{code: code for code in codes}, grouped]) if groups else plain(name, *codes))
    return made


def fields_of(asked: Sequence[Dimension], seed: int, evenness: float) -> dict[str, dict[str, float]]:
    """The share of each code; the more even, the less the codes differ."""
    chance = np.random.default_rng(seed)
    drawn_for = [(each.name, each.levels[0]) for each in asked]
    return {n: dict(zip(codes, chance.dirichlet(np.full(len(codes), evenness)), strict=True)) for n, codes in drawn_for}


def units_in(asked: Sequence[Dimension]) -> int:
    """Hardly more than five a cell: of fewer, the cube would be too thin."""
    return round(MEAN_CELL * prod(len(each.levels[0]) for each in asked) * 1.1) + 5


def town(rooms: Rooms, asked: Sequence[Dimension], *, noise: str = MILDER, seed: int = 1) -> tuple[Floats, Floats]:
    """The printed and the true cells of a town, counted by the engine and printed by the gate without its limit."""
    people = drawn(units_in(asked), fields_of(asked, seed, UNEVEN[0]), seed=seed, called=f"town {seed}, unit")
    room = rooms()
    counted = room.counted(people, definition("split", asked, noise=noise))
    return block(room.through(counted), "printed"), block(counted, "n")


def looked_up(asked: Sequence[Dimension], table: NoiseTable, *, seed: int, evenness: float) -> tuple[Floats, Floats]:
    """The same without engine and gate: each cell counted and looked up by its key, so that many towns are soon printed."""
    chance, matrices = np.random.default_rng(seed), [sums(each).astype(np.int64) for each in asked]
    shares = [list(of.values()) for of in fields_of(asked, seed, evenness).values()]
    places = tuple(chance.choice(len(own), units_in(asked), p=own) for own in shares)
    n = np.zeros([len(own) for own in shares], dtype=np.int64)
    keys = n.copy()
    np.add.at(n, places, 1)
    np.add.at(keys, places, chance.integers(0, KEY_SPACE, units_in(asked)))
    for axis, matrix in enumerate(matrices):
        n, keys = (np.moveaxis(np.tensordot(matrix, each, axes=(1, axis)), 0, axis) for each in (n, keys))
    return table.printed(n, keys % KEY_SPACE).astype(float), n.astype(float)


def attacked(sizes: Sizes, noise: str = MILDER, *, evenness: float = UNEVEN[0]) -> tuple[Guesses, Guesses]:
    """What both attackers guess in towns enough for some thousands of finest cells."""
    asked, table = shape(sizes), noise_table(noise)
    cells = prod(len(each.levels[0]) for each in asked)
    towns = (looked_up(asked, table, seed=seed, evenness=evenness) for seed in range(2 + CELLS // cells))
    evidence = Evidence.together([solved(printed, true, asked, table.variance) for printed, true in towns])
    return guessed(evidence, chances_of_print(evidence, table))


def gained(guesses: tuple[Guesses, Guesses]) -> float:
    """The share of the cells of one or two that are named exactly, beyond the guess by reading each alone."""
    alone, solving = guesses
    return solving.exact - alone.exact


def pinned(guesses: tuple[Guesses, Guesses]) -> float:
    """The share of them that are known as good as for certain, beyond those that each tells alone."""
    alone, solving = guesses
    return solving.pinned - alone.pinned


ABOVE: list[tuple[str, Sizes]] = [
    ("d2-v1-js0-p50", (8, 8)),
    ("d2-v1-js0-p50", ((30, 5),)),
    ("d4-v2-js1-p50", (6, 8)),
    ("d4-v2-js1-p50", ((20, 4),)),
    ("d5-v3-js0-p50", (5, 6)),
    ("d5-v3-js0-p50", ((12, 3),)),
    ("d5-v3-js2-p50", (4, 5)),
    ("d5-v3-js2-p50", (6, 6, 10)),
    ("d5-v3-js2-p50", ((20, 4), 8)),
    ("d8-v6-js2-p40", (2, 4)),
    ("d8-v6-js2-p40", (3, 5, 5)),
    ("d8-v6-js2-p40", ((12, 2), 5)),
    ("d10-v8-js4-p30", (3, 4, 5, 12)),
    ("d10-v8-js4-p30", ((10, 2), (20, 6))),
]
"""Shapes that are let through, and hardly so."""

BELOW: list[tuple[str, Sizes]] = [
    ("d2-v1-js0-p50", (3, 3)),
    ("d4-v2-js1-p50", (2, 2, 2)),
    ("d5-v3-js0-p50", (5, 4, 3, 3)),
    ("d5-v3-js2-p50", (3, 3, 3)),
    ("d5-v3-js2-p50", ((8, 4), (6, 3), 5)),
    ("d8-v6-js2-p40", (2, 2, 2)),
    ("d10-v8-js4-p30", (2, 2, 2)),
]
"""Shapes that are refused, and would tell too much."""


def of_shape(noise: str, sizes: Sizes) -> CubeDefinition:
    return definition("split", shape(sizes), noise=noise)


@pytest.mark.parametrize("evenness", UNEVEN, ids=["uneven", "even"])
@pytest.mark.parametrize(("noise", "sizes"), ABOVE, ids=str)
def test_a_shape_that_is_let_through_gains_who_solves_everything_little(
    noise: str, sizes: Sizes, evenness: float
) -> None:
    assert not objections_to_shape(of_shape(noise, sizes), noise_table(noise), OUTSIDE)
    found = attacked(sizes, noise, evenness=evenness)
    assert len(found[0].true) >= 60
    assert gained(found) <= BEYOND + CHANCE
    assert pinned(found) <= BEYOND


@pytest.mark.parametrize(("noise", "sizes"), ABOVE, ids=str)
def test_the_shapes_attacked_lie_right_above_the_limit(noise: str, sizes: Sizes) -> None:
    table = noise_table(noise)
    assert share_left(of_shape(noise, sizes)) - least_share(table, OUTSIDE) <= 0.03


@pytest.mark.parametrize(("noise", "sizes"), BELOW, ids=str)
def test_a_shape_that_is_refused_would_tell_too_much(noise: str, sizes: Sizes) -> None:
    assert objections_to_shape(of_shape(noise, sizes), noise_table(noise), OUTSIDE)
    assert gained(attacked(sizes, noise)) > BEYOND


def test_the_gate_refuses_such_a_shape_and_says_what_would_do(rooms: Rooms) -> None:
    asked, room = definition("split", shape((3, 3))), rooms()
    people = drawn(units_in(asked.dimensions), fields_of(asked.dimensions, 1, UNEVEN[0]))
    counted = room.counted(people, asked)
    with pytest.raises(Refused, match="name noise table d8-v6-js2-p40, or leave out") as refused:
        room.through(counted, rule=OUTSIDE)
    assert refused.value.reason == "cube_noise_left"
    assert room.ledger.entries(asked.population) == ()
    assert room.through(replace(counted, definition=replace(asked, noise="d8-v6-js2-p40")), rule=OUTSIDE)


def test_what_the_gate_prints_without_its_limit_tells_as_much(rooms: Rooms) -> None:
    asked, table = shape((5, 4, 3, 3)), noise_table()
    towns = [town(rooms, asked, seed=seed) for seed in range(8)]
    evidence = Evidence.together([solved(printed, true, asked, table.variance) for printed, true in towns])
    assert gained(guessed(evidence, chances_of_print(evidence, table))) > BEYOND


@pytest.mark.parametrize("noise", shipped_tables())
def test_the_attacker_gains_what_is_reckoned_of_a_shape_or_somewhat_less(noise: str) -> None:
    """What is reckoned is for the worst of several towns; this one is the thinnest that is printed, spread evenly."""
    found, most = gained(attacked((3, 3), noise, evenness=UNEVEN[1])), reckoned(noise_table(noise), 9 / 16)
    assert most / 2 <= found <= most + CHANCE


def averaged(true: Floats, table: NoiseTable) -> Floats:
    """Without protection: noise drawn at every request, and the mean of many."""
    chance, n = np.random.default_rng(7), true.astype(np.int64)
    return np.mean([table.printed(n, chance.integers(0, KEY_SPACE, n.shape)) for _ in range(REQUESTS)], axis=0)


def test_noise_drawn_at_every_request_would_let_everything_be_known(rooms: Rooms) -> None:
    asked, table = shape((8, 6, 5, 4)), noise_table()
    _, true = town(rooms, asked)
    evidence = solved(averaged(true, table), true, asked, table.variance / REQUESTS)
    guesses = guessed(evidence, chances_of_mean(evidence, table.variance / REQUESTS))
    assert guesses[1].pinned > 0.9
