"""Linking: extracts are joined by personal identity code, all eleven characters alike, and told how well they join.

A wrong sign is another person's code; nothing is repaired. What cannot be linked is counted by its reason.

Handbook 2.2 (checking combinability) and 2.6, phase 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.identifiers import IdentityFault, fault_in
from jalostamo.concepts.registers import FieldType
from jalostamo.engine.intake import RECORD
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.sensitive.combinability import CombinabilityReport, GroupMatch, RegisterMatch
from jalostamo.managing.sensitive.retrieval import Extract

if TYPE_CHECKING:
    from jalostamo.concepts.registers import RegisterTable
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Linking, Request

CUSTOMER: Final = "customer_"
HOUSEHOLD: Final = "household_"
CODE: Final = "code_"


@dataclass(frozen=True, slots=True, repr=False)
class Linked:
    """Linked data is one table of customers under numbers of its own, and the events of the other registers under the same.

    `codes` says which number is whose; it is for making pseudonyms, and for nothing else.
    """

    customers: ir.Table
    events: Mapping[str, ir.Table]
    codes: ir.Table | None
    report: CombinabilityReport | None
    manifest: Manifest

    def __repr__(self) -> str:
        return "Linked(content hidden)"


def link(engine: Engine, request: Request, extracts: Sequence[Extract]) -> Linked:
    """Link the extracts of a request; without a linking in the request, its one table's rows are the customers."""
    if request.linking is None:
        return _rows_as_customers(engine, extracts)
    linking = request.linking
    by_register = _by_register(linking, extracts)
    base = by_register[linking.register]
    known = _judged(engine, base.table(engine), linking.code)
    persons, report = _persons(engine, base, known, linking=linking)
    joined, events = [], {}
    for register, field in linking.joins.items():
        extract = by_register[register]
        codes = _judged(engine, extract.table(engine), field)
        by = linking.report_by.get(register)
        joined.append(_match(engine, extract, codes, known=known, persons=persons, field=field, by=by))
        numbers = persons.select(CUSTOMER, **{field: persons[CODE]})
        events[register] = extract.table(engine).inner_join(numbers, field).drop(field)
    full = CombinabilityReport(**report, joined=tuple(joined))  # type: ignore[arg-type]  # counts by name
    customers = engine.keep(_with_lookups(persons, linking))
    content = {"extracts": [e.manifest.digest for e in extracts], "report": asdict(full)}
    return Linked(customers.drop(CODE), events, customers.select(CUSTOMER, CODE), full, Manifest("linked", content))


def _rows_as_customers(engine: Engine, extracts: Sequence[Extract]) -> Linked:
    if len(extracts) != 1:
        raise Unfit("A request with several sources needs a section [linking].", reason="request_incomplete")
    table = extracts[0].table(engine)
    codes = [f.name for f in extracts[0].declared.fields if f.type is FieldType.PERSONAL_IDENTITY_CODE]
    customers = engine.keep(table.rename({CUSTOMER: RECORD}).drop(*codes))
    return Linked(
        customers, {}, None, None, Manifest("linked", {"extracts": [extracts[0].manifest.digest], "report": None})
    )


def _by_register(linking: Linking, extracts: Sequence[Extract]) -> dict[str, Extract]:
    by_register = {extract.source.register: extract for extract in extracts}
    named = {linking.register, *linking.joins}
    if named != set(by_register) or len(by_register) != len(extracts):
        raise Unfit(
            f"[linking] names the registers {', '.join(sorted(named))}; the request needs one [[source]] of each, and no other.",
            reason="request_incomplete",
        )
    _check_fields(linking, {register: extract.declared for register, extract in by_register.items()})
    return by_register


def _check_fields(linking: Linking, tables: Mapping[str, RegisterTable]) -> None:
    """Refuse a linking that names a field which is not there, or is not fit for what it is named for."""
    base = tables[linking.register]
    codes = [(base, linking.code), *((tables[register], field) for register, field in linking.joins.items())]
    for table, name in (*codes, *((base, lookup.through) for lookup in linking.lookups)):
        if table.field_named(name).type is not FieldType.PERSONAL_IDENTITY_CODE:
            raise Unfit(f"[linking] names field '{name}', which is no personal identity code.", reason="linking_field")
    for register, name in linking.report_by.items():
        # The groups' names leave the closed room: they must be of a closed vocabulary, never a name or a code of a person.
        if register not in linking.joins or tables[register].field_named(name).type is not FieldType.CODE:
            raise Unfit(f"[linking] reports by field '{name}', which has no code list.", reason="linking_field")
    for lookup in linking.lookups:
        if base.field_named(lookup.field).name in {linking.code, linking.household}:
            raise Unfit(f"[linking] looks up '{lookup.field}', which tells who somebody is.", reason="linking_field")
        if lookup.name in {field.name for field in base.fields}:
            raise Unfit(f"[linking] looks up '{lookup.name}', which is a field already.", reason="linking_field")
    if linking.household:
        base.field_named(linking.household)


def _judged(engine: Engine, table: ir.Table, field: str) -> ir.Table:
    """The distinct recorded codes with their fault and their ten characters beside the sign; judged outside the engine."""
    recorded = (
        table.filter(table[field].notnull()).select(**{CODE: table[field]}).distinct().to_pyarrow()[CODE].to_pylist()
    )
    faults = [fault_in(code) for code in recorded]
    columns = {
        CODE: pa.array(recorded, pa.string()),
        "fault": pa.array([fault.value if fault else None for fault in faults], pa.string()),
        "ten": pa.array([code[:6] + code[7:] for code in recorded], pa.string()),
    }
    return engine.in_memory(pa.table(columns))


def _persons(engine: Engine, base: Extract, known: ir.Table, *, linking: Linking) -> tuple[ir.Table, dict[str, object]]:
    table = base.table(engine)
    alike = table.drop(RECORD).distinct()
    counted = alike.group_by(linking.code).agg(ways=alike.count())
    delivered = table.group_by(linking.code).agg(times=table.count())
    times = counted.inner_join(delivered, linking.code)
    sound = known.filter(known.fault.isnull()).select(CODE)
    judged = engine.keep(sound.inner_join(times, sound[CODE] == times[linking.code]).select(CODE, "ways", "times"))
    single = judged.filter(judged.ways == 1).select(CODE)
    numbered = single.mutate(**{CUSTOMER: ibis.row_number().over(order_by=single[CODE])})
    named = alike.inner_join(numbered, alike[linking.code] == numbered[CODE]).drop(linking.code)
    if linking.household:
        named = named.mutate(**{HOUSEHOLD: named[linking.household].cast("string")}).drop(linking.household)
    persons = engine.keep(named)
    totals = engine.only_row(
        judged.agg(
            exact_duplicates=((judged.ways == 1) & (judged.times > 1)).sum(),
            conflicting=(judged.ways > 1).sum(),
            valid=judged.count(),
        )
    )
    households = persons[HOUSEHOLD].nunique() if linking.household else ibis.literal(0)
    size = engine.only_row(persons.agg(persons=persons.count(), households=households))
    records = engine.only_row(table.agg(records=table.count()))
    codes = _faults(engine, known)
    return persons, {"register": base.source.register, **records, **codes, **_whole(totals), **size}


def _faults(engine: Engine, known: ir.Table) -> dict[str, object]:
    rows = engine.rows(known.group_by("fault").agg(n=known.count()))
    counted = Counter({cast("str | None", row["fault"]): cast("int", row["n"]) for row in rows})
    invalid = {fault.value: counted[fault.value] for fault in IdentityFault if fault is not IdentityFault.MISSING}
    return {"codes": counted.total(), "invalid": invalid}


def _whole(totals: Mapping[str, object]) -> dict[str, object]:
    return {name: value or 0 for name, value in totals.items()}


def _match(
    engine: Engine, extract: Extract, codes: ir.Table, *, known: ir.Table, persons: ir.Table, field: str, by: str | None
) -> RegisterMatch:
    sound = known.filter(known.fault.isnull())
    exists = codes[CODE].isin(sound[CODE])
    judged = engine.keep(
        codes.mutate(
            matched=codes.fault.isnull() & exists,
            unmatched=codes.fault.isnull() & ~exists,
            alike=codes.ten.isin(sound.ten),
            single=codes[CODE].isin(persons[CODE]),
        )
    )
    totals = engine.only_row(
        judged.agg(
            valid=judged.fault.isnull().sum(),
            matched=judged.matched.sum(),
            ambiguous=(judged.matched & ~judged.single).sum(),
            unmatched=judged.unmatched.sum(),
            look_alikes=(judged.unmatched & judged.alike).sum(),
        )
    )
    table = extract.table(engine)
    records = engine.only_row(
        table.agg(
            records=table.count(),
            records_without_code=table[field].isnull().sum(),
            records_linked=table[field].isin(persons[CODE]).sum(),
        )
    )
    groups = _match_by_group(engine, table, judged, field=field, by=by) if by else ()
    counted = {**_whole(records), **_faults(engine, codes), **_whole(totals)}
    return RegisterMatch(register=extract.source.register, by_group=groups, **counted)  # type: ignore[arg-type]  # counts by name


def _match_by_group(
    engine: Engine, table: ir.Table, judged: ir.Table, *, field: str, by: str
) -> tuple[GroupMatch, ...]:
    recorded = table.select(group=table[by].fill_null("not recorded"), **{CODE: table[field]}).distinct()
    found = recorded.inner_join(judged, CODE)
    rows = engine.rows(found.group_by("group").agg(codes=found.count(), matched=found.matched.sum()).order_by("group"))
    return tuple(GroupMatch(cast("str", r["group"]), cast("int", r["codes"]), cast("int", r["matched"])) for r in rows)


def _with_lookups(persons: ir.Table, linking: Linking) -> ir.Table:
    widened = persons
    for lookup in linking.lookups:
        other = persons.select(code_other_=persons[CODE], **{lookup.name: persons[lookup.field]})
        widened = widened.left_join(other, widened[lookup.through] == other.code_other_).drop("code_other_")
    return widened.drop(*{lookup.through for lookup in linking.lookups})
