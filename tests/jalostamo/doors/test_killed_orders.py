"""The real corridor, killed and cancelled wherever it is: one release comes, of the same content, or nothing at all."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import (
    Told,
    door,
    folders_of_rows,
    home_in,
    jalostamo,
    kept_of,
    ordered,
    releases_of,
    request_in,
    until,
    without_definition,
)

from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.home import Home
from jalostamo.doors.status_sheets import Standing, standings
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.nonsensitive.releases import folder_of, open_release
from jalostamo.managing.orders import named_in_manifest, read_order

STEPS = ("retrieve", "link", "prepare", "validate", "admit")
UNDER_THE_KEY = ("prepared", "validated", "tables", "sealed")
"""What of a release's manifest says its digest by way of pseudonyms, whose key is another at each try."""
ROUNDS = 33


@dataclass(frozen=True)
class Ordered:
    """A home with one order, which a process of its own carries out."""

    home: Home
    order: Path

    @property
    def words(self) -> list[str]:
        return door("closed_room", "run", str(self.order), "--home", str(self.home.folder))

    def start(self) -> subprocess.Popen[bytes]:
        """Begin to carry the order out."""
        return subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def ask(self, *words: str) -> Told:
        """A command of the closed room about this order."""
        return jalostamo("closed-room", words[0], self.order, "--home", self.home.folder, *words[1:])

    def is_at(self, step: str) -> bool:
        """Whether the status says that the run is at a step."""
        return any((found.state, found.name) == ("running", step) for found in standings(self.home.status))

    @property
    def standing(self) -> Standing:
        (standing,) = standings(self.home.status)
        return standing


def made_ready(folder: Path, sources: Path) -> Ordered:
    home = home_in(folder, sources)
    return Ordered(home, ordered(request_in(folder, without_definition), home))


def under_the_key(home: Home) -> Mapping[str, object]:
    """What the one release holds, as far as it does not depend on the key of its pseudonyms."""
    (folder,) = releases_of(home)
    manifest: Manifest = open_release(folder).manifest
    fields = {name: table["fields"] for name, table in open_release(folder).tables.items()}
    content = {name: value for name, value in manifest.content.items() if name not in (*UNDER_THE_KEY, "order")}
    # What its steps told is kept once, whenever a run was killed, and nothing of what never left.
    return {**content, "fields": fields, "steps": [*kept_of(home, folder)], "kept": len(documents_of(home))}


def documents_of(home: Home) -> list[str]:
    """What of documents lies in the vault, whatever run it is of."""
    with opened_vault(home) as vault:
        return [label.object for label in vault.labels]


@pytest.fixture(scope="module")
def undisturbed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """What comes where nobody disturbs the run."""
    run = made_ready(tmp_path_factory.mktemp("undisturbed"), sources)
    assert run.ask("run").code == 0
    return under_the_key(run.home)


@pytest.mark.deep
def test_a_kill_within_the_corridor_and_a_worker_after_it_give_the_same_release(
    sources: Path, undisturbed: Mapping[str, object], tmp_path: Path
) -> None:
    run = made_ready(tmp_path, sources)
    with run.start() as killed:
        until(lambda: run.is_at("prepare"))
        killed.kill()
    assert folders_of_rows(run.home)
    told = jalostamo("closed-room", "work", "--home", run.home.folder, "--once")
    assert told.account["orders"] == {"done": 1}, told.err
    assert under_the_key(run.home) == undisturbed
    assert folders_of_rows(run.home) == []


@pytest.mark.deep
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_each_step_and_another_run_give_the_same_release(
    step: str, sources: Path, undisturbed: Mapping[str, object], tmp_path: Path
) -> None:
    run = made_ready(tmp_path, sources)
    with run.start() as killed:
        until(lambda: run.is_at(step))
        killed.kill()
    left = bool(releases_of(run.home))
    assert run.ask("run").code == (3 if left else 0)
    assert under_the_key(run.home) == undisturbed
    assert folders_of_rows(run.home) == []


@pytest.mark.deep
def test_kills_at_any_moment_lose_nothing_and_double_nothing(
    sources: Path, undisturbed: Mapping[str, object], tmp_path: Path
) -> None:
    prototype = made_ready(tmp_path / "first", sources)
    draw, kills = random.Random(18), 0
    for _ in range(ROUNDS):
        shutil.copytree(prototype.home.folder, tmp_path / "home")
        home = Home(tmp_path / "home")
        run = Ordered(home, home.orders / prototype.order.name)
        for _ in range(3):
            with run.start() as killed:
                time.sleep(draw.uniform(0.3, 6.0))
                kills += killed.poll() is None
                killed.kill()
        if not releases_of(home) and run.ask("run").account.get("reason") == "order_parked":
            assert run.ask("resume").code == 0
        told = run.ask("run")
        assert (told.code, told.account.get("reason")) in ((0, None), (3, "order_done")), told.err
        assert under_the_key(home) == undisturbed
        assert (run.standing.state, folders_of_rows(home)) == ("done", [])
        shutil.rmtree(home.folder)
    assert kills > ROUNDS


@pytest.mark.deep
def test_of_two_permits_side_by_side_each_has_its_own_release_also_where_one_run_is_killed(
    sources: Path, tmp_path: Path
) -> None:
    home = home_in(tmp_path, sources)
    own = 'id = "child-protection-pilot"'
    others = request_in(tmp_path / "other", lambda text: without_definition(text).replace(own, 'id = "another-pilot"'))
    places = [ordered(request_in(tmp_path, without_definition), home), ordered(others, home)]
    runs = {place.name: Ordered(home, place).start() for place in places}

    def running() -> list[str]:
        standing = {found.order: found.state for found in standings(home.status)}
        return [order for order, state in standing.items() if state == "running" and len(standing) == 2]

    # One is carried out and the other waits for it: the one that is at work is killed.
    killed = runs.pop(until(running)[0])
    killed.kill()
    told = jalostamo("closed-room", "work", "--home", home.folder, "--once")
    (other,) = runs.values()
    _, said = other.communicate(timeout=120)
    killed.communicate()
    # The other goes on with its own, and a worker takes up what was killed.
    assert (told.account["orders"], other.returncode) == ({"done": 1}, 0), told.err + said.decode()
    left = {folder.parent.name: folder for folder in releases_of(home)}
    assert len(releases_of(home)) == len(left) == 2
    for place in places:
        order = read_order(place).order
        folder = left[folder_of(order.permit)]
        assert open_release(folder).manifest.content["order"] == named_in_manifest(order)["order"]
        assert len(kept_of(home, folder)) == len(STEPS)
    assert ([found.state for found in standings(home.status)], folders_of_rows(home)) == (["done"] * 2, [])


@pytest.mark.deep
@pytest.mark.parametrize("step", STEPS[:3])
def test_a_run_that_is_cancelled_at_a_step_leaves_nothing_within_seconds(
    step: str, sources: Path, tmp_path: Path
) -> None:
    run = made_ready(tmp_path, sources)
    with run.start() as running:
        until(lambda: run.is_at(step))
        told = run.ask("cancel")
        assert told.account["destroyed"] is True, told.err
        _, said = running.communicate(timeout=30)
    assert running.returncode == 3
    assert b"was cancelled while it was carried out" in said
    assert (releases_of(run.home), folders_of_rows(run.home), run.standing.state) == ([], [], "cancelled")
    assert run.ask("run").account["reason"] == "order_cancelled"


@pytest.mark.deep
def test_a_closed_room_that_is_held_past_its_lease_is_refused_when_it_wakes(sources: Path, tmp_path: Path) -> None:
    run = made_ready(tmp_path, sources)
    with run.start() as held:
        until(lambda: run.is_at("prepare"))
        held.send_signal(signal.SIGSTOP)
        # The lease of the one that is held runs out by time.
        assert run.ask("run").code == 0
        held.send_signal(signal.SIGCONT)
        _, said = held.communicate(timeout=60)
    assert (held.returncode, b"Another worker has taken this order up" in said) == (3, True)
    assert (len(releases_of(run.home)), folders_of_rows(run.home)) == (1, [])


@pytest.mark.deep
def test_a_dry_run_opens_no_record_and_counts_for_nothing(sources: Path, tmp_path: Path) -> None:
    run = made_ready(tmp_path, sources)
    told = run.ask("run", "--dry-run")
    assert told.code == 0, told.err
    assert set(told.account["sources"]) == {"population.persons", "social_services.decisions"}  # type: ignore[call-overload]
    assert 1_000 <= int(str(told.account["records"])) <= 10_000
    assert (list(run.home.status.glob("*")), folders_of_rows(run.home)) == ([], [])
    persons = run.home.sources / "population" / "persons.csv"
    persons.write_bytes(persons.read_bytes().replace(b"AIDINKIELI", b"KIELI", 1))
    assert run.ask("run", "--dry-run").account["reason"] == "column_missing"
    os.truncate(persons, 0)
    assert run.ask("run", "--dry-run").account["reason"] == "file_empty"
    assert list(run.home.status.glob("*")) == []
