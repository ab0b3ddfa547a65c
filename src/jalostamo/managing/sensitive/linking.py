"""Linking: extracts are joined by personal identity code, all eleven characters alike, and told how well they join.

A wrong sign is another person's code; nothing is repaired. What cannot be linked is counted by its reason.

Handbook 2.2 (checking combinability) and 2.6, phase 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.identifiers import IdentityFault, fault_in
from jalostamo.concepts.registers import FieldType
from jalostamo.engine.intake import RECORD
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.sensitive.as_of import AsOfMatch, as_of_customers, as_of_events
from jalostamo.managing.sensitive.code_history import FORMER, PRESENT, CodeHistory, under_present_code
from jalostamo.managing.sensitive.combinability import CombinabilityReport, GroupMatch, HistoryUse, RegisterMatch
from jalostamo.managing.sensitive.frames import OPENING, day_of, end_of, is_opening
from jalostamo.managing.sensitive.harmonising import Mapped, harmonised, mapped_in
from jalostamo.managing.sensitive.retrieval import Extract
from jalostamo.managing.sensitive.roles import CODE, CUSTOMER, HOUSEHOLD, roles_in

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Linking, Request

__all__ = ["CODE", "CUSTOMER", "HOUSEHOLD", "Linked", "link"]

_THROUGH: Final = "through_"
_RECORDS: Final = "records_"
_NO_HISTORY: Final = CodeHistory()


@dataclass(frozen=True, slots=True, repr=False)
class Linked:
    """Linked data is one table of customers under numbers of its own, and the events of the other registers under the same.

    `codes` says which number is whose; it is for making pseudonyms, and for nothing else. `events` stand by the names
    that the request joins by; `mapped` tells of the harmonised fields among theirs.
    """

    customers: ir.Table
    events: Mapping[str, ir.Table]
    codes: ir.Table | None
    report: CombinabilityReport | None
    manifest: Manifest
    mapped: tuple[Mapped, ...] = ()

    def __repr__(self) -> str:
        return "Linked(content hidden)"


def link(
    engine: Engine, request: Request, extracts: Sequence[Extract], *, history: CodeHistory = _NO_HISTORY
) -> Linked:
    """Link the extracts of a request; without a linking in the request, its one table's rows are the customers.

    `history` leads records under a former code to the person who has another one now.
    """
    mapped = mapped_in(request, extracts)
    if request.linking is None:
        return _rows_as_customers(engine, request, extracts, mapped=mapped)
    linking = request.linking
    roles = roles_in(request, linking, extracts)
    base = roles.base
    known = _judged(engine, base.table(engine), linking.code)
    former, use = _history_to_follow(engine, history, known)
    persons, report = _persons(engine, base, known, linking=linking)
    persons = harmonised(engine, persons, base, request=request, mapped=mapped)
    joined, events, as_of = [], {}, list[AsOfMatch]()
    for name, field in linking.joins.items():
        extract, by = roles.joined[name], linking.report_by.get(name)
        table = extract.table(engine)
        codes = _judged(engine, table, field, known=known)
        judged = _judged_matches(engine, codes, known=known, persons=persons, former=former)
        joined.append(replace(_match(engine, extract, codes, judged=judged, field=field, by=by), register=name))
        # Whose a code is was found out once; each record is led there by one step, its former code as well.
        led = engine.keep(judged.filter(judged[CUSTOMER].notnull()).select(CODE, CUSTOMER))
        theirs = table.inner_join(led, table[field] == led[CODE]).drop(field, CODE)
        theirs = harmonised(engine, theirs, extract, request=request, mapped=mapped)
        theirs, found = as_of_events(engine, request, roles, extract, theirs, persons=persons, former=former)
        events[name], as_of = _marked(theirs, request, extract), as_of + found
    widened, found = as_of_customers(engine, linking, roles, persons, former=former)
    full = CombinabilityReport(**report, joined=tuple(joined), history=use, as_of=(*found, *as_of))  # type: ignore[arg-type]  # counts by name
    customers = engine.keep(_with_lookups(widened, linking, former))
    # Its digest is told outside, as those of the extracts are: without the files' own, which are not, whoever tries out
    # what the counts may be would find those that give it.
    files = [e.digest() for e in extracts]
    content = {"extracts": [e.manifest.digest for e in extracts], "files": files, "report": asdict(full)}
    manifest = Manifest("linked", content | {"harmonised": [m.as_mapping() for m in mapped]})
    return Linked(customers.drop(CODE), events, customers.select(CUSTOMER, CODE), full, manifest, mapped)


def _rows_as_customers(
    engine: Engine, request: Request, extracts: Sequence[Extract], *, mapped: Sequence[Mapped]
) -> Linked:
    if len(extracts) != 1:
        raise Unfit("A request with several sources needs a section [linking].", reason="request_incomplete")
    extract = extracts[0]
    table = harmonised(engine, extract.table(engine), extract, request=request, mapped=mapped)
    codes = [f.name for f in extract.declared.fields if f.type is FieldType.PERSONAL_IDENTITY_CODE]
    customers = engine.keep(table.rename({CUSTOMER: RECORD}).drop(*codes))
    content = {"extracts": [extract.manifest.digest], "report": None, "harmonised": [m.as_mapping() for m in mapped]}
    return Linked(customers, {}, None, None, Manifest("linked", content), tuple(mapped))


def _history_to_follow(engine: Engine, history: CodeHistory, known: ir.Table) -> tuple[ir.Table, HistoryUse]:
    """The former codes that lead to a present one, without those that are somebody's own: whose records they are is unsure."""
    former = history.table(engine)
    in_use = former[FORMER].isin(known.filter(known.fault.isnull())[CODE])
    kept = engine.keep(former.filter(~in_use))
    followed = cast("int", engine.only_row(kept.agg(n=kept.count()))["n"])
    left = len(history.present) - followed
    return kept, HistoryUse(followed, history.unsound, history.conflicting, left)


def _marked(events: ir.Table, request: Request, extract: Extract) -> ir.Table:
    """The events, with the spells marked that were open already when the time frame began."""
    end, day = (found(request, extract.source, extract.declared) for found in (end_of, day_of))
    if end is None or day is None:
        return events
    return events.mutate(**{OPENING: is_opening(events, request, day=day, end=end)})


def _judged(engine: Engine, table: ir.Table, field: str, *, known: ir.Table | None = None) -> ir.Table:
    """The distinct recorded codes with their fault and their ten characters beside the sign; the `known` are judged already.

    With those that are not, how many records have each.
    """
    found = table.filter(table[field].notnull()).select(**{CODE: table[field]})
    if known is None:
        return _judged_anew(engine, found.distinct())
    kept = engine.keep(found.group_by(CODE).agg(**{_RECORDS: found.count()}))
    strange = _judged_anew(engine, kept.anti_join(known, CODE).select(CODE))
    return engine.keep(known.semi_join(kept, CODE).union(strange).inner_join(kept, CODE))


def _judged_anew(engine: Engine, recorded: ir.Table) -> ir.Table:
    """Codes judged outside the engine."""
    codes = recorded.to_pyarrow()[CODE].to_pylist()
    faults = [fault_in(code) for code in codes]
    columns = {
        CODE: pa.array(codes, pa.string()),
        "fault": pa.array([fault.value if fault else None for fault in faults], pa.string()),
        "ten": pa.array([code[:6] + code[7:] for code in codes], pa.string()),
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
    engine: Engine,
    extract: Extract,
    codes: ir.Table,
    *,
    judged: ir.Table,
    field: str,
    by: str | None,
) -> RegisterMatch:
    totals = engine.only_row(
        judged.agg(
            valid=judged.fault.isnull().sum(),
            matched=judged.matched.sum(),
            matched_by_history=(judged.matched & judged.led).sum(),
            ambiguous=(judged.matched & ~judged.single).sum(),
            unmatched=judged.unmatched.sum(),
            look_alikes=(judged.unmatched & judged.alike).sum(),
            # Counted by code, so that no record is looked at for it again.
            records_linked=judged[_RECORDS].sum(where=judged.single),
            records_with_code=judged[_RECORDS].sum(),
        )
    )
    table, whole = extract.table(engine), _whole(totals)
    records = cast("int", engine.only_row(table.agg(records=table.count()))["records"])
    without = records - cast("int", whole.pop("records_with_code"))
    groups = _match_by_group(engine, table, judged, field=field, by=by) if by else ()
    counted = {"records": records, "records_without_code": without, **_faults(engine, codes), **whole}
    return RegisterMatch(register=extract.source.register, by_group=groups, **counted)  # type: ignore[arg-type]  # counts by name


def _judged_matches(
    engine: Engine, codes: ir.Table, *, known: ir.Table, persons: ir.Table, former: ir.Table
) -> ir.Table:
    """Each recorded code with whether it is a person's, now or formerly, or differs from one by the sign alone, and whose it is."""
    sound = known.filter(known.fault.isnull())
    told = codes.left_join(former, codes[CODE] == former[FORMER])
    present = ibis.coalesce(told[PRESENT], told[CODE])
    exists = present.isin(sound[CODE])
    judged = told.mutate(
        **{PRESENT: present},
        matched=told.fault.isnull() & exists,
        unmatched=told.fault.isnull() & ~exists,
        led=told[FORMER].notnull(),
        alike=told.ten.isin(sound.ten),
    ).drop(FORMER)
    whose = persons.select(CUSTOMER, whose_code_=persons[CODE])
    named = judged.left_join(whose, judged[PRESENT] == whose.whose_code_).drop("whose_code_", PRESENT)
    return engine.keep(named.mutate(single=named[CUSTOMER].notnull()))


def _match_by_group(
    engine: Engine, table: ir.Table, judged: ir.Table, *, field: str, by: str
) -> tuple[GroupMatch, ...]:
    recorded = table.select(group=table[by].fill_null("not recorded"), **{CODE: table[field]}).distinct()
    found = recorded.inner_join(judged, CODE)
    rows = engine.rows(found.group_by("group").agg(codes=found.count(), matched=found.matched.sum()).order_by("group"))
    return tuple(GroupMatch(cast("str", r["group"]), cast("int", r["codes"]), cast("int", r["matched"])) for r in rows)


def _with_lookups(persons: ir.Table, linking: Linking, former: ir.Table) -> ir.Table:
    widened = persons
    for lookup in linking.lookups:
        other = persons.select(code_other_=persons[CODE], **{lookup.name: persons[lookup.field]})
        # Two lookups may go through one field, which stays as it was recorded until both have been made.
        led = under_present_code(widened.mutate(**{_THROUGH: widened[lookup.through]}), _THROUGH, former)
        widened = led.left_join(other, led[_THROUGH] == other.code_other_).drop("code_other_", _THROUGH)
    return widened.drop(*{lookup.through for lookup in linking.lookups})
