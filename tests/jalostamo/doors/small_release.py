"""A release of three rows, sealed as every release is, for jobs that need one and nothing of how it came about."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from jalostamo.managing.manifests import Manifest, digest_of

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
