"""What a run seals is what it is when it is let out, byte for byte and digest for digest, and nothing that changed comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import polars as pl
import pytest
from tests.jalostamo.managing.sensitive.canaries import contents
from tests.jalostamo.managing.sensitive.failures import people, spells
from tests.jalostamo.managing.sensitive.small_town import TODAY, extracts, released, request_in, rooms_in, run

from jalostamo.concepts.errors import JalostamoError, Refused, Unfit
from jalostamo.doors.people import new_private, public_of
from jalostamo.engine.connection import Engine
from jalostamo.engine.sealing import Sealing
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.nonsensitive.admission import admit
from jalostamo.managing.nonsensitive.envelopes import Envelopes
from jalostamo.managing.nonsensitive.releases import Release
from jalostamo.managing.prepared import Prepared
from jalostamo.managing.sensitive.exclusions import protection_in
from jalostamo.managing.sensitive.keys import ByFile, opened_keys
from jalostamo.managing.sensitive.linking import link
from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey
from jalostamo.managing.sensitive.preparing.recipes import prepare
from jalostamo.managing.sensitive.retrieval import Extract, retrieve
from jalostamo.managing.sensitive.validation import validate
from jalostamo.managing.sensitive.vault import Vault


def sealed(engine: Engine, home: Path, key: PseudonymKey) -> Prepared:
    request = request_in(home)
    given = extracts(home / "extracts", people(), spells(), request)
    (home / "rows").mkdir()
    joined = link(engine, request, given)
    return prepare(engine, request, joined, given, key=key, folder=home / "rows", sealing=Sealing(engine))


def let_out(engine: Engine, home: Path, prepared: Prepared) -> Release:
    facts = {"marking": "synthetic", "combinability": {}}
    return admit(prepared, validate(engine, prepared), request_in(home), releases=home / "releases", **facts)  # type: ignore[arg-type]


@pytest.fixture
def prepared(engine: Engine, tmp_path: Path) -> Prepared:
    return sealed(engine, tmp_path, PseudonymKey())


def test_a_release_is_what_was_prepared_and_sealed(engine: Engine, prepared: Prepared, tmp_path: Path) -> None:
    release = let_out(engine, tmp_path, prepared)
    named = prepared.manifest.content["tables"]
    assert {name: digest_of(release.folder / f"{name}.parquet") for name in release.tables} == named
    assert len(released(release, "persons")) == prepared.released
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_parquet(prepared.folder / "persons.parquet")


def test_the_same_rows_have_the_same_digests_whatever_they_were_sealed_with(engine: Engine, tmp_path: Path) -> None:
    key, found = PseudonymKey(), []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        found.append(sealed(engine, tmp_path / name, key))
    first, second = found
    assert first.manifest.content["tables"] == second.manifest.content["tables"]
    assert digest_of(first.folder / "events.parquet") != digest_of(second.folder / "events.parquet")


def another(path: Path) -> None:
    copyfile(path.with_name("events.parquet"), path)


def a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


CHANGES: dict[str, Callable[[Path], object]] = {"another table": another, "a bit": a_bit, "gone": Path.unlink}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_before_validation_is_objected_to_or_not_read(
    change: str, engine: Engine, prepared: Prepared
) -> None:
    CHANGES[change](prepared.folder / "persons.parquet")
    assert prepared.changed() == ("persons",)


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_after_validation_is_not_let_out(
    change: str, engine: Engine, prepared: Prepared, tmp_path: Path
) -> None:
    validated, releases = validate(engine, prepared), tmp_path / "releases"
    CHANGES[change](prepared.folder / "persons.parquet")
    with pytest.raises(Refused) as refused:
        admit(prepared, validated, request_in(tmp_path), releases=releases, marking="synthetic", combinability={})
    assert refused.value.reason == "changed_since_validation"
    # Nor is what would leave as it was sealed.
    assert prepared.sealing
    people = {"f-ana": public_of(new_private())}
    envelopes = Envelopes.closed(prepared.sealing.key, "0" * 32, permit="small-town", people=people)
    facts = {"marking": "synthetic", "combinability": {}, "envelopes": envelopes}
    with pytest.raises(JalostamoError) as told:
        admit(prepared, validated, request_in(tmp_path), releases=releases, **facts)  # type: ignore[arg-type]  # by name
    assert told.value.reason == ("out_unwritable" if change == "gone" else "changed_since_validation")
    assert contents(releases) == {}


def test_a_claim_that_changed_is_told(prepared: Prepared) -> None:
    assert replace(prepared, k=prepared.k + 1).changed() == ("claims",)


def retrieved(engine: Engine, home: Path) -> Extract:
    request, rooms = request_in(home), rooms_in(home, people(), spells())
    (home / "rows").mkdir()
    protection = protection_in(engine, rooms.sources, day=TODAY)
    return retrieve(
        engine,
        request,
        request.sources[0],
        sources=rooms.sources,
        vault=home / "rows",
        protection=protection,
        sealing=Sealing(engine),
    )


def test_an_extract_has_the_same_digest_at_every_run_and_is_checked_when_it_is_linked(
    engine: Engine, tmp_path: Path
) -> None:
    first, second = (retrieved(engine, tmp_path / name) for name in ("a", "b") if not (tmp_path / name).mkdir())
    assert first.manifest.digest == second.manifest.digest
    assert first.digest() == first.manifest.content["extract_file"]
    assert first.table(engine).count().execute() == len(people())
    copyfile(second.path, first.path)
    with pytest.raises(Unfit) as refused:
        first.digest()
    assert refused.value.reason == "sealed_changed"


def test_manifests_with_true_counts_can_be_kept_sealed(engine: Engine, tmp_path: Path) -> None:
    with opened_keys(tmp_path / "keys", ByFile.made(tmp_path / "unlock")) as keys:
        (tmp_path / "sealed").mkdir()
        vault = Vault(tmp_path / "sealed", keys)
        rooms = replace(rooms_in(tmp_path, people(), spells()), sealed=lambda: nullcontext(vault))
        refined = run(engine, request_in(tmp_path / "request"), rooms)
        kept = {label.object.rpartition("/")[2]: vault.document(label) for label in vault.labels}
    assert set(kept) == {"1-extract.json", "2-extract.json", "3-linked.json", "4-prepared.json", "5-validated.json"}
    assert kept["4-prepared.json"] == refined.prepared.manifest.written
    assert json.loads(kept["5-validated.json"])["prepared"] == refined.prepared.manifest.digest
    assert contents(rooms.vault) == {}
    assert not any(b'"released"' in content for content in contents(tmp_path / "sealed").values())
