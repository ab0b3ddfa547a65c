"""The command `cube`: read a printed cube, drill in its closed set of filters, and see shares and differences with intervals.

Everything is read and reckoned from printed cells.

Handbook 2.3 (dynamic: drilling, predefined filters).
"""

from __future__ import annotations

import csv
import io
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Misused
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.concepts.numerals import number
from jalostamo.doors.cube_figures import Shown, add_figure_arguments, figure_shown, is_figure_asked
from jalostamo.doors.cube_words import laid_out
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.concepts.languages import Language
    from jalostamo.producing.results import Estimate, Scale
    from jalostamo.utilising.disclosure.figures.comparisons import Compared
    from jalostamo.utilising.disclosure.figures.estimates import Figure
    from jalostamo.utilising.disclosure.printed import PrintedCube
    from jalostamo.utilising.disclosure.queries import Answer, Query

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With one of these a spreadsheet takes a text for a formula."""

_ENDS: Final = ("_low", "_high")
_LEAST_P: Final = 0.001
_NOISY: Final = Text(
    "Jokaisessa luvussa on oma kohinansa: luvut eivät summaudu, eikä niitä pidä laskea yhteen.",
    "Varje tal har sitt eget brus: talen går inte jämnt upp, och ska inte räknas ihop.",
    "Each number carries noise of its own: they do not add up, and are not to be added up.",
)
_WORDS: Final = {
    "share": Text("Osuus (95 %:n väli)", "Andel (95 % intervall)", "Share (95 % interval)"),
    "difference": Text(
        "Ero, %-yks. (95 %:n väli)", "Skillnad, %-enh. (95 % intervall)", "Difference, pp (95 % interval)"
    ),
    "p": Text("p, oikaistu", "p, justerat", "p, adjusted"),
}
_UNITS: Final = {
    CustomerKind.PERSON: Text("Henkilöitä", "Personer", "Persons"),
    CustomerKind.HOUSEHOLD: Text("Kotitalouksia", "Hushåll", "Households"),
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("cube", metavar="CUBE.parquet", type=Path, help="a file of printed cells")
    parser.add_argument("--measure", metavar="NAME", help="what is shown (the first measure of the cube)")
    parser.add_argument("--at", metavar="POINT", default="", help="the point of its grid, where it has one")
    parser.add_argument(
        "--by", metavar="DIM[:LEVEL]", action="append", default=[], help="a row for each code (level 0 is the finest)"
    )
    parser.add_argument(
        "--where", metavar="DIM=CODE,...", action="append", default=[], help="only these codes; the filters are closed"
    )
    parser.add_argument("--order", choices=("code", "most", "least"), default="code", help="of the rows (code)")
    parser.add_argument("--top", metavar="N", type=int, help="the first rows only")
    parser.add_argument("--of", metavar="NAME", help="shares of another measure, with 95 %% intervals")
    parser.add_argument("--against", metavar="CODE", help="with --of and one --by: each row's difference from this one")
    add_figure_arguments(parser)
    parser.add_argument("--csv", metavar="FILE", type=Path, help="write the rows for a spreadsheet, too")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the labels (en)")


def _run(asked: Namespace, progress: Progress) -> Account:
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.storage.places import check_place, write_whole
    from jalostamo.utilising.disclosure.gate import open_printed

    is_figure = is_figure_asked(asked)
    for path in filter(None, (asked.csv, asked.picture)):
        check_place(path, force=False)
    progress.step("reading the cube")
    cube = open_printed(asked.cube)
    shown = figure_shown(cube, _query(asked, asked.measure or ""), asked) if is_figure else _cells(cube, asked)
    if asked.picture:
        progress.step("drawing")
        write_whole(asked.picture, shown.picture())
    if asked.csv:
        write_whole(asked.csv, _csv(shown.rows))
    language: Language = asked.language
    first, last = cube.period
    head = f"{cube.title.in_language(language)}, {first}\u2013{last}."
    table = laid_out(shown.heads, shown.lines) if shown.lines else []
    sentences = (head, *table, *shown.sentences, _NOISY.in_language(language))
    return Account(sentences, {"cube": cube.digest, **shown.facts, "rows": shown.rows})


def _cells(cube: PrintedCube, asked: Namespace) -> Shown:
    """The printed cells themselves, with shares and differences where they are asked for."""
    from jalostamo.utilising.disclosure.queries import EMPTY_TEXTS, Emptiness, answer

    query = _query(asked, asked.measure or cube.measures[0].name)
    found = answer(cube, query)
    rows = _rows(cube, query, found, asked)
    heads, lines = _table(_heads(cube, query, asked.language), rows, asked.language)
    empty = [] if found.emptiness is Emptiness.FILLED else [EMPTY_TEXTS[found.emptiness].in_language(asked.language)]
    total = asdict(found.total) if found.total else None
    return Shown(
        rows, heads, lines, empty, {"measure": query.measure, "total": total, "answered": str(found.emptiness)}
    )


def _query(asked: Namespace, measure: str) -> Query:
    from jalostamo.utilising.disclosure.queries import Query

    by: dict[str, int] = {}
    for word in asked.by:
        name, _, level = word.partition(":")
        if level and not level.isdecimal():
            raise Misused("--by is a dimension, or a dimension and a level as in language:1.", reason="query_unknown")
        by[name] = int(level or 0)
    where = {}
    for word in asked.where:
        name, sign, codes = word.partition("=")
        if not sign:
            raise Misused("--where is a dimension and its codes, as in sex=1.", reason="query_unknown")
        where[name] = tuple(codes.split(","))
    return Query(measure, at=asked.at, by=by, where=where, order=asked.order, top=asked.top)


def _rows(cube: PrintedCube, query: Query, found: Answer, asked: Namespace) -> list[dict[str, object]]:
    """A row per cell, by column: codes, the printed number, and what was asked beside it."""
    rows: list[dict[str, object]] = []
    for row in found.rows:
        codes = dict(zip(found.dimensions, row.codes, strict=True))
        amount = {"amount": row.amount} if row.amount is not None or row.status == "hidden" else {}
        rows.append({**codes, "printed": row.printed, **amount})
    if asked.against and not asked.of:
        raise Misused("--against compares shares: name with --of what they are shares of.", reason="query_unknown")
    if asked.of:
        figures = _figures(cube, query, found, asked.of)
        for told, figure in zip(rows, figures, strict=True):
            told |= _told("share", figure.estimate if figure else None)
        if asked.against:
            for told, compared in zip(rows, _compared(found, figures, asked.against), strict=True):
                told |= _told("difference", compared.contrast.estimate if compared else None)
                told["p"] = compared.adjusted_p if compared else None
    return rows


def _told(name: str, estimate: Estimate | None) -> dict[str, object]:
    ends = (None, None, None) if estimate is None else (estimate.value, estimate.low, estimate.high)
    return dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))


def _figures(cube: PrintedCube, query: Query, found: Answer, base: str) -> list[Figure | None]:
    """Each row's share of the base's cell with the same codes; dimensions that the base is not told by are in total."""
    from jalostamo.utilising.disclosure.figures.asked import refuse_no_base
    from jalostamo.utilising.disclosure.figures.estimates import share
    from jalostamo.utilising.disclosure.queries import told_by

    if base not in {measure.name for measure in cube.measures}:
        raise Misused("--of names a measure of the cube.", reason="query_unknown")
    told = told_by(cube, base)
    held = {name: codes[0] for name, codes in query.where.items() if name in told and name not in found.dimensions}
    if any(len(query.where[name]) > 1 for name in held):
        raise Misused("--of needs one code in each --where that is not shown by rows.", reason="cells_not_added")
    figures: list[Figure | None] = []
    for row in found.rows:
        codes = {name: code for name, code in zip(found.dimensions, row.codes, strict=True) if name in told}
        whole = cube.content.count(base, **{**held, **codes})
        if row.printed is None or whole is None:
            figures.append(None)
        else:
            refuse_no_base(row.printed, whole, noise=cube.noise)
            figures.append(share(row.printed, whole, noise=cube.noise, least=cube.rule.least))
    return figures


def _compared(found: Answer, figures: Sequence[Figure | None], against: str) -> list[Compared | None]:
    from jalostamo.utilising.disclosure.figures.comparisons import compared

    if len(found.dimensions) != 1:
        raise Misused("--against needs one dimension in --by, whose codes are compared.", reason="query_unknown")
    by_code = {row.codes[0]: figure for row, figure in zip(found.rows, figures, strict=True)}
    reference = by_code.get(against)
    if reference is None:
        raise Misused("--against names one of the codes that are shown.", reason="query_unknown")
    others = [code for code, figure in by_code.items() if code != against and figure is not None]
    pairs = [(figure, reference) for code in others if (figure := by_code[code]) is not None]
    made = dict(zip(others, compared(pairs, "difference"), strict=True))
    return [made.get(code) for code in by_code]


def _heads(cube: PrintedCube, query: Query, language: Language) -> dict[str, tuple[str, Mapping[str, Text]]]:
    """By column what it is called, and what its codes mean."""
    heads = {d.name: (d.title.in_language(language), d.labels) for d in cube.dimensions}
    measure = next(m for m in cube.measures if m.name == query.measure)
    title = measure.title.in_language(language)
    words = {name: text.in_language(language) for name, text in _WORDS.items()} | {"amount": title}
    # Of events and sums, what is printed is how many units they are of.
    words["printed"] = _UNITS[cube.unit].in_language(language) if measure.kind in {"events", "sum"} else title
    return {**heads, **{name: (word, {}) for name, word in words.items()}}


def _table(
    heads: Mapping[str, tuple[str, Mapping[str, Text]]], rows: Sequence[Mapping[str, object]], language: Language
) -> tuple[list[str], list[list[str]]]:
    # The ends of an interval stand in one column, behind its value.
    names = [name for name in rows[-1] if not name.endswith(_ENDS)] if rows else []
    lines = [[_cell(name, row, heads[name][1], language) for name in names] for row in rows]
    return [heads[name][0] for name in names], lines


def _cell(name: str, row: Mapping[str, object], labels: Mapping[str, Text], language: Language) -> str:
    from jalostamo.producing.results import Estimate
    from jalostamo.utilising.publication import numerals

    value = row.get(name)
    match name, value:
        case "printed", None:
            return "."
        case (("amount" | "share" | "difference" | "p"), None):
            return "\u2013"
        case (("share" | "difference"), float()):
            low, high = (float(str(row[f"{name}{end}"])) for end in _ENDS)
            scale: Scale = "share" if name == "share" else "difference"
            return numerals.said(Estimate(value, low, high), scale, language).together.replace("\u00a0", " ")
        case "p", float():
            return "<0.001" if value < _LEAST_P else f"{value:.3f}"
        case _, int():
            return number(value, language)
        case _, float():
            return number(round(value), language)
    return labels[str(value)].in_language(language) if value in labels else str(value)


def _csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[-1]) if rows else [])
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _inert(value) for name, value in row.items()})
    return written.getvalue().encode("utf-8")


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


COMMAND: Final = Command(
    name="cube",
    purpose="Read a file of printed cells: by its dimensions, within its filters, with shares and differences.",
    example="jalostamo cube cells.parquet --by language:1 --measure customers --of children",
    add_arguments=_add_arguments,
    run=_run,
)
