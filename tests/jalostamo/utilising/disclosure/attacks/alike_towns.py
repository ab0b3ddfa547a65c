"""Towns whose true counts differ and that print alike: units are put into empty cells until no printed number moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import product

import numpy as np
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import Numbers, People, record_keys

from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table

CANDIDATES, SEEDS = 2_000, 1_000
LATE = tuple(f"late {number}" for number in range(CANDIDATES))


def alike(drawn: Callable[[int], People], at: Mapping[str, str]) -> tuple[People, People]:
    """A town into whose empty cell of two fields somebody can come unseen, without and with that one.

    It is the first of those drawn, each of which has people of its own.
    """
    for seed in range(SEEDS):
        people = drawn(seed)
        name = _unseen(people, at)
        if name is not None:
            return people, people.with_one(name, **at)
    raise AssertionError("No such town was drawn.")


def _unseen(people: People, at: Mapping[str, str]) -> str | None:
    """What somebody is called who moves neither this cell nor any margin as printed, of those that were thought of."""
    keys, own, table = record_keys(people.names), _keys_of_late(), noise_table()
    unseen = np.ones(CANDIDATES, dtype=bool)
    for asked in product((True, False), repeat=len(at)):
        here = np.ones(len(keys), dtype=bool)
        for (field, value), told in zip(at.items(), asked, strict=True):
            here &= (people.fields[field] == value) | (not told)
        n, key = int(here.sum()), int(keys[here].sum() % KEY_SPACE)
        before = table.printed(np.array([n]), np.array([key]))[0]
        unseen &= table.printed(np.full(CANDIDATES, n + 1), (key + own) % KEY_SPACE) == before
    return LATE[int(np.argmax(unseen))] if unseen.any() else None


@cache
def _keys_of_late() -> Numbers:
    return record_keys(LATE)
