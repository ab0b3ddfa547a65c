"""A release that has the status of unprocessed data is read by the people of its order, and by nobody once its key is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from tests.jalostamo.managing.ordered import Townhall
from tests.jalostamo.managing.sensitive.canaries import contents, found_in
from tests.jalostamo.managing.sensitive.failures import people, spells
from tests.jalostamo.managing.sensitive.pilot import PilotRun
from tests.jalostamo.managing.sensitive.small_town import TODAY, request_in, rooms_in

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.doors.people import new_private, public_of
from jalostamo.engine.connection import Engine
from jalostamo.engine.sealing import TableKey
from jalostamo.managing.nonsensitive.admission import Leave
from jalostamo.managing.nonsensitive.envelopes import ENVELOPES, Envelopes, envelopes_in
from jalostamo.managing.nonsensitive.releases import Release, open_release
from jalostamo.managing.sensitive.corridor import Rooms, refine
from jalostamo.managing.sensitive.keys import ByFile, certificate_in, opened_keys, verify_erasure
from jalostamo.managing.sensitive.release_keys import sealed_files
from jalostamo.managing.sensitive.vault import Vault, openers

ANALYST = "f-ana"
PRIVATE, OTHERS = new_private(), new_private()


@dataclass(frozen=True)
class Ordered:
    """A closed room of its own with an order that has been carried out, or is to be."""

    rooms: Rooms
    vault: Vault
    home: Path

    def carried_out(self, engine: Engine, told: Callable[[str], None] = lambda _: None, **more: object) -> Release:
        request = request_in(self.home / "request")
        return refine(engine, request, self.rooms, progress=told, today=TODAY, **more).release  # type: ignore[arg-type]  # by name


@pytest.fixture(scope="module")
def ordered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ordered]:
    home = tmp_path_factory.mktemp("ordered")
    request_in(home / "request")
    order = Townhall(home / "request" / "request.toml").order()
    known = {ANALYST: public_of(PRIVATE), "f-out": public_of(OTHERS)}
    (home / "sealed").mkdir()
    with opened_keys(home / "keys", ByFile.made(home / "unlock")) as keys:
        vault = Vault(home / "sealed", keys)
        rooms = rooms_in(home, people(), spells())
        yield Ordered(replace(rooms, order=order, people=known, sealed=lambda: nullcontext(vault)), vault, home)


@pytest.fixture(scope="module")
def release(ordered: Ordered, engine: Engine) -> Release:
    return ordered.carried_out(engine)


def envelopes_of(release: Release) -> Envelopes:
    return envelopes_in((release.folder / ENVELOPES).read_bytes())


def test_what_is_not_admitted_leaves_no_key_behind(engine: Engine, ordered: Ordered) -> None:
    known: dict[str, int] = {}

    def told(step: str) -> None:
        known[step] = len(ordered.vault.keys.headers)

    suspended = Leave(lambda: (Objection("Suspended.", "2.6"),))
    with pytest.raises(Refused, match="Suspended"):
        ordered.carried_out(engine, told, leave=suspended)
    # Of a run that is killed before everything was validated nothing can be opened: its key was never on the disk.
    assert set(known.values()) == {0}
    assert (ordered.vault.labels, ordered.vault.keys.headers) == ([], [])
    assert contents(ordered.rooms.releases) == {}


def test_an_order_for_somebody_unknown_is_refused_before_anything_is_read(engine: Engine, ordered: Ordered) -> None:
    steps: list[str] = []
    unknown = replace(ordered, rooms=replace(ordered.rooms, people={"f-out": public_of(OTHERS)}))
    with pytest.raises(Refused) as refused:
        unknown.carried_out(engine, steps.append)
    assert (refused.value.reason, steps) == ("release_unsealed", [])


def test_only_the_people_of_the_order_read_what_was_released(engine: Engine, release: Release, pilot: PilotRun) -> None:
    assert release.manifest.content["sealed"]["for"] == [ANALYST]  # type: ignore[index]  # of a sealed release
    key = envelopes_of(release).opened(ANALYST, PRIVATE)
    persons = engine.arrow(open_release(release.folder).with_key(key).table(engine, "persons"))
    assert persons.num_rows > 0
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_parquet(release.folder / "persons.parquet")
    with pytest.raises(Misused, match="sealed"):
        open_release(release.folder).table(engine, "persons")
    # A plain release tells pseudonyms even to who looks at its bytes alone: the least and the largest of a column.
    plain = pilot.refined.release.folder / "persons.parquet"
    told = pl.read_parquet(plain)["person"].to_list()
    assert min(told).encode() in plain.read_bytes()
    words = persons["person"].to_pylist()
    assert found_in(release.folder.parent, [str(min(words)), str(max(words)), bytes(key._key)]) == set()


def test_no_other_persons_key_and_no_other_releases_opens_it(engine: Engine, release: Release) -> None:
    envelopes = envelopes_of(release)
    for person, private in ((ANALYST, OTHERS), ("f-out", OTHERS), ("f-out", PRIVATE)):
        with pytest.raises(Refused) as refused:
            envelopes.opened(person, private)
        assert refused.value.reason == "release_for_others"
    # Sealed to a permit and to a number: put under another one, it is opened by nobody.
    for changed in (replace(envelopes, permit="other"), replace(envelopes, key="0" * 32)):
        with pytest.raises(Refused):
            changed.opened(ANALYST, PRIVATE)
    with pytest.raises(Exception, match=r"(?i)decrypt|encrypt|key"):
        engine.rows(release.with_key(TableKey()).table(engine, "persons").limit(1))


def test_a_destroyed_key_leaves_nothing_that_opens_it_and_a_certificate(
    engine: Engine, ordered: Ordered, release: Release, tmp_path: Path
) -> None:
    vault = ordered.vault
    copytree(release.folder, tmp_path / "backup")
    (label,) = [label for label in vault.labels if label.kind == "release"]
    assert label.destroy_by == ordered.rooms.order.destroy_by  # type: ignore[union-attr]  # there is one
    said = {"rule": "permit's schedule", "decision": "permit", "at": "2027-01-01"}

    def elsewhere(number: str) -> tuple[object, object]:
        return sealed_files(ordered.rooms.releases, number)

    (certificate,) = vault.destroy([label], **said, elsewhere=elsewhere)  # type: ignore[arg-type]  # by name
    assert {str(table["sha256"]) for table in release.tables.values()} < set(certificate.ciphertexts)
    assert [path.name for path in release.folder.iterdir()] == ["manifest.json"]
    with pytest.raises(Misused) as refused:
        open_release(release.folder)
    assert refused.value.reason == "release_destroyed"
    found = certificate_in(certificate.written)
    assert verify_erasure(found, vault.keys, [ordered.rooms.releases], openers=openers(engine)).objections == ()
    # A backup of the release has its tables, and the key for its people.
    kept = verify_erasure(found, vault.keys, [tmp_path / "backup"], openers=openers(engine))
    assert "sealed to people" in kept.objections[0].sentence
    assert "persons.parquet" in kept.remaining
    (tmp_path / "backup" / ENVELOPES).unlink()
    assert verify_erasure(found, vault.keys, [tmp_path / "backup"], openers=openers(engine)).objections == ()
