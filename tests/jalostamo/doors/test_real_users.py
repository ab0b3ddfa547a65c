"""Level server under users that there are: one order from townhall's to the open room's, and nobody reads what is another's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.doors.homes import Told, door, jalostamo, releases_of, request_in, without_definition

from jalostamo.doors.home import Home

CLOSED, TOWNHALL, OPEN, STRANGER = 61011, 61012, 61013, 61014
ORDERING = """
import datetime, os, sys
from pathlib import Path
from jalostamo.doors.home import Home
from jalostamo.doors.installation import townhall_signer
from jalostamo.doors.playing import townhall
from jalostamo.doors.playing.case import Case
from jalostamo.doors.playing.papers import Papers
from jalostamo.managing.orders import Ordered, recipe_of, write_order
from jalostamo.managing.requests import read_request
from jalostamo.permits.signing import Ed25519Verifier
os.umask(0o027)
home, path = Home(Path(sys.argv[1])), Path(sys.argv[2])
request, signer = read_request(path), townhall_signer(home)
recipe, now = recipe_of(path, request), datetime.datetime.now(datetime.UTC)
case = Case(Papers(request, recipe.digest, None), signer, Ed25519Verifier({signer.key: signer.public}), now, [])
order = case.ordered()
townhall._keep(home, case)
print(write_order(home.orders, Ordered(order, tuple(case.events), recipe, path.name)), *order.users)
"""
LOOKING = """
import os, sys
for name in sys.argv[1:]:
    try:
        os.close(os.open(name, os.O_RDONLY))
        print(name)
    except PermissionError:
        continue
"""


@dataclass(frozen=True)
class Machine:
    """A machine on which processes run as other users, also where the interpreter lies in the superuser's own folder."""

    folder: Path

    def run(self, user: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run Python as a user of the machine."""
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", sys.executable, "-P"]
        environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(self.folder / "tmp"), "PYTHONPATH": str(ROOT / "src")}
        command = [*self._reached(), *as_user, *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)

    def ask(self, user: int, *words: str | Path) -> Told:
        """A command as a user."""
        done = self.run(user, *door("jalostamo", *map(str, words), "--json")[2:])
        return Told(done.returncode, done.stdout, done.stderr)

    def read_by(self, user: int, paths: set[Path]) -> set[Path]:
        """Of files and folders those that a user may read, or look into."""
        looked = self.run(user, "-c", LOOKING, *paths)
        assert looked.returncode == 0, looked.stderr
        return set(map(Path, looked.stdout.splitlines()))

    def _reached(self) -> list[str]:
        """A view of the disk, of one process alone, in which everybody comes to the interpreter."""
        base = Path(sys.base_prefix)
        shut = [above for above in base.parents if not above.stat().st_mode & 0o001]
        if not shut:
            return []
        shown = f"mount --bind {base} /mnt && mount -t tmpfs -o mode=755 none {shut[-1]} && mkdir -p {base}"
        return ["unshare", "--mount", "sh", "-c", f'{shown} && mount --bind /mnt {base} && exec "$@"', "sh"]


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A folder to which every user comes; only the superuser can be three others."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser can run processes as three other users")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "tmp").mkdir()
        (folder / "tmp").chmod(0o1777)
        found = Machine(folder)
        if found.run(STRANGER, "-c", "import jalostamo").returncode:
            pytest.skip("no other user of this machine comes to this interpreter")
        yield found


@pytest.mark.deep
@pytest.mark.requirement("S26-06")
def test_one_order_goes_from_user_to_user_and_none_reads_what_is_anothers(sources: Path, machine: Machine) -> None:
    home, request = Home(machine.folder / "home"), request_in(machine.folder, without_definition)
    shutil.copytree(sources, home.sources)
    sides = ("--closed", str(CLOSED), "--townhall", str(TOWNHALL), "--open", str(OPEN))
    assert jalostamo("init", home.folder, "--level", "server", *sides).code == 0
    # Townhall's user signs the permit's history and the order.
    written = machine.run(TOWNHALL, "-c", ORDERING, home.folder, request)
    assert written.returncode == 0, written.stderr[-2000:]
    order, person = written.stdout.split()
    # A person makes her key on the open room's side; its public half is handed over, and the closed room enrols her.
    keys, handed = home.open / "people", machine.folder / f"{person}.pub"
    made = machine.ask(OPEN, "open-room", "own-key", person, "--out", keys)
    assert made.code == 0, made.err
    shutil.copyfile(keys / handed.name, handed)
    words = ("--home", home.folder, "--person", person, "--public", handed, "--by", "staff-9")
    enrolled = machine.ask(CLOSED, "closed-room", "people", "enrol", *words)
    assert enrolled.code == 0, enrolled.err
    assert machine.ask(TOWNHALL, "closed-room", "run", order, "--home", home.folder).account["reason"] == "user_wrong"
    run = machine.ask(CLOSED, "closed-room", "run", order, "--home", home.folder)
    assert run.code == 0, run.err
    # The open room's job reads the release, and nobody else does.
    (release,) = releases_of(home)
    select = machine.folder / "ages.sql"
    select.write_text("SELECT count(*) AS n FROM persons", encoding="utf-8")
    job = machine.ask(OPEN, "open-room", "job", release, "--select", select, "--out", home.results / "ages")
    assert job.code == 0, job.err
    assert (home.results / "ages" / "result.parquet").stat().st_uid == OPEN
    assert json.loads((release / "manifest.json").read_bytes())["level"] == "server"
    theirs = {
        CLOSED: [home.closed, home.sources, Path(order) / "order.json", release / "manifest.json"],
        TOWNHALL: [home.townhall / "keys" / "townhall.key", Path(order) / "order.json"],
        OPEN: [keys / f"{person}.key", release / "persons.parquet", release / "manifest.json"],
        STRANGER: [],
    }
    everything = {path for paths in theirs.values() for path in paths}
    found = {user: machine.read_by(user, everything) for user in theirs}
    # What the closed room let out it wrote itself.
    assert found == {**{user: set(paths) for user, paths in theirs.items()}, CLOSED: found[CLOSED]}
    assert found[CLOSED] == {*theirs[CLOSED], release / "persons.parquet"}
