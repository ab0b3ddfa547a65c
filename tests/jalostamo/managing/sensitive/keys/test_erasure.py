"""The vault, its schedule, and the certificate of destruction: what is certified is looked for, and every way back is found."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile, copytree

import pyarrow as pa
import pytest

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sensitive.keys import (
    ByFile,
    Certificate,
    Destroyed,
    Erasure,
    KeyStore,
    certificate_in,
    opened_keys,
    verify_erasure,
)
from jalostamo.managing.sensitive.keys.files import KeyHeader, key_file
from jalostamo.managing.sensitive.keys.secret import secret_in
from jalostamo.managing.sensitive.vault import Label, Vault, openers

CANARY = b"Kanarialintu-Kivikko"
ROWS = pa.table({"name": [CANARY.decode()] * 100})
DAY = datetime.date(2026, 12, 1)
SAID = {"rule": "permit 7, 30 days after acceptance", "decision": "staff-4", "at": "2026-11-23T06:00:00+00:00"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[KeyStore]:
    with opened_keys(home / "keys", ByFile.made(home / "unlock")) as opened:
        yield opened


@pytest.fixture
def vault(home: Path, store: KeyStore) -> Vault:
    return Vault(home / "vault", store)


@pytest.fixture
def table(vault: Vault, engine: Engine) -> Label:
    vault.put(b"stays", kind="documents", about="run-1/1-extract.json")
    return vault.put_table(engine, engine.in_memory(ROWS), kind="extract", about="population.persons", destroy_by=DAY)


def test_what_is_put_in_comes_out_and_lies_sealed(vault: Vault, table: Label, engine: Engine, home: Path) -> None:
    document = vault.put(CANARY, kind="documents", about="counts", destroy_by=DAY)
    assert vault.document(document) == CANARY
    rows, sealing = vault.table(engine, table)
    assert rows.count().execute() == 100
    sealing.close()
    assert {label.object for label in vault.labels} == {"counts", "population.persons", "run-1/1-extract.json"}
    assert not any(CANARY in path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert len({label.key for label in vault.labels}) == 3


def test_no_byte_of_a_sealed_document_can_be_changed(vault: Vault, home: Path) -> None:
    label = vault.put(CANARY, kind="documents", about="counts", destroy_by=DAY)
    path = home / "vault" / f"{label.key}.sealed"
    sound = path.read_bytes()
    for place in range(len(sound)):
        changed = bytearray(sound)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(Unfit) as refused:
            vault.document(label)
        assert refused.value.reason == "sealed_damaged"
    path.write_bytes(sound)
    assert vault.document(label) == CANARY


def test_two_documents_and_two_tables_cannot_change_places(vault: Vault, engine: Engine, home: Path) -> None:
    labels = [vault.put(CANARY, kind="documents", about=name) for name in ("a", "b")]
    tables = [vault.put_table(engine, engine.in_memory(ROWS), kind="extract", about=name) for name in ("a", "b")]
    for (first, second), suffix in ((labels, "sealed"), (tables, "parquet")):
        copyfile(home / "vault" / f"{second.key}.{suffix}", home / "vault" / f"{first.key}.{suffix}")
    with pytest.raises(Unfit):
        vault.document(labels[0])
    with pytest.raises(Unfit) as refused:
        vault.table(engine, tables[0])
    assert refused.value.reason == "sealed_changed"


def test_what_is_missing_is_told(vault: Vault, table: Label, home: Path) -> None:
    (home / "vault" / f"{table.key}.sealed").unlink()
    with pytest.raises(Misused) as refused:
        vault.document(table)
    assert refused.value.reason == "sealed_missing"


def test_what_is_due_is_what_its_day_says(vault: Vault, table: Label) -> None:
    assert vault.due(DAY - datetime.timedelta(days=1)) == []
    assert vault.due(DAY) == [table]


def test_what_is_destroyed_is_gone_and_certified(vault: Vault, table: Label, engine: Engine, home: Path) -> None:
    (certificate,) = vault.destroy(vault.due(DAY), **SAID, last_backup="2026-12-31")
    assert [label.object for label in vault.labels] == ["run-1/1-extract.json"]
    assert vault.document(vault.labels[0]) == b"stays"
    assert not [*home.rglob(f"{table.key}.*key"), *home.rglob(f"{table.key}.parquet")]
    told = json.loads(certificate.written)
    assert {name: told[name] for name in ("key", "kind", "object", "epoch_before", "epoch_after")} == {
        "key": table.key,
        "kind": "extract",
        "object": "population.persons",
        "epoch_before": 1,
        "epoch_after": 2,
    }
    assert (told["rule"], told["decision"], told["at"], told["last_backup"]) == (*SAID.values(), "2026-12-31")
    assert len(told["ciphertexts"]) == 2
    assert "cannot prove that nobody copied the key" in told["limit"]
    assert certificate_in(certificate.written) == certificate
    assert verified(certificate, vault, engine, home).objections == ()


def verified(certificate: Certificate, vault: Vault, engine: Engine, home: Path) -> Erasure:
    folders = [path for path in (home / "vault", home / "backup") if path.is_dir()]
    return verify_erasure(certificate, vault.keys, folders, openers=openers(engine))


def test_who_was_stopped_after_the_key_does_it_again(vault: Vault, table: Label, engine: Engine, home: Path) -> None:
    vault.keys.destroy([table.key])
    assert vault.due(DAY) == [table]
    (certificate,) = vault.destroy(vault.due(DAY), **SAID)
    assert (vault.due(DAY), len(certificate.ciphertexts)) == ([], 2)
    assert verified(certificate, vault, engine, home).objections == ()


def test_what_it_sealed_may_remain_where_nothing_opens_it(
    vault: Vault, table: Label, engine: Engine, home: Path
) -> None:
    copytree(home / "vault", home / "backup")
    (certificate,) = vault.destroy([table], **SAID)
    found = verified(certificate, vault, engine, home)
    assert found.objections == ()
    assert sorted(found.remaining) == [f"{table.key}.parquet", f"{table.key}.sealed"]
    assert found.keys == 1


def key_of(store: KeyStore, number: str) -> bytes:
    with store.open(number) as key:
        return bytes(key._bytes)


def kept_as(write: Callable[[bytes], bytes]) -> Callable[[Path, bytes], object]:
    return lambda backup, raw: (backup / "note.txt").write_bytes(b"key: " + write(raw) + b"\n")


WAYS_BACK: dict[str, Callable[[Path, bytes], object]] = {
    "plainly": kept_as(bytes),
    "in hexadecimal": kept_as(lambda raw: raw.hex().encode()),
    "in capital hexadecimal": kept_as(lambda raw: raw.hex().upper().encode()),
    "in base64": kept_as(base64.b64encode),
    "in base64 for addresses": kept_as(base64.urlsafe_b64encode),
    "among noughts": kept_as(lambda raw: bytes(64) + raw),
}


@pytest.mark.parametrize("way", WAYS_BACK)
def test_a_key_that_was_written_down_is_found(way: str, vault: Vault, table: Label, engine: Engine, home: Path) -> None:
    (home / "backup").mkdir()
    WAYS_BACK[way](home / "backup", key_of(vault.keys, table.key))
    (certificate,) = vault.destroy([table], **SAID)
    (objection,) = verified(certificate, vault, engine, home).objections
    assert objection.sentence == "The key itself was found: note.txt in 'backup'."


def test_a_file_of_the_key_in_a_backup_is_found_whether_it_opens_or_not(
    vault: Vault, table: Label, engine: Engine, home: Path
) -> None:
    (home / "backup").mkdir()
    copyfile(home / "keys" / "1" / f"{table.key}.key", home / "backup" / "kept")
    (certificate,) = vault.destroy([table], **SAID)
    (objection,) = verified(certificate, vault, engine, home).objections
    assert "wrapped in a key-encryption key that is not this store's" in objection.sentence


def test_a_destruction_that_removed_a_file_alone_would_be_found(
    vault: Vault, table: Label, engine: Engine, home: Path
) -> None:
    """The weakening that must be noticed: no new key-encryption key, and a remembered file of the key."""
    (home / "backup").mkdir()
    path = home / "keys" / "1" / f"{table.key}.key"
    copyfile(path, home / "backup" / "remembered")
    header = next(header for header in vault.keys.headers if header.id == table.key)
    path.unlink()
    (objection,) = verified(Certificate(Destroyed(header, 1, 2), (), **SAID), vault, engine, home).objections
    assert "and opens" in objection.sentence


def test_a_file_that_another_key_still_opens_is_found(vault: Vault, engine: Engine, home: Path) -> None:
    """Sealed twice under one key by mistake: what is certified as gone is open to the key of another thing."""
    label, other = (vault.put(CANARY, kind="documents", about=name) for name in ("a", "b"))
    (home / "backup").mkdir()
    copyfile(home / "vault" / f"{other.key}.sealed", home / "backup" / "copy")
    (certificate,) = vault.destroy([label], **SAID)
    digest = hashlib.sha256((home / "backup" / "copy").read_bytes()).hexdigest()
    wider = replace(certificate, ciphertexts=(*certificate.ciphertexts, digest))
    sentences = [objection.sentence for objection in verified(wider, vault, engine, home).objections]
    assert len(sentences) == 2
    assert all("can still be opened" in sentence for sentence in sentences)


def test_a_key_that_lives_on_under_another_number_is_found(
    vault: Vault, table: Label, engine: Engine, home: Path
) -> None:
    raw, number = key_of(vault.keys, table.key), "ab" * 16
    (certificate,) = vault.destroy([table], **SAID)
    key = secret_in(raw)
    header = KeyHeader(number, "extract", "copy", vault.keys.epoch, key.commitment(number))
    (home / "keys" / str(vault.keys.epoch) / f"{number}.key").write_bytes(key_file(header, key, vault.keys._key))
    sentences = [objection.sentence for objection in verified(certificate, vault, engine, home).objections]
    assert sentences == ["The key lives on under another number of the store."]


def test_a_certificate_that_was_changed_is_refused(vault: Vault, table: Label) -> None:
    (certificate,) = vault.destroy([table], **SAID)
    for changed in (
        b"",
        b"[]",
        certificate.written[:-1],
        certificate.written.replace(b"It shows", b"It proves"),
        certificate.written.replace(b'"rule":"permit', b'"rule": "permit'),
    ):
        with pytest.raises(Unfit) as refused:
            certificate_in(changed)
        assert refused.value.reason == "certificate_form"


@pytest.mark.parametrize("change", [{"rule": ""}, {"at": ""}, {"ciphertexts": ("x",)}])
def test_a_certificate_says_all_that_it_must(change: dict[str, object], vault: Vault, table: Label) -> None:
    (certificate,) = vault.destroy([table], **SAID)
    with pytest.raises(Misused):
        replace(certificate, **change)
