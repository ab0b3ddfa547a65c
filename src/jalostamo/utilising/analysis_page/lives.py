"""Findings on life courses drawn: areas of states month by month, and services over the ages of a life.

Handbook 2.2 (visualising, understanding and assessing the results) and 3.1.3 (who uses services).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.areas import Panel, State, areas_chart
from jalostamo.charts.lifespans import Span, Wording, lifespans_chart
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.months import NONE
from jalostamo.utilising.analysis_page.ranked import count_in, rows_of
from jalostamo.utilising.analysis_page.tables import subject
from jalostamo.utilising.publication.terms import CUSTOMERS

if TYPE_CHECKING:
    from jalostamo.charts.picturing import Chart
    from jalostamo.producing.analyses.findings import Findings, Value
    from jalostamo.utilising.analysis_page.speech import Speech

_STATES: Final = Text(
    "Osuus kussakin tilassa kuukausittain", "Andel i varje tillstånd månad för månad", "Share in each state, by month"
)
_BY_AGE: Final = Text(
    "Osuus kussakin tilassa iän mukaan", "Andel i varje tillstånd efter ålder", "Share in each state, by age"
)
_COURSES: Final = Text(
    "Osuus kussakin tilassa kuukausittain, lajeittain",
    "Andel i varje tillstånd månad för månad, efter slag",
    "Share in each state by month, for each kind of course",
)
_MONTHS: Final = Text("Kuukausia alusta", "Månader från början", "Months from the start")
_AGE: Final = Text("Ikä", "Ålder", "Age")
_LIFESPAN: Final = Text(
    "{group}: palvelun käyttäjiä iän mukaan, sataa asuttua vuotta kohden",
    "{group}: tjänstens användare efter ålder, per hundra bodda år",
    "{group}: users of each service by age, for a hundred years lived here",
)
_DARKER: Final = Text("vahvempi: enemmän", "starkare: fler", "stronger: more")
_YEAR: Final = Text("Vuosi", "År", "Year")
_MONTH: Final = Text("Kuukausi", "Månad", "Month")
_PER_YEARS: Final = Text(
    "Tapahtumia tuhatta asuttua vuotta kohden",
    "Händelser per tusen bodda år",
    "Events for a thousand years lived here",
)
_EVENTS: Final = Text("Tapahtumia", "Händelser", "Events")
_FEWEST_YEARS: Final = 10.0
"""A rate of fewer years lived says nothing by its shade."""

type Row = Mapping[str, Value]


def states(findings: Findings, speech: Speech, groups: Sequence[str], *, by_age: bool) -> list[Chart]:
    """The states of each group, month by month or by age."""
    found = {group: rows_of(findings, "distribution", group) for group in groups}
    sizes = {
        group: max((count_in(row, "cases") for row in rows_of(findings, "time", group)), default=0) for group in groups
    }
    panels = [
        _panel(speech.title(group), speech.who(sizes[group]) if sizes[group] else "", rows)
        for group, rows in found.items()
        if rows
    ]
    return _areas(_BY_AGE if by_age else _STATES, panels, findings, speech, heading=_AGE if by_age else _MONTHS)


def kinds_of_course(findings: Findings, speech: Speech) -> list[Chart]:
    """The states of each kind of course, month by month."""
    rows = findings.tables["distribution"].mappings()
    panels = [
        _panel(
            subject(findings.method, str(kind["cluster"]), speech),
            f"{speech.share(cast('float', kind['share']))}, {speech.who(count_in(kind, 'cases'))}",
            [row for row in rows if row["cluster"] == kind["cluster"]],
        )
        for kind in findings.tables["clusters"].mappings()
    ]
    return _areas(_COURSES, panels, findings, speech, heading=_MONTHS)


def _panel(name: str, note: str, rows: Sequence[Row]) -> Panel:
    by_place: dict[int, list[float]] = {}
    for row in rows:
        by_place.setdefault(count_in(row, "position"), []).append(cast("float | None", row["share"]) or 0.0)
    first = min(by_place)
    # Where nobody was seen, what was before goes on, so that no gap is taken for a state.
    shares, last = [], by_place[first]
    for place in range(first, max(by_place) + 1):
        last = by_place.get(place, last)
        shares.append(tuple(last))
    return Panel(name, note, first, tuple(shares))


def _areas(title: Text, panels: list[Panel], findings: Findings, speech: Speech, *, heading: Text) -> list[Chart]:
    if not panels:
        return []
    named = dict.fromkeys(str(state) for state in findings.tables["distribution"].column("state"))
    told = [State(speech.name(state), idle=state == NONE) for state in named]
    chart: Chart = (
        speech.say(title),
        lambda sheet: areas_chart(
            panels,
            told,
            share=speech.share_of_all,
            place=str,
            heading=speech.say(heading),
            sheet=sheet,
        ),
    )
    return [chart]


def lifespans(findings: Findings, speech: Speech, groups: Sequence[str]) -> list[Chart]:
    """The use of each service by age, of all cases and of each group on one scale."""
    told = {group: _use_of(findings, group) for group in dict.fromkeys(("", *groups))}
    highest = max((rate for use in told.values() for rates in use.values() for rate in rates.values()), default=0.0)
    order = sorted(told[""], key=lambda service: (_middle(told[""][service]), service))
    wording = Wording(lambda rate: speech.plain(round(100 * rate, 1)), speech.say(_AGE), speech.say(_DARKER))
    return [
        _lifespan(use, order, speech, (group, highest, wording, _ages(findings, group)))
        for group, use in told.items()
        if use and _ages(findings, group)
    ]


def use_over_time(findings: Findings, speech: Speech) -> list[Chart]:
    """The use of each service by years or months, of all cases: for years lived here where they are known."""
    rows = rows_of(findings, "use", "")
    known = bool(rows) and all(row["per_1000"] is not None for row in rows)
    told = "per_1000" if known else "events" if any(row["events"] for row in rows) else "customers"
    use: dict[str, dict[int, float]] = {}
    for row in rows:
        value = cast("float | None", row[told]) or 0.0
        use.setdefault(str(row["service"]), {})[_place_of(str(row["period"]))] = value
    if not use:
        return []
    by_month = "-" in str(rows[0]["period"])
    places = [_place_of(str(row["period"])) for row in rows]
    scale = speech.say(_MONTH if by_month else _YEAR)
    wording = Wording(
        speech.plain,
        scale,
        speech.say(_DARKER),
        (lambda place: f"{place // 12}-{place % 12 + 1:02}") if by_month else str,
    )
    order = sorted(use, key=lambda service: (-sum(use[service].values()), service))
    spans = [Span(speech.name(service), use[service]) for service in order]
    shown = list(range(min(places), max(places) + 1))
    highest = max(value for rates in use.values() for value in rates.values())
    title = speech.say({"per_1000": _PER_YEARS, "events": _EVENTS}.get(told, CUSTOMERS))
    return [(title, lambda sheet: lifespans_chart(spans, shown, highest=highest, wording=wording, sheet=sheet))]


def _place_of(period: str) -> int:
    """A period as a whole number: its year, or its month from the year 0 on."""
    year, _, month = period.partition("-")
    return 12 * int(year) + int(month) - 1 if month else int(year)


def _lifespan(
    use: Mapping[str, Mapping[int, float]],
    order: Sequence[str],
    speech: Speech,
    of: tuple[str, float, Wording, list[int]],
) -> Chart:
    group, highest, wording, ages = of
    spans = [Span(speech.name(service), use.get(service, {})) for service in order]
    title = speech.say(_LIFESPAN, group=speech.title(group))
    return title, lambda sheet: lifespans_chart(spans, ages, highest=highest, wording=wording, sheet=sheet)


def _use_of(findings: Findings, group: str) -> dict[str, dict[int, float]]:
    use: dict[str, dict[int, float]] = {}
    for row in rows_of(findings, "use", group):
        if cast("float", row["years"]) >= _FEWEST_YEARS:
            use.setdefault(str(row["service"]), {})[count_in(row, "age")] = cast("float", row["rate"])
    return use


def _ages(findings: Findings, group: str) -> list[int]:
    return [
        count_in(row, "age") for row in rows_of(findings, "ages", group) if cast("float", row["years"]) >= _FEWEST_YEARS
    ]


def _middle(rates: Mapping[int, float]) -> float:
    """The mean age of use: services that come earlier in life stand above."""
    return sum(age * rate for age, rate in rates.items()) / sum(rates.values())
