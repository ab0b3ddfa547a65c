"""Ranges: from what to what a number can be, as the owner of its source declares it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from jalostamo.concepts.errors import Unfit


def check_range(field: str, least: float | None, most: float | None, *, is_number: bool) -> None:
    """Refuse a range that has one end alone, or is turned round, or is of a field that is no number."""
    if least is None and most is None:
        return
    if not is_number or least is None or most is None or not least <= most:
        raise Unfit(
            f"Field '{field}': numbers have a least and a most, the least first, and nothing else has them.",
            reason="field_range",
        )
