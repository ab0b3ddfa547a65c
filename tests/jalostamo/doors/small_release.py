"""A release of three rows, sealed as every release is, for jobs that need one and nothing of how it came about."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from jalostamo.engine.connection import open_engine
from jalostamo.engine.sealing import Sealing, TableKey
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.nonsensitive.envelopes import ENVELOPES, Envelopes

WORD = "kept-in-another-release"


def release_in(folder: Path, *, word: str = "a") -> Path:
    """Write the release below a folder."""
    staging = folder / "staging"
    staging.mkdir(parents=True)
    path = staging / "persons.parquet"
    pa.parquet.write_table(pa.table({"age": [word, "b", word], "n": [1, 2, 3]}), path)
    table = {"file": path.name, "sha256": digest_of(path), "fields": []}
    manifest = Manifest("release", {"tables": {"persons": table}})
    (staging / "manifest.json").write_bytes(manifest.written)
    return staging.rename(folder / manifest.digest[:16])


def sealed_release_in(folder: Path, public: bytes, *, number: str = "0" * 32, key: TableKey | None = None) -> Path:
    """Write a release below a folder that is sealed to one person, whose staff id is f-ana."""
    staging, key = folder / "staging", key or TableKey()
    staging.mkdir(parents=True)
    path = staging / "persons.parquet"
    with tempfile.TemporaryDirectory() as work, open_engine(workspace=Path(work)) as engine:
        Sealing(engine, key).write(engine.in_memory(pa.table({"age": [WORD, "b", WORD], "n": [1, 2, 3]})), path)
    envelopes = Envelopes.closed(key, number, permit="own", people={"f-ana": public})
    (staging / ENVELOPES).write_bytes(envelopes.written)
    table = {"file": path.name, "sha256": digest_of(path), "fields": []}
    sealed = {"key": number, "for": ["f-ana"], "sha256": digest_of(staging / ENVELOPES)}
    manifest = Manifest("release", {"tables": {"persons": table}, "sealed": sealed})
    (staging / "manifest.json").write_bytes(manifest.written)
    return staging.rename(folder / manifest.digest[:16])
