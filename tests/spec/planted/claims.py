"""What analyses claim of a town: of each thing that was planted, and of each that was not, whether it is said to be so.

Story 1 asks what language changes: whom lighter services reach, results, volumes, and the step at which paths part. Story 6
asks what precedes support at school: family counselling, some months later, and nothing else.

Handbook 2.2 (the pilot's questions) and 3.1.2 (anticipating needs).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Final

from tests.spec.planted.lanes import NOISE, SERVICES, SUPPORT

from jalostamo.producing.analyses.findings import Findings
from jalostamo.producing.intervals import benjamini_hochberg, two_sided_p

LEVEL: Final = 0.05
LIGHTER: Final = ("FW", "IFW", "SP")
LAG: Final = "3-12"
LAG_MONTHS: Final = (4, 12)
"""Days 120 to 360 after a start lie in the fourth to the twelfth month after its own."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What was said of one thing: whether it is so, as strongly as it was planted (where that is told), and by how much.

    What a town of this size is too small to be sure of (`is_sure` false) is judged by its interval alone.
    """

    name: str
    is_planted: bool
    is_claimed: bool
    is_covered: bool = True
    measured: float | None = None
    is_sure: bool = True

    def __str__(self) -> str:
        told = "" if self.measured is None else f"{self.measured:.3g}"
        return told + ("*" if self.is_claimed else "") + ("" if self.is_covered else "!")


GROUPS: Final = """
[groups]
field = "language_group"
values = { foreign = ["foreign"], domestic = ["fi", "sv"] }
compare = ["foreign", "domestic"]
"""
AGES: Final = "age_bands = [[0, 2], [3, 6], [7, 12], [13, 17]]"


def _file(name: str, method: str, groups: str, *, services: tuple[str, ...] = SERVICES, rest: str = "") -> str:
    return f"""
[analysis]
name = "{name}"
method = "{method}"
from = 2010-01-01
to = 2016-12-31
services = [{_listed(services)}]
{groups}
[printed]
population = "{name}"
{rest}"""


def _listed(services: tuple[str, ...]) -> str:
    return ", ".join(f'"{service}"' for service in services)


def _waiting(name: str, start: tuple[str, ...], to: tuple[str, ...]) -> str:
    rest = f"[parameters]\nfrom = [{_listed(start)}]\nto = [{_listed(to)}]\nclasses = [12]\n"
    return _file(name, "time_to_event", GROUPS + AGES, services=(*start, *to), rest=rest)


BY_LANGUAGE: Final[Mapping[str, str]] = {
    "reach": _waiting("reach", ("NOT",), LIGHTER),
    "results": _waiting("results", LIGHTER, ("OCP", "TIC")),
    "steps": _file("steps", "step_map", GROUPS, rest='[[filter]]\nkeep = "events_from"\nservices = ["ASM"]\n'),
    "volumes": _file("volumes", "use", GROUPS + AGES),
    "kinds": _file(
        "kinds", "variants", GROUPS, services=LIGHTER, rest='[parameters]\npaths = [["FW"], ["IFW"], ["SP"]]\n'
    ),
}
"""The analyses that compare languages; which kind of lighter service somebody gets is the same in every language."""

SCREEN: Final = f"""
[analysis]
name = "before-support"
method = "factor_screen"
unit = "household"
from = 2010-01-01
to = 2016-12-31
[parameters]
start = ["{SUPPORT}"]
ages = [8, 15]
age_bands = [[8, 12], [13, 15]]
windows = [[0, 3], [3, 12], [12, 24]]
attributes = ["sex", "language_group"]
"""

BESIDE: Final = _file(
    "beside-support",
    "before_after",
    "",
    services=(SUPPORT, *SERVICES),
    rest=f'[parameters]\nindex = ["{SUPPORT}"]\nlag = {LAG_MONTHS[0]}\nwithin = {LAG_MONTHS[1]}\n',
)
"""In print no months at risk are counted: what precedes is used more before the start than as far after it."""


def claimed_of_language(found: Mapping[str, Findings], planted: Mapping[str, float]) -> Iterator[Claim]:
    """What the analyses of `BY_LANGUAGE` claim; differences are foreign less domestic."""
    yield _differing(found["reach"], "below 12 months", "reach (ratio)", planted["reach_ratio"], as_ratio=True)
    results = _differing(found["results"], "below 12 months", "results", -planted["result_difference"])
    yield replace(results, is_sure=False)
    yield _differing(found["steps"], "ASM → EMP", "step ASM → EMP", planted["step_difference_ASM_EMP"])
    volumes = {str(row["service"]): row for row in found["volumes"].tables["volumes"].mappings()}
    for service, name in (("HS", "volume HS"), ("FC", "volume FC")):
        if service in volumes:
            row, truth = volumes[service], planted[f"volume_ratio_{service}"]
            covered = _number(row["low"]) <= truth <= _number(row["high"])
            yield Claim(name, truth != 1, bool(row["differs"]), covered, _number(row["ratio"]))
    if not volumes:
        # Cells are of persons: whether they ever used it, and not how often.
        yield _differing(found["volumes"], "HS", "ever used HS", None)
    for kind in LIGHTER:
        yield _alike(found["kinds"], kind)


def _differing(found: Findings, subject: str, name: str, truth: float | None, *, as_ratio: bool = False) -> Claim:
    """Whether a difference is claimed, to the side on which it was planted."""
    row = next((row for row in found.tables["differences"].mappings() if row["subject"] == subject), None)
    if row is None:
        return Claim(name, is_planted=True, is_claimed=False)
    value, low, high = (_number(row[each]) for each in ("difference", "low", "high"))
    if as_ratio and truth is not None:
        # A ratio of shares is a difference by the share of the reference, which is surer than it.
        domestic = _standardised(found, subject, "domestic")
        value, low, high = (1 + each / domestic for each in (value, low, high))
    sign = -1 if truth is None or (truth < 1 and as_ratio) or truth < 0 else 1
    is_claimed = bool(row["differs"]) and _number(row["difference"]) * sign > 0
    return Claim(
        name, is_planted=True, is_claimed=is_claimed, is_covered=truth is None or low <= truth <= high, measured=value
    )


def _alike(found: Findings, subject: str) -> Claim:
    row = next((row for row in found.tables["differences"].mappings() if row["subject"] == subject), None)
    name = f"kind {subject}"
    if row is None:
        return Claim(name, is_planted=False, is_claimed=False)
    return Claim(name, is_planted=False, is_claimed=bool(row["differs"]), measured=_number(row["difference"]))


def _standardised(found: Findings, subject: str, group: str) -> float:
    rows = found.tables["shares"].mappings()
    return next(_number(row["standardised"]) for row in rows if (row["subject"], row["group"]) == (subject, group))


def claimed_to_precede(found: Findings) -> Iterator[Claim]:
    """What a screen claims to precede support: family counselling at its lag, first of all, and each other factor."""
    rows = [dict(row) for row in found.tables["factors"].mappings()]
    for place, row in enumerate(rows):
        key = (row["whose"], row["factor"], row["months_before"])
        ratio = None if row["ratio"] is None else _number(row["ratio"])
        if key == ("own", "FC", LAG):
            in_lag = LAG_MONTHS[0] <= _number(row["median_lag"]) <= LAG_MONTHS[1]
            yield Claim("FC precedes", True, bool(row["precedes"]), place == 0 and in_lag, ratio)
        else:
            yield Claim(f"{key[0]} {key[1]} {key[2]}", False, bool(row["precedes"]), measured=ratio)


def claimed_beside(found: Findings) -> Iterator[Claim]:
    """What printed cells claim: used more before support than after it, beyond chance, noise and the number of tests."""
    rows = [row for row in found.tables["services"].mappings() if row["group"] == ""]
    counts = {str(row["service"]): (_number(row["before"]), _number(row["after"])) for row in rows}
    told = {service: both for service, both in counts.items() if min(both) >= 10}
    tests = [_apart(*both) for both in told.values()]
    adjusted = benjamini_hochberg([two_sided_p(value, variance) for value, variance in tests])
    for (service, (before, after)), p in zip(told.items(), adjusted, strict=True):
        name = "FC precedes" if service == "FC" else f"{service} beside"
        yield Claim(name, service == "FC", p < LEVEL and before > after, measured=before / after)
    if "FC" not in told:
        yield Claim("FC precedes", is_planted=True, is_claimed=False)


def _apart(before: float, after: float) -> tuple[float, float]:
    """How far two printed counts lie apart, and its variance: chance of each, and the noise of both."""
    noise = NOISE.variance
    variance = sum(1 / each + noise / each**2 for each in (before, after))
    return log(before / after), variance


def _number(value: object) -> float:
    return float(str(value))
