"""Hierarchies of codes that are read from the left, such as postcodes: fewer and fewer characters are kept.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.hierarchies.shape import Hierarchy, hierarchy_of


def by_prefix(name: str, values: Sequence[str], keep: Sequence[int] = (), *, mask: str = "x") -> Hierarchy:
    """Codes by what they begin with: 02100, 0210x, 021xx with 4 and 3 characters kept; without `keep`, one fewer each level.

    All names are as long as the longest code, so that a shorter code stays apart from those that it begins.
    """
    longest = max(map(len, values), default=0)
    kept = list(keep) or list(range(longest - 1, 0, -1))
    if any(number < 1 or fewer >= number for number, fewer in pairwise([*kept, 0])):
        raise Misused("Of a code, fewer characters are kept at each level, and one at least.", reason="hierarchy_keep")
    if len(mask) != 1:
        raise Misused("What stands for a character that is not kept is one character.", reason="hierarchy_mask")
    masked = sum(mask in value for value in values)
    if masked:
        raise Unfit(
            f"{name}: {masked} values hold the character '{mask}', which is to stand for those not kept: choose another.",
            reason="hierarchy_masked",
        )
    return hierarchy_of(name, values, ([value[:number].ljust(longest, mask) for value in values] for number in kept))
