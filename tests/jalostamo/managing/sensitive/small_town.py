"""A handful of people in two registers, and a request for them: a test writes them, with one thing changed, and runs it."""

from __future__ import annotations

import copy
import csv
import datetime
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polars as pl
import tomli_w

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.descriptions import as_description
from jalostamo.concepts.identifiers import check_character
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import RECORD
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.nonsensitive.releases import Release
from jalostamo.managing.prepared import Prepared
from jalostamo.managing.requests import Request, read_request
from jalostamo.managing.sensitive.corridor import Refined, Rooms, refine
from jalostamo.managing.sensitive.linking import Linked, link
from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey
from jalostamo.managing.sensitive.preparing.recipes import prepare
from jalostamo.managing.sensitive.retrieval import Extract

type Row = Mapping[str, str]
type Change = Callable[[dict[str, object]], object]

TODAY = datetime.date(2026, 6, 15)
"""The day of every run: exclusions and outside permits hold by it."""

SURNAME = "Kanarianlintu"
NOTE = "Puhelu kummitädin kanssa"


def text(word: str) -> Text:
    return Text(word, word, word)


def code(number: int, sign: str = "-") -> str:
    """An artificial identity code, another one for each number below 5,000; with the sign A, of the 2000s."""
    day, month, year = 1 + number % 28, 1 + number // 28 % 12, 10 + number // 336
    digits = f"{day:02}{month:02}{year:02}{900 + number % 97}"
    return f"{digits[:6]}{sign}{digits[6:]}{check_character(digits)}"


def person(number: int, **changes: str) -> dict[str, str]:
    """One record of the population register, of somebody who differs from the next one in code and household alone."""
    usual = {"identity_code": code(number), "surname": SURNAME, "birth_date": "1980-05-01", "sex": "1"}
    home = {"language": "fi", "household": f"K{number:04}", "guardian": "", "arrived": "", "left": "", "died": ""}
    return usual | home | changes


def decision(number: int, client: str, **changes: str) -> dict[str, str]:
    """One record of the social services, on a client by her code."""
    usual = {"number": f"D{number:04}", "client": client, "service": "HS", "start": "2012-03-10", "end": "2012-05-20"}
    return usual | {"spoken": "FI", "note": NOTE} | changes


def _field(name: str, type: str, sensitivity: str, code_list: str | None = None, *, required: bool = False) -> Field:  # noqa: A002  # as in Field
    return Field(
        name, name, FieldType(type), Sensitivity(sensitivity), text(name), code_list=code_list, required=required
    )


def _register(name: str, table: str, fields: Iterable[Field], lists: Mapping[str, str]) -> Register:
    codes = [CodeList(of, "1", tuple(Code(word, text(word)) for word in words.split())) for of, words in lists.items()]
    tables = (RegisterTable(table, f"{table}.csv", tuple(fields)),)
    return Register(name, text(name), "owner", "city", Marking.SYNTHETIC, tables, tuple(codes))


POPULATION = _register(
    "population",
    "persons",
    [
        _field("identity_code", "personal_identity_code", "direct_identifier"),
        _field("surname", "text", "direct_identifier"),
        _field("birth_date", "date", "indirect_identifier"),
        _field("sex", "code", "indirect_identifier", "sexes"),
        _field("language", "code", "indirect_identifier", "languages"),
        _field("household", "text", "link"),
        _field("guardian", "personal_identity_code", "direct_identifier"),
        *(_field(name, "date", "indirect_identifier") for name in ("arrived", "left", "died")),
    ],
    {"sexes": "1 2", "languages": "fi sv so ru xx"},
)
SOCIAL = _register(
    "social",
    "decisions",
    [
        _field("number", "text", "link"),
        _field("client", "personal_identity_code", "direct_identifier"),
        _field("service", "code", "confidential", "services"),
        _field("start", "date", "confidential"),
        _field("end", "date", "confidential"),
        _field("spoken", "code", "indirect_identifier", "spoken"),
        _field("note", "text", "free_text"),
    ],
    {"services": "HS FC NOT", "spoken": "FI SV MUU"},
)
HIERARCHY = "fi;domestic;*\nsv;domestic;*\nso;foreign;*\nru;foreign;*\n"


def _wanted(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "title": text(name).as_mapping(), **more}


REQUEST: dict[str, object] = {
    "request": {
        "id": "small-town",
        "from": "2010-01-01",
        "to": "2016-12-31",
        "title": text("A small town").as_mapping(),
        "need": text("Who uses what?").as_mapping(),
    },
    "source": [
        {"register": r.name, "table": r.tables[0].name, "fields": [f.name for f in r.tables[0].fields]}
        for r in (POPULATION, SOCIAL)
    ],
    "linking": {
        "register": "population",
        "code": "identity_code",
        "household": "household",
        "joins": {"social": "client"},
        "report_by": {"social": "spoken"},
        "lookup": [{"name": "guardian_language", "through": "guardian", "field": "language"}],
    },
    "preparation": {
        "data_class": "row_level_key_destroyed",
        "k": 2,
        "units": ["person", "household"],
        "suppression_limit": 0.5,
        "loss_by": "language_group",
        "field": [
            _wanted("sex", quasi_identifier=True),
            _wanted("birth_year", of=["birth_date"], calendar="year", quasi_identifier=True),
            _wanted("language_group", of=["language"], hierarchy="languages.csv", level=1, quasi_identifier=True),
        ],
        "event_field": [_wanted("service"), _wanted("start", calendar="month"), _wanted("end", calendar="month")],
    },
}


def setting(path: str, value: object) -> Change:
    """A change of a request: the entry at a dotted path, list places counted from 0."""

    def change(content: dict[str, object]) -> None:
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
        place: object = content
        for step in steps:
            place = place[step]  # type: ignore[index]  # a test knows the shape
        place[last] = value  # type: ignore[index]  # a test knows the shape

    return change


def all_of(*changes: Change) -> Change:
    """Several changes as one."""
    return lambda content: [change(content) for change in changes]


def request_in(folder: Path, change: Change | None = None, *, hierarchy: str = HIERARCHY) -> Request:
    """The request as a file of a folder, changed as a test wants it."""
    content = copy.deepcopy(REQUEST)
    if change:
        change(content)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "languages.csv").write_text(hierarchy, encoding="utf-8")
    written = tomli_w.dumps(content)
    for day in ("from", "to"):
        told = content["request"][day]  # type: ignore[index]  # TOML
        written = written.replace(f'{day} = "{told}"', f"{day} = {told}")
    (folder / "request.toml").write_text(written, encoding="utf-8")
    return read_request(folder / "request.toml")


def write_register(sources: Path, register: Register, records: Iterable[Row]) -> None:
    """A register as its owner delivers it: the file and its description."""
    folder = sources / register.name
    folder.mkdir(parents=True, exist_ok=True)
    table = register.tables[0]
    (folder / "register.toml").write_text(tomli_w.dumps(as_description(register)), encoding="utf-8")
    with (folder / table.file).open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [field.column for field in table.fields])
        writer.writeheader()
        writer.writerows(records)


def rooms_in(home: Path, persons: Iterable[Row], decisions: Iterable[Row] = ()) -> Rooms:
    """The folders of a closed room, with both registers delivered."""
    write_register(home / "sources", POPULATION, persons)
    write_register(home / "sources", SOCIAL, decisions)
    return Rooms(home / "sources", home / "vault", home / "releases")


def run(engine: Engine, request: Request, rooms: Rooms) -> Refined:
    return refine(engine, request, rooms, progress=lambda _: None, today=TODAY)


def extracts(folder: Path, persons: Iterable[Row], decisions: Iterable[Row], request: Request) -> tuple[Extract, ...]:
    """Both registers as extracts, written without the product's reading, for tests of the rooms behind it."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {POPULATION.name: persons, SOCIAL.name: decisions}
    found = []
    for source in request.sources:
        register = {r.name: r for r in (POPULATION, SOCIAL)}[source.register]
        path = folder / f"{register.name}.parquet"
        _typed(register, records[register.name]).write_parquet(path)
        found.append(Extract(source, register, register.tables[0], path, (), Manifest("extract", {})))
    return tuple(found)


def _typed(register: Register, records: Iterable[Row]) -> pl.DataFrame:
    fields = register.tables[0].fields
    rows = [{f.name: row[f.name] or None for f in fields} for row in records]
    recorded = pl.DataFrame(rows, schema=dict.fromkeys((f.name for f in fields), pl.String))
    dates = [pl.col(f.name).str.to_date() for f in fields if f.type is FieldType.DATE]
    return recorded.with_columns(*dates).with_row_index(RECORD, 1).with_columns(pl.col(RECORD).cast(pl.Int64))


def linked(
    engine: Engine, home: Path, persons: Iterable[Row], decisions: Iterable[Row], change: Change | None = None
) -> Linked:
    request = request_in(home, change)
    return link(engine, request, extracts(home / "vault", persons, decisions, request))


def prepared(
    engine: Engine,
    home: Path,
    persons: Iterable[Row],
    decisions: Iterable[Row] = (),
    change: Change | None = None,
    *,
    key: PseudonymKey | None = None,
) -> Prepared:
    request = request_in(home, change)
    given = extracts(home / "vault", persons, decisions, request)
    joined = link(engine, request, given)
    return prepare(engine, request, joined, given, key=key or PseudonymKey(), folder=home / "vault")


def rows_of(folder: Path, table: str) -> list[dict[str, object]]:
    """A table of a release, or of a preparation, read by another reader than the product's."""
    return pl.read_parquet(folder / f"{table}.parquet").to_dicts()


def released(release: Release, table: str) -> list[dict[str, object]]:
    return rows_of(release.folder, table)
