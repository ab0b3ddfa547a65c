"""A TOML file is read whole, with the digest of its bytes, or refused in one sentence that says what to do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sections import TomlFile, read_toml


def unfit(fault: str) -> Unfit:
    return Unfit(f"It is not TOML: {fault}.", reason="of_the_caller")


def read(path: Path, *, unreadable: str | None = None) -> TomlFile:
    return read_toml(path, "a file of questions", unfit=unfit, unreadable=unreadable)


def test_a_file_is_told_by_the_bytes_that_were_read(tmp_path: Path) -> None:
    written = 'place = "Järvi"\r\n'.encode()
    (tmp_path / "asked.toml").write_bytes(written)
    file = read(tmp_path / "asked.toml")
    assert file.content == {"place": "Järvi"}
    assert (file.written, file.digest) == (written, hashlib.sha256(written).hexdigest())
    assert "Järvi" not in repr(file)


def test_a_byte_order_mark_is_no_part_of_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "asked.toml").write_bytes(b"\xef\xbb\xbfplace = 1\n")
    assert read(tmp_path / "asked.toml").content == {"place": 1}


def test_a_missing_file_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Misused, match=r"^asked\.toml is missing: name a file of questions\.$") as refused:
        read(tmp_path / "asked.toml")
    assert refused.value.reason == "file_missing"


@pytest.mark.parametrize(("unreadable", "told"), [(None, "Is a directory"), ("name a file", "name a file")])
def test_what_cannot_be_read_is_told_with_what_to_do_or_why(unreadable: str | None, told: str, tmp_path: Path) -> None:
    with pytest.raises(Misused, match=rf"^{tmp_path.name} cannot be read: {told}\.$") as refused:
        read(tmp_path, unreadable=unreadable)
    assert refused.value.reason == "file_unreadable"


@pytest.mark.parametrize("written", [b"[asked", b"a = 1\na = 2\n", b"place = '\xff'\n", "a = 1\n".encode("utf-16")])
def test_what_is_no_toml_is_refused_as_the_reader_words_it(written: bytes, tmp_path: Path) -> None:
    (tmp_path / "asked.toml").write_bytes(written)
    with pytest.raises(Unfit, match=r"^It is not TOML: .+\.$") as refused:
        read(tmp_path / "asked.toml")
    assert refused.value.reason == "of_the_caller"
