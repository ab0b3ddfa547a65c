"""A copy in UTF-8 lies in memory, one for each source that is read at once, and is gone when it is needed no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.engine.connection import open_engine
from jalostamo.engine.transcoding import Transcript, in_utf8

LATIN = Writing(encoding="iso-8859-1")


def test_a_copy_is_on_no_disk_and_empty_afterwards(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_bytes("Äijälä".encode("iso-8859-1"))
    second.write_bytes("Öölanti".encode("iso-8859-1"))
    with open_engine(workspace=tmp_path) as engine:
        before = sorted(tmp_path.rglob("*"))
        with in_utf8(engine, first, LATIN) as one, in_utf8(engine, second, LATIN) as other:
            assert (one.read_text("utf-8"), other.read_text("utf-8")) == ("Äijälä", "Öölanti")
            assert str(one.readlink()).startswith("/memfd:")
            assert sorted(tmp_path.rglob("*")) == before
        assert one.read_bytes() == b""
        assert not other.exists()
        with in_utf8(engine, second, LATIN) as again:
            assert again.read_text("utf-8") == "Öölanti"
    assert not again.exists()


def test_a_file_in_utf_8_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Äijälä", encoding="utf-8")
    with open_engine(workspace=tmp_path) as engine, in_utf8(engine, path, Writing()) as found:
        assert found == path


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Kanarialintu \xff\xff")
    with open_engine(workspace=tmp_path) as engine:
        with pytest.raises(Unfit), in_utf8(engine, path, Writing(encoding="ascii")):
            pass
        with engine.company(Transcript, Transcript).taken() as descriptor:
            assert Path(f"/proc/self/fd/{descriptor}").read_bytes() == b""
