"""The page and the picture themselves: one file each, in one language, loading nothing and running nothing.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.paging import Table, page_of
from jalostamo.charts.picturing import drawn_on, picture_of
from jalostamo.charts.rendering import renderer
from jalostamo.charts.styling import page_style, tables_part
from jalostamo.producing.survival.curves import share_at
from jalostamo.producing.survival.results import EVENT
from jalostamo.utilising.publication.numerals import said, share
from jalostamo.utilising.survival_page.pictures import MOST_DRAWN, Tongue, horizons_of, kinds_chart, waiting_chart
from jalostamo.utilising.survival_page.words import A_TIME, HALF_BY, LARGEST, LESS_THAN_HALF, NO_EVENT, TESTED, WORDS

if TYPE_CHECKING:
    from jalostamo.producing.survival.comparing import GroupTest
    from jalostamo.producing.survival.curves import Curve
    from jalostamo.producing.survival.results import Survival, TimeToEvent

_PAGES: Final = Path(__file__).parent / "pages"
_LEAST_P: Final = 0.001
_NOTHING: Final = "\u2013"


def survival_picture(found: TimeToEvent, tongue: Tongue, *, assets: Path) -> bytes:
    """The curves of the share still waiting as one SVG; `assets` is the folder that holds ECharts and Inter."""
    with renderer(assets) as draw:
        svg = drawn_on(waiting_chart(found, tongue), narrow=False, draw=draw, name="figure")
    return svg.encode("utf-8") + b"\n"


def survival_page(found: TimeToEvent, tongue: Tongue, *, assets: Path) -> bytes:
    """The page of a result."""
    is_competing = len(found.all.aalen_johansen) > 1
    with renderer(assets) as draw:
        pictures = {"waiting": picture_of(waiting_chart(found, tongue), draw=draw, name="waiting")}
        if is_competing:
            pictures["kinds"] = picture_of(kinds_chart(found, tongue), draw=draw, name="kinds")
    content: Mapping[str, object] = {
        "title": _title(found.all, tongue),
        "about": _about(found.all, tongue),
        "shares": _shares(found, tongue),
        "remark": _remark(found, tongue),
        "tests": _tests(found, tongue),
        "come": _come(found, tongue) if is_competing else None,
        **pictures,
    }
    # Names of groups are the table's own, and may have letters of the whole of Europe.
    style = page_style(
        _PAGES / "survival.css",
        assets=assets,
        inks=EVERY_INK,
        fonts=("latin", "latin-ext"),
        parts=(tables_part(),),
    )
    return page_of("survival.html", content, folder=_PAGES, words=WORDS, style=style, language=tongue.language)


def median_said(found: Survival, tongue: Tongue) -> str:
    """A median with its interval, which may run on past the last time."""
    median = found.median
    if median.estimate is None:
        return _NOTHING
    last = f">{tongue.time(float(found.kaplan_meier.time[-1]))}"
    low, high = (last if end is None else tongue.time(end) for end in (median.low, median.high))
    return f"{tongue.time(median.estimate)} ({low}\u2013{high})"


def p_said(test: GroupTest, tongue: Tongue) -> str:
    """A p-value with three decimals."""
    return "< " + _decimals(_LEAST_P, tongue) if test.p < _LEAST_P else "= " + _decimals(test.p, tongue)


def _decimals(value: float, tongue: Tongue) -> str:
    return f"{value:.3f}" if tongue.language == "en" else f"{value:.3f}".replace(".", ",")


def _title(found: Survival, tongue: Tongue) -> str:
    if not found.events.get(EVENT):
        return NO_EVENT.in_language(tongue.language)
    if found.median.estimate is None:
        return LESS_THAN_HALF.in_language(tongue.language)
    time = tongue.time(found.median.estimate)
    told = f"{time} {tongue.unit}" if tongue.unit else A_TIME.in_language(tongue.language).format(time)
    return HALF_BY.in_language(tongue.language).format(told)


def _about(found: Survival, tongue: Tongue) -> list[tuple[str, str]]:
    kinds = [(f"{tongue.say('kind')} {kind}", tongue.count(number)) for kind, number in found.events.items()]
    counts = [(tongue.say("rows"), tongue.count(found.rows)), *kinds]
    return [*counts, (tongue.say("censored"), tongue.count(found.censored))]


def _shares(found: TimeToEvent, tongue: Tongue) -> Table:
    """A row for all and for each group: how many, how often event 1 came, the median, and the shares still waiting."""
    horizons = horizons_of(found)
    named = {tongue.say("everybody"): found.all} | {tongue.group(name): each for name, each in found.groups.items()}
    rows = [
        [
            name,
            tongue.count(each.rows),
            tongue.count(each.events.get(EVENT, 0)),
            median_said(each, tongue),
            *(_share_said(each, at, tongue) for at in horizons),
        ]
        for name, each in named.items()
    ]
    heads = [tongue.say("group"), tongue.say("rows"), f"{tongue.say('kind')} {EVENT}", tongue.say("median")]
    return Table(tongue.say("shares"), [*heads, *(tongue.say("at").format(tongue.time(at)) for at in horizons)], rows)


def _share_said(found: Survival, at: float, tongue: Tongue) -> str:
    """The share at a time; nothing is known of a time until which nobody was followed."""
    curve = found.kaplan_meier
    return said(share_at(curve, at), "share", tongue.language).together if at <= curve.time[-1] else _NOTHING


def _come(found: TimeToEvent, tongue: Tongue) -> Table:
    horizons = horizons_of(found)
    rows = [
        [f"{tongue.say('kind')} {kind}", *(share(_at(curve, time), tongue.language) for time in horizons)]
        for kind, curve in found.all.aalen_johansen.items()
    ]
    heads = [tongue.say("kind"), *(tongue.say("at").format(tongue.time(at)) for at in horizons)]
    return Table(tongue.say("come_table"), heads, rows)


def _at(curve: Curve, time: float) -> float:
    place = int(curve.time.searchsorted(time, side="right")) - 1
    return float(curve.estimate[place]) if place >= 0 else 0.0


def _remark(found: TimeToEvent, tongue: Tongue) -> str:
    if len(found.groups) <= MOST_DRAWN:
        return ""
    return LARGEST.in_language(tongue.language).format(MOST_DRAWN, len(found.groups))


def _tests(found: TimeToEvent, tongue: Tongue) -> list[str]:
    if found.gray is None:
        return []
    tests = {tongue.say("log_rank"): found.log_rank if EVENT in found.gray else None}
    if len(found.gray) > 1:
        tests |= {tongue.say("gray").format(kind): test for kind, test in found.gray.items()}
    return [_test_said(name, test, tongue) for name, test in tests.items()]


def _test_said(name: str, test: GroupTest | None, tongue: Tongue) -> str:
    if test is None:
        return tongue.say("untested").format(name)
    statistic = _decimals(test.statistic, tongue)
    return TESTED.in_language(tongue.language).format(name, statistic, test.df, p_said(test, tongue))
