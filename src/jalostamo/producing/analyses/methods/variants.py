"""Variants: whole paths, the most walked by name and all others together, of all cases and of each group.

Handbook 2.2 (the pilot's fourth question) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import found
from jalostamo.producing.analyses.journeys import CASE, GAP, PLACE, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.producing.analyses.parts import (
    ALL,
    compared_on_cases,
    in_units,
    number_in,
    of_part,
    parts_of,
    placed_in_groups,
    share,
)
from jalostamo.producing.analyses.strata import at_first_event
from jalostamo.producing.case_groups import few_enough_to_count
from jalostamo.producing.standardisation import GROUP, SUBJECT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

COLUMNS: Final = ("group", "rank", "path", "variants", "events", "cases", "share", "median")
_TOP: Final = 20
_MOST: Final = 200
_OTHERS: Final = -1

type _Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many paths of all cases, and of each group, are told by name; or which, where they are named beforehand."""

    top: int
    paths: tuple[tuple[str, ...], ...] = ()


def _read(section: Section) -> Asked:
    top = section.one("top", int) if "top" in section.content else _TOP
    if not 1 <= top <= _MOST:
        raise Unfit(f"{section.place}: 'top' is from 1 to {_MOST}.", reason="definition_incomplete")
    return Asked(top, _paths(section))


def _paths(section: Section) -> tuple[tuple[str, ...], ...]:
    """Whole paths that are named beforehand, each a list of services."""
    found = section.content.get("paths", [])
    if not isinstance(found, list) or not all(isinstance(path, list) and path for path in found):
        raise Unfit(f"{section.place}: 'paths' is a list of lists of services.", reason="definition_incomplete")
    paths = tuple(tuple(str(service) for service in path) for path in found)
    if len(set(paths)) < len(paths) or len(paths) > _MOST:
        raise Unfit(f"{section.place}: 'paths' are {_MOST} at most, each once.", reason="definition_incomplete")
    return paths


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """The paths by name, with all others as one row of no rank; a path that is named in one part is named in all."""
    with few_enough_to_count():
        met = {str(row[SERVICE]) for row in engine.rows(journeys.events.select(SERVICE).distinct())}
    names = sorted(met.union(*asked.paths))
    walked = engine.keep(_walked(engine, journeys, names))
    variants = engine.keep(walked.group_by([GROUP, "path"]).agg(cases=walked.count()))
    shown = _declared(names, asked) if asked.paths else _shown(engine, variants, setting, asked)
    known = engine.keep(walked.left_join(_as_table(engine, shown), "path").drop("path_right"))
    texts = [STEP.join(names[number % len(names)] for number in path) for path in shown]
    counted = {part: _counted(engine, known, variants, part) for part in parts_of(setting)}
    order = sorted(range(len(shown)), key=lambda n: (-number_in(counted[ALL].get(n, {}), "cases"), shown[n]))
    ordered = [(number, texts[number], len(shown[number])) for number in order]
    rows = [row for part, of in counted.items() for row in _rows(of, part, ordered, grain=journeys.grain)]
    whole = variants.group_by("path").agg(cases=variants.cases.sum())
    told = engine.only_row(whole.aggregate(variants=whole.count(), met_once=(whole.cases == 1).sum()))
    tables = {"variants": found(COLUMNS, rows)}
    if setting.groups:
        subjects = engine.in_memory(
            pa.table({"rank": pa.array(range(len(texts)), pa.int64()), SUBJECT: pa.array(texts, pa.string())})
        )
        named = known.inner_join(subjects, "rank")
        tables |= compared_on_cases(engine, named, at_first_event(journeys, setting), pair=setting.compare)
    return {name: number_in(told, name) for name in ("variants", "met_once")}, tables


def _walked(engine: Engine, journeys: Journeys, names: Sequence[str]) -> ir.Table:
    """Each case with its whole path and how long it took.

    A path is a list of place * names + number of the service: sorting such numbers needs no second order.
    """
    codes = engine.in_memory(
        pa.table({SERVICE: pa.array(names, pa.string()), "code_": pa.array(range(len(names)), pa.int64())})
    )
    placed = placed_in_groups(journeys).inner_join(codes, SERVICE)
    number = placed[PLACE] * len(names) + placed.code_
    return placed.group_by([CASE, GROUP]).agg(
        path=number.collect().sort(), duration=placed[GAP].sum().fill_null(0).cast("int64")
    )


def _declared(names: Sequence[str], asked: Asked) -> list[_Path]:
    """The paths that were named beforehand, as their numbers."""
    codes = {name: number for number, name in enumerate(names)}
    return [tuple(place * len(names) + codes[name] for place, name in enumerate(path)) for path in asked.paths]


def _shown(engine: Engine, variants: ir.Table, setting: Setting, asked: Asked) -> list[_Path]:
    """The paths that are named: the most walked of all cases, and the most walked of each group."""
    first: dict[_Path, None] = {}
    for part in parts_of(setting):
        theirs = of_part(variants, part)
        summed = theirs.group_by("path").agg(cases=theirs.cases.sum())
        for row in engine.rows(summed.order_by([summed.cases.desc(), summed.path]).limit(asked.top)):
            first.setdefault(tuple(cast("list[int]", row["path"])))
    return list(first)


def _as_table(engine: Engine, shown: Sequence[_Path]) -> ir.Table:
    return engine.in_memory(
        pa.table(
            {
                "path": pa.array([list(path) for path in shown], pa.list_(pa.int64())),
                "rank": pa.array(range(len(shown)), pa.int64()),
            }
        )
    )


def _counted(engine: Engine, known: ir.Table, variants: ir.Table, part: str) -> Mapping[int, Mapping[str, object]]:
    """The cases and the median duration of each path that is named, and of all others; how many paths these are."""
    theirs = of_part(known, part)
    ranked = theirs.mutate(rank=theirs["rank"].fill_null(_OTHERS))
    counted = ranked.group_by("rank").agg(cases=ranked.count(), median=ranked.duration.median().cast("float64"))
    rows = {cast("int", row["rank"]): row for row in engine.rows(counted)}
    if _OTHERS in rows:
        distinct = of_part(variants, part).select("path").distinct()
        number = number_in(engine.only_row(distinct.aggregate(n=distinct.count())), "n")
        rows[_OTHERS]["variants"] = number - (len(rows) - 1)
    return rows


def _rows(
    counted: Mapping[int, Mapping[str, object]], part: str, ordered: Sequence[tuple[int, str, int]], *, grain: Grain
) -> Iterator[Mapping[str, object]]:
    """The paths of a part in the order of all cases, and all others."""
    cases = sum(number_in(row, "cases") for row in counted.values())
    for rank, (number, path, events) in enumerate((*ordered, (_OTHERS, "", 0)), start=1):
        row = counted.get(number, {})
        named = number != _OTHERS
        yield {
            "group": part,
            "rank": rank if named else None,
            "path": path if named else None,
            "variants": min(number_in(row, "cases"), 1) if named else number_in(row, "variants"),
            "events": events if named else None,
            "cases": number_in(row, "cases"),
            "share": share(number_in(row, "cases"), cases),
            "median": in_units(row.get("median"), grain),
        }


METHOD: Final = Method(
    name="variants",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.READER,
    title=Text("Kokonaiset polut", "Hela vägar", "Whole paths"),
    parameters="top paths",
    read=_read,
    measure=measure,
)
