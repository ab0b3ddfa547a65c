"""Carrying out a recipe: choose the customers, make fields coarse, leave out who is too rare, put pseudonyms for identifiers.

A first preparation, at levels that the request fixes. Rare people are left out whole, with all their events.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.managing.dictionary import (
    OPENED,
    ORDER,
    PSEUDONYMS,
    RESIDENCE,
    Declared,
    declared_in,
)
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.prepared import Loss, Prepared, ReleasedField, claims_of
from jalostamo.managing.sensitive.linking import CODE, CUSTOMER, HOUSEHOLD, Linked
from jalostamo.managing.sensitive.preparing.coarsening import coarse
from jalostamo.managing.sensitive.preparing.customers import asked_customers
from jalostamo.managing.sensitive.preparing.events import PLACE, events_of
from jalostamo.managing.sensitive.preparing.objections import refuse_contradictions, refuse_unreleasable

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.engine.sealing import Sealing
    from jalostamo.managing.requests import Preparation, Request
    from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey
    from jalostamo.managing.sensitive.retrieval import Extract

PERSONS: Final = "persons"
EVENTS: Final = "events"
ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class _Outcome:
    smallest: dict[str, int]
    released: int
    suppressed: int
    loss: tuple[Loss, ...]


def prepare(
    engine: Engine,
    request: Request,
    linked: Linked,
    extracts: Sequence[Extract],
    *,
    key: PseudonymKey,
    folder: Path,
    sealing: Sealing | None = None,
) -> Prepared:
    """Prepare linked data by the recipe of its request, into files of `folder`; with a `sealing`, sealed.

    Refused where more customers would have to be left out than the recipe's suppression limit allows, or where it
    would release what never is.
    """
    refuse_contradictions(request)
    recipe = request.preparation
    linking = request.linking
    declared = declared_in(extracts, (*linking.lookups, *linking.as_of) if linking else (), linked.mapped)
    refuse_unreleasable(request, declared)
    customers = asked_customers(linked.customers, request.customers, request) if request.customers else linked.customers
    main = ROWS if "row" in recipe.units else PERSONS
    kept = [name for name in (CUSTOMER, HOUSEHOLD, *(f.name for f in RESIDENCE)) if name in customers.columns]
    judged = _judged_classes(
        engine, coarse(engine, customers, recipe.generalisations, kept=kept, folder=request.folder), recipe
    )
    outcome = _outcome(engine, judged, recipe)
    named = _with_pseudonyms(engine, judged.filter(judged.holds_), linked, key=key)
    laid = _Laid(engine, folder, sealing)
    tables = {main: laid.down(main, named, _fields(recipe, declared, request))}
    if linked.events:
        events = events_of(engine, request, linked, named)
        opened = (OPENED,) if linking and linking.spells else ()
        fields = (PSEUDONYMS["person"], ORDER, *opened, *(declared.released(wanted) for wanted in recipe.events))
        tables[EVENTS] = laid.down(EVENTS, events, fields, order_by=(PLACE, ORDER.name))
    manifest = _manifest(request, linked, outcome, tables=tables, digests=laid.digests(tables))
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
        sealing=sealing,
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


@dataclass(frozen=True, slots=True, repr=False)
class _Laid:
    """Where prepared tables are laid down, and how."""

    engine: Engine
    folder: Path
    sealing: Sealing | None

    def down(
        self, name: str, table: ir.Table, fields: tuple[ReleasedField, ...], *, order_by: Sequence[str] = ()
    ) -> tuple[ReleasedField, ...]:
        """Write a table in the order of its content, or of fields that tell the same order in fewer characters."""
        names = [field.name for field in fields]
        write = self.engine.write_parquet if self.sealing is None else self.sealing.write
        ordered = table.order_by(list(order_by)) if order_by else table
        write(ordered.select(names), self.folder / f"{name}.parquet", order_by=() if order_by else names)
        return fields

    def digests(self, names: Iterable[str]) -> dict[str, str]:
        """Of each table the digest of the file that it will be when it is let out."""
        digest = digest_of if self.sealing is None else self.sealing.digest
        return {name: digest(self.folder / f"{name}.parquet") for name in names}


def _manifest(
    request: Request,
    linked: Linked,
    outcome: _Outcome,
    *,
    tables: Mapping[str, tuple[ReleasedField, ...]],
    digests: Mapping[str, str],
) -> Manifest:
    recipe = request.preparation
    content = {"request": request.digest, "linked": linked.manifest.digest, **asdict(outcome)}
    claims = claims_of(recipe.data_class, recipe.k, recipe.units, tables)
    return Manifest("prepared", content | claims | {"tables": dict(digests)})
