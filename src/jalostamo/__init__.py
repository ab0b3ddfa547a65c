"""The library of Jalostamo: the handbook's refining of customer information, without any web.

In a notebook, `import jalostamo` gives `jalostamo.analyse` and `jalostamo.methods`; they are loaded when they are first asked for.

Handbook 2 and 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jalostamo.doors.notebook import analyse, methods

__all__ = ["analyse", "methods"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'jalostamo' has no attribute '{name}'")
    from jalostamo.doors import notebook

    return getattr(notebook, name)
