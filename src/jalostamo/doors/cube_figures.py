"""Figures of the command `cube` in words: quantiles, survival, maps of steps and associations, by the codes asked for.

What they are reckoned from stands in `utilising.disclosure`; here they are only told.

Handbook 2.3 (dynamic: drilling, predefined filters).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.cube_pictures import picture_of_curves, picture_of_map
from jalostamo.doors.cube_words import BEGINS, CUT, DROPPED, ENDS, MEDIAN_SAID, NOTHING, RUNS_ON, Speech, places_of

if TYPE_CHECKING:
    from jalostamo.producing.cubes.definition import Measure
    from jalostamo.producing.results import Estimate
    from jalostamo.utilising.disclosure.figures.asked import Asked, AskedAssociation
    from jalostamo.utilising.disclosure.figures.maps import StepMap
    from jalostamo.utilising.disclosure.figures.quantiles import Quantile
    from jalostamo.utilising.disclosure.figures.survival import Survival
    from jalostamo.utilising.disclosure.printed import PrintedCube
    from jalostamo.utilising.disclosure.queries import Query
    from jalostamo.utilising.disclosure.withheld import Withheld

MEDIAN: Final = 0.5


def _no_picture() -> bytes:
    raise Misused("There is nothing to draw.", reason="picture_empty")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a figure is shown as: rows for machines and a spreadsheet, a table for the terminal, sentences below it."""

    rows: list[dict[str, object]]
    heads: list[str]
    lines: list[list[str]]
    sentences: list[str] = field(default_factory=list)
    facts: Mapping[str, object] = field(default_factory=dict)
    picture: Callable[[], bytes] = _no_picture


def add_figure_arguments(parser: ArgumentParser) -> None:
    """The words by which figures are asked for, one at a time."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--median", action="store_true", help="of a measure of kind at_most, for each code of --by")
    one.add_argument("--quantile", metavar="SHARE", type=float, help="as --median: what this share do not pass, as 0.9")
    one.add_argument(
        "--survival", metavar="ENDED", help="of a measure at_risk, the share of whom ENDED, a measure, has not come yet"
    )
    one.add_argument("--map", action="store_true", help="of a measure of kind step, the steps that were taken")
    one.add_argument(
        "--association", action="store_true", help="of the two dimensions in --by: correlation, or Cramer's V"
    )
    parser.add_argument("--picture", metavar="FILE.svg", type=Path, help="draw what --survival or --map shows")


def is_figure_asked(asked: Namespace) -> bool:
    """Whether a figure is asked for rather than cells; refused with words that belong to cells."""
    is_asked = bool(asked.median or asked.quantile is not None or asked.survival or asked.map or asked.association)
    if asked.picture and not (asked.survival or asked.map):
        raise Misused("--picture draws what --survival or --map shows: add one of them.", reason="query_unknown")
    of_cells = asked.at or asked.of or asked.against or asked.top is not None or asked.order != "code"
    if is_asked and of_cells:
        raise Misused(
            "--median, --quantile, --survival, --map and --association go with --measure, --by and --where: leave out "
            "--at, --of, --against, --order and --top.",
            reason="query_unknown",
        )
    return is_asked


def figure_shown(cube: PrintedCube, query: Query, asked: Namespace) -> Shown:
    """The figure that is asked for, as it is shown."""
    from jalostamo.utilising.disclosure.figures import asked as figures

    speech = Speech(cube, asked.language)
    if asked.survival:
        return survivals_shown(figures.survivals_asked(cube, query, asked.survival), speech)
    if asked.map:
        return maps_shown(figures.maps_asked(cube, query), speech)
    if asked.association:
        return association_shown(figures.association_asked(cube, query), speech)
    share = MEDIAN if asked.median else asked.quantile
    return quantiles_shown(figures.quantiles_asked(cube, query, share), share, speech)


def quantiles_shown(asked: Asked[Quantile], share: float, speech: Speech) -> Shown:
    """A row for each code: the base and the value with its interval, or why it is withheld."""
    title = speech.head("median")
    if share != MEDIAN:
        title = speech.head("quantile").format(speech.point(100 * share, places=places_of(100 * share)))
    rows, lines = [], []
    for codes, found in asked.figures.items():
        base = found.base if found else None
        said = speech.quantile(found) if found else NOTHING
        lines.append([*speech.codes(asked.dimensions, codes), speech.number(base), said])
        told = {"open_low": bool(found and found.open_low), "open_high": bool(found and found.open_high)}
        withheld = _reason(found.withheld if found else None)
        ends = _ends("value", found.estimate if found else None)
        rows.append({**dict(zip(asked.dimensions, codes, strict=True)), "base": base, **ends, **told, **withheld})
    is_open = any(found and (found.open_low or found.open_high) for found in asked.figures.values())
    sentences = [RUNS_ON.in_language(speech.language)] if is_open else []
    heads = [*map(speech.head, (*asked.dimensions, "base")), title]
    facts = {"figure": "quantile", "share": share, "measure": asked.measure.name}
    return Shown(rows, heads, lines, sentences, facts)


def survivals_shown(asked: Asked[Survival], speech: Speech) -> Shown:
    """A row for each code and time, and for each code where its curve is cut and its median."""
    rows, lines, sentences, curves = [], [], [], []
    for codes, found in asked.figures.items():
        named = dict(zip(asked.dimensions, codes, strict=True))
        who, said = speech.who(asked.dimensions, codes), speech.codes(asked.dimensions, codes)
        for point in found.points if found else ():
            staying = speech.share(point.staying)
            at_risk, ended = (speech.number(count) for count in (point.at_risk, point.ended))
            lines.append([*said, speech.point(point.time, places=_places(asked)), at_risk, ended, staying])
            told = {"time": point.time, "at_risk": point.at_risk, "ended": point.ended}
            rows.append({**named, **told, **_ends("staying", point.staying)})
        sentences += _of_curve(found, who, speech, places=_places(asked))
        curve = {"cut_at": found.cut_at, "median_open": found.median_open} if found else {"cut_at": None}
        withheld = _reason(found.withheld if found else None)
        curves.append({**named, **_ends("median", found.median if found else None), **curve, **withheld})
    heads = [speech.head(name) for name in (*asked.dimensions, "time", "at_risk", "ended", "staying")]
    facts = {"figure": "survival", "measure": asked.measure.name, "curves": curves}
    return Shown(rows, heads, lines, sentences, facts, lambda: picture_of_curves(asked, speech))


def maps_shown(asked: Asked[StepMap], speech: Speech) -> Shown:
    """A row for each step that prints more than nobody; how wide it is drawn is no number to read."""
    called = step_names(asked.measure, speech)
    rows, lines, sentences, maps = [], [], [], []
    for codes, found in asked.figures.items():
        named, said = dict(zip(asked.dimensions, codes, strict=True)), speech.codes(asked.dimensions, codes)
        for link in found.links if found else ():
            ends = [
                called(end) if end else other.in_language(speech.language)
                for end, other in ((link.source, BEGINS), (link.target, ENDS))
            ]
            lines.append([*said, str(link.number), *ends, speech.number(link.printed)])
            told = {"step": link.number, "source": link.source, "target": link.target}
            rows.append({**named, **told, "printed": link.printed, "width": round(link.width, 3)})
        dropped = found.dropped if found else 0
        if dropped:
            who = speech.who(asked.dimensions, codes)
            sentences.append(DROPPED.in_language(speech.language).format(who, speech.number(dropped)))
        maps.append({**named, "dropped": dropped})
    title = asked.measure.title.in_language(speech.language)
    heads = [*(speech.head(name) for name in (*asked.dimensions, "step", "source", "target")), title]
    facts = {"figure": "map", "measure": asked.measure.name, "maps": maps}
    return Shown(rows, heads, lines, sentences, facts, lambda: picture_of_map(asked, called, speech))


def step_names(measure: Measure, speech: Speech) -> Callable[[str], str]:
    """What the services of a map are called."""

    def called(service: str) -> str:
        label = measure.labels.get(service)
        return label.in_language(speech.language) if label else service

    return called


def association_shown(asked: AskedAssociation, speech: Speech) -> Shown:
    """One row: between which dimensions, the base, and the measure with its interval, or why it is withheld."""
    found, kind = asked.association, "correlation" if asked.is_ordered else "cramers_v"
    between = " \u2013 ".join(speech.head(name) for name in asked.dimensions)
    said = speech.interval(found.estimate, places=2) if found.estimate else speech.why(found.withheld)
    row: dict[str, object] = {"first": asked.dimensions[0], "second": asked.dimensions[1], "kind": kind}
    row |= {"base": found.base, "free": found.free, **_ends("value", found.estimate), **_reason(found.withheld)}
    heads = [speech.head(name) for name in ("between", "base", kind)]
    lines = [[between, speech.number(found.base), said]]
    return Shown([row], heads, lines, [], {"figure": "association", "measure": asked.measure.name})


def _of_curve(found: Survival | None, who: str, speech: Speech, *, places: int) -> list[str]:
    """The median of a curve, where it is cut, and why there is no more of it."""
    if found is None:
        return []
    said = []
    if found.median:
        median = speech.times(found.median, is_open=found.median_open, places=places)
        said.append(MEDIAN_SAID.in_language(speech.language).format(who, median))
    if found.withheld:
        said.append(f"{who}: {speech.why(found.withheld)}")
    if found.points and found.cut_at is not None:
        said.append(CUT.in_language(speech.language).format(who, speech.point(found.cut_at, places=places)))
    return said


def _places(asked: Asked[Survival]) -> int:
    return max(places_of(float(point)) for point in asked.measure.grid)


def _ends(name: str, estimate: Estimate | None) -> dict[str, object]:
    ends = (None, None, None) if estimate is None else (estimate.value, estimate.low, estimate.high)
    return dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))


def _reason(withheld: Withheld | None) -> dict[str, object]:
    return {"withheld": None if withheld is None else withheld.value}
