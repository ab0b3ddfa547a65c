"""A PostgreSQL server for tests: made in a folder of its own, on this machine alone, and ended by its own id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from system_tools import find_tool

PASSWORD = "test-only"


@dataclass(frozen=True, slots=True)
class TestServer:
    """A running server: its port, and what runs statements on it."""

    __test__ = False

    port: int
    programs: Path
    home: Path

    def run(self, statements: str, *, database: str = "postgres") -> None:
        """Run statements as the administrator."""
        command = [self.programs / "psql", "-h", self.home, "-p", str(self.port), "-U", "postgres", "-d", database]
        options = ["-v", "ON_ERROR_STOP=1", "-q", "-X"]
        subprocess.run(_as_nobody([*map(str, command), *options]), input=statements, text=True, check=True, env=_CLEAN)


@contextmanager
def running_server() -> Iterator[TestServer]:
    """A server with the administrator postgres, who is let in by the socket, and others by their passwords."""
    initdb = find_tool("postgresql")
    assert initdb, "the test is marked as needing it"
    programs = initdb.resolve().parent
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            shutil.chown(home, "postgres")
        data = home / "data"
        options = ["-D", str(data), "-U", "postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8"]
        subprocess.run(_as_nobody([str(programs / "initdb"), *options]), check=True, capture_output=True, env=_CLEAN)
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": home, "fsync": "off"}
        told = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with (home / "log").open("w") as log:
            started = subprocess.Popen(
                _as_nobody([str(programs / "postgres"), "-D", str(data), *told]), stdout=log, stderr=log, env=_CLEAN
            )
        try:
            ready = [str(programs / "pg_isready"), "-h", str(home), "-p", str(port), "-t", "1"]
            while subprocess.run(ready, capture_output=True, check=False, env=_CLEAN).returncode:
                assert started.poll() is None, (home / "log").read_text()
            yield TestServer(port, programs, home)
        finally:
            started.send_signal(signal.SIGINT)
            started.wait(timeout=60)


def _as_nobody(command: list[str]) -> list[str]:
    """The command as a user other than the administrator, as which the server refuses to run."""
    if os.geteuid() != 0:
        return command
    user = pwd.getpwnam("postgres")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]


_CLEAN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
