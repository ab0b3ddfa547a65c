"""Attacking a written release by the suite: from files to a case, with the levels read from the rows themselves.

With a control group a part of the people is held back, the rest released anew at the same levels, and that release attacked:
what is guessed of those held back as well is knowledge, and no leak.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, prod
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.columnar import parquet_header, whole
from jalostamo.engine.connection import open_engine
from jalostamo.engine.packing import arrow_of, within_memory
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.sensitive.preparing.anonymity.anonymising import Beside as Asked
from jalostamo.managing.sensitive.preparing.anonymity.anonymising import Watching, anonymise
from jalostamo.managing.sensitive.preparing.anonymity.catalogue import read_catalogue
from jalostamo.managing.sensitive.preparing.anonymity.checking import distance_of, variety_of
from jalostamo.managing.sensitive.preparing.anonymity.course import Course, Frozen
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.printed import printed_beside
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.register import read_register
from jalostamo.managing.sensitive.preparing.anonymity.together import Beside, EarlierOnes, columns_of, source_of
from jalostamo.managing.sensitive.validation.attacks.case import Case, Written
from jalostamo.managing.sensitive.validation.attacks.choosing import Choosing
from jalostamo.managing.sensitive.validation.attacks.columns import STAR
from jalostamo.managing.sensitive.validation.attacks.criteria import read_criteria
from jalostamo.managing.sensitive.validation.attacks.falling_short import Wanted
from jalostamo.managing.sensitive.validation.attacks.rates import Sample
from jalostamo.managing.sensitive.validation.attacks.suite import attack

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.releasing import Attacking
    from jalostamo.managing.sensitive.preparing.anonymity.catalogue import Catalogue
    from jalostamo.managing.sensitive.preparing.anonymity.lattice import Levels
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import QuasiIdentifier, Recipe, SensitiveAsked
    from jalostamo.managing.sensitive.preparing.anonymity.register import Entry
    from jalostamo.managing.sensitive.validation.attacks.evidence import Evidence

_OF_A_GROUP: Final = ("singling_out.risk", "linkability.risk", "inference.risk")
_FROZEN: Final = "as_before"


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of an attack, and where it works."""

    workspace: Path
    out: Path
    recipe: Path
    source: Path


def attack_file(workspace: Path, out: Path, *, recipe: Path, source: Path, asked: Attacking) -> Evidence:
    """Run the suite on a written release beside its source, and beside what else is out."""
    files = _Files(workspace, out, recipe, source)
    read = read_recipe(recipe)
    catalogue = None if asked.catalogue is None else read_catalogue(asked.catalogue, read, today=asked.today)
    with within_memory(), open_engine(workspace=workspace) as engine, whole(out):
        levels = levels_in(engine, out, read)
        entries = _entries(asked, out)
        table = source_of(engine, source, read, more=[column for entry in entries for column in entry.levels])
        case = _case(engine, files, read, table, levels=levels, asked=asked, entries=entries)
        if _is_frozen(asked, files, read, levels=levels):
            case = replace(case, generalisations=1)
        else:
            rows = cast("int", engine.only_row(table.agg(n=table.count()))["n"])
            case = _with_choice(case, read, levels, catalogue, rows=rows)
        criteria = read_criteria("outside" if asked.outside else "under_permit", asked.criteria)
        sample = Sample(asked.seed) if asked.people is None else Sample(asked.seed, asked.people)
        found = replace(attack(engine, case, criteria, sample=sample), recipe=read.digest)
        if asked.control is None:
            return found
        twin = attack(engine, _twin(engine, files, read, case, levels, asked), criteria, sample=sample)
    own = tuple(f for f in found.findings if f.figure not in _OF_A_GROUP)
    others = tuple(f for f in twin.findings if f.figure in _OF_A_GROUP)
    return replace(found, with_control=True, findings=(*others, *own))


def levels_in(engine: Engine, out: Path, recipe: Recipe) -> Levels:
    """The level at which each column of written rows stands: the finest that knows all its labels."""
    names = [q.column for q in recipe.quasi]
    if not out.is_file():
        raise Misused(f"{out.name} is missing, or no plain file: name what `anonymise` wrote.", reason="file_missing")
    missing = [name for name in names if name not in parquet_header(out, kept=names)]
    if missing:
        listed = ", ".join(f"'{name}'" for name in missing)
        raise Unfit(f"{out.name}: no column {listed}; is this its recipe?", reason="column_missing")
    table = engine.read_parquet(out)
    return tuple(_level(engine, table, out, q) for q in recipe.quasi)


def _level(engine: Engine, table: ir.Table, out: Path, q: QuasiIdentifier) -> int:
    if q.hierarchy is None:
        return 0
    rows = engine.rows(table.select(label=table[q.column].cast("string").fill_null("")).distinct())
    # A star may be what others write for a row that they hide; a missing value stays missing at every level.
    labels = {cast("str", row["label"]) for row in rows} - {""}
    fitting = [number for number, level in enumerate(q.hierarchy.levels) if labels <= set(level.values())]
    if not fitting:
        fitting = [n for n, level in enumerate(q.hierarchy.levels) if labels - {STAR} <= set(level.values())]
    if not fitting:
        raise Unfit(
            f"{out.name}: at no level of {q.hierarchy.name} has column '{q.column}' all the labels that stand there: is this its "
            "recipe?",
            reason="hierarchy_level",
        )
    return fitting[0]


def _entries(asked: Attacking, out: Path) -> tuple[Entry, ...]:
    """The earlier releases of the population, without the one that is attacked."""
    if asked.releases is None or asked.population is None:
        return ()
    return tuple(e for e in read_register(asked.releases).of(asked.population) if e.out.path != out.absolute())


def _case(
    engine: Engine,
    files: _Files,
    recipe: Recipe,
    table: ir.Table,
    *,
    levels: Levels,
    asked: Attacking,
    entries: tuple[Entry, ...],
) -> Case:
    beside = Beside(entries, asked.cubes, without_earlier=asked.without_earlier)
    printed, _ = printed_beside(asked.cubes, recipe, levels)
    return Case(
        Written(files.out, columns_of(recipe, levels)),
        table,
        tuple(s.column for s in recipe.sensitive),
        generalisations=prod(len(q.hierarchy.levels) if q.hierarchy else 1 for q in recipe.quasi),
        units=recipe.units,
        earlier=tuple(EarlierOnes(engine, table, files.source, recipe=recipe, beside=beside).all()),
        printed=printed,
    )


def _with_choice(case: Case, recipe: Recipe, levels: Levels, catalogue: Catalogue | None, *, rows: int) -> Case:
    """What is public of how the levels were chosen from: all that there are, or those of a catalogue."""
    if catalogue is None:
        preferred: Sequence[Levels] = [
            (*levels[:number], level - 1, *levels[number + 1 :]) for number, level in enumerate(levels) if level
        ]
    else:
        if levels not in catalogue.levels:
            raise Unfit(
                "The rows stand at levels that the catalogue does not have: name the one they were chosen by.",
                reason="catalogue_levels",
            )
        at = catalogue.levels.index(levels)
        preferred = catalogue.levels[:at] if catalogue.choice == "first" else catalogue.levels
        case = replace(case, generalisations=len(catalogue.vectors))
    distinct = {s.column: ceil(s.diversity.l - 1e-9) for s in recipe.sensitive if s.diversity}
    allowed = recipe.suppressed_rows(rows)
    wanted = {s.column: found for s in recipe.sensitive if (found := _wanted(s)) != Wanted()}
    return replace(case, choosing=Choosing(tuple(preferred), recipe.k or 1, distinct, allowed, wanted))


def _wanted(asked: SensitiveAsked) -> Wanted:
    """What is asked of a column beside so many distinct values, which are counted and not drawn."""
    variety = variety_of(asked)
    if variety is not None and variety.kind == "distinct" and asked.closeness is None:
        return Wanted()
    return Wanted(variety, distance_of(asked))


def _is_frozen(asked: Attacking, files: _Files, recipe: Recipe, *, levels: Levels) -> bool:
    """Whether a report says that the levels were kept from an earlier release; one of other rows is refused."""
    if asked.report is None:
        return False
    try:
        report = json.loads(asked.report.read_bytes())
        told: Mapping[str, object] = report["levels"]
        digests: Mapping[str, object] = report["sha256"]
    except OSError:
        raise Misused(f"{asked.report.name} is missing: name the report of the rows.", reason="file_missing") from None
    except (ValueError, KeyError, TypeError):
        raise Unfit(f"{asked.report.name} is no report of `anonymise`.", reason="report_form") from None
    if told != {q.column: level for q, level in zip(recipe.quasi, levels, strict=True)}:
        raise Unfit(
            f"{asked.report.name} tells of other levels than the rows have: name theirs.", reason="report_other"
        )
    if digests != {"out": digest_of(files.out), "recipe": recipe.digest}:
        raise Unfit(
            f"{asked.report.name} is the report of other rows than {files.out.name}, or of another recipe than "
            f"{files.recipe.name}, by their sha256: name theirs.",
            reason="report_other",
        )
    return _FROZEN in report


def _twin(engine: Engine, files: _Files, recipe: Recipe, case: Case, levels: Levels, asked: Attacking) -> Case:
    """The same recipe carried out at the same levels without a part of the people, who are its control group."""
    source = arrow_of(engine, case.source.select(*recipe.read))
    held = _held_back(source, recipe, asked)
    paths = [files.workspace / f"{name}.parquet" for name in ("rest", "twin")]
    pyarrow.parquet.write_table(source.filter(pa.array(~held)), paths[0])
    # Whoever would be left out is: it is the levels that are attacked, and not how many they leave out.
    alike = replace(recipe, suppression_limit=Decimal(1), time_limit=None)
    course = Course(frozen=Frozen(levels, "the attacked release", asked.today))
    quiet = Watching(lambda _: None, lambda _: None)
    anonymise(engine, table_file(paths[0], alike), alike, paths[1], watching=quiet, beside=Asked(course=course))
    return replace(
        case,
        release=replace(case.release, path=paths[1]),
        source=engine.read_parquet(paths[0]),
        control=engine.in_memory(source.filter(pa.array(held))),
        earlier=(),
        printed=(),
        choosing=None,
    )


def _held_back(source: pa.Table, recipe: Recipe, asked: Attacking) -> NDArray[np.bool_]:
    """Whom the seed draws, whole units of the last kind: somebody's other rows tell of her, too."""
    chance = np.random.default_rng(asked.seed)
    share = asked.control or 0.0
    units = [] if not recipe.units else source[recipe.units[-1]].to_pylist()
    number = {unit: place for place, unit in enumerate(dict.fromkeys(units))}
    drawn = chance.random(len(number) or source.num_rows) < share
    held: NDArray[np.bool_] = drawn[[number[unit] for unit in units]] if units else drawn
    if held.all() or not held.any():
        raise Misused("--control leaves nobody on one side: give another share.", reason="control_empty")
    return held
