"""From a result to the drawings of its figure: which charts it asks for, and what is written in them.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from dataclasses import dataclass

from jalostamo.charts.blocks import Block, blocks_chart
from jalostamo.charts.comparisons import Contrast, Sides, contrasts_chart
from jalostamo.charts.comparisons import Scale as ContrastScale
from jalostamo.charts.estimates import Mark, estimates_chart
from jalostamo.charts.flows import Wording as PathWording
from jalostamo.charts.flows import customers_at_start, streams_chart
from jalostamo.charts.framing import Sheet
from jalostamo.charts.picturing import Chart, Picture, picture_of
from jalostamo.charts.rendering import Drawing, Renderer
from jalostamo.producing.results import Comparison, Result, Scale
from jalostamo.utilising.publication.comparable import (
    FEW,
    comparable,
    drawn_groups_of,
    estimates_of,
    flowing_groups_of,
    order_of,
    scale_of,
    shared_source_of,
    streams_of,
    subjects_of,
)
from jalostamo.utilising.publication.numerals import said, tick_of
from jalostamo.utilising.publication.speech import Speech, lowered


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure is what answers one question to the eye: paths side by side where there are any, then charts."""

    paths: tuple[Picture, ...]
    pictures: tuple[Picture, ...]


def figure_of(result: Result, speech: Speech, *, draw: Renderer, prefix: str) -> Figure:
    """Draw what a result found; `prefix` begins the names of its drawings."""
    groups = flowing_groups_of(result)
    paths = [picture_of(_paths_chart(result, group, speech), draw=draw, name=f"{prefix}-{group}") for group in groups]
    charts = [*([] if paths else _estimates_charts(result, speech)), *_contrasts_charts(result, speech)]
    pictures = [picture_of(chart, draw=draw, name=f"{prefix}-{place}") for place, chart in enumerate(charts, start=1)]
    return Figure(tuple(paths), tuple(pictures))


def _estimates_charts(result: Result, speech: Speech) -> list[Chart]:
    subjects = subjects_of(result)
    if len(subjects) <= FEW:
        return [_marks_chart(result, subject, speech) for subject in subjects]
    scales = dict.fromkeys(scale_of(result, subject) for subject in subjects)
    return [_blocks_chart(result, scale, speech) for scale in scales]


def _marks_chart(result: Result, subject: str, speech: Speech) -> Chart:
    scale = scale_of(result, subject)
    title = speech.caption("share_title" if scale == "share" else "rate_title", subject=speech.title(subject))
    marks = _marks(result, subject, speech)
    return title, lambda sheet: estimates_chart(marks, tick=tick_of(scale, speech.language), sheet=sheet)


def _blocks_chart(result: Result, scale: Scale, speech: Speech) -> Chart:
    subjects = [subject for subject in subjects_of(result) if scale_of(result, subject) == scale]
    blocks = tuple(Block(speech.title(subject), _marks(result, subject, speech, short=True)) for subject in subjects)
    blocks = tuple(block for block in blocks if block.marks)
    title = speech.caption("blocks_share_title" if scale == "share" else "blocks_rate_title")
    return title, lambda sheet: blocks_chart(blocks, tick=tick_of(scale, speech.language), sheet=sheet)


def _marks(result: Result, subject: str, speech: Speech, *, short: bool = False) -> tuple[Mark, ...]:
    scale = scale_of(result, subject)
    factor = 100 if scale == "share" else 1
    drawn = drawn_groups_of(result)
    marks = []
    for found in (estimate for estimate in estimates_of(result, subject) if estimate.group in drawn):
        estimate = comparable(result, found)
        low, value, high = (factor * part for part in (estimate.low, estimate.value, estimate.high))
        text = said(estimate, scale, speech.language).value
        note = speech.short_base(found) if short else speech.base(found)
        marks.append(Mark(found.group, speech.title(found.group), low, value, high, text, note))
    return tuple(marks)


def _contrasts_charts(result: Result, speech: Speech) -> list[Chart]:
    scales: tuple[ContrastScale, ...] = ("ratio", "difference")
    charts = []
    for scale in scales:
        comparisons = in_shown_order(result, scale)
        if comparisons:
            charts.append(_contrasts_chart(result, comparisons, speech))
    return charts


def in_shown_order(result: Result, scale: Scale) -> list[Comparison]:
    """The comparisons on one scale: paths by the size of their difference, all else as the subjects are shown."""
    found = [comparison for comparison in result.comparisons if comparison.scale == scale]
    if result.flows:
        return sorted(found, key=lambda c: (not c.differs, -abs(c.estimate.value)))
    places = {subject: place for place, subject in enumerate(subjects_of(result))}
    return sorted(found, key=lambda c: places.get(c.subject, len(places)))


def _contrasts_chart(result: Result, comparisons: list[Comparison], speech: Speech) -> Chart:
    scale: ContrastScale = "ratio" if comparisons[0].scale == "ratio" else "difference"
    names = {"group": speech.name(comparisons[0].group), "reference": speech.name(comparisons[0].reference)}
    contrasts = tuple(_contrast(result, comparison, speech) for comparison in comparisons)
    sides = Sides(speech.caption("less"), speech.caption("none"), speech.caption("more"))

    def drawing_on(sheet: Sheet) -> Drawing:
        return contrasts_chart(contrasts, scale=scale, sides=sides, tick=tick_of(scale, speech.language), sheet=sheet)

    title = speech.caption(f"{scale}_title", **names)
    source = shared_source_of(result)
    if source is not None:
        title = speech.caption("after_title", source=lowered(speech.name(source)), title=lowered(title))
    return title, drawing_on


def _contrast(result: Result, comparison: Comparison, speech: Speech) -> Contrast:
    estimate = comparison.estimate
    factor = 100 if comparison.scale == "difference" else 1
    text = said(estimate, comparison.scale, speech.language).together
    note = "" if comparison.differs else speech.caption("not_found")
    low, value, high = (factor * part for part in (estimate.low, estimate.value, estimate.high))
    return Contrast(speech.subject(result, comparison.subject), low, value, high, text, note, comparison.differs)


def _paths_chart(result: Result, group: str, speech: Speech) -> Chart:
    streams, order = streams_of(result, group), order_of(result)
    wording = PathWording(speech.title, speech.share, lambda step: speech.caption("step", number=str(step)))
    customers = speech.number(customers_at_start(streams))
    title = speech.caption("paths_title", group=speech.title(group), customers=customers)
    return title, lambda sheet: streams_chart(group, streams, order=order, wording=wording, sheet=sheet)
