"""The command `hierarchy`: a hierarchy file built of the values there are, or one that comes with the library.

It reads at most one column of a table, and tells counts: values stand in the file that it writes, and nowhere else.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.concepts.writings import Writing
from jalostamo.doors.own_folder import own_folder
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command
from jalostamo.engine.transcoding import python_name
from jalostamo.managing.hierarchies import (
    STEPS,
    Hierarchy,
    Intervals,
    by_code_list,
    by_date,
    by_interval,
    by_order,
    by_prefix,
    in_order,
    read_parents,
    read_values,
    whole_numbers,
    with_missing,
    write_hierarchy,
)
from jalostamo.managing.hierarchies.ready import ready_made
from jalostamo.storage.places import check_place

if TYPE_CHECKING:
    from jalostamo.managing.hierarchies.columns import ColumnValues

_BUILT: Final = ("interval", "order", "date", "prefix", "codes")
_TEXT: Final = ("delimiter", "encoding")
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "interval": ("first", "last", "widths", "start", "bottom", "top", "decimal_mark"),
    "order": ("sizes",),
    "date": ("steps", "date_format"),
    "prefix": ("keep", "mask"),
    "codes": ("codes",),
}
"""The words that go with one kind each; those of a ready one go with all of these."""

_READY_WORDS: Final = ("language",)


def _add_arguments(parser: ArgumentParser) -> None:
    kinds = (*_BUILT, *ready_made())
    parser.add_argument(
        "kind",
        metavar="KIND",
        choices=kinds,
        help=f"built: {', '.join(_BUILT)}; ready: {', '.join(ready_made())}",
    )
    parser.add_argument("--out", metavar="FILE.csv", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument(
        "--missing", metavar="WORD", help="name the missing value so, as a class of its own below the top"
    )
    _add_sources(parser)
    _add_words(parser)


def _add_sources(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("the values")
    group.add_argument("--table", metavar="TABLE", type=Path, help="a file .csv or .parquet")
    group.add_argument("--column", metavar="COL", help="the column of it whose values are taken, or looked up")
    group.add_argument("--delimiter", help="between the columns of a .csv file (,)")
    group.add_argument("--encoding", help="of a .csv file (utf-8)")
    group.add_argument(
        "--values", metavar="LIST.csv", type=Path, help="a file with a value on each line, in their order"
    )


def _add_words(parser: ArgumentParser) -> None:
    interval = parser.add_argument_group("interval")
    interval.add_argument("--from", dest="first", metavar="N", help="all whole numbers from this one ...")
    interval.add_argument("--to", dest="last", metavar="N", help="... to this one, instead of a table's")
    interval.add_argument(
        "--widths", metavar="N,N", help="of the intervals, level by level; each a multiple of the last"
    )
    interval.add_argument("--start", metavar="N", help="where an interval begins (0)")
    interval.add_argument("--bottom", metavar="N", help="values below it are one class")
    interval.add_argument("--top", metavar="N", help="values of it or above are one class")
    interval.add_argument("--decimal-mark", metavar="MARK", help="'.' or ',' (.)")
    order = parser.add_argument_group("order")
    order.add_argument("--sizes", metavar="N,N", help="how many neighbours are one class, level by level")
    date = parser.add_argument_group("date")
    date.add_argument("--steps", metavar="STEP,STEP", help=f"some of {', '.join(STEPS)} (month,quarter,year,5-years)")
    date.add_argument("--date-format", metavar="FORM", help="how days are written, such as %%d.%%m.%%Y (ISO 8601)")
    prefix = parser.add_argument_group("prefix")
    prefix.add_argument("--keep", metavar="N,N", help="how many characters are kept, level by level (one fewer each)")
    prefix.add_argument("--mask", metavar="MARK", help="what stands for a character that is not kept (x)")
    codes = parser.add_argument_group("codes")
    codes.add_argument(
        "--codes", metavar="LIST.csv", type=Path, help="a file with a code, ';' and its parent on each line"
    )
    ready = parser.add_argument_group("ready ones")
    ready.add_argument("--language", choices=LANGUAGES, help="call levels in this language, not by codes")


def _run(asked: Namespace, progress: Progress) -> Account:
    _check_words(asked)
    _check_files(asked)
    writing = _writing(asked)
    progress.step("reading the values")
    found = None if asked.table is None else _values_of(asked, writing)
    progress.step("building the hierarchy")
    hierarchy = _built(asked, found) if asked.kind in _BUILT else _ready(asked, found)
    if found is not None:
        _refuse_uncovered(hierarchy, found)
    if asked.missing is not None:
        hierarchy = with_missing(hierarchy, asked.missing)
    progress.step("writing")
    write_hierarchy(hierarchy, asked.out, force=asked.force)
    return _account(hierarchy, found, asked)


def _built(asked: Namespace, found: ColumnValues | None) -> Hierarchy:
    name = asked.out.name
    if asked.kind == "codes":
        if asked.codes is None:
            raise Misused("A hierarchy of codes needs --codes, their list.", reason="hierarchy_no_values")
        return by_code_list(name, read_parents(asked.codes))
    return _BUILDERS[asked.kind](name, _given_values(asked, found), asked)


def _interval(name: str, values: Sequence[str], asked: Namespace) -> Hierarchy:
    widths = tuple(_listed(asked.widths))
    mark = asked.decimal_mark or "."
    return by_interval(name, values, Intervals(widths, asked.start or "0", asked.bottom, asked.top, mark))


def _order(name: str, values: Sequence[str], asked: Namespace) -> Hierarchy:
    return by_order(name, values, _numbers(asked.sizes, "--sizes"))


def _date(name: str, values: Sequence[str], asked: Namespace) -> Hierarchy:
    return by_date(name, values, _listed(asked.steps), form=asked.date_format)


def _prefix(name: str, values: Sequence[str], asked: Namespace) -> Hierarchy:
    return by_prefix(name, values, _numbers(asked.keep, "--keep"), mask="x" if asked.mask is None else asked.mask)


_BUILDERS: Final[dict[str, Callable[[str, Sequence[str], Namespace], Hierarchy]]] = {
    "interval": _interval,
    "order": _order,
    "date": _date,
    "prefix": _prefix,
}


def _given_values(asked: Namespace, found: ColumnValues | None) -> Sequence[str]:
    """The values by their one source: a table's column, a list, or the whole numbers between two."""
    if found is not None:
        return in_order(found.values, mark=asked.decimal_mark or ".")
    if asked.values is not None:
        return read_values(asked.values)
    if asked.first is None or asked.last is None:
        more = ", or --from and --to" if asked.kind == "interval" else ""
        raise Misused(
            f"Values come from one source: --table and --column, or --values{more}.", reason="hierarchy_no_values"
        )
    return whole_numbers(asked.first, asked.last)


def _ready(asked: Namespace, found: ColumnValues | None) -> Hierarchy:
    ready = ready_made()[asked.kind]
    values = in_order(found.values) if found else read_values(asked.values) if asked.values else ()
    hierarchy = ready.hierarchy(values)
    return ready.in_language(hierarchy, asked.language) if asked.language else hierarchy


def _check_words(asked: Namespace) -> None:
    """Refuse words that would be left unread, and values from two sources."""
    known = _WORDS.get(asked.kind, _READY_WORDS)
    others = {word for words in (*_WORDS.values(), _READY_WORDS) for word in words} - set(known)
    unread = sorted(_as_typed(word) for word in others if getattr(asked, word) is not None)
    if unread:
        raise Misused(f"{', '.join(unread)} does not go with '{asked.kind}'.", reason="hierarchy_words")
    if (asked.table is None) != (asked.column is None):
        raise Misused("--table and --column go together.", reason="hierarchy_words")
    if (asked.first is None) != (asked.last is None):
        raise Misused("--from and --to go together.", reason="hierarchy_words")
    sources = [asked.table, asked.values, asked.first]
    if sum(source is not None for source in sources) > 1 or (asked.values and _has_values(asked.kind)):
        raise Misused("Values come from one source.", reason="hierarchy_words")


def _has_values(kind: str) -> bool:
    return kind == "codes" or (kind not in _BUILT and not ready_made()[kind].of_values)


def _as_typed(word: str) -> str:
    return {"first": "--from", "last": "--to"}.get(word, f"--{word.replace('_', '-')}")


def _check_files(asked: Namespace) -> None:
    check_place(asked.out, force=asked.force)
    for given in (asked.table, asked.values, asked.codes):
        if given is not None and asked.out.exists() and given.exists() and asked.out.samefile(given):
            raise Misused(f"--out is {given.name} itself: give it another name.", reason="out_is_given")


def _writing(asked: Namespace) -> Writing:
    of_text = {name: getattr(asked, name) for name in _TEXT if getattr(asked, name) is not None}
    if of_text and (asked.table is None or asked.table.suffix.lower() != ".csv"):
        raise Misused(f"--{' and --'.join(of_text)} can be declared of a .csv file only.", reason="not_text")
    try:
        python_name(of_text.get("encoding", "utf-8"))
        return Writing(**of_text)
    except Unfit as unfit:
        raise Misused(unfit.sentence, reason=unfit.reason) from None


def _values_of(asked: Namespace, writing: Writing) -> ColumnValues:
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.engine.connection import open_engine
    from jalostamo.managing.hierarchies.columns import values_of

    with own_folder() as folder, open_engine(workspace=folder) as engine:
        return values_of(engine, asked.table, writing, column=asked.column)


def _refuse_uncovered(hierarchy: Hierarchy, found: ColumnValues) -> None:
    from jalostamo.managing.hierarchies.columns import refuse_uncovered

    refuse_uncovered(hierarchy, found)


def _listed(words: str | None) -> list[str]:
    return [word.strip() for word in words.split(",")] if words else []


def _numbers(words: str | None, option: str) -> list[int]:
    listed = _listed(words)
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in listed):
        raise Misused(f"{option} is whole numbers, a comma between.", reason="whole_numbers")
    return [int(word) for word in listed]


def _account(hierarchy: Hierarchy, found: ColumnValues | None, asked: Namespace) -> Account:
    classes = hierarchy.classes
    told = f"Values: {classes[0]:,}. Classes by level: {', '.join(f'{each:,}' for each in classes[1:])}."
    read = () if found is None else (f"Read: column '{found.column}', {found.rows:,} rows.",)
    without = found.missing if found is not None and asked.missing is None else 0
    missing = (f"Rows without a value: {without:,}; they stay so at every level (--missing names them).",)
    return Account(
        (*read, *missing * bool(without), told, f"Written to {asked.out.name}."),
        {
            "values": classes[0],
            "levels": len(classes),
            "classes": list(classes),
            **({"rows": found.rows, "rows_without_value": found.missing} if found else {}),
        },
    )


COMMAND: Final = Command(
    name="hierarchy",
    purpose="Make a hierarchy file: how the values of a column become coarser, level by level.",
    example=(
        "jalostamo hierarchy interval --table people.csv --column age --widths 5,10,20 --top 90 --out age.csv\n"
        "  jalostamo hierarchy native_language --out language.csv"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
