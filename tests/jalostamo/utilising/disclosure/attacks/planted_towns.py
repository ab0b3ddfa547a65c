"""Planted towns and the real way of printing them: people, record keys, counting, the gate; and ways without protection."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tests.jalostamo.producing.cubes.small_cubes import dimension, plain

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Text
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Measure
from jalostamo.producing.cubes.differences import Difference, cells_cut
from jalostamo.utilising.disclosure.gate import disclose
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.rules import OUTSIDE

type Numbers = NDArray[np.int64]
type Keying = Callable[[Sequence[str]], Numbers]

ANY_SHAPE = replace(OUTSIDE, id="any shape", most_gained=1.0)
"""The outside rule without its limit on shapes; `test_splitting` has the limit, the other attacks do not depend on it."""

TITLE = Text("Asukkaat", "Invånare", "Residents")
PARTS = {"1": "north", "2": "north", "3": "south", "4": "south", "5": "south"}
AREA = dimension("area", [{number: f"a{number}" for number in PARTS}, PARTS])
AGE = plain("age", "0-17", "18-64", "65-")
SEX = plain("sex", "f", "m")
RESIDENTS = Measure("residents", "units", "persons", TITLE)


@dataclass(frozen=True, slots=True)
class People:
    """The people of a town that never was: what they are called, and what is recorded of them."""

    names: tuple[str, ...]
    fields: Mapping[str, NDArray[np.generic]]

    def without(self, gone: NDArray[np.bool_]) -> People:
        """The same people less some."""
        names = tuple(name for name, away in zip(self.names, gone, strict=True) if not away)
        return People(names, {field: values[~gone] for field, values in self.fields.items()})

    def with_one(self, name: str, **recorded: str) -> People:
        """The same people and one more."""
        fields = {field: np.append(values, recorded[field]) for field, values in self.fields.items()}
        return People((*self.names, name), fields)

    def and_also(self, others: People) -> People:
        """The people of both."""
        fields = {field: np.append(values, others.fields[field]) for field, values in self.fields.items()}
        return People((*self.names, *others.names), fields)


def drawn(units: int, shares: Mapping[str, Mapping[str, float]], *, seed: int = 1, called: str = "unit") -> People:
    """People whose fields are drawn apart from each other, with these shares of each value."""
    chance = np.random.default_rng(seed)
    names = tuple(f"{called} {number}" for number in range(units))
    fields = {field: chance.choice(list(of), units, p=list(of.values())) for field, of in shares.items()}
    return People(names, fields)


def even(*values: str) -> dict[str, float]:
    """The same share for each value."""
    return dict.fromkeys(values, 1 / len(values))


USUAL: dict[str, dict[str, float]] = {
    "area": {"1": 0.3, "2": 0.3, "3": 0.2, "4": 0.17, "5": 0.03},
    "age": {"0-17": 0.4, "18-64": 0.57, "65-": 0.03},
    "sex": even("f", "m"),
}


def record_keys(names: Sequence[str], secret: bytes = b"a secret of this test, 32 bytes.") -> Numbers:
    """The real record keys, of a secret that is the same at every run, so that chance has one outcome."""
    keys = RecordKeys()
    keys._secret[:] = secret
    return np.array(keys.keys(names, kind="person"), dtype=np.int64)


def keys_redrawn(seed: int) -> Keying:
    """Without protection: record keys that are not those of the series."""
    return lambda names: np.random.default_rng(seed).integers(0, KEY_SPACE, len(names))


def one_key_for_all(names: Sequence[str]) -> Numbers:
    """Without protection: a key that everybody has."""
    return np.full(len(names), 61_803_399)


def keys_of_few_bits(names: Sequence[str]) -> Numbers:
    """Without protection: of each key only 16 bits are left."""
    return record_keys(names) % 2**16


def definition(name: str, dimensions: Sequence[Dimension], **changes: object) -> CubeDefinition:
    """The definition of a cube of persons; its digest is told by its name."""
    asked = CubeDefinition(
        name=name,
        title=TITLE,
        population="residents",
        unit=CustomerKind.PERSON,
        first_day=datetime.date(2020, 1, 1),
        last_day=datetime.date(2020, 12, 31),
        dimensions=tuple(dimensions),
        filters=(),
        measures=(RESIDENTS,),
        structural_zeros=(),
        noise="d5-v3-js2-p50",
        single_unit_differences=10_000,
        digest=hashlib.sha256(name.encode()).hexdigest(),
    )
    return replace(asked, **changes)  # type: ignore[arg-type]  # fields by name


@dataclass(frozen=True, slots=True)
class Room:
    """A room with an engine and a ledger of its own, in which cubes are counted and printed."""

    engine: Engine
    ledger: Ledger
    before: dict[str, CountedCube] = field(default_factory=dict)

    @classmethod
    def at(cls, engine: Engine, folder: Path) -> Room:
        """A room whose ledger is empty, in a folder that is made."""
        folder.mkdir()
        return cls(engine, Ledger(folder))

    def counted(self, people: People, asked: CubeDefinition, keying: Keying = record_keys) -> CountedCube:
        """The true values, counted by the engine."""
        return count_cube(self.engine, asked, self.tables(people, keying))

    def tables(self, people: People, keying: Keying) -> dict[str, object]:
        """What the engine counts: persons with their fields, and their keys."""
        persons = pa.table({"unit": list(people.names), **{f: v.tolist() for f, v in people.fields.items()}})
        keys = pa.table({"unit": list(people.names), "record_key": keying(people.names)})
        return {"persons": self.engine.in_memory(persons), "keys": self.engine.in_memory(keys)}

    def printed(
        self, people: People, asked: CubeDefinition, keying: Keying = record_keys, **changes: object
    ) -> PrintedCube:
        """What leaves: counted, its differences from all printed before counted, and through the gate."""
        counted = self.counted(people, asked, keying)
        cut = [Difference(digest, cells_cut(counted, earlier)) for digest, earlier in self.before.items()]
        cube = self.through(counted, **{"differences": cut, **changes})
        self.before[cube.digest] = counted
        return cube

    def through(self, counted: CountedCube, **changes: object) -> PrintedCube:
        """Through the gate, under the outside rule for any shape unless told otherwise, with the noise that the definition names."""
        usual = {"rule": ANY_SHAPE, "noise": noise_table(counted.definition.noise), "ledger": self.ledger}
        return disclose(counted, **{**usual, "series": "series-1", **changes})  # type: ignore[arg-type]  # by name


def cells_of(cube: PrintedCube | CountedCube, column: str) -> dict[tuple[str, ...], int]:
    """One number of each cell, by measure and codes."""
    names = ["measure", *(each.name for each in cube.definition.dimensions)]
    words = zip(*(cube.cells[name].to_pylist() for name in names), strict=True)
    return dict(zip(words, cube.cells[column].to_pylist(), strict=True))
