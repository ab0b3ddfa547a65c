"""No code, no name and no number of a case of the demonstration city is in what the pilot released; and the search works."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.canaries import contents, found_in, hidings
from tests.jalostamo.managing.sensitive.pilot import PilotRun
from tests.jalostamo.managing.sensitive.small_town import code

CODE = code(17, "A")
# With its ends: within the 64 characters of a digest, eleven look like a code now and then.
WHOLE_CODE = re.compile(rb"(?<![0-9A-Za-z])\d{6}[-+YXWVUABCDEFyxwvuabcdef]\d{3}[0-9A-Ya-y](?![0-9A-Za-z])")
GUISES: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "hexadecimal": lambda secret: secret.encode().hex().encode(),
    "capital hexadecimal": lambda secret: secret.encode().hex().upper().encode(),
    "base64": lambda secret: base64.b64encode(secret.encode()),
    "base64 in a longer text": lambda secret: base64.b64encode(b"id=" + secret.encode() + b";x"),
    "base64 shifted by one": lambda secret: base64.b64encode(b"id==" + secret.encode() + b";"),
    "base64 shifted by two": lambda secret: base64.b64encode(b"id===" + secret.encode() + b";;"),
    "utf-16": lambda secret: secret.encode("utf-16"),
    "utf-16 turned": lambda secret: secret.encode("utf-16-be"),
    "in a web address": lambda secret: f"/persons?id={secret}".encode(),
}


@pytest.mark.parametrize("guise", GUISES)
def test_a_canary_is_found_in_every_guise(guise: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"...\0" + GUISES[guise](CODE) + b"\0...")
    (tmp_path / "other").write_bytes(b"...\0" + GUISES[guise](code(18, "A")) + b"\0...")
    assert found_in(tmp_path, [CODE]) == {"log"}


def test_a_canary_is_found_in_a_compressed_column_and_in_a_name(tmp_path: Path) -> None:
    pl.DataFrame({"client": [CODE] * 1000}).write_parquet(tmp_path / "rows.parquet", compression="zstd")
    (tmp_path / CODE).touch()
    assert found_in(tmp_path, [CODE]) == {CODE, "rows.parquet", "rows.parquet, read"}


@given(secret=st.binary(min_size=32, max_size=32), before=st.binary(max_size=5), after=st.binary(max_size=5))
def test_a_key_is_found_wherever_it_stands_in_a_base64_text(secret: bytes, before: bytes, after: bytes) -> None:
    hidden = base64.b64encode(before + secret + after)
    assert any(form in hidden for form in hidings(secret))


def words(content: bytes) -> set[str]:
    return set(re.findall(r"[^\s,;\"{}\[\]:]+", content.decode("utf-8", "ignore")))


@pytest.mark.requirement("S22-12")
def test_nothing_that_names_anybody_of_the_city_was_released(pilot: PilotRun) -> None:
    told = [content for name, content in contents(pilot.rooms.releases).items() if not name.endswith(".parquet")]
    released = set().union(*(words(content) for content in told))
    persons = pl.read_csv(
        pilot.rooms.sources / "population/persons.csv", separator=";", encoding="iso-8859-1", infer_schema=False
    )
    decisions = pl.read_csv(pilot.rooms.sources / "social_services/decisions.csv", infer_schema=False)
    names = ("HETU", "SUKUNIMI", "ETUNIMET", "KOTITALOUS", "HUOLTAJA1", "HUOLTAJA2")
    secrets = {value for column in names for value in persons[column]} | {
        value for column in ("paatos_nro", "asiakas_hetu") for value in decisions[column]
    }
    assert len(secrets) > 40_000
    assert released & secrets == set()
    assert not WHOLE_CODE.search(b"\n".join(told))


def test_the_pilots_vault_and_workspace_hold_no_person(pilot: PilotRun) -> None:
    assert contents(pilot.workspace) == {}
    assert {Path(name).suffix for name in contents(pilot.rooms.vault)} == {".json"}
    kept = b"\n".join(contents(pilot.rooms.vault).values())
    assert not WHOLE_CODE.search(kept)
    assert WHOLE_CODE.search(f'"{CODE}"'.encode())
