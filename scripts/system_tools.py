"""What no package registry gives and Debian must: the one table of it, read by the set-up and by the tests."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tool:
    """A program of the system: how it is called, which Debian package has it, and what it is for."""

    name: str
    commands: tuple[str, ...]
    packages: tuple[str, ...]  # the first that this Debian knows is installed
    purpose: str
    oldest: int = 0  # major version; 0 where any will do
    is_optional: bool = False  # used where it is found, and installed by nobody but you


TOOLS = (
    Tool(
        name="chromium",
        commands=("chromium", "chromium-browser", "google-chrome"),
        packages=("chromium",),
        purpose="pages are opened in a real browser",
    ),
    Tool(
        name="java",
        commands=("java",),
        packages=("openjdk-17-jre-headless", "openjdk-21-jre-headless"),
        purpose="Spark runs on it",
        oldest=17,
    ),
    Tool(
        name="postgresql",
        commands=("initdb", *(f"/usr/lib/postgresql/{number}/bin/initdb" for number in range(20, 12, -1))),
        packages=("postgresql",),
        purpose="live databases are read from a real server",
    ),
    Tool(
        name="strace",
        commands=("strace",),
        packages=("strace",),
        purpose="which files a process opens is written down, and where it is killed chosen",
    ),
    Tool(
        name="r",
        commands=("Rscript",),
        packages=("r-cran-cmprsk",),
        purpose="figures on time to event are compared with those of other hands",
        is_optional=True,
    ),
)


def find_tool(name: str) -> Path | None:
    """Return where the tool of this name stands on this machine, or None where it is missing or too old."""
    tool = next(tool for tool in TOOLS if tool.name == name)
    found = (shutil.which(command) for command in tool.commands)
    return next((Path(path) for path in found if path and _is_new_enough(path, tool.oldest)), None)


def missing_tools() -> tuple[Tool, ...]:
    """Return the tools of the table that this machine lacks, those left out that are optional."""
    return tuple(tool for tool in TOOLS if not tool.is_optional and find_tool(tool.name) is None)


def _is_new_enough(path: str, oldest: int) -> bool:
    if not oldest:
        return True
    answer = subprocess.run([path, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', answer.stdout + answer.stderr)
    return answer.returncode == 0 and version is not None and int(version[1]) >= oldest
