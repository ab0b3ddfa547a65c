"""The lane of cells once persons are linked: count a definition, print its cells, and tell in printed numbers.

The rows are opened by the closed room's own door, and are gone when this is done.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.doors.cube_outlet import refuse_unplaceable
from jalostamo.doors.process_words import process_sentences
from jalostamo.doors.terminal import Account

if TYPE_CHECKING:
    from jalostamo.concepts.customers import CustomerKind
    from jalostamo.doors.cube_outlet import Outlet
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.manifests import Manifest
    from jalostamo.managing.process_counts import Tree
    from jalostamo.managing.requests import Request
    from jalostamo.producing.cubes.counted import CountedCube, Tables
    from jalostamo.producing.cubes.definition import CubeDefinition
    from jalostamo.utilising.disclosure.printed import PrintedCube
    from jalostamo.utilising.disclosure.rules import Rule

_SERIES: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?", re.ASCII)


class Opened(Protocol):
    """Opened is what the closed room lets be counted while its block lasts."""

    @property
    def tables(self) -> Tables: ...
    @property
    def steps(self) -> tuple[Manifest, ...]: ...
    @property
    def facts(self) -> Mapping[str, object]: ...
    @property
    def process(self) -> Mapping[str, Tree]: ...


@dataclass(frozen=True, slots=True)
class Lane:
    """The lane of cells for one request: how its rows are opened, where its cells come out, and who is told of each step.

    `series` is the public mark of its series, if it is of one.
    """

    engine: Engine
    request: Request
    opened: Callable[[Request, CustomerKind], AbstractContextManager[Opened]]
    outlet: Outlet
    tell: Callable[[str], None]
    series: str | None


def print_cells(lane: Lane, definition: CubeDefinition, rule: Rule) -> Account:
    """Count a definition, compare it with all that was printed of its population, print it, and let its file appear."""
    from jalostamo.producing.analyses.inside.comparable import refuse_incomparable
    from jalostamo.producing.analyses.inside.derivations import with_derived
    from jalostamo.producing.cubes.counting import count_cube
    from jalostamo.producing.cubes.differences import differences
    from jalostamo.utilising.disclosure.gate import disclose
    from jalostamo.utilising.disclosure.ledger.ledger import Ledger
    from jalostamo.utilising.disclosure.noise import noise_table
    from jalostamo.utilising.disclosure.noise_left import refuse_little_left
    from jalostamo.utilising.disclosure.process_counts import printed_facts

    noise = noise_table(definition.noise)
    # What the definition alone decides is decided before anything is retrieved.
    refuse_little_left(definition, noise, rule)
    ledger = Ledger(lane.outlet.home.private("ledger"))
    refuse_incomparable(definition, ledger.definitions(definition.population).values())
    with ledger.heeding_refusals(definition), ExitStack() as stack:
        opened = stack.enter_context(lane.opened(lane.request, definition.unit))
        lane.tell("counting")
        counted = count_cube(lane.engine, definition, with_derived(lane.engine, definition, opened.tables))
        lane.tell("comparing with what was printed before")

        def tables_of(earlier: CubeDefinition) -> Tables:
            theirs = _tables_of(stack, lane, earlier) if _is_of_others(earlier, definition) else opened.tables
            return with_derived(lane.engine, earlier, theirs)

        cut = differences(lane.engine, counted, ledger.definitions(definition.population), tables_of)
        lane.tell("printing")
        process = printed_facts(_process(opened, counted), noise=noise)
        lane.outlet.note(definition, ledger, facts=opened.facts, process=process)
        printed = disclose(
            counted,
            rule=rule,
            noise=noise,
            ledger=ledger,
            series=lane.series,
            differences=cut,
            source=opened.steps[-1].digest,
        )
        path = lane.outlet.let_out(printed, {**opened.facts, **process})
    return account_of_cells(path, printed, process)


def _process(opened: Opened, counted: CountedCube) -> Mapping[str, Tree]:
    """All counts of the process: of the linking, of exclusions, and of units without a value; none has been printed yet."""
    from jalostamo.managing.process_counts import ProcessCount

    lacking = {name: ProcessCount(*units) for name, units in counted.without_value.items()}
    return {**opened.process, "without_value": lacking}


def _is_of_others(earlier: CubeDefinition, definition: CubeDefinition) -> bool:
    return (earlier.first_day, earlier.last_day, earlier.unit) != (
        definition.first_day,
        definition.last_day,
        definition.unit,
    )


def _tables_of(stack: ExitStack, lane: Lane, earlier: CubeDefinition) -> Tables:
    """The tables of another period or unit, from the same sources, in a place of their own."""
    lane.tell("retrieving what an earlier cube was counted from")
    named = f"{lane.request.id[:48]}-{earlier.digest[:8]}"
    request = replace(lane.request, id=named, first_day=earlier.first_day, last_day=earlier.last_day)
    return stack.enter_context(lane.opened(request, earlier.unit)).tables


def definition_for(request: Request, path: Path) -> CubeDefinition:
    """A definition of cells, as far as it can be judged by whoever knows no rule of disclosure and no register."""
    definition = _definition_in(request, path)
    refuse_unplaceable(definition)
    if (definition.first_day, definition.last_day) != (request.first_day, request.last_day):
        sentence = "The period of the cells is not the time frame of the request: make them the same."
        raise Refused([Objection(sentence, "2.6, phase 4")], reason="cube_period")
    refuse_no_series(request.series)
    return definition


def _definition_in(request: Request, path: Path) -> CubeDefinition:
    """What is counted: cells as they are listed, or those of an analysis, whose file goes into the closed room as it is."""
    from jalostamo.producing.analyses.asked import read_analysis
    from jalostamo.producing.analyses.inside.definition import cube_of
    from jalostamo.producing.analyses.journeys import Grain
    from jalostamo.producing.analyses.recognising import is_analysis
    from jalostamo.producing.cubes.reading import read_cube_definition

    if not is_analysis(path):
        return read_cube_definition(path)
    told = {field.name: field.calendar for field in request.preparation.events}
    return cube_of(read_analysis(path), grain=Grain.MONTH if told.get("start") == "month" else Grain.DAY)


def rule_for(request: Request, asked: str | None = None) -> Rule:
    """The rule by which cells are printed: the one that is asked for, or the request's, or that for readers outside."""
    from jalostamo.utilising.disclosure.rules import OUTSIDE, rule_of

    return rule_of(asked or request.rule or OUTSIDE.id)


def refuse_no_series(name: str | None) -> None:
    """Refuse what cannot be the name of a series."""
    if name is not None and not _SERIES.fullmatch(name):
        raise Misused("A series is named by small letters, digits and hyphens.", reason="series_name")


def account_of_cells(path: Path, printed: PrintedCube, process: Mapping[str, object]) -> Account:
    """What was printed, in printed numbers; those of the process are printed, too."""
    import pyarrow.compute as pc

    cells = printed.cells
    hidden = int(pc.sum(pc.equal(cells["status"], "hidden")).as_py() or 0)
    nothing = int(pc.sum(pc.equal(cells["printed"], 0)).as_py() or 0)
    kept = (
        f"The secret of series '{printed.series[:8]}' is kept: while it lives, the material counts as pseudonymised."
        if printed.series
        else "The record keys are destroyed: the same cells cannot be printed again under other ones."
    )
    return Account(
        (
            *process_sentences(process),
            f"Printed {cells.num_rows:,} cells of {len(printed.measures)} measures on {printed.units_printed:,} "
            f"{printed.unit.value}s under the rule '{printed.rule.id}'; {nothing:,} print 0, {hidden:,} amounts are hidden.",
            *(flag.sentence.en for flag in printed.flags),
            kept,
            f"{path}: printed cells; no row left the closed room.",
        ),
        {
            "cube": str(path),
            "digest": printed.digest,
            "definition": printed.definition.digest,
            "series": printed.series,
            "cells": cells.num_rows,
            "units": printed.units_printed,
            "hidden": hidden,
            **process,
        },
    )


def add_cells_arguments(parser: ArgumentParser) -> None:
    """The words of `closed-room cells`."""
    parser.add_argument("request", metavar="REQUEST.toml", type=Path, help="which fields, linked and made coarse how")
    parser.add_argument("definition", metavar="CELLS.toml", type=Path, help="what is counted, by what")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where sources and cubes are")
    parser.add_argument("--rule", help="for whom: outside or inside the city (as the request says, or outside)")
    parser.add_argument(
        "--series", metavar="NAME", help="a standing series, whose figures come again; else keys are destroyed"
    )
    parser.add_argument("--frozen", metavar="DIGEST", help="refuse a definition that is not the one that was frozen")
