"""Compiles the loops over counted combinations when they are first run, and keeps what it compiled beside the code.

Handbook 2.6, phase 5.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])

compiled = cast(Callable[[Loop], Loop], njit(cache=True, nogil=True))
