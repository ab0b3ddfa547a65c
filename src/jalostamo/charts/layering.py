"""Layers of a map: which services stand side by side, by their mean place on paths, and in which order, so that few steps cross.

Sugiyama, Tagawa and Toda, IEEE SMC 11 (1981): order by barycentres. The layers are natural breaks of the mean places.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

type Weights = Mapping[tuple[str, str], float]
type Placed = tuple[float, float]
type Layers = tuple[tuple[str, ...], ...]

_SWEEPS: Final = 8
_ROUNDS: Final = 200
_ONE_LAYER: Final = 0.75
"""Services whose mean places differ by less than this may stand in one layer."""


def mean_places(starts: Mapping[str, float], steps: Weights) -> dict[str, float]:
    """About where on paths each service stands: 0 where paths start, and one more than the services that it follows."""
    places = dict.fromkeys(starts, 0.0)
    before: dict[str, list[tuple[str, float]]] = {service: [] for service in starts}
    for (one, other), weight in sorted(steps.items()):
        if one != other:
            before[other].append((one, weight))
    for _ in range(_ROUNDS):
        for service in sorted(places):
            whole = starts[service] + sum(weight for _, weight in before[service])
            after = sum(weight * (places[one] + 1) for one, weight in before[service])
            # Services that follow each other alone would move apart without end.
            places[service] = min(after / whole, float(len(places))) if whole else 0.0
    return places


def layered(places: Mapping[str, Placed], steps: Weights, *, layers: int, side_by_side: int) -> Layers:
    """The services in layers, from the first on; at most so many layers, and so many side by side, where there is room.

    Each service is told by its mean place, and by how many are there.
    """
    order = sorted(places, key=lambda service: (round(places[service][0], 6), service))
    least = -(-len(order) // side_by_side)
    found: list[list[str]] = []
    for number in range(least, max(least, min(layers, len(order))) + 1):
        found = _broken(order, places, number, side_by_side)
        if all(places[layer[-1]][0] - places[layer[0]][0] < _ONE_LAYER for layer in found):
            break
    return _in_order(found, steps)


def _broken(order: Sequence[str], places: Mapping[str, Placed], layers: int, most: int) -> list[list[str]]:
    """The order cut into layers so that places within a layer differ least."""

    def cost(first: int, last: int) -> float:
        inside = [places[service] for service in order[first:last]]
        middle = math.fsum(place * many for place, many in inside) / math.fsum(many for _, many in inside)
        return math.fsum(many * (place - middle) ** 2 for place, many in inside)

    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for layer in range(1, layers + 1):
        for last in range(layer, len(order) + 1):
            ways = [
                (best[layer - 1, first][0] + cost(first, last), first)
                for first in range(max(0, last - most), last)
                if (layer - 1, first) in best
            ]
            if ways:
                best[layer, last] = min(ways)
    cuts, last = [len(order)], len(order)
    for layer in range(layers, 0, -1):
        last = best[layer, last][1]
        cuts.append(last)
    return [list(order[first:end]) for end, first in reversed(list(zip(cuts, cuts[1:], strict=False)))]


def _in_order(layers: Sequence[Sequence[str]], steps: Weights) -> Layers:
    """Each layer by the mean of where its neighbours stand, forth and back, and the order in which least of the steps cross."""
    found = best = tuple(tuple(layer) for layer in layers)
    for sweep in range(_SWEEPS):
        placed = list(found)
        numbers = range(len(placed)) if sweep % 2 == 0 else range(len(placed) - 1, -1, -1)
        for number in numbers:
            beside = [layer for n, layer in enumerate(placed) if abs(n - number) == 1]
            placed[number] = _by_barycentre(placed[number], beside, steps)
        found = tuple(placed)
        best = min(best, found, key=lambda order: crossings(order, steps))
    return best


def _by_barycentre(layer: Sequence[str], beside: Sequence[Sequence[str]], steps: Weights) -> tuple[str, ...]:
    at = {service: _height(n, other) for other in beside for n, service in enumerate(other)}

    def barycentre(service: str) -> float:
        near = {other: steps.get((service, other), 0.0) + steps.get((other, service), 0.0) for other in at}
        whole = sum(near.values())
        return (
            sum(weight * at[other] for other, weight in near.items()) / whole
            if whole
            else _height(layer.index(service), layer)
        )

    return tuple(sorted(layer, key=lambda service: (round(barycentre(service), 9), service)))


def crossings(layers: Layers, steps: Weights) -> float:
    """How much of the steps between neighbouring layers cross: the product of the weights of each two that do."""
    at = {service: (n, place) for n, layer in enumerate(layers) for place, service in enumerate(layer)}
    near = []
    for (one, other), weight in sorted(steps.items()):
        first, last = sorted((at[one], at[other]))
        if last[0] - first[0] == 1:
            near.append((first[0], first[1], last[1], weight))
    return sum(
        one[3] * other[3]
        for n, one in enumerate(near)
        for other in near[n + 1 :]
        if one[0] == other[0] and (one[1] - other[1]) * (one[2] - other[2]) < 0
    )


def _height(place: int, layer: Sequence[str]) -> float:
    """Where a place of a layer stands, layers being centred."""
    return place - (len(layer) - 1) / 2
