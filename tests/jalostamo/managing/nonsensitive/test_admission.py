"""Admission lets out what was validated, as it was validated, whole; and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile, copytree
from threading import Thread

import polars as pl
import pytest
from tests.jalostamo.managing.ordered import Townhall
from tests.jalostamo.managing.sensitive.canaries import contents
from tests.jalostamo.managing.sensitive.small_town import code, decision, person, prepared, request_in

from jalostamo.concepts.errors import JalostamoError, Misused, Objection, Refused
from jalostamo.engine.connection import Engine
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.nonsensitive import admission
from jalostamo.managing.nonsensitive.admission import Leave, admit
from jalostamo.managing.nonsensitive.releases import Release, open_release
from jalostamo.managing.prepared import Loss, Prepared
from jalostamo.managing.requests import Request
from jalostamo.managing.sensitive.validation import ValidationReport, validate
from jalostamo.permits.orders import Order
from jalostamo.permits.terms import DataClass

PEOPLE = [person(number) for number in range(6)]
DECISIONS = [decision(number, code(number % 6)) for number in range(8)]


@dataclass(frozen=True)
class Ready:
    """A preparation that was validated, with its request."""

    prepared: Prepared
    validated: ValidationReport
    request: Request
    order: Order | None = None
    leave: Leave = admission.AT_ONCE

    def admit(self, releases: Path, **changed: object) -> Release:
        now = replace(self, **changed)  # type: ignore[arg-type]  # by name
        facts = {"marking": "synthetic", "combinability": {}, "order": now.order, "leave": now.leave}
        return admit(now.prepared, now.validated, now.request, releases=releases, **facts)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def ready(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Ready:
    home = tmp_path_factory.mktemp("ready")
    made = prepared(engine, home, PEOPLE, DECISIONS)
    return Ready(made, validate(engine, made), request_in(home))


def test_a_release_is_the_validated_files_and_their_manifest(ready: Ready, tmp_path: Path) -> None:
    release = ready.admit(tmp_path)
    assert release.folder == tmp_path / "small-town" / release.digest[:16]
    assert {path.name for path in release.folder.iterdir()} == {"persons.parquet", "events.parquet", "manifest.json"}
    for name, table in release.tables.items():
        assert digest_of(release.folder / f"{name}.parquet") == digest_of(ready.prepared.folder / f"{name}.parquet")
        assert [field["name"] for field in table["fields"]] == [f.name for f in ready.prepared.tables[name]]  # type: ignore[attr-defined]


def test_a_release_says_what_it_is(ready: Ready, tmp_path: Path) -> None:
    content = ready.admit(tmp_path).manifest.content
    told = {name: content[name] for name in ("data_class", "level", "marking", "k", "units", "from", "to")}
    assert told == {
        "data_class": "row_level_key_destroyed",
        "level": "demo",
        "marking": "synthetic",
        "k": 2,
        "units": ["person", "household"],
        "from": "2010-01-01",
        "to": "2016-12-31",
    }


def test_no_file_of_a_release_can_be_written(ready: Ready, tmp_path: Path) -> None:
    modes = {path.suffix: path.stat().st_mode & 0o222 for path in ready.admit(tmp_path).folder.glob("*.parquet")}
    assert modes == {".parquet": 0}


def test_counts_of_the_process_leave_rounded(ready: Ready, tmp_path: Path) -> None:
    losses = (Loss("fi", 1003, 12), Loss("so", 0, 2), Loss("sv", 1, 1))
    content = ready.admit(
        tmp_path, prepared=replace(ready.prepared, loss=losses, released=1004, suppressed=15 - 2)
    ).manifest.content
    assert (content["released"], content["suppressed"]) == (1005, 15)
    # A group as small as a class must be is told; a smaller one would point at somebody by its name alone.
    assert content["loss"] == [
        {"group": "fi", "released": 1005, "suppressed": 10},
        {"group": "so", "released": 0, "suppressed": 0},
        {"group": "sv", "released": 0, "suppressed": 0},
    ]
    smaller = replace(ready.prepared, loss=(Loss("so", 0, 1),))
    assert ready.admit(tmp_path / "b", prepared=smaller).manifest.content["loss"] == []


def test_what_failed_validation_is_refused_for_its_objections(ready: Ready, tmp_path: Path) -> None:
    objections = (Objection("The smallest class has 1.", "2.6"), Objection("Values look like a telephone.", "2.6"))
    with pytest.raises(Refused) as refused:
        ready.admit(tmp_path, validated=replace(ready.validated, objections=objections))
    assert refused.value.objections == objections
    assert (refused.value.reason, contents(tmp_path)) == ("validation_failed", {})


def test_a_validation_of_another_preparation_is_refused(ready: Ready, engine: Engine, tmp_path: Path) -> None:
    other = prepared(engine, tmp_path / "other", PEOPLE, DECISIONS)
    with pytest.raises(Refused, match="another preparation") as refused:
        ready.admit(tmp_path / "releases", validated=validate(engine, other))
    assert refused.value.reason == "not_validated"
    assert not (tmp_path / "releases").exists()


def test_a_preparation_whose_manifest_changed_is_another_one(ready: Ready, tmp_path: Path) -> None:
    changed = Manifest("prepared", {**ready.prepared.manifest.content, "k": 50})
    with pytest.raises(Refused, match="another preparation"):
        ready.admit(tmp_path, prepared=replace(ready.prepared, manifest=changed))


@pytest.fixture(scope="module")
def order(ready: Ready) -> Order:
    """The order of a run of the request, as a permit that the cast decided allows it."""
    return Townhall(ready.request.folder / "request.toml").order()


def fewer(order: Order, field: str) -> Order:
    """The order without one field."""
    sources = [replace(source, fields=tuple(set(source.fields) - {field})) for source in order.sources]
    return replace(order, sources=tuple(sources))


def suspended() -> tuple[Objection, ...]:
    return (Objection("The permit is suspended.", "2.6, phase 3"),)


REFUSED: dict[str, tuple[Callable[[Ready, Order], Ready], str, str]] = {
    "the validation of another": (
        lambda ready, _: replace(ready, validated=replace(ready.validated, prepared="0" * 64)),
        "not_validated",
        "_refuse_not_validated",
    ),
    "a validation that objects": (
        lambda ready, _: replace(ready, validated=replace(ready.validated, objections=suspended())),
        "validation_failed",
        "_refuse_not_passed",
    ),
    "a worse class than was decided": (
        lambda ready, order: replace(ready, order=replace(order, data_class=DataClass.ANONYMISED_ROWS)),
        "class_exceeded",
        "_refuse_worse_class",
    ),
    "a field that was not ordered": (
        lambda ready, order: replace(ready, order=fewer(order, "persons.language")),
        "fields_exceeded",
        "_refuse_other_fields",
    ),
    "rows for anybody": (lambda ready, _: ready, "release_unsealed", "_refuse_unsealed"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=[name.replace(" ", "-") for name in REFUSED])
def test_what_was_not_decided_is_refused_before_a_byte_and_by_its_own_check_alone(
    case: tuple[Callable[[Ready, Order], Ready], str, str],
    ready: Ready,
    order: Order,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change, reason, check = case
    # These files are plain: but where that is the question, nobody asks that they be sealed.
    apart = {"_refuse_unsealed"} - {check}
    monkeypatch.setattr(admission, "CHECKS", [each for each in admission.CHECKS if each.__name__ not in apart])
    with pytest.raises(Refused) as refused:
        change(replace(ready, order=order), order).admit(tmp_path / "releases")
    assert (refused.value.reason, (tmp_path / "releases").exists()) == (reason, False)
    # The twin without this one check lets it out.
    monkeypatch.setattr(admission, "CHECKS", [each for each in admission.CHECKS if each.__name__ != check])
    assert change(replace(ready, order=order), order).admit(tmp_path / "releases").tables


def test_the_dictionary_tells_of_which_ordered_fields_each_field_is_made(ready: Ready, tmp_path: Path) -> None:
    tables = ready.admit(tmp_path).tables
    made = {field["name"]: field["made_of"] for table in tables.values() for field in table["fields"]}  # type: ignore[attr-defined]
    assert made["birth_year"] == ["population.persons.birth_date"]
    assert made["service"] == ["social.decisions.service"]
    assert made["person"] == []


def test_a_permit_that_is_suspended_meanwhile_is_asked_at_the_last_moment(ready: Ready, tmp_path: Path) -> None:
    told: list[str] = []

    @contextmanager
    def guarded(digest: str) -> Iterator[None]:
        told.append(digest)
        assert len(list(tmp_path.glob("*/.*/*.parquet"))) == 2
        yield

    with pytest.raises(Refused, match="suspended") as refused:
        ready.admit(tmp_path, leave=Leave(suspended, guarded, "7"))
    assert (refused.value.reason, contents(tmp_path)) == ("permit_not_standing", {})
    # Its twin, which asks nobody, lets it out.
    assert ready.admit(tmp_path, leave=Leave(allowed=guarded)).digest
    assert set(told) == {ready.prepared.manifest.digest}


def test_who_may_not_end_it_lets_nothing_appear(ready: Ready, tmp_path: Path) -> None:
    def nobody(_: str) -> AbstractContextManager[None]:
        raise Refused([Objection("The lease is over.", "2.6")], reason="lease_lost")

    with pytest.raises(Refused, match="lease"):
        ready.admit(tmp_path, leave=Leave(allowed=nobody))
    assert contents(tmp_path) == {}


def with_other_rows(folder: Path) -> None:
    path = folder / "persons.parquet"
    rows = pl.read_parquet(path)
    rows.with_columns(sex=pl.lit(code(0))).write_parquet(path)


CHANGED: dict[str, Callable[[Prepared, Path], Prepared]] = {
    "other rows": lambda given, folder: (with_other_rows(folder), given)[1],
    "one bit": lambda given, folder: (flip(folder / "events.parquet", 99), given)[1],
    "a lower k": lambda given, folder: replace(given, k=given.k + 3),
    "fewer units": lambda given, folder: replace(given, units=("person",)),
    "another dictionary": lambda given, folder: replace(
        given, tables={name: fields[::-1] for name, fields in given.tables.items()}
    ),
}


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("change", CHANGED)
def test_what_changed_after_validation_is_refused_and_nothing_appears(
    change: str, ready: Ready, tmp_path: Path
) -> None:
    folder, releases = tmp_path / "prepared", tmp_path / "releases"
    copytree(ready.prepared.folder, folder)
    altered = CHANGED[change](replace(ready.prepared, folder=folder), folder)
    with pytest.raises(Refused, match="changed since") as refused:
        ready.admit(releases, prepared=altered)
    assert (refused.value.reason, contents(releases)) == ("changed_since_validation", {})


def careless(ready: Ready, source: Path, releases: Path) -> Path:
    """The weakening that must be noticed: digests taken from what is there now, and nothing compared."""
    folder = releases / "careless"
    folder.mkdir(parents=True)
    for name in ready.prepared.tables:
        copyfile(source / f"{name}.parquet", folder / f"{name}.parquet")
    return folder


def test_a_careless_admission_would_let_the_change_out(ready: Ready, tmp_path: Path) -> None:
    copytree(ready.prepared.folder, tmp_path / "prepared")
    with_other_rows(tmp_path / "prepared")
    folder = careless(ready, tmp_path / "prepared", tmp_path / "releases")
    assert ready.prepared.changed_in(folder) == ("persons",)
    assert ready.prepared.changed_in(ready.prepared.folder) == ()


UNWRITABLE: dict[str, Callable[[Path, Ready], object]] = {
    "a file in place of the shelf": lambda releases, _: (releases / "small-town").write_text("here"),
    "a lost table": lambda _, ready: (ready.prepared.folder / "events.parquet").unlink(),
    "a folder in place of a table": lambda _, ready: (
        (ready.prepared.folder / "events.parquet").rename(ready.prepared.folder / "e")
        and (ready.prepared.folder / "events.parquet").mkdir()
    ),
}


@pytest.mark.parametrize("fault", UNWRITABLE)
def test_a_release_that_cannot_be_written_appears_not_at_all(fault: str, ready: Ready, tmp_path: Path) -> None:
    folder, releases = tmp_path / "prepared", tmp_path / "releases"
    copytree(ready.prepared.folder, folder)
    releases.mkdir()
    altered = replace(ready, prepared=replace(ready.prepared, folder=folder))
    UNWRITABLE[fault](releases, altered)
    with pytest.raises(Misused, match="cannot be written") as refused:
        altered.admit(releases)
    assert refused.value.reason == "out_unwritable"
    assert not list(releases.rglob("*.parquet"))


def test_what_is_admitted_twice_is_one_release(ready: Ready, tmp_path: Path) -> None:
    release = ready.admit(tmp_path)
    assert ready.admit(tmp_path).digest == release.digest
    assert [path.name for path in (tmp_path / "small-town").iterdir()] == [release.folder.name]


def test_a_release_is_never_replaced(ready: Ready, tmp_path: Path) -> None:
    release = ready.admit(tmp_path)
    (release.folder / "more.parquet").touch()
    with pytest.raises(Misused, match="never replaced"):
        ready.admit(tmp_path)
    assert (release.folder / "more.parquet").exists()


def seen_whole(folder: Path, seen: list[bool]) -> None:
    """Look at the shelf until a release stands there, and say of every look whether what stood there was whole."""
    while not seen or not seen[-1]:
        for place in [place for place in folder.iterdir() if not place.name.startswith(".")]:
            try:
                open_release(place)
            except JalostamoError:
                seen.append(False)
                return
            seen.append(True)


def test_a_reader_finds_a_release_whole_or_not_at_all(ready: Ready, tmp_path: Path) -> None:
    for attempt in range(3):
        shelf = tmp_path / str(attempt) / "small-town"
        shelf.mkdir(parents=True)
        seen: list[bool] = []
        reader = Thread(target=seen_whole, args=(shelf, seen))
        reader.start()
        ready.admit(shelf.parent)
        reader.join(timeout=30)
        assert seen == [True]
