"""Writes the noise tables that are shipped, by solving for each true count the noise of greatest entropy; `--check` compares.

Solved when built and never when asked: a printed count must not depend on the version of a solver.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final  # Any: an optimiser's answer, whose library has no types of its own

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp, minimize

from jalostamo.utilising.disclosure.noise import KEY_SPACE, last_row, moments, table_from

FOLDER: Final = Path(__file__).resolve().parent.parent / "src/jalostamo/utilising/disclosure/noise_tables"
METHOD: Final = "greatest entropy within these bounds, without bias; noise and its probability for each true count n"
SMALLEST: Final = 1 / KEY_SPACE
"""No noise that is possible at all has a smaller probability: one key."""
STEP: Final = 0.05
ROUNDS: Final = 20
MET: Final = 5e-4
"""A variance is met where it is the wanted one to three decimals."""
WITHIN: Final = 5
"""No probability is moved by more keys than this when it is made a whole number of them."""
APART: Final = 10
"""Another version of the solver may end this many keys (of 100 million) beside; more is another table."""

type Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The public parameters of a table: D, V, js and pstay of the cell-key method."""

    largest: int
    variance: float
    never: int
    stay: float

    @property
    def id(self) -> str:
        """The name that says them all."""
        return f"d{self.largest}-v{self.variance:g}-js{self.never}-p{round(100 * self.stay)}"


@dataclass(frozen=True, slots=True)
class Solved:
    """The noise of one true count: values, how many keys bring each, and the lower bound of no noise that was kept."""

    n: int
    noise: tuple[int, ...]
    keys: tuple[int, ...]
    stay: float


TABLES: Final = (
    Wanted(largest=5, variance=3, never=2, stay=0.5),
    Wanted(largest=2, variance=1, never=0, stay=0.5),
    Wanted(largest=4, variance=2, never=1, stay=0.5),
    Wanted(largest=5, variance=3, never=0, stay=0.5),
    Wanted(largest=8, variance=6, never=2, stay=0.4),
    Wanted(largest=10, variance=8, never=4, stay=0.3),
)


def rows_of(wanted: Wanted) -> Iterator[Solved]:
    """Solve every row; a true zero stays zero."""
    yield Solved(0, (0,), (KEY_SPACE,), 1.0)
    for n in range(1, last_row(wanted.largest, wanted.never) + 1):
        possible = range(max(0, n - wanted.largest), n + wanted.largest + 1)
        v = np.array([j - n for j in possible if not 1 <= j <= wanted.never], dtype=float)
        p, stay = probabilities(v, wanted, lowered=n > wanted.never)
        keys = whole_keys(v, p, variance=wanted.variance, stay=stay)
        yield Solved(n, tuple(int(x) for x in v), keys, stay)


def probabilities(v: Vector, wanted: Wanted, *, lowered: bool) -> tuple[Vector, float]:
    """The probabilities of the noise v; where the variance is not met, counts are kept less often, step by step."""
    stay = wanted.stay if lowered else 0.0
    p = greatest_entropy(v, wanted.variance, stay)
    for _ in range(ROUNDS - 1):
        if not lowered or abs(p @ v**2 - wanted.variance) < MET:
            break
        stay = max(round(stay - STEP, 10), 0.0)
        p = greatest_entropy(v, wanted.variance, stay)
    return p, stay


def greatest_entropy(v: Vector, variance: float, stay: float) -> Vector:
    """Maximise the entropy: sum one, mean zero, a bounded variance, and rising up to no noise."""
    rising = _rising(v)
    found: Any = minimize(
        lambda p: float(p @ np.log(p)),
        np.full(len(v), 1 / len(v)),
        jac=lambda p: np.log(p) + 1,
        bounds=[(max(stay, SMALLEST) if x == 0 else SMALLEST, 1.0) for x in v],
        constraints=[
            {"type": "eq", "fun": lambda p: np.array([p.sum() - 1, p @ v]), "jac": lambda p: np.array([v**0, v])},
            {"type": "ineq", "fun": lambda p: variance - p @ v**2, "jac": lambda p: -(v**2)},
            *([{"type": "ineq", "fun": lambda p: rising @ p, "jac": lambda p: rising}] if len(rising) else []),
        ],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 2000},
    )
    p: Vector = found.x
    # At this tolerance it often ends for want of a better point: what it found is judged by its constraints.
    if max(abs(p.sum() - 1), abs(p @ v), p @ v**2 - variance, *-(rising @ p), 0) > 1e-10:
        raise SystemExit(f"No noise without bias up to {v.max():g} has a variance of {variance:g}: allow a larger one.")
    symmetric = (v == -v[::-1]).all()
    return (p + p[::-1]) / 2 if symmetric else p


def whole_keys(v: Vector, p: Vector, *, variance: float, stay: float) -> tuple[int, ...]:
    """The nearest whole numbers of keys that keep every constraint exactly, so that a lookup compares whole numbers."""
    size, floor = len(v), np.floor(p * KEY_SPACE)
    mirror = np.eye(size) - np.eye(size)[::-1] if (v == -v[::-1]).all() else np.zeros((0, size))
    exact = np.vstack([v**0, v, mirror])
    equal = np.array([KEY_SPACE, 0, *np.zeros(len(mirror))]) - exact @ floor
    bounded = np.vstack([-(v**2), _rising(v), np.eye(size)])
    least = np.where(v == 0, max(1, round(stay * KEY_SPACE)), 1)
    at_least = np.array([-variance * KEY_SPACE, *np.zeros(len(_rising(v))), *least]) - bounded @ floor
    steps = _nearest(p * KEY_SPACE - floor, (exact, equal, equal), (bounded, at_least, np.inf))
    return tuple(int(k) for k in floor + steps)


def _nearest(share: Vector, *constraints: tuple[Vector, Vector, Vector | float]) -> Vector:
    """The whole numbers that are nearest to some shares in all, within linear constraints."""
    size = len(share)
    one, none, many = np.eye(size), np.zeros(size), np.ones(size)
    # Beside each whole number stands its distance from the share, which is made small.
    distances = LinearConstraint(np.block([[-one, one], [one, one]]), np.array([*-share, *share]), np.inf)
    found: Any = milp(
        np.array([*none, *many]),
        integrality=np.array([*many, *none]),
        bounds=Bounds(np.array([*-WITHIN * many, *none]), np.array([*WITHIN * many, *np.inf * many])),
        constraints=[distances]
        + [LinearConstraint(np.hstack([lines, 0 * lines]), low, high) for lines, low, high in constraints],
    )
    if not found.success:
        raise SystemExit("No whole numbers of keys near the solution keep its constraints.")
    whole: Vector = np.round(found.x[:size])
    return whole


def text_of(wanted: Wanted) -> str:
    """The file of a table: one row a paragraph, with its moments before its probabilities."""
    head = {
        "id": wanted.id,
        "method": METHOD,
        "largest": wanted.largest,
        "variance": float(wanted.variance),
        "never": wanted.never,
        "stay": wanted.stay,
    }
    said = "".join(f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in head.items())
    rows = ",\n".join(_row_text(row) for row in rows_of(wanted))
    text = f'{{\n{said}  "rows": [\n{rows}\n  ]\n}}\n'
    table_from(text, named=wanted.id)
    return text


def differences(wanted: Wanted, path: Path) -> list[str]:
    """What a shipped file says that the solver does not."""
    if not path.is_file():
        return [f"{path.name} is missing"]
    new, shipped = (table_from(text, named=wanted.id) for text in (text_of(wanted), path.read_text(encoding="utf-8")))
    told = ("largest", "variance", "never", "stay")
    if any(getattr(new, name) != getattr(shipped, name) for name in told) or len(new.rows) != len(shipped.rows):
        return [f"{path.name} has other parameters"]
    far = [
        n
        for n, (one, other) in enumerate(zip(new.rows, shipped.rows, strict=True))
        if [v for v, _ in one] != [v for v, _ in other]
        or any(abs(p - q) * KEY_SPACE > APART for (_, p), (_, q) in zip(one, other, strict=True))
    ]
    return [f"{path.name}, row {n}: other probabilities" for n in far]


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """Write every table, or with `--check` say what differs and end with 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare what is shipped, and write nothing")
    paths = {folder / f"{wanted.id}.json": wanted for wanted in TABLES}
    if not parser.parse_args(arguments).check:
        for path, wanted in paths.items():
            path.write_text(text_of(wanted), encoding="utf-8")
        return 0
    found = [said for path, wanted in paths.items() for said in differences(wanted, path)]
    found += [f"{path.name} is no table of this script" for path in sorted(folder.glob("*.json")) if path not in paths]
    print("\n".join(found) or f"{len(paths)} noise tables are as solved.")
    return 1 if found else 0


def _row_text(row: Solved) -> str:
    p = [k / KEY_SPACE for k in row.keys]
    said = {"n": str(row.n), "stay": f"{row.stay:.2f}"}
    # Adding zero turns a minus zero into a plain one.
    said |= {name: f"{round(value, 6) + 0.0:.6f}" for name, value in moments(row.noise, p).items()}
    first = ", ".join(f'"{name}": {value}' for name, value in said.items())
    noise = ", ".join(f"{v:>10}" for v in row.noise)
    shares = ", ".join(f"{x:.8f}" for x in p)
    return f'    {{\n      {first},\n      "noise": [{noise}],\n      "p":     [{shares}]\n    }}'


def _rising(v: Vector) -> Vector:
    """One line for each value below zero: its successor's probability less its own, up to no noise."""
    below = int((v < 0).sum()) if (v == 0).any() else 0
    return np.eye(len(v))[1 : below + 1] - np.eye(len(v))[:below]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
