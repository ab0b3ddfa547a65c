"""What the documentation tells people to type works, and prints what the documentation says that it prints.

A page's bash blocks run in order, in a folder that looks like the project's; a text block is the output of the block
before it, `...` standing for whatever differs from run to run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import NO_SHARED_DATA, SHARED_DATA
from tests.docs.reading import HOW_TO, PAGES, ROOT, Block, blocks_of, name_of, steps_of
from tests.jalostamo.doors.homes import DEMONSTRATED

RUN = [ROOT / "README.md", *HOW_TO]
LONG = {
    "anonymise-a-table",
    "attack-a-release",
    "judge-the-quality-of-a-source",
    "print-cells",
    "read-figures",
    "refine-your-own-request",
    "see-the-pilot",
    "see-why-it-changed",
    "watch-the-closed-room",
}
"""Pages whose blocks take a quarter of a minute, and whose commands have tests of their own: they run in the deep tests."""
SHARED = "../shared/data"
OURS = ("JALOSTAMO_", "MAKE", "MFLAGS")
COMMAND = f"""#!/bin/bash
arguments=("$@")
if [ "$1 $2" = "demo start" ] && [[ " $* " != *" --people "* ]]; then arguments+=(--people {DEMONSTRATED}); fi
exec "{sys.executable}" -P -m jalostamo.doors.jalostamo "${{arguments[@]}}"
"""
# make's verbs are run without their set-up, which is that of the tree being tested; those that would run these tests again
# are only looked at.
MAKE = """
make() {
  case "$1" in
    demo | stop) command make --no-print-directory -o setup-run "$@" ;;
    *) command make --no-print-directory --dry-run "$@" > /dev/null ;;
  esac
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """Make a folder that looks like the project's, with the commands of the tree being tested; stop what it started."""
    folder = tmp_path / "project"
    commands = folder / ".venv/bin"
    commands.mkdir(parents=True)
    (commands / "jalostamo").write_text(COMMAND)
    (commands / "jalostamo").chmod(0o755)
    # A link would be the interpreter without the packages of its environment.
    (commands / "python").write_text(f'#!/bin/bash\nexec "{sys.executable}" "$@"\n')
    (commands / "python").chmod(0o755)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copytree(ROOT / "examples", folder / "examples")
    if SHARED_DATA.is_dir():
        (tmp_path / "shared").symlink_to(SHARED_DATA.parent)
    yield folder
    subprocess.run(
        [commands / "jalostamo", "demo", "stop", "--home", folder / ".demo"], check=True, capture_output=True
    )


def script_of(block: Block) -> str:
    """The block as bash runs it: with make's verbs as above, and ending where a command fails."""
    return f"set -euo pipefail\n{MAKE}\n{block.text}"


def matches(shown: str, printed: str) -> bool:
    """Whether a text block says what was printed."""
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("..."))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [pytest.param(page, id=name_of(page), marks=pytest.mark.deep if page.stem in LONG else ()) for page in RUN]
)
def test_every_block_runs_and_prints_what_the_page_shows(page: Path, project: Path) -> None:
    for block, after in steps_of(page):
        if not _can_run(block):
            continue
        run = subprocess.run(
            ["/bin/bash", "-c", script_of(block)],
            cwd=project,
            env={name: value for name, value in os.environ.items() if not name.startswith(OURS)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"{block.text}\n{run.stdout}\n{run.stderr}"
        assert after is None or matches(after, run.stdout), f"shown:\n{after}\nprinted:\n{run.stdout}"
    if not all(_can_run(block) for block, _ in steps_of(page)):
        pytest.skip(NO_SHARED_DATA)


def _can_run(block: Block) -> bool:
    return SHARED not in block.text or SHARED_DATA.is_dir()


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_every_block_is_one_that_is_tried(page: Path) -> None:
    languages = [block.language for block in blocks_of(page)]
    assert set(languages) <= {"bash", "text"}
    assert "bash" in languages
    assert languages[0] != "text"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_toml_block_is_toml(page: Path) -> None:
    for block in blocks_of(page):
        if block.language == "toml":
            tomllib.loads(block.text)


def test_an_output_that_differs_is_noticed() -> None:
    assert matches("Read ... of 9 records.\n", "Read 8 of 9 records.\n")
    assert not matches("Read ... of 9 records.\n", "Read 8 of 7 records.\n")
    assert not matches("Read 8.\n", "Read 8.\nAnd more.\n")
