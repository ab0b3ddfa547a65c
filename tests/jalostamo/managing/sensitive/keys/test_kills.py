"""A process that looks after keys may be killed at any moment: every key is there or destroyed, whole, and never half."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.keys.killed import FEWEST

SCRIPT = Path(__file__).with_name("killed.py")


def killed(folder: Path, action: str, variant: str) -> tuple[int, dict[str, list[str]]]:
    told = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), action, variant], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    return found["places"], found["wrong"]


@pytest.mark.parametrize("action", FEWEST)
def test_no_kill_loses_a_key_or_leaves_one_half_destroyed(action: str, tmp_path: Path) -> None:
    places, wrong = killed(tmp_path, action, "sound")
    assert wrong == {}
    assert places > FEWEST[action]


def test_a_lock_that_is_changed_too_early_would_be_found(tmp_path: Path) -> None:
    _, wrong = killed(tmp_path, "destroy", "broken")
    assert {reason for reasons in wrong.values() for reason in reasons} >= {"keys_lock_missing"}
