"""A manifest comes back to the letter or is refused, and its digest changes with any part of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.manifests import Manifest, digest_of, read_manifest, rounded

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), WORDS)
CONTENT = st.dictionaries(
    WORDS.filter(lambda key: key != "step"),
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=8
    ),
    max_size=5,
)
MANIFEST = Manifest("extract", {"records": 10, "fields": ["a", "ö"], "rejected": [{"reason": "missing", "records": 1}]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where manifests are written."""
    return tmp_path_factory.mktemp("manifests")


@given(content=CONTENT, step=WORDS)
def test_any_manifest_comes_back_as_it_was_written(content: dict[str, object], step: str, folder: Path) -> None:
    manifest = Manifest(step, content)
    (folder / "manifest.json").write_bytes(manifest.written)
    back = read_manifest(folder / "manifest.json")
    assert (back, back.digest) == (manifest, manifest.digest)


def test_the_bytes_do_not_depend_on_the_order_of_the_parts() -> None:
    turned = Manifest("extract", dict(reversed(MANIFEST.content.items())))
    assert turned.written == MANIFEST.written
    assert MANIFEST.written.endswith(b"}\n")
    assert "ö".encode() in MANIFEST.written


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(MANIFEST.written)
    assert MANIFEST.digest == digest_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_step_is_the_manifests_and_not_its_contents() -> None:
    assert json.loads(Manifest("extract", {"step": "release"}).written)["step"] == "extract"


@given(place=st.integers(0, len(MANIFEST.written) - 1), instead=st.integers(0, 255))
def test_a_changed_byte_changes_the_digest_or_refuses_the_manifest(place: int, instead: int, folder: Path) -> None:
    changed = bytearray(MANIFEST.written)
    changed[place] = instead
    path = folder / "changed.json"
    path.write_bytes(changed)
    try:
        back = read_manifest(path)
    except Unfit as unfit:
        assert unfit.reason in {"manifest_form", "manifest_changed"}
    else:
        assert (back.digest == MANIFEST.digest) == (bytes(changed) == MANIFEST.written)


@pytest.mark.parametrize(
    "written", [b"", b"{", b"[]", b"[1]", b"5", b'"step"', b"null", b'{"steps": 1}', b"\xff\xfe", b"{} {}"]
)
def test_what_is_no_manifest_is_refused(written: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(written)
    with pytest.raises(Unfit, match=r"manifest.json is not a manifest\.") as refused:
        read_manifest(tmp_path / "manifest.json")
    assert refused.value.reason == "manifest_form"
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "changed",
    [
        MANIFEST.written + b"\n",
        MANIFEST.written.replace(b" ", b""),
        MANIFEST.written.replace(b"\n", b"\r\n"),
        MANIFEST.written.replace("ö".encode(), b"\\u00f6"),
        MANIFEST.written.replace(b'"records": 10', b'"records": 9, "records": 10'),
    ],
    ids=["a line more", "no spaces", "other line ends", "other escapes", "a part twice"],
)
def test_a_manifest_that_says_the_same_in_other_bytes_is_refused(changed: bytes, tmp_path: Path) -> None:
    assert changed != MANIFEST.written
    (tmp_path / "manifest.json").write_bytes(changed)
    with pytest.raises(Unfit, match="has been changed") as refused:
        read_manifest(tmp_path / "manifest.json")
    assert refused.value.reason == "manifest_changed"


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1_000_001, 1_000_000)]
)
def test_a_count_leaves_the_closed_room_to_the_nearest_five(count: int, shown: int) -> None:
    assert rounded(count) == shown


@given(st.integers(0, 10**9))
def test_counts_that_differ_by_one_person_are_mostly_told_alike(count: int) -> None:
    assert rounded(count) % 5 == 0
    assert abs(rounded(count) - count) <= 2
