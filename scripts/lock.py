"""Locks every dependency anew: exact versions and digests, and no address of any registry.

`python scripts/lock.py` keeps the versions that still fit; with `--upgrade` it takes the newest that fit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
OPTIONS = [
    *("--universal", "--generate-hashes", "--python-version", "3.12", "--quiet"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"),
]
# The set to run comes after the set to test and is held to its versions, so that what is tested is what runs.
LOCKS = {
    "build": ["requirements/build.in"],
    "node": ["requirements/node.in"],
    "test": ["pyproject.toml", "--extra", "test", "--extra", "scale", "--extra", "town"],
    "run": ["pyproject.toml", "--extra", "town", "--constraint", "requirements/test.txt"],
}


def main(upgrade: bool) -> None:
    """Write all locks, and refuse to leave an address in one."""
    for name, source in LOCKS.items():
        more = ["--upgrade"] if upgrade else []
        _run([str(UV), "pip", "compile", *source, *OPTIONS, *more, "--output-file", f"requirements/{name}.txt"])
    _run(["npm", "update" if upgrade else "install", "--package-lock-only", "--loglevel=error"])
    strip_addresses(ROOT / "package-lock.json")
    locks = [*(f"requirements/{name}.txt" for name in LOCKS), "package-lock.json"]
    if found := [name for name in locks if "://" in (ROOT / name).read_text()]:
        sys.exit(f"lock: an address stands in {', '.join(found)}")


def strip_addresses(lock: Path) -> None:
    """Take out of npm's lock where each package was fetched and where its authors ask for money."""
    content = json.loads(lock.read_text())
    for package in content["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _run(command: list[str]) -> None:
    subprocess.run(
        command, cwd=ROOT, env=os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "true"}, check=True
    )


if __name__ == "__main__":
    main(upgrade="--upgrade" in sys.argv[1:])
