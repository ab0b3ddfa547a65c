"""Obeying exclusions in what was read, before any of it is written: some records go, and some homes are hidden.

Handbook 2.6 (data protection), phase 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.registers import FieldType

if TYPE_CHECKING:
    from jalostamo.concepts.registers import RegisterTable
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Request, Source
    from jalostamo.managing.sensitive.exclusions import Protection

_CODE = "excluded_code_"


@dataclass(frozen=True, slots=True)
class Naming:
    """How records of a table name persons: `subjects` say whose a record is, `others` whom it mentions besides.

    `locating` are fields that tell where somebody lives, or with whom, by which that could be found.
    """

    subjects: tuple[str, ...]
    others: tuple[str, ...]
    locating: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What obeying did to one table: records left out, mentions of absent persons blanked, records whose home is hidden."""

    left_out: int = 0
    mentions: int = 0
    hidden: int = 0

    def as_mapping(self) -> dict[str, int]:
        """The counts as a manifest of the closed room holds them."""
        return asdict(self)


def naming_of(request: Request, source: Source, table: RegisterTable, *, homes_told: bool) -> Naming:
    """How a source's records name persons, by its description and the request.

    Where the request asks of anybody where she lives (`homes_told`), a household tells it of all its members.
    A field by which the request links says whose a record is. Where it links by none, every identity code does: a
    record too many may be missing, none may be there that should not.
    """
    codes = [field.name for field in table.fields if field.type is FieldType.PERSONAL_IDENTITY_CODE]
    if table.through:
        codes.append(table.through.field)
    linked = _linked_by(request, source)
    subjects = tuple(name for name in codes if name in linked) or tuple(codes)
    locating = [field.name for field in table.fields if field.locates and field.name not in codes]
    if homes_told and request.linking and request.linking.household and source.register == request.linking.register:
        locating.append(request.linking.household)
    others = tuple(name for name in codes if name not in subjects)
    return Naming(subjects, others, tuple(dict.fromkeys(locating)))


def obeyed(
    engine: Engine, table: ir.Table, naming: Naming, *, register: str, protection: Protection
) -> tuple[ir.Table, Obeyed]:
    """The table without the records of those who object, nor their codes, and without the homes of those who must be safe."""
    absent, hidden = protection.absent_from(register), protection.hidden
    if not (absent or hidden) or not naming.subjects:
        return table, Obeyed()
    gone, safe = (_codes(engine, codes) for codes in (absent, hidden))
    is_gone = _names(table, naming.subjects, gone)
    counted = engine.only_row(_counted(table, naming, gone=gone, safe=safe))
    left = table.filter(~is_gone)
    to_hide = _names(left, (*naming.subjects, *naming.others), safe)
    blanked = {name: _blank(left, name, where=_names(left, (name,), gone)) for name in naming.others}
    locating = [name for name in naming.locating if name in left.columns]
    blanked |= {name: _blank(left, name, where=to_hide) for name in locating}
    kept = left.mutate(**blanked) if blanked else left
    number, mentions, homes = (cast("int", counted[name] or 0) for name in ("gone", "mentions", "hidden"))
    return kept, Obeyed(number, mentions, homes if locating else 0)


def _counted(table: ir.Table, naming: Naming, *, gone: ir.Table, safe: ir.Table) -> ir.Table:
    """How many records go, how many others mention somebody who does, how many more name somebody whose home is hidden.

    Whoever is named has many records: those who are named together are looked for once.
    """
    named = (*naming.subjects, *naming.others)
    together = table.group_by(list(named)).agg(records_=table.count())
    judged = together.select(
        "records_",
        gone_=_names(together, naming.subjects, gone),
        mentions_=_names(together, naming.others, gone),
        hidden_=_names(together, named, safe),
    )
    return judged.agg(
        gone=judged.records_.sum(where=judged.gone_),
        mentions=judged.records_.sum(where=~judged.gone_ & judged.mentions_),
        hidden=judged.records_.sum(where=~judged.gone_ & judged.hidden_),
    )


def _linked_by(request: Request, source: Source) -> set[str]:
    linking = request.linking
    if linking is None:
        return set()
    joined = request.called(source, linking.joins)
    found = {linking.joins[joined]} if joined else set()
    found |= {join.code for join in linking.as_of if join.source == source.name}
    is_base = source.register == linking.register and linking.table in {None, source.table}
    return found | ({linking.code} if is_base else set())


def _codes(engine: Engine, codes: Iterable[str]) -> ir.Table:
    return engine.in_memory(pa.table({_CODE: pa.array(sorted(codes), pa.string())}))


def _names(table: ir.Table, fields: Sequence[str], codes: ir.Table) -> ir.BooleanValue:
    """Whether any of the fields holds one of the codes; what is missing names nobody."""
    if not fields:
        return ibis.literal(False)
    return ibis.or_(*(table[name].isin(codes[_CODE]).fill_null(False) for name in fields))


def _blank(table: ir.Table, name: str, *, where: ir.BooleanValue) -> ir.Value:
    return where.ifelse(ibis.null(table[name].type()), table[name])
