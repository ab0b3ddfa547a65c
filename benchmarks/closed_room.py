"""The whole way through the closed room, ten registers of a city of half a million, beside DuckDB copying the same files to Parquet.

Either one is a process of its own; of it and all that it started are told the seconds, those of processors, and the most
memory that they had at one time. Ours tells them for each step, too.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from jalostamo.engine.connection import open_engine
from jalostamo.managing.requests import read_request
from jalostamo.managing.sensitive.corridor import Rooms, refine
from jalostamo.managing.sensitive.retrieval import clock_for

PROMISED_SECONDS, PROMISED_GIB, PROMISED_TIMES, PROMISED_CONTACTS = 360, 4, 6, 37_000_000
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
HIERARCHY = Path(__file__).resolve().parent.parent / "examples/pilot/hierarchies/native_language.csv"
PERSONS = [
    "identity_code",
    "birth_date",
    "sex",
    "native_language",
    "household_id",
    "resident_from",
    "resident_to",
    "died",
]


@dataclass(frozen=True)
class Contacts:
    """What is asked of one register: its table, the field that leads to the person, the day, the code of the contact."""

    table: str
    leads: str
    day: str
    code: str
    more: tuple[str, ...] = ()


ASKED = {
    "social_services": Contacts("contacts", "client_code", "day", "service"),
    "early_education": Contacts("attendance", "child", "month", "unit"),
    "schools": Contacts("absences", "pupil", "day", "reason"),
    "health": Contacts("visits", "patient", "visited", "form", ("language", "profession")),
    "library": Contacts("loans", "card_number", "loaned", "channel", ("branch",)),
    "museum": Contacts("visits", "customer_number", "visited", "site"),
    "sports": Contacts("visits", "pass_number", "visited", "activity"),
    "feedback": Contacts("feedback", "identity_code", "day", "service"),
    "businesses": Contacts("contacts", "business_id", "day", "business_channel"),
}
COPIES = """
import duckdb, pathlib, sys
sources, out = map(pathlib.Path, sys.argv[1:3])
connected = duckdb.connect()
connected.execute(f"SET enable_progress_bar = false; SET memory_limit = '{sys.argv[3]}'; SET temp_directory = '{out}'")
for number, (name, reader) in enumerate(zip(sys.argv[4::2], sys.argv[5::2])):
    connected.execute(f"COPY (FROM {reader.format(path=sources / name)}) TO '{out}/{number}.parquet' "
        "(FORMAT parquet, COMPRESSION zstd)")
"""
AS_TEXT = "read_csv('{{path}}', all_varchar = true, header = {header}, delim = '{delimiter}', quote = '', encoding = '{encoding}')"
AS_OBJECTS = "read_json('{path}', format = 'newline_delimited')"


def described(sources: Path, register: str) -> Mapping[str, object]:
    """A register's own description."""
    return tomllib.loads((sources / register / "register.toml").read_text(encoding="utf-8"))


def table_of(sources: Path, register: str, name: str) -> Mapping[str, object]:
    """The description of one of its tables."""
    (found,) = (table for table in described(sources, register)["table"] if table["name"] == name)
    return found


def labelled(word: str) -> dict[str, str]:
    """A word in three languages."""
    return dict.fromkeys(("fi", "sv", "en"), word)


def mapping(sources: Path) -> dict[str, object]:
    """One code list for the contacts of all registers: which register's they are."""
    codes = {}
    for register, asked in ASKED.items():
        fields = {field["name"]: field for field in table_of(sources, register, asked.table)["field"]}
        wanted = fields[asked.code]["code_list"]
        (told,) = (each for each in described(sources, register)["code_list"] if each["name"] == wanted)
        codes[register] = {entry["code"]: register for entry in told["codes"]}
    listed = [{"code": register, **labelled(register)} for register in ASKED]
    return {"name": "contact", "version": "1", "codes": listed, "map": codes}


def wanted(name: str, **more: object) -> dict[str, object]:
    """A field that is released."""
    return {"name": name, "title": labelled(name), **more}


def source(register: str, asked: Contacts) -> dict[str, object]:
    """What is asked of a register of contacts; its day is called so, whatever it is called there."""
    fields = [asked.leads, asked.day, asked.code, *asked.more]
    called = {} if asked.day == "day" else {"called": {asked.day: "day"}}
    return {"register": register, "table": asked.table, "fields": fields, **called, "rejected_at_most": 0.01}


def request(years: Sequence[int]) -> dict[str, object]:
    """Everybody's contacts with ten registers by month, one code list for all, persons by sex, year of birth and language."""
    head = {"id": "contacts", "from": datetime.date(years[0], 1, 1), "to": datetime.date(years[1], 12, 31)}
    language = {"of": ["native_language"], "hierarchy": HIERARCHY.name, "level": 1}
    return {
        "request": head | {"title": labelled("Contacts"), "need": labelled("Who uses what?")},
        "source": [
            {"register": "population", "table": "persons", "fields": PERSONS, "rejected_at_most": 0.01},
            *(source(register, asked) for register, asked in ASKED.items()),
        ],
        "linking": {
            **{"register": "population", "code": "identity_code", "household": "household_id"},
            "joins": {register: asked.leads for register, asked in ASKED.items()},
            "report_by": {"health": "language"},
        },
        "harmonise": [
            {"name": "contact", "fields": {r: asked.code for r, asked in ASKED.items()}, "mapping": "contact.toml"}
        ],
        "preparation": {
            **{"data_class": "row_level_key_destroyed", "k": 5, "units": ["person", "household"]},
            **{"suppression_limit": 0.1, "loss_by": "language"},
            "field": [
                wanted("sex", quasi_identifier=True),
                wanted("birth_year", of=["birth_date"], calendar="year", quasi_identifier=True),
                wanted("language", quasi_identifier=True, **language),
            ],
            "event_field": [wanted("day", calendar="month"), wanted("contact"), wanted("profession")],
        },
    }


def made(folder: Path, people: int, years: Sequence[int]) -> Path:
    """The city's registers, made once, and the request for them."""
    sources = folder / "town"
    if not (sources / "truth.json").exists():
        since, until = map(str, years)
        city = [*(sys.executable, "-m", "jalostamo.city", str(sources)), *("--people", str(people))]
        subprocess.run([*city, "--from", since, "--to", until, "--force"], check=True, stdout=subprocess.DEVNULL)
    place = folder / "request"
    place.mkdir(exist_ok=True)
    (place / "request.toml").write_text(tomli_w.dumps(request(years)), encoding="utf-8")
    (place / "contact.toml").write_text(tomli_w.dumps(mapping(sources)), encoding="utf-8")
    shutil.copy(HIERARCHY, place)
    return sources


def tree(pid: int) -> Iterator[int]:
    """A process and all that it started and that still run."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            yield from tree(int(child))


def used_by(pid: int) -> tuple[float, int]:
    """The seconds of processors that a process and what it started have used until now, and the bytes that they hold."""
    seconds = held = 0
    for each in tree(pid):
        try:
            words = Path(f"/proc/{each}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            seconds += sum(map(int, words[11:15]))
            held += int(words[21]) * PAGE
        except OSError:
            continue
    return seconds / TICKS, held


@dataclass(frozen=True)
class Measured:
    """What a process and all that it started took, and what it said."""

    seconds: float
    processors: float
    gib: float
    said: str


def measured(command: Sequence[str | Path]) -> Measured:
    """Run a command, and look ten times a second at the memory that it and what it started hold together."""
    most, ended = [0], threading.Event()
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:

        def look() -> None:
            while not ended.wait(0.1):
                most[0] = max(most[0], used_by(process.pid)[1])

        looking = threading.Thread(target=look)
        looking.start()
        said, _ = process.communicate()
        took = time.perf_counter() - began
        ended.set()
        looking.join()
    if process.returncode:
        raise SystemExit(f"{command[1]} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processors = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(took, processors, most[0] / 2**30, said)


def inside(folder: Path, memory: str) -> None:
    """Run the request in this process, as the closed room does, and tell when each step began, and what came of it."""
    asked, told, began = read_request(folder / "request/request.toml"), [], time.perf_counter()

    def step(name: str) -> None:
        told.append((name, time.perf_counter() - began, used_by(os.getpid())[0]))

    with tempfile.TemporaryDirectory(dir=folder) as place:
        rooms = Rooms(folder / "town", Path(place) / "vault", Path(place) / "releases")
        workspace = Path(place) / "workspace"
        workspace.mkdir()
        clock = clock_for(asked, rooms.sources)
        with open_engine(workspace=workspace, timezone=clock, memory=memory) as engine:
            refined = refine(engine, asked, rooms, progress=step, today=datetime.date(2026, 6, 15))
            step("")
    events = [extract.manifest.content for extract in refined.extracts[1:]]
    records = sum(int(str(content["records"])) for content in events)
    counts = {"records": records, "persons": refined.extracts[0].manifest.content["records"]}
    counts |= {"released": refined.prepared.released, "rows": refined.validation.rows}
    print(json.dumps({"steps": told, **counts}))


def copied(sources: Path) -> list[str]:
    """The files that are asked, and how the engine reads each as text; what is in a database of one file is left out."""
    words = []
    for register, asked in {"population": Contacts("persons", "", "", ""), **ASKED}.items():
        for table in described(sources, register)["table"]:
            is_led_by = table["name"] in {
                asked.table,
                dict(table_of(sources, register, asked.table)).get("through", {}).get("table"),
            }
            if is_led_by and (reader := reader_of(table)):
                words += [f"{register}/{table['file']}", reader]
    return words


def reader_of(table: Mapping[str, object]) -> str | None:
    """How DuckDB reads a table's file without looking at what is in it."""
    encoding = "utf-8" if table["encoding"] == "utf-8" else "latin-1"
    match table["format"]:
        case "csv":
            return AS_TEXT.format(header="true", delimiter=table["delimiter"], encoding=encoding)
        case "fixed_width":
            return AS_TEXT.format(header="false", delimiter="\x1f", encoding=encoding)
        case "json_lines":
            return AS_OBJECTS
    return None


def told(ours: Measured, peer: Measured) -> None:
    """Print what came of both."""
    found = json.loads(ours.said)
    print(f"{found['records']:,} contacts, {found['persons']:,} records of persons; released {found['rows']}")
    for (name, began, used), (_, ended, after) in zip(found["steps"], found["steps"][1:], strict=False):
        print(f"  {name:<12} {ended - began:7.1f} s {after - used:7.1f} s of processors")
    for name, one in {"ours": ours, "DuckDB's copies": peer}.items():
        print(f"{name}: {one.seconds:.1f} s, {one.processors:.1f} s of processors, at most {one.gib:.2f} GiB")
    print(f"ratio {ours.seconds / peer.seconds:.2f}, of processors {ours.processors / peer.processors:.2f} ", end="")
    print(f"(promised: {PROMISED_TIMES}; for {PROMISED_CONTACTS:,} contacts {PROMISED_SECONDS} s, {PROMISED_GIB} GiB)")


def main() -> None:
    """Make what is missing, run both in turn, and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the city is made and stays; as much again is needed beside it")
    parser.add_argument("--people", type=int, default=250_000)
    parser.add_argument("--years", type=int, nargs=2, default=(2002, 2016))
    parser.add_argument("--memory", default="2500MiB", help="what either engine may hold before it spills")
    parser.add_argument("--inside", action="store_true", help="run the request in this process, and nothing else")
    asked = parser.parse_args()
    if asked.inside:
        inside(asked.folder, asked.memory)
        return
    sources = made(asked.folder, asked.people, asked.years)
    with tempfile.TemporaryDirectory(dir=asked.folder) as out:
        peer = measured([sys.executable, "-c", COPIES, sources, out, asked.memory, *copied(sources)])
    ours = measured([sys.executable, __file__, asked.folder, "--inside", "--memory", asked.memory])
    told(ours, peer)


if __name__ == "__main__":
    main()
