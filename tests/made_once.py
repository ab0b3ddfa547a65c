"""What takes long to make and is only read: made once for all processes of a run, not once in each of them."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def folder_of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run of tests share; of a process alone, its own."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder that whoever comes first makes, while the others wait; what a process left half made is made anew."""
    made = folder.with_name(f"{folder.name}.made")
    with folder.with_name(f"{folder.name}.making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            made.touch()
    return folder
