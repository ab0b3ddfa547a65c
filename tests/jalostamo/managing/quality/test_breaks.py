"""What was planted in a table is found in its field, unit and month; a triangle tells which months still fill up."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, RegisterTable, Sensitivity
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.quality.absences import FALSE_RATE, absences_beside, absences_in, units_without_records
from jalostamo.managing.quality.breaks import breaks_in
from jalostamo.managing.quality.cells import Cells, cells_of
from jalostamo.managing.quality.lateness import lateness_of
from jalostamo.managing.quality.names import known_names, media_in, names_in

NAME = Text("Nimi", "Namn", "Name")
DAYS = 7 * 365 + 2


def field(name: str, type_: FieldType, code_list: str | None = None) -> Field:
    return Field(name, name, type_, Sensitivity.ORDINARY, NAME, code_list=code_list)


TABLE = RegisterTable(
    "visits",
    "visits.csv",
    (
        field("day", FieldType.DATE),
        field("told", FieldType.DATE),
        field("unit", FieldType.CODE, "unit"),
        field("form", FieldType.CODE, "form"),
        field("note", FieldType.TEXT),
    ),
    occurred="day",
    recorded="told",
    unit="unit",
)
LISTS = (
    CodeList("unit", "1", tuple(Code(u, NAME) for u in "PQRST")),
    CodeList("form", "1", tuple(Code(f, NAME) for f in "ABC")),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def visits(*, planted: bool) -> pa.Table:
    """Seven years of visits to five units, with phone contacts (C) from 2013, unit Q 1.6 times as busy from March 2014."""
    chance = np.random.default_rng(3)
    number = 60_000
    day = chance.integers(0, DAYS, number)
    unit = chance.choice(list("PQRST"), number)
    form = chance.choice(list("AB"), number)
    note = np.where(chance.random(number) < 0.02, None, "x")
    if planted:
        extra = (unit == "Q") & (day >= _day(2014, 3)) & (chance.random(number) < 0.6)
        day, unit, form, note = (np.concatenate([column, column[extra]]) for column in (day, unit, form, note))
        form = np.where((day >= _day(2013, 1)) & (chance.random(len(day)) < 0.2), "C", form)
        form = np.where(unit == "S", "A", form)
        note = np.where((unit == "R") & (day >= _day(2012, 6)) & (chance.random(len(day)) < 0.3), None, note)
    told = day + np.minimum(chance.exponential(20, len(day)).astype(int), 300)
    base = np.datetime64("2010-01-01")
    kept = told < DAYS
    columns = {"day": base + day[kept], "told": base + told[kept]}
    return pa.table(
        {**columns, "unit": unit[kept], "form": form[kept], "note": pa.array(note[kept].tolist(), pa.string())}
    )


def _day(year: int, month: int) -> int:
    return (datetime.date(year, month, 1) - datetime.date(2010, 1, 1)).days


@pytest.fixture(scope="module")
def cells(engine: Engine) -> Cells:
    return cells_of(engine, engine.in_memory(visits(planted=True)), TABLE)


def test_cells_add_up(engine: Engine, cells: Cells) -> None:
    assert cells.volume[""].sum() == sum(cells.volume[unit].sum() for unit in cells.units)
    assert cells.month_at(0) == "2010-01"
    assert cells.codes["form", ""]["A"].sum() <= cells.volume[""].sum()


def test_what_was_planted_is_found_in_its_month(cells: Cells) -> None:
    found = {(b.kind, b.field, b.unit, b.code, b.how): cells.month_at(b.at) for b in breaks_in(cells, complete=82)}
    assert found["code_mix", "form", "", "C", "appeared"] == "2013-01"
    assert found["missing", "note", "R", "", "level"] == "2012-06"
    assert found["volume", "", "Q", "", "level"] in {"2014-02", "2014-03", "2014-04"}
    assert not any(unit in {"P", "T"} and kind in {"volume", "missing"} for kind, _, unit, *_ in found)


def test_a_service_missing_from_one_unit_is_found(cells: Cells) -> None:
    assert {(a.unit, a.code) for a in absences_in(cells)} == {("S", "B")}


def units_of_one_mix(chance: np.random.Generator, units: int = 12) -> Cells:
    """Units whose shares of three codes differ by chance, and of which months vary more than chance makes them."""
    names = tuple(f"U{place}" for place in range(units))
    codes: dict[tuple[str, str], dict[str, np.ndarray]] = {}
    for name in names:
        shares = chance.dirichlet([30, 15, 1.5])
        records = chance.integers(300, 20_000)
        counts = chance.multinomial(max(records // 3, 1), shares) * 3.0
        codes["form", name] = dict(zip("ABC", counts[:, None], strict=True))
    codes["form", ""] = {c: np.sum([codes["form", name][c] for name in names], axis=0) for c in "ABC"}
    volume = {name: np.sum([*codes["form", name].values()], axis=0) for name in names}
    return Cells(0, 1, names, {"": sum(volume.values()), **volume}, {}, codes, 0)


def test_a_rare_code_is_seldom_told_as_absent() -> None:
    chance = np.random.default_rng(5)
    told = sum(bool(absences_in(units_of_one_mix(chance))) for _ in range(300))
    assert told <= 300 * FALSE_RATE


def test_a_code_that_one_of_twelve_units_lacks_is_found() -> None:
    cells = units_of_one_mix(np.random.default_rng(6))
    cells.codes["form", "U3"]["B"][:] = 0
    assert {(a.unit, a.code) for a in absences_in(cells)} == {("U3", "B")}


def test_a_code_that_the_unit_has_in_a_smaller_table_is_found_and_not_the_other_way() -> None:
    cells = units_of_one_mix(np.random.default_rng(6))
    cells.codes["form", "U3"]["B"][:] = 0
    small = {(unit, code): 25.0 for unit in cells.units for code in "AB"}
    found = absences_beside(cells, "form", {"courses": small})
    assert [(a.unit, a.code, a.elsewhere) for a in found] == [("U3", "B", "courses")]
    assert absences_beside(cells, "form", {"courses": {pair: 1e6 for pair in small}}) == ()


def test_a_unit_of_the_list_that_records_nothing_is_found() -> None:
    cells = units_of_one_mix(np.random.default_rng(6))
    assert [a.unit for a in units_without_records(cells, [*cells.units, "U99"], "unit")] == ["U99"]
    assert units_without_records(cells, cells.units, "unit") == ()
    # A list of which most units were never used tells nothing by one of them.
    assert units_without_records(cells, [*cells.units, *"abcdefgh"], "unit") == ()


def test_nothing_is_found_where_nothing_was_planted(engine: Engine) -> None:
    stable = cells_of(engine, engine.in_memory(visits(planted=False)), TABLE)
    assert breaks_in(stable, complete=82) == ()
    assert absences_in(stable) == ()


def test_the_latest_months_are_told_to_be_unfinished(engine: Engine) -> None:
    late = lateness_of(engine, engine.in_memory(visits(planted=False)), TABLE)
    assert late is not None
    assert 80 <= late.complete < 84
    assert late.completeness[-1] == 1.0
    assert list(late.completeness) == sorted(late.completeness)
    # An exponential delay of twenty days is longer than thirty in some 22 of a hundred.
    assert late.back_dated == pytest.approx(0.22, abs=0.02)
    assert late.shift is None


def test_a_table_without_a_day_of_recording_has_no_lateness(engine: Engine) -> None:
    table = RegisterTable("visits", "visits.csv", TABLE.fields, occurred="day")
    assert lateness_of(engine, engine.in_memory(visits(planted=False)), table) is None


NAMES = ["Virtanen", "Mäki-Korhonen", None, "Åberg", "Onni Laine", "Nieminen"]


@pytest.mark.requirement("S26-01")
def test_names_in_an_unmarked_text_are_suspected_and_not_told(engine: Engine) -> None:
    names = known_names(engine, [engine.in_memory(pa.table({"name": NAMES}))])
    assert names is not None
    texts = engine.in_memory(
        pa.table({"text": ["soitti ÅBERG", "Virtanen, Korhonen", "laine; nieminen", None, "hoito"]})
    )
    found = names_in(engine, texts.text, names, field="text")
    assert (found.filled, found.records, found.names, found.is_suspected) == (4, 3, 5, True)
    assert not any(name in repr(found).casefold() for name in ("virtanen", "korhonen", "laine"))


def test_a_few_words_that_are_names_too_are_no_suspicion(engine: Engine) -> None:
    names = known_names(engine, [engine.in_memory(pa.table({"name": NAMES}))])
    assert names is not None
    texts = engine.in_memory(pa.table({"text": ["onni on kova"] * 50}))
    assert not names_in(engine, texts.text, names, field="text").is_suspected
    assert known_names(engine, []) is None


def test_images_and_sounds_are_seen_by_their_names(engine: Engine) -> None:
    texts = engine.in_memory(pa.table({"text": ["kuva1.JPG", "sanelu.wav", "data:image/png;base64,AA", "wave", None]}))
    assert media_in(engine, texts.text) == 3
