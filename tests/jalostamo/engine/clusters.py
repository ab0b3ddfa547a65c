"""A standalone Spark cluster on loopback, for the tests that need one: a master and its workers, stopped by their own process ids."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
PATIENCE = 120.0  # seconds; a shared machine may stop for some of them


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


@contextmanager
def cluster_of(workers: int, *, cores: int, folder: Path) -> Iterator[str]:
    """The address of a cluster of so many workers; what worker n computed it leaves in `folder / "work-n"`."""
    port = free_port()
    address = f"spark://{LOOPBACK}:{port}"
    listening = ["--host", LOOPBACK, "--port", str(port), "--webui-port", "0"]
    with ExitStack() as stack:
        stack.enter_context(_daemon("org.apache.spark.deploy.master.Master", *listening, log=folder / "master.log"))
        _wait_until(lambda: _listens(port), "the master did not listen")
        size = ["--host", LOOPBACK, "--webui-port", "0", "--cores", str(cores), "--memory", "1g"]
        for number in range(workers):
            place = ["--work-dir", str(folder / f"work-{number}"), address]
            log = folder / f"worker-{number}.log"
            stack.enter_context(_daemon("org.apache.spark.deploy.worker.Worker", *size, *place, log=log))
        yield address


@contextmanager
def _daemon(*arguments: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon of Spark on loopback, stopped by its own process id."""
    import pyspark

    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), *arguments]
    surroundings = os.environ | {"SPARK_LOCAL_IP": LOOPBACK, "SPARK_DAEMON_MEMORY": "256m"}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=surroundings)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until(holds: Callable[[], bool], what: str) -> None:
    """Ask again and again, until it holds or patience ends."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{what} in {PATIENCE:.0f} seconds"
        time.sleep(0.2)


def _listens(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as caller:
        return caller.connect_ex((LOOPBACK, port)) == 0
