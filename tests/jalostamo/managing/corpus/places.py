"""What stands where a file should: links, pipes, folders, devices; and names that could be taken for something else."""

from __future__ import annotations

import os
from pathlib import Path

from tests.jalostamo.managing.corpus.cases import Case, Verdict, refused
from tests.jalostamo.managing.delivered import SECRET, field

from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import FieldType, RegisterTable

_FIELDS = (field("id", FieldType.INTEGER), field("name"))
_RECORDS = f"id,name\n1,{SECRET}\nx,{SECRET}\n".encode()


def _named(file: str) -> Case:
    def deliver(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What a pattern in the name would find instead.
        for other in ("persons1.csv", "a.csv", "persons.csv"):
            (path.parent / other).write_bytes(b"id,name\n1,a\n2,a\n3,a\n4,a\n")
        path.write_bytes(_RECORDS)

    return Case(deliver, Verdict(1, (("not_integer", "id", 1, (3,)),)), RegisterTable("persons", file, _FIELDS))


def _elsewhere(path: Path) -> None:
    outside = path.parent.parent / "outside.csv"
    outside.write_bytes(_RECORDS)
    path.symlink_to(outside)


def _beside(path: Path) -> None:
    (path.parent / "real.csv").write_bytes(_RECORDS)
    path.symlink_to("real.csv")


_PERSONS = RegisterTable("persons", "persons.csv", _FIELDS)
PLACES: dict[str, Case] = {
    f"a name {called}": _named(file)
    for called, file in {
        "with brackets": "persons[1].csv", "with a star": "p*.csv", "with a question mark": "p?rsons.csv", "with braces": "{a,b}.csv",
        "with a quote": "o'a.csv", "with two quotes": 'o"a.csv', "with a space": "a b.csv", "with a line end": "a\nb.csv",
        "like a partition": "sex=F/persons.csv", "like an option": "--help.csv", "like an address": "http:/a.csv", "with a dollar": "$HOME.csv",  # noqa: E501  # one case a line
        "with a percent": "%2e.csv", "with a semicolon": "a;b.csv", "with a backslash": "a\\b.csv", "beyond ASCII": "henkilöt.csv", "as if compressed":  # noqa: E501  # one case a line
        "persons.csv.gz", "as Parquet": "persons.parquet", "without an ending": "persons",
    }.items()
} | {
    "nothing": refused(lambda _: None, "file_missing", _PERSONS),
    "a folder": refused(lambda path: path.mkdir(), "file_missing", _PERSONS),
    "a pipe": refused(os.mkfifo, "file_missing", _PERSONS),
    "a device": refused(lambda path: path.symlink_to("/dev/zero"), "file_missing", _PERSONS),
    "a terminal": refused(lambda path: path.symlink_to("/dev/tty"), "file_missing", _PERSONS),
    "a link to nothing": refused(lambda path: path.symlink_to("nothing"), "file_missing", _PERSONS),
    "a link to itself": refused(lambda path: path.symlink_to(path.name), "file_missing", _PERSONS),
    "a link to another folder": refused(_elsewhere, "file_outside", _PERSONS),
    "a link to the system": refused(lambda path: path.symlink_to("/etc/passwd"), "file_outside", _PERSONS),
    "a link beside": Case(_beside, Verdict(1, (("not_integer", "id", 1, (3,)),)), _PERSONS),
}  # fmt: skip
OUTSIDE = ("../x.csv", "/etc/passwd", "a/../../x.csv", "..", "a/..")
TITLE = Text("Nimi", "Namn", "Name")
