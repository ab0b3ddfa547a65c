"""What a register's table is kept for beside its content, and how its records reach their customer.

Handbook 2.2 (combining by personal number) and 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Holding(StrEnum):
    """A holding is what a table is kept for beside its content: codes that were changed, or persons who are left out.

    A code history has the fields former_code, current_code and changed_on. An exclusion has identity_code, kind
    ("objection" or "safety_ban"), register (a register's name, empty for all), since and until.
    """

    CODE_HISTORY = "code_history"
    EXCLUSIONS = "exclusions"


HOLDS: Mapping[Holding, tuple[str, ...]] = {
    Holding.CODE_HISTORY: ("former_code", "current_code", "changed_on"),
    Holding.EXCLUSIONS: ("identity_code", "kind", "register", "since", "until"),
}
"""The names of the fields that a table of each holding has, at least."""


@dataclass(frozen=True, slots=True)
class Through:
    """A through says that records name their customer by way of another table of the register: a loan by a card.

    Both tables have the field `field`; that other one has an identity code besides.
    """

    table: str
    field: str
