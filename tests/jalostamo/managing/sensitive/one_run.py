"""A run of the corridor in a process of its own, which is killed, or fails, where it is told; canaries stand in its registers.

python one_run.py HOME sealed|plain kill:STEP|read|end|disk:BYTES|failure:NAME
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

import ibis.expr.types as ir
from tests.jalostamo.managing.sensitive.failures import FAILURES, people, spells
from tests.jalostamo.managing.sensitive.small_town import TODAY, request_in, rooms_in

from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.sensitive import corridor


@dataclass(frozen=True, slots=True)
class Unsealed:
    """The weakening that must be noticed: what a run lays down is laid down plainly."""

    engine: Engine
    key: object = field(default=None)

    def write(self, table: ir.Table, path: Path, *, order_by: tuple[str, ...] = ()) -> None:
        self.engine.write_parquet(table, path, order_by=order_by)

    def read(self, path: Path) -> ir.Table:
        return self.engine.read_parquet(path)

    def digest(self, path: Path) -> str:
        return digest_of(path)

    def changed(self, path: Path) -> bool:
        return not path.is_file()

    def check(self, path: Path) -> None:
        assert path.is_file()

    def unseal(self, path: Path, target: Path) -> None:
        target.write_bytes(path.read_bytes())

    def close(self) -> None:
        """Nothing was sealed."""


def main(home: Path, way: str, end: str) -> None:
    what, _, where = end.partition(":")
    failure = FAILURES[where] if what == "failure" else None
    rooms = rooms_in(home, people(), spells())
    request = request_in(home / "request", failure.change if failure else None)
    if failure:
        failure.spoil(home)
    if way == "plain":
        corridor.Sealing = Unsealed  # type: ignore[misc,assignment]  # the weakening
    if what == "disk":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(where), int(where)))

    def progress(step: str) -> None:
        if (what, step) == ("kill", where):
            os.kill(os.getpid(), signal.SIGKILL)

    def kill_when_read(event: str, arguments: tuple[object, ...]) -> None:
        if event == "shutil.rmtree" and str(arguments[0]).endswith("_read"):
            os.kill(os.getpid(), signal.SIGKILL)

    if what == "read":
        # What the reading process wrote is whole, and about to be removed.
        sys.addaudithook(kill_when_read)
    (home / "workspace").mkdir(exist_ok=True)
    with open_engine(workspace=home / "workspace") as engine:
        corridor.refine(engine, request, rooms, progress=progress, today=TODAY)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
