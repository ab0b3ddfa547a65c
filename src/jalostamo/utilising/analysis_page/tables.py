"""The tables of a method as the page shows them: heads and values in its language, times in units that a person says.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.paging import Table
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.findings import Found
from jalostamo.producing.analyses.methods.conformance import KEPT
from jalostamo.utilising.analysis_page.columns import TABLES, Writing, column_of
from jalostamo.utilising.analysis_page.speech import NOTHING, Speech
from jalostamo.utilising.publication.numerals import share

if TYPE_CHECKING:
    from jalostamo.producing.analyses.findings import Findings, Value

_AROUND: Final = re.compile(r"([+-])(\d+) (.*)", re.DOTALL)
_BELOW_A_TIME: Final = re.compile(r"below (\d+) (?:months|days|seconds)")
_STEPS: Final[Mapping[str, Text]] = {
    "+": Text("{n}. palvelu jälkeen", "Tjänst {n} efter", "Service {n} after"),
    "-": Text("{n}. palvelu ennen", "Tjänst {n} före", "Service {n} before"),
}
_CLUSTER: Final = Text("Laji {n}", "Slag {n}", "Kind {n}")
_WHEN: Final = Text(", {n} kk ennen", ", {n} mån före", ", {n} months before")
_OTHERS: Final = Text(" ({whose})", " ({whose})", " ({whose})")
_BELOW: Final = Text("alle {time}", "under {time}", "below {time}")
_YES: Final = (Text("ei", "nej", "no"), Text("kyllä", "ja", "yes"))
_NAMELESS: Final = frozenset({"wrong_order", "skipped", "inserted", "too_often", "late", "unfinished"})
_WORDS: Final = frozenset({Writing.NAME, Writing.WORD, Writing.PATH, Writing.SUBJECT, Writing.YES})

type Writer = Callable[[Value], str]


def tables_of(findings: Findings, speech: Speech) -> dict[str, Table]:
    """Every table that has rows, by the name that findings give it."""
    return {name: _table(findings.method, name, found, speech) for name, found in findings.tables.items() if found.rows}


def _table(method: str, name: str, found: Found, speech: Speech) -> Table:
    found = _without_one_group(found)
    columns = [column_of(method, name, column) for column in found.columns]
    writers = [_writer(each.writing, method, speech) for each in columns]
    if method == "courses" and "cluster" in found.columns:
        writers[found.columns.index("cluster")] = lambda value: subject(method, str(value), speech)
    rows = [[write(value) for write, value in zip(writers, row, strict=True)] for row in found.rows]
    caption = speech.say(TABLES[name]) if name in TABLES else name
    words = [place for place, each in enumerate(columns) if each.writing in _WORDS]
    return Table(caption, [speech.say(each.head) for each in columns], rows, words)


def _without_one_group(found: Found) -> Found:
    """The table without its column of groups where all rows are of all cases."""
    if found.columns[0] != "group" or any(found.column("group")):
        return found
    return Found(found.columns[1:], tuple(row[1:] for row in found.rows))


def _writer(writing: Writing, method: str, speech: Speech) -> Writer:
    writers: Mapping[Writing, Callable[[float], str]] = {
        Writing.COUNT: speech.plain,
        Writing.SHARE: lambda value: share(value, speech.language, places=1),
        Writing.POINTS: lambda value: speech.number(100 * value, places=1),
        Writing.NUMBER: lambda value: speech.number(value, places=3 if abs(value) < 0.1 else 2),
        Writing.TIME: lambda value: speech.time(value, short=True),
        Writing.P: speech.p,
        Writing.YES: lambda value: speech.say(_YES[bool(value)]),
    }
    texts: Mapping[Writing, Callable[[str], str]] = {
        Writing.NAME: speech.name,
        Writing.WORD: speech.word,
        Writing.PATH: speech.path,
        Writing.SUBJECT: lambda text: subject(method, text, speech),
    }

    def written(value: Value) -> str:
        if value is None:
            return NOTHING
        if isinstance(value, str):
            return texts.get(writing, speech.name)(value) or NOTHING
        return writers.get(writing, speech.plain)(cast("float", value))

    return written


def subject(method: str, text: str, speech: Speech) -> str:
    """What is compared, in the words of its method."""
    if method == "around" and (met := _AROUND.fullmatch(text)):
        sign, number, service = met.groups()
        return f"{speech.say(_STEPS[sign], n=number)}: {speech.name(service)}"
    if method == "conformance":
        return _left(text, speech)
    if below := _BELOW_A_TIME.fullmatch(text):
        return speech.say(_BELOW, time=speech.time(int(below[1]), short=True))
    if method == "courses":
        return speech.say(_CLUSTER, n=text)
    return speech.path(text)


def _left(text: str, speech: Speech) -> str:
    """A way of leaving a design: its kind, and where."""
    kind, apart, where = text.partition(": ")
    if text == KEPT or not apart or kind not in _NAMELESS:
        return speech.word(text)
    return f"{speech.word(kind)}: {speech.path(where)}"


def factor_named(row: Mapping[str, Value], speech: Speech) -> str:
    """A factor in words: what, whose where it is another's, and how long before."""
    name = speech.word(str(row["factor"]))
    if row["whose"] != "own":
        name += speech.say(_OTHERS, whose=speech.word(str(row["whose"])))
    if row["months_before"]:
        name += speech.say(_WHEN, n=str(row["months_before"]).replace("-", "\u2013"))
    return name
