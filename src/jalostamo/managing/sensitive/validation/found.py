"""What a model asks for and what a table has, whichever reading found it.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelFound:
    """What a model asks for, what the table has, and whether that is enough."""

    asked: float
    found: float
    holds: bool
