"""A request is read whole, or answered with the section and the word that it lacks or misspells."""

from __future__ import annotations

import copy
import datetime
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from tests.conftest import ROOT

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.managing.requests import Request, read_request
from jalostamo.permits.terms import DataClass, Lane

PILOT = ROOT / "examples/pilot/request.toml"
CELLS = PILOT.with_name("cells-request.toml")
WRITTEN: dict[str, Any] = tomllib.loads(PILOT.read_text(encoding="utf-8"))
GENERALISED = "preparation.field.1"


def read(content: Mapping[str, object], folder: Path) -> Request:
    """Read a request of this content."""
    (folder / "request.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
    return read_request(folder / "request.toml")


def section_at(content: Any, path: str) -> Any:
    """The section at a path such as `source.0`."""
    for step in filter(None, path.split(".")):
        content = content[int(step) if step.isdigit() else step]
    return content


def changed(path: str, key: str, value: object = None) -> dict[str, Any]:
    """The pilot's request with another value of one key, or without it where there is none."""
    content = copy.deepcopy(WRITTEN)
    section = section_at(content, path)
    section.pop(key, None)
    if value is not None:
        section[key] = value
    return content


def refusal_of(content: Mapping[str, object], folder: Path) -> JalostamoError:
    """The one sentence that answers a request."""
    with pytest.raises(Unfit) as refused:
        read(content, folder)
    assert refused.value.sentence.startswith("request.toml")
    assert "\n" not in refused.value.sentence
    return refused.value


def test_the_pilots_request_reads() -> None:
    request = read_request(PILOT)
    assert (request.id, request.folder) == ("child-protection-pilot", PILOT.parent)
    assert (request.first_day, request.last_day) == (datetime.date(2010, 1, 1), datetime.date(2016, 12, 31))
    assert [(s.register, s.table, len(s.fields), s.rejected_at_most) for s in request.sources] == [
        ("population", "persons", 11, 0.0),
        ("social_services", "decisions", 6, 0.0),
    ]
    assert request.digest == hashlib.sha256(PILOT.read_bytes()).hexdigest()


def test_the_pilots_linking_customers_and_recipe_read() -> None:
    request = read_request(PILOT)
    assert request.linking is not None
    assert request.linking.joins == {"social_services": "client_code"}
    assert [lookup.through for lookup in request.linking.lookups] == ["guardian_1", "guardian_2"]
    assert request.customers is not None
    assert request.customers.ages == (0, 17)
    recipe = request.preparation
    assert (recipe.data_class, recipe.k, recipe.units) == (
        DataClass.ROW_LEVEL_KEY_DESTROYED,
        5,
        ("person", "household"),
    )
    assert [g.name for g in recipe.generalisations if g.is_quasi_identifier] == [g.name for g in recipe.generalisations]
    assert [(g.name, g.fields, g.calendar, g.level) for g in recipe.generalisations][1:3] == [
        ("birth_year", ("birth_date",), "year", 0),
        ("language_group", ("native_language",), None, 1),
    ]
    assert [(g.name, g.calendar, g.is_quasi_identifier) for g in recipe.events][0] == ("service", None, False)


def test_a_request_of_cells_names_what_is_counted_and_for_whom() -> None:
    request = read_request(CELLS)
    assert (request.lane, request.definition, request.rule, request.series) == (
        Lane.CELLS,
        "cells.toml",
        "outside",
        None,
    )
    assert (request.preparation.data_class, request.preparation.units) == (DataClass.PRINTED_CELLS, ())


OF_CELLS: list[tuple[str, str, object, str]] = [
    ("request", "definition", None, "[request] needs 'definition'"),
    ("request", "lane", "rows", "'rule' and 'series' are of the lane of cells"),
    ("request", "lane", "sideways", "'lane' is one of cells, rows"),
    ("preparation", "data_class", "row_level_key_destroyed", "'data_class' is printed_cells in the lane of cells"),
    ("preparation", "k", 5, "[preparation] knows no 'k'"),
]


@pytest.mark.parametrize(("path", "key", "value", "said"), OF_CELLS)
def test_what_is_of_one_lane_has_no_place_in_the_other(
    path: str, key: str, value: object, said: str, tmp_path: Path
) -> None:
    content = tomllib.loads(CELLS.read_text(encoding="utf-8"))
    content[path].pop(key, None)
    content[path].update({key: value} if value is not None else {})
    assert said in refusal_of(content, tmp_path).sentence


REQUIRED = [
    ("", "request", "request.toml needs a section [request]"),
    ("", "source", "request.toml needs at least one [[source]]"),
    ("", "preparation", "request.toml needs a section [preparation]"),
    ("request", "id", "request.toml, [request] needs 'id' (a text)"),
    ("request", "from", "[request] needs 'from' (a date)"),
    ("request", "to", "[request] needs 'to' (a date)"),
    ("request", "title", "[request] title needs a text in three languages"),
    ("request", "need", "[request] need needs a text in three languages"),
    ("request.title", "sv", "[request] title needs a text in three languages"),
    ("source.1", "register", "[[source]] 2 needs 'register' (a text)"),
    ("source.1", "table", "[[source]] 2 needs 'table' (a text)"),
    ("source.0", "fields", "[[source]] 1 needs 'fields' (a list of names)"),
    ("linking", "register", "[linking] needs 'register'"),
    ("linking", "code", "[linking] needs 'code'"),
    ("linking.lookup.1", "name", "[linking], [[lookup]] 2 needs 'name'"),
    ("linking.lookup.1", "through", "[[lookup]] 2 needs 'through'"),
    ("linking.lookup.0", "field", "[[lookup]] 1 needs 'field'"),
    ("customers", "birth", "[customers] needs 'birth'"),
    ("customers", "arrived", "[customers] needs 'arrived'"),
    ("customers", "left", "[customers] needs 'left'"),
    ("customers", "died", "[customers] needs 'died'"),
    ("customers", "ages", "[customers] needs 'ages' (a list)"),
    ("preparation", "data_class", "[preparation] needs 'data_class'"),
    ("preparation", "k", "[preparation] needs 'k' (a whole number)"),
    ("preparation", "units", "[preparation] needs 'units' (a list of names)"),
    (GENERALISED, "name", "[preparation], [[field]] 2 needs 'name'"),
    (GENERALISED, "title", "[[field]] 2 title needs a text in three languages"),
    ("preparation.event_field.2", "title", "[[event_field]] 3 title needs a text"),
]
OPTIONAL = [
    ("", "linking"),
    ("", "customers"),
    ("request", "definition"),
    ("linking", "household"),
    ("linking", "joins"),
    ("linking", "report_by"),
    ("linking", "lookup"),
    ("preparation", "suppression_limit"),
    ("preparation", "loss_by"),
    ("preparation", "field"),
    ("preparation", "event_field"),
    (GENERALISED, "of"),
    (GENERALISED, "calendar"),
    (GENERALISED, "quasi_identifier"),
    ("preparation.field.2", "hierarchy"),
    ("preparation.field.2", "level"),
]


@pytest.mark.parametrize(("path", "key", "sentence"), REQUIRED)
def test_what_is_missing_is_named_with_its_place(path: str, key: str, sentence: str, tmp_path: Path) -> None:
    refused = refusal_of(changed(path, key), tmp_path)
    assert sentence in refused.sentence
    assert refused.reason in {"request_incomplete", "text_missing"}


@pytest.mark.parametrize(("path", "key"), OPTIONAL)
def test_what_is_optional_may_be_left_out(path: str, key: str, tmp_path: Path) -> None:
    assert read(changed(path, key), tmp_path).id == "child-protection-pilot"


@pytest.mark.parametrize(
    ("path", "key"), [*((path, key) for path, key, _ in REQUIRED if "title" not in path), *OPTIONAL]
)
def test_a_misspelt_word_is_answered_and_never_left_unread(path: str, key: str, tmp_path: Path) -> None:
    content = copy.deepcopy(WRITTEN)
    section = section_at(content, path)
    section[f"{key}x"] = section.pop(key)
    refused = refusal_of(content, tmp_path)
    assert refused.reason == "request_unknown"
    assert f"knows no '{key}x'; it knows" in refused.sentence


@pytest.mark.parametrize(
    ("path", "key", "value", "part"),
    [
        ("request", "id", "Pilot!", "'id' is small letters, digits and hyphens"),
        ("request", "id", "../pilot", "'id' is small letters"),
        ("request", "id", 5, "needs 'id' (a text)"),
        ("request", "from", "2010-01-01", "needs 'from' (a date)"),
        ("request", "from", datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC), "needs 'from' (a date)"),
        ("request", "to", datetime.date(2009, 12, 31), "the time frame ends before it starts"),
        ("source.0", "fields", [], "needs 'fields'"),
        ("source.0", "fields", "identity_code", "needs 'fields'"),
        ("source.0", "fields", [1], "needs 'fields'"),
        ("source.0", "rejected_at_most", 1.5, "'rejected_at_most' is a share from 0 to 1"),
        ("source.0", "rejected_at_most", "0.1", "'rejected_at_most' is a share"),
        ("source.0", "rejected_at_most", True, "'rejected_at_most' is a share"),
        ("source.0", "rejected_at_most", float("nan"), "'rejected_at_most' is a share"),
        ("", "source", {"register": "population"}, "[[source]] is a list of sections"),
        ("", "linking", [], "needs a section [linking]"),
        ("linking", "joins", {"social_services": 1}, "'joins' maps registers to fields"),
        ("linking", "household", "", "needs 'household' (a text)"),
        ("customers", "ages", [17, 0], "'ages' is [youngest, oldest]"),
        ("customers", "ages", [0], "'ages' is"),
        ("customers", "ages", [-1, 17], "'ages' is"),
        ("customers", "ages", [0.5, 17], "'ages' is"),
        ("preparation", "data_class", "anonymous", "'data_class' is one of identified, pseudonymised_with_key"),
        ("preparation", "k", 1, "'k' is at least 2"),
        ("preparation", "k", True, "needs 'k' (a whole number)"),
        ("preparation", "k", 5.0, "needs 'k' (a whole number)"),
        ("preparation", "units", ["person", "row"], "'units' are 'person' and 'household', or 'row' alone"),
        ("preparation", "units", ["persons"], "'units' are"),
        ("preparation", "suppression_limit", -0.1, "'suppression_limit' is a share"),
        (GENERALISED, "calendar", "week", "'calendar' is year, quarter, month or day"),
        (GENERALISED, "level", -1, "'level' is 0 or more"),
        (GENERALISED, "level", "1", "needs 'level' (a whole number)"),
        (GENERALISED, "quasi_identifier", "true", "'quasi_identifier' is true or false, without quotes"),
        (GENERALISED, "of", [], "needs 'of'"),
    ],
)
def test_a_wrong_value_is_answered_with_what_is_expected(
    path: str, key: str, value: object, part: str, tmp_path: Path
) -> None:
    assert part in refusal_of(changed(path, key, value), tmp_path).sentence


@pytest.mark.parametrize("written", [b"[request", b"id = ", b"\xff", b"a = 1\na = 2\n"])
def test_what_is_no_toml_is_told_with_its_place(written: bytes, tmp_path: Path) -> None:
    (tmp_path / "request.toml").write_bytes(written)
    with pytest.raises(Unfit, match=r"^request.toml is not a TOML file: .+\.$") as refused:
        read_request(tmp_path / "request.toml")
    assert refused.value.reason == "request_form"


@pytest.mark.parametrize(("instead", "reason"), [(None, "file_missing"), ("folder", "file_unreadable")])
def test_a_request_that_cannot_be_opened_is_misuse(instead: str | None, reason: str, tmp_path: Path) -> None:
    if instead:
        (tmp_path / "request.toml").mkdir()
    with pytest.raises(Misused, match=r"^request\.toml") as refused:
        read_request(tmp_path / "request.toml")
    assert refused.value.reason == reason
