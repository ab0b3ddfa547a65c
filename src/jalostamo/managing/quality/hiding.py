"""Counts as they may be shown: to the nearest five, those under five as "<5", and no difference gives one of them back.

Handbook 2.6 (data protection by design).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.managing.manifests import ROUNDED_TO, rounded

FEWEST_SHOWN: Final = 5
SMALL: Final = f"<{FEWEST_SHOWN}"
HIDDEN: Final = "…"
_EITHER_WAY: Final = ROUNDED_TO // 2


@dataclass(frozen=True, slots=True)
class Shown:
    """Shown is a whole and its parts as a reader may see them: a number to the nearest five, "<5", or hidden ("…")."""

    whole: str
    parts: tuple[str, ...]


def shown_count(count: float) -> str:
    """One count that is part of nothing else that is shown.

    >>> [shown_count(n) for n in (0, 3, 17)]
    ['0', '<5', '15']
    """
    n = round(count)
    return SMALL if 0 < n < FEWEST_SHOWN else str(rounded(n))


def shown(parts: Sequence[float], whole: float) -> Shown:
    """Parts of a whole so that each small one may be any number from one to four for all that the rest tells.

    Where the whole and the other parts tell more, the next smallest part is hidden, and in the end the whole.
    """
    exact = [round(part) for part in parts]
    hidden: set[int] = set()
    candidates = sorted((n, place) for place, n in enumerate(exact) if n >= FEWEST_SHOWN)
    while _tells(exact, round(whole), hidden):
        if not candidates:
            return Shown(HIDDEN, tuple(HIDDEN if n else "0" for n in exact))
        hidden.add(candidates.pop(0)[1])
    written = [HIDDEN if place in hidden else shown_count(n) for place, n in enumerate(exact)]
    return Shown(shown_count(whole), tuple(written))


def shown_share(part: float, whole: float) -> str | None:
    """A share in per cent, in steps that hold several records each; none of a whole that is small itself.

    >>> shown_share(31, 100), shown_share(2, 100), shown_share(123, 4000), shown_share(3, 9)
    ('30', '<5', '3', None)
    """
    n, of = round(part), round(whole)
    if of < 10 * FEWEST_SHOWN:
        return None
    step = 5.0 if of < 500 else 1.0 if of < 10_000 else 0.1
    if n == 0 or n == of:
        return "0" if n == 0 else "100"
    share = round(100 * n / of / step) * step
    if n < FEWEST_SHOWN or share == 0:
        return f"<{step:g}"
    if of - n < FEWEST_SHOWN or share == 100:
        return f">{100 - step:g}"
    return f"{share:.1f}" if step < 1 else f"{share:.0f}"


def _tells(exact: Sequence[int], whole: int, hidden: set[int]) -> bool:
    """Whether the whole and the parts that are shown bound a small part more narrowly than from one to four."""
    small = [place for place, n in enumerate(exact) if 0 < n < FEWEST_SHOWN]
    low, high = _bounds(whole)
    for place in small:
        others = [_bounds_of(exact[other], other in hidden) for other in range(len(exact)) if other != place]
        least, most = sum(first for first, _ in others), sum(last for _, last in others)
        if high - least < FEWEST_SHOWN - 1 or low - most > 1:
            return True
    return False


def _bounds_of(n: int, is_hidden: bool) -> tuple[float, float]:
    return (FEWEST_SHOWN, float("inf")) if is_hidden else _bounds(n)


def _bounds(n: int) -> tuple[float, float]:
    """What a reader knows of a count that is shown."""
    if n < FEWEST_SHOWN:
        return (1, FEWEST_SHOWN - 1) if n else (0, 0)
    return max(rounded(n) - _EITHER_WAY, FEWEST_SHOWN), rounded(n) + _EITHER_WAY
