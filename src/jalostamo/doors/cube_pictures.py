"""Pictures of what the command `cube` shows: a map of steps as streams, survival as curves; one SVG that says itself.

The table beside a picture holds every number in it.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.languages import Text
from jalostamo.doors.cube_words import Speech, places_of
from jalostamo.doors.publishing import browser_assets

if TYPE_CHECKING:
    from jalostamo.charts.flows import Wording
    from jalostamo.charts.framing import Sheet
    from jalostamo.charts.rendering import Drawing
    from jalostamo.utilising.disclosure.figures.asked import Asked
    from jalostamo.utilising.disclosure.figures.maps import StepMap
    from jalostamo.utilising.disclosure.figures.survival import Survival

_ENDED: Final = Text("Ei uutta palvelua", "Ingen ny tjänst", "No further service")
_OTHERS: Final = Text("Muut palvelut", "Övriga tjänster", "Other services")
_PLACE: Final = Text("{}. palvelu", "Tjänst {}", "Service {}")
_SHARE: Final = Text("n. {}", "ca {}", "about {}")
_TIME: Final = Text("Aika", "Tid", "Time")


def picture_of_map(asked: Asked[StepMap], called: Callable[[str], str], speech: Speech) -> bytes:
    """One map of steps, drawn in the widths that balance; its shares say "about", since they are of those widths."""
    from jalostamo.charts.flows import Stream, in_order, streams_chart

    found = [found for found in asked.figures.values() if found is not None]
    if len(found) != 1:
        raise Misused("A picture shows one map: name one code with --where instead of --by.", reason="picture_one_map")
    streams = tuple(
        Stream(link.number, link.source, link.target, round(link.width)) for link in found[0].links if link.source
    )
    if not any(stream.customers for stream in streams):
        raise _empty()

    def drawing(sheet: Sheet) -> Drawing:
        order = in_order(streams)
        return streams_chart("all", streams, order=order, wording=_wording(called, speech), sheet=sheet)

    return _drawn(drawing, asked.measure.title.in_language(speech.language))


def picture_of_curves(asked: Asked[Survival], speech: Speech) -> bytes:
    """The survival curves of all codes that have one, each with its band."""
    from jalostamo.charts.curves import Curve, Point, curves_chart

    curves = []
    for codes, found in asked.figures.items():
        points = tuple(
            Point(p.time, p.staying.value, p.staying.low, p.staying.high) for p in (found.points if found else ())
        )
        if points:
            group = codes[0] if len(codes) == 1 else "/".join(codes) or "all"
            curves.append(Curve(group, speech.who(asked.dimensions, codes), points))
    if not curves:
        raise _empty()

    def drawing(sheet: Sheet) -> Drawing:
        return curves_chart(
            tuple(curves),
            share=lambda value: speech.number(100 * value) + " %",
            time=lambda value: speech.point(value, places=places_of(value)),
            heading=_TIME.in_language(speech.language),
            sheet=sheet,
        )

    return _drawn(drawing, asked.measure.title.in_language(speech.language))


def _wording(called: Callable[[str], str], speech: Speech) -> Wording:
    from jalostamo.charts.flows import ENDS, OTHERS, Wording

    other = {ENDS: _ENDED.in_language(speech.language), OTHERS: _OTHERS.in_language(speech.language)}

    def share(part: float) -> str:
        return _SHARE.in_language(speech.language).format(speech.number(100 * part) + " %")

    return Wording(
        lambda code: other.get(code) or called(code),
        share,
        lambda step: _PLACE.in_language(speech.language).format(step),
    )


def _drawn(drawing_on: Callable[[Sheet], Drawing], title: str) -> bytes:
    from jalostamo.charts.picturing import drawn_on
    from jalostamo.charts.rendering import renderer

    with renderer(browser_assets()) as draw:
        svg = drawn_on((title, drawing_on), narrow=False, draw=draw, name="figure")
    return svg.encode("utf-8") + b"\n"


def _empty() -> Misused:
    return Misused("There is nothing to draw: too few stand in every cell.", reason="picture_empty")
