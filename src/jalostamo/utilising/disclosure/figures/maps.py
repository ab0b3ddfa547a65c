"""Maps of steps from printed cells: what is shown is what was printed, what is drawn is refitted so that it balances.

Every step has its own noise, so printed numbers that enter a node do not add up to those that leave it. The refit finds
the nearest widths that do, and none of its numbers is shown.

Handbook 2.2 (the pilot's fourth question) and 2.6, phase 8.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import nnls

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.results import Flow
from jalostamo.utilising.disclosure.figures.refitting import noise_variances

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from jalostamo.utilising.disclosure.noise import NoiseTable

OUTSIDE: Final = ""
"""The source of what begins, and the target of what ends."""

_STRICT: Final = 1e4
_LEAST_VARIANCE: Final = 1e-6

type Node = tuple[int, str]


@dataclass(frozen=True, slots=True)
class StepCell:
    """A step cell is the printed number of units whose step of this number led from a source to a target.

    Step `number` leads from a node of that number to one of the next. Source "" is what begins at a node of that number,
    target "" what ends at one.
    """

    number: int
    source: str
    target: str
    printed: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link is one step on a map: `printed` is the number that is shown, `width` the refitted one that is only drawn."""

    number: int
    source: str
    target: str
    printed: int
    width: float


@dataclass(frozen=True, slots=True)
class StepMap:
    """A step map holds the links that print more than nobody; `dropped` counts the cells that print 0.

    What enters a node is as wide as what leaves it, wherever both are on the map.
    """

    links: tuple[Link, ...]
    dropped: int

    def flows(self, group: str) -> tuple[Flow, ...]:
        """The map as flows of a group of customers, in printed numbers; what begins is no flow."""
        return tuple(
            Flow(group, link.number, link.source, link.target, link.printed)
            for link in self.links
            if link.source != OUTSIDE
        )

    def imbalances(self) -> dict[Node, float]:
        """Per node with links on both sides, by how much what enters differs from what leaves, in widths."""
        widths = [link.width for link in self.links]
        return {
            node: abs(sum(widths[place] for place in entering) - sum(widths[place] for place in leaving))
            for node, (entering, leaving) in _sides(self.links).items()
        }


def step_cell(at: str, printed: int) -> StepCell:
    """A step cell from where it stands in a cube, "number:source>target".

    >>> step_cell("2:ASM>EMP", 14)
    StepCell(number=2, source='ASM', target='EMP', printed=14)
    """
    number, colon, rest = at.partition(":")
    source, arrow, target = rest.partition(">")
    if not (colon and arrow and number.isdecimal()):
        raise Unfit('A step stands at "number:source>target".', reason="step_place")
    return StepCell(int(number), source, target, printed)


def step_map(cells: Iterable[StepCell], *, noise: NoiseTable | None) -> StepMap:
    """The map of printed steps, with widths refitted by weighted least squares so that every node balances."""
    every = sorted(cells, key=lambda cell: (cell.number, cell.source, cell.target))
    shown = [cell for cell in every if cell.printed > 0]
    if len({(cell.number, cell.source, cell.target) for cell in every}) < len(every):
        raise Unfit("A step is given twice.", reason="step_twice")
    widths = _balanced(shown, noise)
    links = tuple(
        Link(cell.number, cell.source, cell.target, cell.printed, float(width))
        for cell, width in zip(shown, widths, strict=True)
    )
    return StepMap(links, len(every) - len(shown))


def _sides(steps: Sequence[StepCell | Link]) -> dict[Node, tuple[list[int], list[int]]]:
    """The places of what enters and of what leaves each node that has both.

    Where all links of one side print nobody, the drawing begins or ends at the node.
    """
    found: dict[Node, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, step in enumerate(steps):
        if step.target != OUTSIDE:
            found[step.number + (step.source != OUTSIDE), step.target][0].append(place)
        if step.source != OUTSIDE:
            found[step.number, step.source][1].append(place)
    return {node: sides for node, sides in found.items() if all(sides)}


def _balanced(shown: Sequence[StepCell], noise: NoiseTable | None) -> NDArray[np.float64]:
    """The nearest widths to the printed numbers, none below zero, each missed by as little as its noise is small."""
    printed = np.array([cell.printed for cell in shown], dtype=np.int64)
    balance = _balance(shown)
    if not balance.size:
        return printed.astype(np.float64)
    weights = 1 / np.sqrt(np.maximum(noise_variances(printed, noise), _LEAST_VARIANCE))
    weights /= weights.max()
    rows = np.vstack([np.diag(weights), _STRICT * balance])
    near, _ = nnls(rows, np.concatenate([weights * printed, np.zeros(len(balance))]), maxiter=30 * len(shown))
    return _exactly(printed, weights**-2.0, balance, drawn=near > 0)


def _exactly(
    printed: NDArray[np.int64],
    variances: NDArray[np.float64],
    balance: NDArray[np.float64],
    *,
    drawn: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The widths of the links that are drawn, with the balance held exactly (by Lagrange's multipliers)."""
    kept, spread = balance[:, drawn], variances[drawn]
    pull, *_ = np.linalg.lstsq((kept * spread) @ kept.T, kept @ printed[drawn], rcond=None)
    widths = np.zeros(len(printed))
    widths[drawn] = np.maximum(printed[drawn] - spread * (kept.T @ pull), 0.0)
    return widths


def _balance(shown: Sequence[StepCell]) -> NDArray[np.float64]:
    sides = _sides(shown)
    found = np.zeros((len(sides), len(shown)))
    for row, (entering, leaving) in enumerate(sides.values()):
        found[row, entering] += 1
        found[row, leaving] -= 1
    return found
