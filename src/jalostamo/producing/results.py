"""Results: what a method found, with its base, its unit and its interval, and the release it was found in.

A result holds counts and estimates, never a row of a person. It is true, not protected: disclosure control comes
with publication.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, cast

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Broken

Scale = Literal["share", "per_1000_years", "ratio", "difference"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate is a value with its 95 % confidence interval, all on one scale."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise Broken("An estimate lies outside its interval.", reason="estimate_outside_interval")


@dataclass(frozen=True, slots=True)
class GroupEstimate:
    """A group's estimate for one subject (a service, a step): `customers` of `base` distinct units, `exposure` in years.

    `crude` is as counted; `standardised` is what it would be with the age structure of all groups together.
    """

    subject: str
    group: str
    customers: int
    base: int
    exposure: float | None
    crude: Estimate
    standardised: Estimate | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison says whether two groups differ in one subject, after age has been taken into account.

    `adjusted_p` is Benjamini-Hochberg's over the subjects of one result; `differs` is adjusted_p < 0.05.
    """

    subject: str
    group: str
    reference: str
    scale: Scale
    estimate: Estimate
    p: float
    adjusted_p: float

    @property
    def differs(self) -> bool:
        """Whether the difference is larger than chance explains at 5 per cent."""
        return self.adjusted_p < 0.05


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow is how many distinct customers of one group went from one service straight to the next.

    `step` counts from 1; `target` "" means that the path ends there within the time frame.
    """

    group: str
    step: int
    source: str
    target: str
    customers: int


@dataclass(frozen=True, slots=True)
class Result:
    """A result answers one business question from one release.

    `definition` and `release` are sha256 digests: the same two give the same result.
    """

    name: str
    method: str
    unit: CustomerKind
    scale: Scale
    definition: str
    release: str
    groups: tuple[GroupEstimate, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    flows: tuple[Flow, ...] = ()

    def as_mapping(self) -> dict[str, object]:
        """The result as its file holds it."""
        return asdict(self)


def result_from(mapping: Mapping[str, object]) -> Result:
    """Read a result as its file holds it."""
    groups = tuple(_group_from(entry) for entry in _entries(mapping, "groups"))
    comparisons = tuple(_comparison_from(entry) for entry in _entries(mapping, "comparisons"))
    flows = tuple(Flow(**entry) for entry in _entries(mapping, "flows"))  # type: ignore[arg-type]  # fields by name
    rest = {key: value for key, value in mapping.items() if key not in {"groups", "comparisons", "flows", "unit"}}
    unit = CustomerKind(str(mapping["unit"]))
    return Result(**rest, unit=unit, groups=groups, comparisons=comparisons, flows=flows)  # type: ignore[arg-type]


def _entries(mapping: Mapping[str, object], key: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", mapping[key])


def _estimate_from(found: object) -> Estimate:
    return Estimate(**cast("dict[str, float]", found))


def _group_from(entry: Mapping[str, object]) -> GroupEstimate:
    crude, standardised = _estimate_from(entry["crude"]), entry["standardised"]
    estimates = {"crude": crude, "standardised": None if standardised is None else _estimate_from(standardised)}
    return GroupEstimate(**{**entry, **estimates})  # type: ignore[arg-type]  # fields by name


def _comparison_from(entry: Mapping[str, object]) -> Comparison:
    return Comparison(**{**entry, "estimate": _estimate_from(entry["estimate"])})  # type: ignore[arg-type]
