"""How exposed people are, reckoned class by class in plain Python and exact fractions, from the definitions alone.

k-map: Sweeney 2002. Presence: Nergiz, Atzori, Clifton 2007 (SIGMOD). Estimated uniqueness: Dankar and others 2012, which
chooses between Pitman's model (Hoshino 2001), Zayatz's (1991) and the slide negative binomial one (Chen and McNulty 1998).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

CLOSE = 1e-9


@dataclass(frozen=True)
class Exposed:
    """What a recipe asks of how exposed people are, thresholds as written; `population` are rows, or only its `size` is known."""

    k_map: int | None = None
    least: str | None = None
    most: str | None = None
    maximum_risk: str | None = None
    average_risk: str | None = None
    sample_uniqueness: str | None = None
    population_uniqueness: str | None = None
    against_population: bool = False
    size: int | None = None
    population: tuple[Mapping[str, str | None], ...] = ()

    @property
    def counts_population(self) -> bool:
        risks = self.against_population and (self.maximum_risk or self.average_risk)
        unique = self.population_uniqueness is not None and self.size is None
        return bool(self.k_map or self.least or self.most or risks or unique)


def too_much(found: float | Fraction, asked: str | None) -> bool:
    return asked is not None and found > float(Fraction(asked)) + CLOSE


def class_failures(asked: Exposed, people: int, held: int) -> Iterator[str]:
    """The models that a class does not meet by itself, with so many people released and so many in the population."""
    if asked.counts_population and not held:
        yield "stranger"
        return
    if asked.k_map is not None and held < asked.k_map:
        yield "k_map"
    if asked.most is not None and too_much(Fraction(people, held), asked.most):
        yield "presence"
    alike = held if asked.against_population else people
    if asked.maximum_risk is not None and too_much(Fraction(1, alike), asked.maximum_risk):
        yield "maximum_risk"


def release_failures(asked: Exposed, people: Mapping[Hashable, int], held: Mapping[Hashable, int]) -> Iterator[str]:
    """The models that a release does not meet as a whole: the people of each released class, the population's of each."""
    everybody = sum(people.values())

    def mean(risk: Callable[[Hashable], Fraction | int]) -> Fraction:
        return sum((Fraction(n) * risk(name) for name, n in people.items()), Fraction()) / max(everybody, 1)

    alike = held if asked.against_population else people
    if asked.average_risk is not None and too_much(mean(lambda name: Fraction(1, alike[name])), asked.average_risk):
        yield "average_risk"
    if too_much(mean(lambda name: people[name] == 1), asked.sample_uniqueness):
        yield "sample_uniqueness"
    if asked.least is not None:
        least = min(Fraction(people.get(name, 0), n) for name, n in held.items())
        if least < float(Fraction(asked.least)) - CLOSE:
            yield "presence:least"
    if asked.population_uniqueness is not None:
        alone = mean(lambda name: held[name] == 1) if asked.size is None else estimated([*people.values()], asked.size)
        if too_much(alone, asked.population_uniqueness):
            yield "population_uniqueness"


def estimated(sizes: Sequence[int], size: int) -> float:
    """Which share of a population of so many is alone in it, by the rule of Dankar and others."""
    times, sample = Counter(sizes), sum(sizes)
    if not times[1]:
        return 0.0
    if len(sizes) == sample:
        return 1.0
    if sample >= size:
        return times[1] / sample
    small = Fraction(sample, size) <= Fraction(1, 10)
    return min(1.0, (pitman(times, size) if small else min(zayatz(times, size), slide(times, size))) / size)


def zayatz(times: Counter[int], size: int) -> float:
    """P(alone there | alone here) by Bayes, the sample's classes standing for the population's; drawn without replacement."""
    sample = sum(j * f for j, f in times.items())

    def once(j: int) -> Fraction:
        return Fraction(j * math.comb(size - j, sample - 1), math.comb(size, sample))

    share = once(1) * times[1] / sum(once(j) * f for j, f in times.items())
    return float(times[1] * share * size / sample)


def halved(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0."""
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2


def pitman(times: Counter[int], size: int) -> float:
    """The expectation at the greatest likelihood, where both slopes are 0 (or alpha is 0 and its slope falls)."""
    n, u = sum(j * f for j, f in times.items()), times.total()
    if u == 1:
        return 0.0

    def theta_of(alpha: float) -> float:
        def slope(step: float) -> float:
            theta = math.exp(step) - alpha
            return sum(1 / (theta + i * alpha) for i in range(1, u)) - sum(1 / (theta + i) for i in range(1, n))

        return math.exp(halved(slope, -40, 40)) - alpha

    def slope(alpha: float) -> float:
        theta = theta_of(alpha)
        parts = sum(f * sum(1 / (i - alpha) for i in range(1, j)) for j, f in times.items())
        return sum(i / (theta + i * alpha) for i in range(1, u)) - parts

    alpha = halved(slope, 0.0, 1.0) if slope(1e-6) > 0 else 0.0
    theta = theta_of(alpha)
    # A row meets nobody like it among all others: one factor for each of them.
    return size * math.exp(math.fsum(math.log((i - 1 + theta + alpha) / (i + theta)) for i in range(1, size)))


def slide(times: Counter[int], size: int) -> float:
    """Classes of 1 + NegBin(alpha, beta), thinned; the least 1 - beta at which there are as many of one and of two."""
    n, f1, f2 = sum(j * f for j, f in times.items()), times[1], times[2]
    q = n / size
    if not f2:
        return math.inf
    unseen, once = (
        sum(f * (1 - q) ** j for j, f in times.items()),
        sum(f * j * q * (1 - q) ** (j - 1) for j, f in times.items()),
    )
    over = sum(f * j * q**2 * (1 - q**2) ** (j - 1) for j, f in times.items())
    under = sum(f * (1 - q) ** j * ((1 + q) ** j - 1) for j, f in times.items())
    classes = times.total() + f1 * over / under * (unseen / once) ** 2

    def thinned(alpha: float, x: float) -> tuple[float, float]:
        d = (1 - q) * x
        of = alpha * (math.log1p(-x) - math.log1p(-d))
        one = q * (1 + alpha * d / (1 - d))
        two = q**2 * alpha * x / 2 * (2 - (1 - alpha) * d) / (1 - d) ** 2
        return math.exp(of) * one, two / one

    def alpha_of(x: float) -> float:
        return math.exp(halved(lambda step: f2 / f1 - thinned(math.exp(step), x)[1], -40, 40))

    def over_at(odds: float) -> float:
        x = 1 / (1 + math.exp(-odds))
        return classes * thinned(alpha_of(x), x)[0] - f1

    grid = [step / 10 for step in range(-140, 141)]
    signs = [over_at(odds) > 0 for odds in grid]
    turn = next((i for i in range(1, len(grid)) if signs[i] != signs[i - 1]), None)
    if turn is None:
        return math.inf
    way = 1 if signs[turn - 1] else -1
    x = 1 / (1 + math.exp(-halved(lambda odds: way * over_at(odds), grid[turn - 1], grid[turn])))
    return classes * (1 - x) ** alpha_of(x)
