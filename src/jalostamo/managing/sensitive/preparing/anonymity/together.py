"""A release before it is let out, beside all earlier ones of the same population and the cells printed of it.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.engine.connection import open_engine
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.printed import printed_beside
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.register import hierarchies_of
from jalostamo.managing.sensitive.preparing.anonymity.tables import columns_as_text
from jalostamo.managing.sensitive.validation.attacks.case import BEFORE, Case, Written
from jalostamo.managing.sensitive.validation.attacks.columns import Column
from jalostamo.managing.sensitive.validation.attacks.criteria import read_criteria
from jalostamo.managing.sensitive.validation.attacks.rates import Sample
from jalostamo.managing.sensitive.validation.attacks.suite import together

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.releasing import CubeCells
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe
    from jalostamo.managing.sensitive.preparing.anonymity.register import Entry
    from jalostamo.managing.sensitive.validation.attacks.criteria import Criteria, Recipient
    from jalostamo.managing.sensitive.validation.attacks.evidence import Finding

_SECTION: Final = "2.6, phase 5"
_OF_TWO: Final = "crossing.fewest_candidates"


@dataclass(frozen=True, slots=True)
class Together:
    """What was found of a release beside others: by name those that it was attacked with, and those that it was not."""

    attacked: tuple[str, ...]
    not_attacked: tuple[str, ...]
    findings: tuple[Finding, ...]

    def as_mapping(self) -> dict[str, object]:
        """As a report tells of it."""
        return {
            "attacked_with": list(self.attacked),
            "not_attacked_with": list(self.not_attacked),
            "findings": [asdict(finding) for finding in self.findings],
        }

    def sentences(self) -> tuple[str, ...]:
        """In words."""
        found = "withstood" if self.attacked else "there is none yet"
        told = f"Attacked together with {', '.join(self.attacked) or 'earlier releases'}: {found}."
        rest = f"Not attacked together with {', '.join(self.not_attacked)}, as was asked."
        return (told, *((rest,) * bool(self.not_attacked)))


@dataclass(frozen=True, slots=True)
class Beside:
    """What a release is attacked with: earlier ones, printed cells, and for whom it is meant.

    `without_earlier`: earlier ones that are gone, or have changed, are left aside.
    """

    entries: tuple[Entry, ...] = ()
    cubes: tuple[CubeCells, ...] = ()
    recipient: Recipient = "under_permit"
    without_earlier: bool = False


def columns_of(recipe: Recipe, levels: Sequence[int]) -> tuple[Column, ...]:
    """What is public of a recipe's quasi-identifiers, at levels."""
    return tuple(
        Column(q.column, q.hierarchy.levels if q.hierarchy else (), level)
        for q, level in zip(recipe.quasi, levels, strict=True)
    )


def attacked_together(
    workspace: Path, release: Path, *, table: Path, recipe: Recipe, levels: Sequence[int], beside: Beside
) -> Together:
    """Attack a release together with what is out already."""
    if not beside.entries and not beside.cubes:
        return Together((), (), ())
    with open_engine(workspace=workspace) as engine:
        source = source_of(engine, table, recipe, more=_columns_of_all(beside.entries))
        earlier = EarlierOnes(engine, source, table, recipe=recipe, beside=beside)
        written = tuple(earlier.all())
        printed, not_compared = printed_beside(beside.cubes, recipe, levels)
        sensitive = tuple(s.column for s in recipe.sensitive)
        case = Case(
            Written(release, columns_of(recipe, levels)), source, sensitive, 1, earlier=written, printed=printed
        )
        criteria = promised(read_criteria(beside.recipient), recipe)
        findings = together(engine, case, criteria, sample=Sample(seed=0))
    names = (*(each.name for each in written), *(each.name for each in printed))
    return Together(names, (*earlier.left_aside, *not_compared), findings)


def refuse_crossing(found: Together) -> None:
    """Refuse a release that tells more together with others than it may."""
    objections = []
    for finding in found.findings:
        if finding.outcome in {"succeeded", "undecided"}:
            mend = (
                "release at the same levels (--as-before), or at coarser ones"
                if finding.figure.startswith("crossing")
                else "release at coarser levels, or leave out fewer people"
            )
            sentence = (
                f"Together with {finding.of}, the rows tell too much: {finding.figure} is {finding.found:.4g}; {mend}."
            )
            objections.append(Objection(sentence, _SECTION))
    if objections:
        raise Refused(objections, reason="releases_cross")


def promised(criteria: Criteria, recipe: Recipe) -> Criteria:
    """The criteria, where two releases need not keep what one alone did not promise."""
    asked = criteria.by_figure.get(_OF_TWO)
    least = recipe.k or 1
    if asked is None or asked.at_least is None or asked.at_least <= least:
        return criteria
    by_figure = {**criteria.by_figure, _OF_TWO: replace(asked, at_least=float(least))}
    return replace(criteria, k=min(criteria.k, least), by_figure=by_figure)


def source_of(engine: Engine, table: Path, recipe: Recipe, *, more: Sequence[str] = ()) -> ir.Table:
    """The table that rows were made of, as texts: what the recipe reads, and those of `more` columns that it has."""
    file = table_file(table, recipe)
    wanted = dict.fromkeys((*recipe.read, *(column for column in more if column in file.header)))
    return engine.keep(columns_as_text(engine, table_file(table, recipe, columns=tuple(wanted)), recipe, tuple(wanted)))


def _columns_of_all(entries: Sequence[Entry]) -> list[str]:
    return [column for entry in entries for column in entry.levels]


class EarlierOnes:
    """The earlier releases as they can be attacked; those that are gone are refused, or left aside where that was asked."""

    def __init__(self, engine: Engine, source: ir.Table, table: Path, *, recipe: Recipe, beside: Beside) -> None:
        self._engine, self._source, self._recipe, self._beside = engine, source, recipe, beside
        self._table = digest_of(table)
        self.left_aside: list[str] = []

    def all(self) -> Iterator[Written]:
        """Each of them that lies where it lay."""
        for entry in self._beside.entries:
            fault = self._fault(entry)
            if fault is None:
                yield self._written(entry)
            elif self._beside.without_earlier:
                self.left_aside.append(entry.called)
            else:
                sentence = (
                    f"The attack cannot be run together with {entry.called}: {fault}. Bring it back, or say in words why the rows "
                    "may be let out all the same (--without-earlier)."
                )
                raise Refused([Objection(sentence, _SECTION)], reason="earlier_gone")

    def _fault(self, entry: Entry) -> str | None:
        if not entry.out.is_there:
            return f"{entry.out.path.name} is gone, or has changed"
        if self._knows(entry):
            return None
        if not entry.recipe.is_there:
            return f"{entry.recipe.path.name} is gone, or has changed"
        if hierarchies_of(read_recipe(entry.recipe.path)) != dict(entry.hierarchies):
            return "a hierarchy of its recipe has changed"
        return None

    def _knows(self, entry: Entry) -> bool:
        ours = hierarchies_of(self._recipe)
        return all(ours.get(column) == digest for column, digest in entry.hierarchies.items())

    def _written(self, entry: Entry) -> Written:
        recipe = self._recipe if self._knows(entry) else read_recipe(entry.recipe.path)
        quasi = {q.column: q for q in recipe.quasi}
        columns = tuple(
            Column(name, hierarchy.levels if (hierarchy := quasi[name].hierarchy) else (), level)
            for name, level in entry.levels.items()
        )
        return Written(entry.out.path, columns, entry.called, self._linked(entry))

    def _linked(self, entry: Entry) -> ir.Table | None:
        """The people of two tables, where each is one row in either, with what they were recorded as then."""
        units = self._recipe.units
        if entry.table.digest == self._table:
            return None
        if not units or entry.units[:1] != units[:1] or not (entry.table.is_there and entry.recipe.is_there):
            return None
        recipe = read_recipe(entry.recipe.path)
        before = self._engine.keep(
            columns_as_text(
                self._engine,
                table_file(entry.table.path, recipe, columns=(*entry.levels, units[0])),
                recipe,
                (*entry.levels, units[0]),
            )
        )
        if not (self._one_row_each(self._source, units[0]) and self._one_row_each(before, units[0])):
            return None
        then = before.select(unit_=before[units[0]], **{f"{BEFORE}{column}": before[column] for column in entry.levels})
        return self._engine.keep(self._source.inner_join(then, self._source[units[0]] == then["unit_"]).drop("unit_"))

    def _one_row_each(self, table: ir.Table, unit: str) -> bool:
        found: Mapping[str, object] = self._engine.only_row(table.agg(rows=table.count(), units=table[unit].nunique()))
        return cast("int", found["rows"]) == cast("int", found["units"])
