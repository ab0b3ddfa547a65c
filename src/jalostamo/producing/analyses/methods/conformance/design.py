"""The design of a path: where it may start, which step may follow which, where it may end, how often and how soon.

Handbook 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from jalostamo.managing.sections import Section

PARAMETERS: Final = "path optional starts steps ends at_most within open"
SKIPPED: Final = "skipped"
INSERTED: Final = "inserted"
WRONG_ORDER: Final = "wrong_order"
TOO_OFTEN: Final = "too_often"
LATE: Final = "late"
UNFINISHED: Final = "unfinished"
START: Final = ""
"""Where a path is before its first service."""
_MOST: Final = 200

type Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Design:
    """A design of paths. `at_most` and `within` are by service: times in a case, and units of results after the one before.

    A case that was last met less than `open` units before nobody looked on may still go on.
    """

    starts: frozenset[str]
    ends: frozenset[str]
    steps: frozenset[Step]
    at_most: Mapping[str, int]
    within: Mapping[str, int]
    open: int

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the design, by name."""
        return tuple(sorted({*self.starts, *self.ends, *(service for step in self.steps for service in step)}))

    def moves(self) -> Iterator[tuple[str, str, str | None]]:
        """From where (`START` or a service) to which service, and how that leaves the design, None where it keeps it."""
        led = {service: self._led_to(service) for service in (START, *self.services)}
        for one, other in product((START, *self.services), self.services):
            yield one, other, self._kind(one, other, led[one])

    def _kind(self, one: str, other: str, led: frozenset[str]) -> str | None:
        if other in self._after(one):
            return None
        if one == other:
            return TOO_OFTEN
        return SKIPPED if other in led else WRONG_ORDER

    def _after(self, service: str) -> frozenset[str]:
        return frozenset(b for a, b in self.steps if a == service) if service != START else self.starts

    def _led_to(self, service: str) -> frozenset[str]:
        """All services that the design leads to from one, sooner or later."""
        found: frozenset[str] = frozenset()
        new = self._after(service)
        while new - found:
            found |= new
            new = frozenset(after for each in new for after in self._after(each))
        return found


def read_design(section: Section) -> Design:
    """Read a design: a `path` in its order, or starts, steps and ends, or both; what cannot be is named."""
    path = section.words("path") if "path" in section.content else ()
    optional = section.words("optional") if "optional" in section.content else ()
    if not set(optional) <= set(path) or len(set(path)) < len(path):
        raise _unfit(section, "'path' names each service once, and 'optional' services of the path")
    starts = {*_reached(path, optional), *_words(section, "starts")}
    ends = {*_reached(path[::-1], optional), *_words(section, "ends")}
    steps = {*_steps_of(path, optional), *_pairs(section)}
    if not starts or not ends:
        raise _unfit(section, "a design has a 'path', or 'starts' and 'ends' with the 'steps' between them")
    at_most, within = (_numbers(section, key) for key in ("at_most", "within"))
    design = Design(frozenset(starts), frozenset(ends), frozenset(steps), at_most, within, _open(section))
    unknown = {*at_most, *within} - set(design.services)
    if unknown or START in design.services or len(design.services) > _MOST:
        raise _unfit(
            section, f"'at_most' and 'within' are told of services of the design, which has {_MOST} at most, all named"
        )
    return design


def _reached(path: tuple[str, ...], optional: tuple[str, ...]) -> tuple[str, ...]:
    """The services that may come first on a path: up to the first that may not be skipped."""
    needed = next((place for place, service in enumerate(path) if service not in optional), len(path))
    return path[: needed + 1]


def _steps_of(path: tuple[str, ...], optional: tuple[str, ...]) -> set[Step]:
    return {(one, other) for place, one in enumerate(path) for other in _reached(path[place + 1 :], optional)}


def _words(section: Section, key: str) -> tuple[str, ...]:
    return section.words(key) if key in section.content else ()


def _pairs(section: Section) -> set[Step]:
    found = section.content.get("steps", [])
    if not isinstance(found, list) or not all(_is_pair(step) for step in found):
        raise _unfit(section, '\'steps\' is a list of pairs such as ["assessment", "family work"]')
    return {(one, other) for one, other in cast("list[list[str]]", found)}


def _is_pair(step: object) -> bool:
    return isinstance(step, list) and len(step) == len(("one", "other")) and all(isinstance(s, str) for s in step)


def _numbers(section: Section, key: str) -> Mapping[str, int]:
    found = section.content.get(key, {})
    if not isinstance(found, Mapping) or not all(type(number) is int and number > 0 for number in found.values()):
        raise _unfit(section, f"'{key}' maps services to whole numbers above 0")
    return cast("Mapping[str, int]", found)


def _open(section: Section) -> int:
    found = section.one("open", int) if "open" in section.content else 0
    if found < 0:
        raise _unfit(section, "'open' is at least 0")
    return found


def _unfit(section: Section, told: str) -> Unfit:
    return Unfit(f"{section.place}: {told}.", reason="definition_incomplete")
