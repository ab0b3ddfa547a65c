"""Workers in processes of their own are killed, held and woken, and what comes out is the same, once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.jalostamo.leases.small_work import KIND, made_ready, releases_of
from tests.jalostamo.leases.stores import DIGEST
from tests.jalostamo.storage.injecting import FAULTS, KILLED, ROOT, each_fault, in_memory

from jalostamo.engine.lease_store import LeaseStore
from jalostamo.leases.jobs import Job, JobState, ParkReason
from jalostamo.leases.leasing import Leases
from jalostamo.leases.times import machine_clock

CHILD = Path(__file__).with_name("worker_child.py")
STEPS = ("retrieve", "link", "admit")
BETWEEN = [f"{step}:{when}" for step in STEPS[:2] for when in ("before", "middle", "after")]
MOMENTS = [*BETWEEN, *(f"admit:{when}" for when in ("before", "middle", "held", "out", "after"))]


@dataclass
class Place:
    """A folder with jobs, and the workers that are let loose on it."""

    folder: Path

    def words(self, worker: str, **told: object) -> list[str]:
        """The words that start a worker."""
        settings = json.dumps({"folder": str(self.folder), "worker": worker, **told})
        return [sys.executable, "-I", "-S", "-B", str(CHILD), str(ROOT / "src"), str(ROOT), settings]

    def start(self, worker: str, **told: object) -> subprocess.Popen[str]:
        """Let a worker loose."""
        return subprocess.Popen(self.words(worker, **told), stdout=subprocess.PIPE, text=True)

    def run(self, worker: str, **told: object) -> int:
        """Let a worker work until it ends, and tell how it did."""
        return subprocess.run(self.words(worker, **told), check=False, stdout=subprocess.DEVNULL).returncode

    @contextmanager
    def leases(self) -> Iterator[Leases]:
        """The leases of this place, to look at."""
        with LeaseStore(self.folder / "leases.sqlite") as store:
            yield Leases(store, machine_clock())

    def add(self, *names: str, steps: tuple[str, ...] = STEPS) -> None:
        """Add jobs."""
        with self.leases() as leases:
            for name in names:
                leases.add(Job(name, KIND, DIGEST, steps))

    def jobs(self) -> tuple[Job, ...]:
        """All jobs."""
        with self.leases() as leases:
            return leases.jobs()

    def put_forward(self, seconds: float = 60.0) -> None:
        """Let every lease run out that nobody renews from now on."""
        ahead = self.folder / "ahead"
        passed = float(ahead.read_text()) if ahead.exists() else 0.0
        (self.folder / "new").write_text(str(passed + seconds))
        (self.folder / "new").replace(ahead)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(made_ready(tmp_path / "place"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What comes out where nobody disturbs the work."""
    place = Place(made_ready(tmp_path_factory.mktemp("undisturbed") / "place"))
    place.add("job")
    assert place.run("one") == 0
    return releases_of(place.folder)


def held(process: subprocess.Popen[str]) -> None:
    """Wait until a process is held."""
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def woken(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wake a process that is held, and tell how it ended and what it said."""
    process.send_signal(signal.SIGCONT)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_any_moment_and_a_restart_give_the_same_release(
    moment: str, place: Place, undisturbed: dict[str, list[str]]
) -> None:
    place.add("job")
    assert place.run("one", moment=moment, signal="SIGKILL") == -signal.SIGKILL
    place.put_forward()
    assert place.run("two") == 0
    assert releases_of(place.folder) == undisturbed
    assert [job.state for job in place.jobs()] == [JobState.DONE]


def test_what_was_recorded_is_not_done_again(place: Place) -> None:
    place.add("job")
    place.run("one", moment="link:before", signal="SIGKILL")
    place.put_forward()
    # Were it done again, its salt would be in it.
    place.run("two", salt="other")
    (release,) = (place.folder / "releases/job").iterdir()
    assert b"other" not in (release / "retrieve").read_bytes()


@pytest.mark.parametrize("moment", ["retrieve:before", "link:after", "admit:middle"])
def test_a_worker_that_wakes_after_another_has_finished_is_refused(moment: str, place: Place) -> None:
    place.add("job")
    with place.start("one", moment=moment, signal="SIGSTOP", salt="one") as paused:
        held(paused)
        place.put_forward()
        assert place.run("two", salt="two") == 0
        before = releases_of(place.folder)
        assert woken(paused) == (3, "lease_lost\n")
    assert releases_of(place.folder) == before
    assert [len(found) for found in before.values()] == [1]
    assert not [path for path in (place.folder / "releases").rglob(".*") if path.is_dir()]


def test_a_worker_that_wakes_after_its_lease_ran_out_is_refused_even_where_nobody_took_over(place: Place) -> None:
    place.add("job")
    with place.start("one", moment="admit:middle", signal="SIGSTOP") as paused:
        held(paused)
        place.put_forward()
        assert woken(paused) == (3, "lease_lost\n")
    assert releases_of(place.folder) == {}


def test_without_the_guard_the_worker_that_wakes_releases_a_second_time(place: Place) -> None:
    place.add("job")
    with place.start("one", moment="admit:middle", signal="SIGSTOP", salt="one", guarded=False) as paused:
        held(paused)
        place.put_forward()
        # What the first worker gave is lost, so that the second makes it anew, differently.
        for path in (place.folder / "vault").iterdir():
            path.unlink()
        assert place.run("two", salt="two") == 0
        assert woken(paused)[0] == 3
    assert [len(found) for found in releases_of(place.folder).values()] == [2]


def test_with_the_guard_it_does_not_though_what_it_gave_was_lost(place: Place) -> None:
    place.add("job")
    with place.start("one", moment="admit:middle", signal="SIGSTOP", salt="one") as paused:
        held(paused)
        place.put_forward()
        for path in (place.folder / "vault").iterdir():
            path.unlink()
        assert place.run("two", salt="two") == 0
        assert woken(paused) == (3, "lease_lost\n")
    assert [len(found) for found in releases_of(place.folder).values()] == [1]


def test_a_job_that_was_let_out_and_whose_steps_were_lost_is_not_let_out_differently(place: Place) -> None:
    place.add("job")
    place.run("one", moment="admit:after", signal="SIGKILL", salt="one")
    for path in (place.folder / "vault").iterdir():
        path.unlink()
    place.put_forward()
    assert place.run("two", salt="two") == 0
    assert [len(found) for found in releases_of(place.folder).values()] == [1]
    assert [(job.state, job.reason) for job in place.jobs()] == [(JobState.PARKED, ParkReason.EFFECT_DIFFERS)]


def test_whoever_is_held_while_it_takes_effect_holds_the_others_off_until_it_is_killed(place: Place) -> None:
    place.add("job")
    with place.start("one", moment="admit:held", signal="SIGSTOP") as paused:
        held(paused)
        place.put_forward()
        assert place.run("two", wait=0.2) == 2
        assert releases_of(place.folder) == {}
        paused.kill()
    assert place.run("two") == 0
    assert [len(found) for found in releases_of(place.folder).values()] == [1]


def test_a_poisonous_job_is_parked_after_three_workers_and_the_next_one_is_done(place: Place) -> None:
    place.add("poison", "sound")
    for _ in range(3):
        assert place.run("one", moment="link:middle", signal="SIGKILL") == -signal.SIGKILL
        place.put_forward()
    assert place.run("two") == 0
    assert [(job.state, job.reason) for job in place.jobs()] == [
        (JobState.PARKED, ParkReason.WORKER_LOST),
        (JobState.DONE, None),
    ]


def test_a_cancelled_job_is_refused_to_the_worker_that_has_it(place: Place) -> None:
    place.add("job")
    with place.start("one", moment="admit:middle", signal="SIGSTOP") as paused:
        held(paused)
        with place.leases() as leases:
            leases.cancel("job")
        assert woken(paused) == (3, "lease_lost\n")
    assert releases_of(place.folder) == {}


def test_eight_workers_do_two_hundred_jobs_once_each() -> None:
    # It is about who comes first, and not about the disk.
    with in_memory() as folder:
        place = Place(made_ready(folder / "place"))
        names = [f"job-{number}" for number in range(200)]
        place.add(*names, steps=("admit",))
        workers = [place.start(f"worker-{number}") for number in range(8)]
        said = [worker.communicate(timeout=300)[0] for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * 8
        done = Counter(line.split()[0] for text in said for line in text.splitlines())
        assert done == Counter(names)
        assert Counter(line.split()[0] for line in (place.folder / "allowed").read_text().splitlines()) == done
        assert {name: len(found) for name, found in releases_of(place.folder).items()} == done
        assert len([text for text in said if text]) > 1


def injected(strace: Path, undisturbed: object, faults: Sequence[str], every: int) -> Counter[int]:
    """Let a worker meet each fault of the system, at every so many-th call, and look at what the next one makes of it."""
    ends: Counter[int] = Counter()

    def prepare(folder: Path) -> Sequence[str]:
        place = Place(made_ready(folder))
        place.add("job")
        return place.words("one")

    with in_memory() as runs:
        for folder, point, fault, ended in each_fault(strace, runs, prepare, faults, every=every):
            ends[ended] += 1
            assert ended in {0, 1, 2, 3, *KILLED}, (point, fault)
            assert releases_of(folder) in ({}, undisturbed), (point, fault)
            finished(Place(folder), undisturbed)
            shutil.rmtree(folder)
    return ends


def finished(place: Place, undisturbed: object) -> None:
    """Let another worker take up what was left; what comes out is what comes out undisturbed."""
    place.put_forward()
    assert place.run("two") == 0
    assert releases_of(place.folder) == undisturbed
    assert [job.state for job in place.jobs()] == [JobState.DONE]


@pytest.mark.needs("strace")
def test_no_kill_at_a_call_of_the_system_loses_or_doubles_anything(
    tool: Callable[[str], Path], undisturbed: dict[str, list[str]]
) -> None:
    ends = injected(tool("strace"), undisturbed, ("signal=KILL",), 12)
    assert sum(ends[code] for code in KILLED) > 5


@pytest.mark.deep
@pytest.mark.needs("strace")
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_the_system_loses_or_doubles_anything(
    fault: str, tool: Callable[[str], Path], undisturbed: dict[str, list[str]]
) -> None:
    ends = injected(tool("strace"), undisturbed, (fault,), 1)
    assert ends.total() > 100
    # After most errors the same worker tries again, and is done; where the leases themselves fail, it ends.
    assert ends[2] + sum(ends[code] for code in KILLED) > 20


@pytest.mark.deep
def test_a_killed_worker_is_replaced_within_45_seconds_by_the_clock_of_the_machine(place: Place) -> None:
    place.add("job")
    assert place.run("one", moment="link:middle", signal="SIGKILL") == -signal.SIGKILL
    begun = time.monotonic()
    with place.leases() as leases:
        while leases.claim("two", [KIND]) is None:
            time.sleep(leases.terms.look)
    assert 15 < time.monotonic() - begun <= 45
