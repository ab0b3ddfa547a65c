"""Two vocabularies become one by a mapping that names every code, or nothing is released."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w
from tests.jalostamo.managing.sensitive.small_town import (
    REQUEST,
    _wanted,
    all_of,
    code,
    decision,
    extracts,
    person,
    request_in,
    setting,
    text,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.prepared import Prepared
from jalostamo.managing.sensitive.linking import link
from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey
from jalostamo.managing.sensitive.preparing.recipes import prepare

WHOLE = {
    "population": {"fi": "domestic", "sv": "domestic", "so": "other", "ru": "other"},
    "social": {"FI": "domestic", "SV": "domestic", "MUU": "other"},
}
ASKED = {"name": "spoken_group", "fields": {"population": "language", "social": "spoken"}, "mapping": "groups.toml"}
EVENTS = REQUEST["preparation"]["event_field"]  # type: ignore[index]  # a request
CHANGE = all_of(
    lambda content: content.update(harmonise=[ASKED]),
    setting("preparation.field.2", _wanted("language_group", of=["spoken_group"], quasi_identifier=True)),
    setting("preparation.event_field", [*EVENTS, _wanted("spoken_group")]),
)
PEOPLE = [person(0), person(1, language="sv"), person(2, language="so"), person(3, language="ru")]
SPELLS = [decision(n, code(n), spoken=word) for n, word in enumerate(["FI", "MUU", "SV", ""])]


def run(engine: Engine, home: Path, maps: dict[str, dict[str, str]]) -> Prepared:
    request = request_in(home, CHANGE)
    codes = [{"code": name, **text(name.title()).as_mapping()} for name in ("domestic", "other")]
    mapping = {"name": "spoken_group", "version": "2026-1", "codes": codes, "map": maps}
    (home / "groups.toml").write_text(tomli_w.dumps(mapping), encoding="utf-8")
    given = extracts(home / "vault", PEOPLE, SPELLS, request)
    return prepare(engine, request, link(engine, request, given), given, key=PseudonymKey(), folder=home / "vault")


@pytest.mark.requirement("S22-16")
def test_two_vocabularies_become_one_that_the_dictionary_tells_of(engine: Engine, tmp_path: Path) -> None:
    prepared = run(engine, tmp_path, WHOLE)
    released = {name: engine.read_parquet(tmp_path / "vault" / f"{name}.parquet") for name in ("persons", "events")}
    people = sorted(str(row["language_group"]) for row in engine.rows(released["persons"]))
    assert people == ["domestic", "domestic", "other", "other"]
    events = sorted(str(row["spoken_group"]) for row in engine.rows(released["events"]))
    assert events == ["None", "domestic", "domestic", "other"]
    (told,) = (field for field in prepared.tables["events"] if field.name == "spoken_group")
    assert told.made_by == f"groups.toml, version 2026-1, sha256 {digest_of(tmp_path / 'groups.toml')}"
    assert told.labels == {"domestic": text("Domestic"), "other": text("Other")}


@pytest.mark.requirement("S22-16")
@pytest.mark.parametrize(("source", "field", "gone"), [("population", "language", "so"), ("social", "spoken", "MUU")])
def test_a_code_without_a_place_stops_the_release(
    source: str, field: str, gone: str, engine: Engine, tmp_path: Path
) -> None:
    maps = {name: {k: v for k, v in codes.items() if k != gone} for name, codes in WHOLE.items()}
    with pytest.raises(Unfit, match=rf"1 distinct values of field '{field}' of '{source}' \({gone}\), in 1") as refused:
        run(engine, tmp_path, maps)
    assert refused.value.reason == "unmapped_code"


BAD: dict[str, dict[str, dict[str, str]]] = {
    "a source without a mapping": {"population": WHOLE["population"]},
    "a code that the list has not": {**WHOLE, "social": {"FI": "foreign"}},
}


@pytest.mark.parametrize("fault", BAD)
def test_a_badly_written_mapping_is_refused(fault: str, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unfit) as refused:
        run(engine, tmp_path, BAD[fault])
    assert refused.value.reason == "mapping_form"
