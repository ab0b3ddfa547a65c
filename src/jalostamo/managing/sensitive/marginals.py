"""Marginals of what was prepared, on their way to the rule of cells: each code of each field by itself, nothing of two together.

Only codes that descriptions and hierarchies name are counted, and only where enough persons have them.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import ibis
import ibis.expr.types as ir

from jalostamo.managing.process_counts import ProcessCount
from jalostamo.managing.twins.marginals import CLASSES, MISSING, PER_PERSON, THRESHOLD
from jalostamo.managing.twins.outlines import EVENTS, Domain, Kind, outline_of

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.process_counts import Tree
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.retrieval import Extract

type Counts = dict[str, dict[str, dict[str, ProcessCount]]]


def marginals_of(
    engine: Engine, request: Request, tables: Mapping[str, ir.Table], extracts: Sequence[Extract]
) -> Mapping[str, Tree]:
    """The counts of each field's codes, by table and field; true ones, that are yet to be printed."""
    outline = outline_of(request, {extract.register.name: extract.register for extract in extracts})
    at_least = max(THRESHOLD, request.preparation.k)
    asked = {outline.main: outline.persons, **({EVENTS: outline.events} if EVENTS in outline.tables else {})}
    found: Counts = {}
    for name, domains in asked.items():
        table = tables[name]
        told = {each.name: dict(_codes(engine, table, each, at_least=at_least)) for each in domains}
        found[name] = {field: counts for field, counts in told.items() if counts}
    if EVENTS in found:
        found[EVENTS][PER_PERSON] = dict(_per_person(engine, tables[outline.main], tables[EVENTS], at_least=at_least))
    return cast("Mapping[str, Tree]", found)


def _codes(engine: Engine, table: ir.Table, domain: Domain, *, at_least: int) -> Iterator[tuple[str, ProcessCount]]:
    code = _code(table[domain.name], domain)
    if code is None:
        return
    told = table.mutate(code_=code)
    whose = told["person"] if "person" in table.columns else ibis.row_number().over()
    grouped = told.mutate(whose_=whose).group_by("code_")
    rows = engine.rows(grouped.agg(n=lambda t: t.count(), units=lambda t: t.whose_.nunique()))
    known = {MISSING, *domain.codes, *(("true", "false") if domain.kind is Kind.TRUTH else ())}
    for row in sorted(rows, key=lambda row: str(row["code_"])):
        named = MISSING if row["code_"] is None else str(row["code_"])
        if cast("int", row["units"]) >= at_least and (named in known or domain.kind is Kind.DAY):
            yield named, ProcessCount(cast("int", row["n"]))


def _code(column: ir.Column, domain: Domain) -> ir.Value | None:
    """What a value is counted as: its code, or its year; None for what has no codes."""
    match domain.kind:
        case Kind.CODE | Kind.TRUTH:
            return column.cast("string")
        case Kind.DAY:
            year = column if domain.calendar == "year" else cast("ir.DateColumn", column.cast("date")).year()
            return cast("ir.Column", year).cast("string")
        case _:
            return None


def _per_person(
    engine: Engine, persons: ir.Table, events: ir.Table, *, at_least: int
) -> Iterator[tuple[str, ProcessCount]]:
    """How many persons have how many events, in classes."""
    per = events.group_by("person").agg(n=events.count())
    rows = engine.rows(per.group_by("n").agg(persons=per.count()))
    counts = {cast("int", row["n"]): cast("int", row["persons"]) for row in rows}
    counts[0] = cast("int", engine.only_row(persons.agg(n=persons.count()))["n"]) - sum(counts.values())
    last = list(CLASSES)[-1]
    for name, (least, most) in CLASSES.items():
        many = sum(count for n, count in counts.items() if least <= n and (n <= most or name == last))
        if many >= at_least:
            yield name, ProcessCount(many)
