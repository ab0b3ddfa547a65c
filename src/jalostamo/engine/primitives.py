"""What one engine cannot say in Ibis, or says otherwise: each a named primitive with one wording per engine, one shared test.

Handbook 2.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

SEPARATOR: Final = "\x1f"
"""Between the services of a path text: the unit separator, below every printable character, so that texts sort as paths do."""


@ibis.udf.scalar.builtin(name="try_strptime")
def _try_strptime(text: str, form: str) -> dt.timestamp:
    """DuckDB's reading of a time by a strptime form; null where the text is no such time."""


@ibis.udf.scalar.builtin(name="strftime")
def _strftime(moment: dt.timestamp, form: str) -> str:  # type: ignore[empty-body]  # the engine has the body
    """DuckDB's writing of a time by a strptime form."""


@ibis.udf.scalar.builtin(name="timezone")
def _at_local(timezone: str, local: dt.timestamp) -> dt.timestamp:
    """DuckDB's reading of a local time; what it gives has a time zone, which Ibis is told by a cast."""


@ibis.udf.scalar.builtin(name="timezone")
def _local_at(timezone: str, moment: dt.timestamp) -> dt.timestamp:
    """DuckDB's showing of a time by local clocks."""


@ibis.udf.scalar.builtin(name="hash")
def _hash(value) -> dt.uint64:  # type: ignore[no-untyped-def]  # Ibis takes any type where none is said
    """DuckDB's hash of a value of any type; a missing value has one too."""


def hash_of(engine: Engine, value: ir.Value) -> ir.IntegerValue:
    """A whole number of at least 32 bits that is the same for the same value: no digest, and no secret.

    Ibis' own goes by way of a text of bits, which costs three times what is counted with it.
    """
    return cast("ir.IntegerValue", _hash(value) if engine.name == "duckdb" else value.hash())


def moment_by_form(text: ir.StringValue, form: str) -> ir.TimestampValue:
    """The time that a text tells by a strptime form, null unless the text is exactly how that time is written.

    DuckDB only: files are read by the embedded engine. The text must come back to the letter, so that 1.2.2024 is not
    taken for %d.%m.%Y; say %-d.%-m.%Y where a register leaves zeros out.
    """
    moment = _try_strptime(text, form)
    return (_strftime(moment, form) == text).ifelse(moment, ibis.null(dt.timestamp))


def local_moment(local: ir.TimestampValue, timezone: str) -> ir.TimestampValue:
    """The time at which clocks of a time zone show a local one; null in the hour that they leap over in spring.

    DuckDB only. Of the hour that they show twice in autumn it is the first or the second, as the engine has it.
    """
    moment = _at_local(timezone, local)
    instant = moment.cast("timestamp('UTC')")
    return (_local_at(timezone, moment) == local).ifelse(instant, ibis.null(instant.type()))


def path_texts(engine: Engine, events: ir.Table, *, case: str, order: str, value: str) -> ir.Table:
    """One row per case: its values in order, as one text with `SEPARATOR` between; null where a case has no value.

    `order` must be distinct within a case. A missing value has no place in the text.
    """
    if engine.name == "duckdb":
        joined = events[value].group_concat(sep=SEPARATOR, order_by=events[order])
        return events.group_by(case).agg(path=joined)
    # Spark has no ordered collecting: the pairs are collected as they come, sorted as pairs, and joined.
    pairs = ibis.struct({"order": events[order], "value": events[value]})
    collected = events.group_by(case).agg(pairs=pairs.collect(), values=events[value].count())
    texts = collected.pairs.sort().map(lambda pair: pair["value"])
    path = (collected["values"] > 0).ifelse(texts.join(SEPARATOR), ibis.null(dt.string))
    return collected.select(collected[case], path=path)
