"""Carrying out a recipe: choose the customers, make fields coarse, leave out who is too rare, put pseudonyms for identifiers.

A first preparation, at levels that the request fixes. Rare people are left out whole, with all their events.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.engine.intake import RECORD
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.prepared import Loss, Prepared, ReleasedField, claims_of
from jalostamo.managing.sensitive.linking import CODE, CUSTOMER, HOUSEHOLD, Linked
from jalostamo.managing.sensitive.preparing.customers import asked_customers
from jalostamo.managing.sensitive.preparing.dictionary import (
    ORDER,
    PSEUDONYMS,
    RESIDENCE,
    Declared,
    declared_in,
)
from jalostamo.managing.sensitive.preparing.hierarchies import by_calendar, combined, generalised, read_hierarchy
from jalostamo.managing.sensitive.preparing.objections import refuse_contradictions, refuse_unreleasable

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Generalisation, Preparation, Request
    from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey
    from jalostamo.managing.sensitive.retrieval import Extract

PERSONS: Final = "persons"
EVENTS: Final = "events"
ROWS: Final = "rows"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class _Outcome:
    smallest: dict[str, int]
    released: int
    suppressed: int
    loss: tuple[Loss, ...]


def prepare(
    engine: Engine, request: Request, linked: Linked, extracts: Sequence[Extract], *, key: PseudonymKey, folder: Path
) -> Prepared:
    """Prepare linked data by the recipe of its request, into files of `folder`.

    Refused where more customers would have to be left out than the recipe's suppression limit allows, or where it
    would release what never is.
    """
    refuse_contradictions(request)
    recipe = request.preparation
    declared = declared_in(extracts, request.linking.lookups if request.linking else ())
    refuse_unreleasable(request, declared)
    customers = asked_customers(linked.customers, request.customers, request) if request.customers else linked.customers
    main = ROWS if "row" in recipe.units else PERSONS
    kept = [name for name in (CUSTOMER, HOUSEHOLD, *(f.name for f in RESIDENCE)) if name in customers.columns]
    judged = _judged_classes(
        engine, coarse(engine, customers, recipe.generalisations, kept=kept, folder=request.folder), recipe
    )
    outcome = _outcome(engine, judged, recipe)
    named = _with_pseudonyms(engine, judged.filter(judged.holds_), linked, key=key)
    tables = {main: _write(engine, named, _fields(recipe, declared, request), folder / f"{main}.parquet")}
    if linked.events:
        events = _events(engine, request, linked, named)
        fields = (PSEUDONYMS["person"], ORDER, *(declared.released(wanted) for wanted in recipe.events))
        tables[EVENTS] = _write(engine, events, fields, folder / f"{EVENTS}.parquet")
    manifest = _manifest(request, linked, outcome, tables=tables, folder=folder)
    return Prepared(
        folder=folder,
        tables=tables,
        data_class=recipe.data_class,
        k=recipe.k,
        units=recipe.units,
        smallest=outcome.smallest,
        released=outcome.released,
        suppressed=outcome.suppressed,
        loss=outcome.loss,
        manifest=manifest,
    )


def coarse(
    engine: Engine, table: ir.Table, wanted: Sequence[Generalisation], *, kept: Sequence[str], folder: Path
) -> ir.Table:
    """The table with the wanted fields at their levels, and the columns `kept` as they are; `folder` holds the hierarchies."""
    made = table
    for field in wanted:
        made = _made(engine, made, field, folder=folder)
    return engine.keep(made.select(*kept, **{field.name: made[f"{field.name}_made_"] for field in wanted}))


def _made(engine: Engine, table: ir.Table, wanted: Generalisation, *, folder: Path) -> ir.Table:
    _check_given(table, wanted)
    copies = tuple(f"{wanted.name}_{number}_" for number in range(len(wanted.fields)))
    table = table.mutate(**{copy: table[field] for copy, field in zip(copies, wanted.fields, strict=True)})
    if wanted.hierarchy is not None:
        hierarchy = read_hierarchy(folder / wanted.hierarchy)
        for copy, field in zip(copies, wanted.fields, strict=True):
            table = generalised(engine, table, copy, hierarchy=hierarchy, level=wanted.level, recorded_in=field)
    name = f"{wanted.name}_made_"
    table = combined(table, copies, name) if len(copies) > 1 else table.mutate(**{name: table[copies[0]]})
    if wanted.calendar is not None:
        return table.mutate(**{name: by_calendar(table[name], wanted.calendar)})
    if wanted.is_quasi_identifier and table[name].type().is_string():
        return table.mutate(**{name: table[name].fill_null(UNKNOWN)})
    return table


def _check_given(table: ir.Table, wanted: Generalisation) -> None:
    missing = [field for field in wanted.fields if field not in table.columns]
    if missing:
        raise Unfit(
            f"[preparation] asks for field '{missing[0]}' of '{wanted.name}', which its sources and lookups do not give.",
            reason="field_unknown",
        )
    types = [table[field].type() for field in wanted.fields]
    # To make a date of a text could fail, in words that quote the text.
    if wanted.calendar and (wanted.hierarchy or len(types) > 1 or not types[0].is_temporal()):
        raise Unfit(
            f"[preparation]: '{wanted.name}' has a calendar, but is not one date alone.", reason="field_no_date"
        )
    if len(types) > 1 and not (wanted.hierarchy or all(found.is_string() for found in types)):
        raise Unfit(
            f"[preparation]: '{wanted.name}' is made of several fields; those are texts, or have a hierarchy.",
            reason="fields_combined",
        )


def _judged_classes(engine: Engine, table: ir.Table, recipe: Preparation) -> ir.Table:
    """Every customer with whether each unit of the recipe has at least k in the class of her quasi-identifiers."""
    quasi = [wanted.name for wanted in recipe.generalisations if wanted.is_quasi_identifier]
    classes = table.group_by(quasi).agg(**{f"{unit}_alike_": _distinct(table, unit) for unit in recipe.units})
    holds = ibis.and_(*(classes[f"{unit}_alike_"] >= recipe.k for unit in recipe.units))
    same = [table[name].identical_to(classes[name]) for name in quasi]
    joined = table.left_join(classes.mutate(holds_=holds), same)
    return engine.keep(joined.drop(*(f"{name}_right" for name in quasi)))


def _distinct(table: ir.Table, unit: str) -> ir.Value:
    if unit == "household":
        # Someone without a household is one of her own.
        return table[HOUSEHOLD].nunique() + table[HOUSEHOLD].isnull().sum()
    return table[CUSTOMER].nunique()


def _outcome(engine: Engine, judged: ir.Table, recipe: Preparation) -> _Outcome:
    smallest = {unit: judged[f"{unit}_alike_"].min(where=judged.holds_) for unit in recipe.units}
    row = cast(
        "dict[str, int]",
        dict(engine.only_row(judged.agg(all_=judged.count(), released_=judged.holds_.sum(), **smallest))),
    )
    released, suppressed = row["released_"] or 0, row["all_"] - (row["released_"] or 0)
    # By decimals: in floating point, 0.29 of 100 is 28.
    limit = int(Decimal(str(recipe.suppression_limit)) * row["all_"])
    if suppressed > limit or not released:
        sentence = (
            f"{suppressed} of {row['all_']} customers have fewer than {recipe.k} alike, more than the {limit} that the suppression "
            "limit allows: generalise a field further, or raise the limit by decision."
        )
        raise Refused([Objection(sentence, "2.6, phase 5")], reason="suppression_limit")
    return _Outcome(
        {unit: row[unit] for unit in recipe.units}, released, suppressed, _loss(engine, judged, recipe.loss_by)
    )


def _loss(engine: Engine, judged: ir.Table, by: str | None) -> tuple[Loss, ...]:
    if by is None:
        return ()
    rows = engine.rows(judged.group_by(by).agg(n=judged.count(), released=judged.holds_.sum()).order_by(by))
    return tuple(
        Loss(str(r[by]), cast("int", r["released"]), cast("int", r["n"]) - cast("int", r["released"])) for r in rows
    )


def _with_pseudonyms(engine: Engine, released: ir.Table, linked: Linked, *, key: PseudonymKey) -> ir.Table:
    if linked.codes is None:
        return released
    theirs = linked.codes.semi_join(released, CUSTOMER)
    named = released.inner_join(theirs, CUSTOMER).left_join(
        _pseudonyms(engine, theirs, CODE, kind="person", key=key), CODE
    )
    if HOUSEHOLD in released.columns:
        named = named.left_join(_pseudonyms(engine, released, HOUSEHOLD, kind="household", key=key), HOUSEHOLD)
    return engine.keep(named.drop(CODE))


def _pseudonyms(engine: Engine, table: ir.Table, column: str, *, kind: str, key: PseudonymKey) -> ir.Table:
    identifiers = table.filter(table[column].notnull()).select(column).distinct().to_pyarrow()[column].to_pylist()
    pseudonyms = pa.array(key.pseudonyms(identifiers, kind=kind), pa.string())
    return engine.in_memory(pa.table({column: pa.array(identifiers, pa.string()), kind: pseudonyms}))


def _fields(recipe: Preparation, declared: Declared, request: Request) -> tuple[ReleasedField, ...]:
    pseudonyms = [PSEUDONYMS[unit] for unit in recipe.units if unit in PSEUDONYMS]
    residence = RESIDENCE if request.customers else ()
    return (*pseudonyms, *(declared.released(wanted) for wanted in recipe.generalisations), *residence)


def _events(engine: Engine, request: Request, linked: Linked, named: ir.Table) -> ir.Table:
    wanted = request.preparation.events
    timed = [field for field in wanted if field.calendar is not None]
    if not timed:
        raise Unfit(
            "[preparation] needs an [[preparation.event_field]] with a calendar: when the event happened.",
            reason="request_incomplete",
        )
    happened = timed[0].fields[0]
    tables = list(linked.events.values())
    events = ibis.union(*tables) if len(tables) > 1 else tables[0]
    for field in timed:
        _check_given(events, field)
    framed = _within_frame(events, [field.fields[0] for field in timed], request)
    theirs = framed.inner_join(named.select(CUSTOMER, "person"), CUSTOMER)
    # Dates are released by the month: what came first within it is told by the order alone.
    place = ibis.row_number().over(group_by=theirs.person, order_by=[theirs[happened], theirs[RECORD]])
    return coarse(engine, theirs.mutate(order=place + 1), wanted, kept=("person", "order"), folder=request.folder)


def _within_frame(events: ir.Table, days: Sequence[str], request: Request) -> ir.Table:
    """The events that happened in the time frame, by the first of their days; other days outside it are missing."""
    inside = {day: events[day].cast("date").between(request.first_day, request.last_day) for day in days}
    framed = events.filter(inside[days[0]])
    return framed.mutate(**{day: inside[day].ifelse(framed[day], ibis.null(framed[day].type())) for day in days[1:]})


def _write(engine: Engine, table: ir.Table, fields: tuple[ReleasedField, ...], path: Path) -> tuple[ReleasedField, ...]:
    names = [field.name for field in fields]
    engine.write_parquet(table.select(names), path, order_by=names)
    return fields


def _manifest(
    request: Request,
    linked: Linked,
    outcome: _Outcome,
    *,
    tables: Mapping[str, tuple[ReleasedField, ...]],
    folder: Path,
) -> Manifest:
    recipe = request.preparation
    content = {"request": request.digest, "linked": linked.manifest.digest, **asdict(outcome)}
    claims = claims_of(recipe.data_class, recipe.k, recipe.units, tables)
    files = {name: digest_of(folder / f"{name}.parquet") for name in tables}
    return Manifest("prepared", content | claims | {"tables": files})
