"""Findings drawn as bars from nought: what part of customers met, left, waited or used, by group.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.ranks import Part, Rank, ranks_chart
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.methods.conformance import KEPT
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.utilising.analysis_page.tables import subject
from jalostamo.utilising.publication.numerals import tick_of

if TYPE_CHECKING:
    from jalostamo.charts.picturing import Chart
    from jalostamo.producing.analyses.findings import Findings, Value
    from jalostamo.utilising.analysis_page.speech import Speech

_MOST: Final = 10
"""So many subjects are drawn; the tables have all."""

_PATHS: Final = Text(
    "Osuus, joka kulki kunkin polun alusta loppuun",
    "Andel som gick varje väg från början till slut",
    "Share that walked each path from its beginning to its end",
)
_AGAIN: Final = Text(
    "Osuus palvelun asiakkaista, joille se tuli uudelleen",
    "Andel av tjänstens klienter som fick den på nytt",
    "Share of each service's customers who met it again",
)
_KEEPING: Final = Text("Osuus, joka noudattaa suunnitelmaa", "Andel som följer planen", "Share that keeps the design")
_LEAVING: Final = Text(
    "Osuus asiakkaista, jotka poikkesivat suunnitelmasta näin",
    "Andel av klienterna som frångick planen så här",
    "Share of customers who left the design in this way",
)
_CLASSES: Final = Text("Kuinka pian perille", "Hur snart framme", "How soon they came there")
_NEVER: Final = Text(
    "Ei päässyt perille seurannassa", "Kom inte fram under uppföljningen", "Did not come there while followed"
)
_UNDER: Final = Text("alle {to}", "under {to}", "below {to}")
_BETWEEN: Final = Text("{low} \u2013 alle {to}", "{low} \u2013 under {to}", "{low} \u2013 below {to}")
_FROM: Final = Text("{low} tai enemmän", "{low} eller mer", "{low} or more")
_AROUND: Final = Text(
    "Osuus, joka käytti palvelua ennen ja jälkeen",
    "Andel som använde tjänsten före och efter",
    "Share that used each service before and after",
)
_WHEN: Final = {"before": Text("Ennen", "Före", "Before"), "after": Text("Jälkeen", "Efter", "After")}

type Row = Mapping[str, Value]
type Groups = Sequence[str]


def rows_of(findings: Findings, table: str, group: str) -> list[Row]:
    """The rows of a table that are of one group, all cases by ''."""
    rows = findings.tables[table].mappings() if table in findings.tables else []
    return [row for row in rows if row["group"] == group]


def count_in(row: Mapping[str, Value], name: str) -> int:
    """A count of a row; 0 where nothing was counted."""
    return cast("int | None", row[name]) or 0


def whole_paths(findings: Findings, speech: Speech, groups: Groups) -> list[Chart]:
    """The paths most walked."""

    def path(row: Row) -> str | None:
        return None if row["path"] is None else speech.path(str(row["path"]))

    return _of_groups(_PATHS, (findings, "variants"), speech, groups, path)


def met_again(findings: Findings, speech: Speech, groups: Groups) -> list[Chart]:
    """The services that are met again."""

    def service(row: Row) -> str | None:
        return speech.name(str(row["service"])) if row["cases_again"] else None

    return _of_groups(_AGAIN, (findings, "services"), speech, groups, service, ("share_again", "cases_again"))


def conformance(findings: Findings, speech: Speech, groups: Groups) -> list[Chart]:
    """Who keeps a design, and the ways in which it is left."""

    def way(row: Row) -> str | None:
        where = STEP.join(str(row[end]) for end in ("from", "to") if row[end] is not None)
        return subject(findings.method, f"{row['kind']}: {where}", speech)

    keeping = _of_groups(
        _KEEPING, (findings, "keeping"), speech, groups, lambda _: speech.word(KEPT), ("share", "kept")
    )
    return [*keeping, *_of_groups(_LEAVING, (findings, "leaving"), speech, groups, way)]


def waiting(findings: Findings, speech: Speech, groups: Groups) -> list[Chart]:
    """How soon customers came to the other service, in classes of time."""

    def when(row: Row) -> str | None:
        return _class_told(row, speech)

    return _of_groups(_CLASSES, (findings, "classes"), speech, groups, when, ("share", "events"))


def _class_told(row: Row, speech: Speech) -> str:
    low, high = (
        None if row[end] is None else speech.time(cast("float", row[end]), short=True) for end in ("from", "below")
    )
    if low is None:
        return speech.say(_NEVER)
    if high is None:
        return speech.say(_FROM, low=low)
    return speech.say(_BETWEEN, low=low, to=high) if row["from"] else speech.say(_UNDER, to=high)


def before_and_after(findings: Findings, speech: Speech) -> list[Chart]:
    """Each other service with a bar for those who used it before and one for those who did after; of all cases."""
    base = cast("int | None", findings.facts.get("index_customers")) or 0
    rows = sorted(rows_of(findings, "services", ""), key=lambda row: -count_in(row, "before") - count_in(row, "after"))
    if not base or not rows:
        return []
    ranks = []
    for row in rows[:_MOST]:
        shares = {when: count_in(row, when) / base for when in _WHEN}
        notes = {when: _n(count_in(row, when), speech) for when in _WHEN}
        parts = (_part(when, speech.say(said), shares[when], notes[when], speech) for when, said in _WHEN.items())
        ranks.append(Rank(speech.name(str(row["service"])), tuple(parts)))
    return [_chart(_AROUND, tuple(ranks), speech)]


def _of_groups(
    title: Text,
    of: tuple[Findings, str],
    speech: Speech,
    groups: Groups,
    named: Callable[[Row], str | None],
    told: tuple[str, str] = ("share", "cases"),
) -> list[Chart]:
    """What a table tells of each group, in the order in which it tells of all; rows without a name are left out."""
    findings, table = of
    share, count = told
    parts: dict[str, list[Part]] = {}
    for group in dict.fromkeys(("", *groups)):
        for row in rows_of(findings, table, group):
            name = named(row)
            if name is not None:
                bars = parts.setdefault(name, [])
                value, note = cast("float | None", row[share]) or 0.0, _n(count_in(row, count), speech)
                bars += [_part(group, speech.name(group), value, note, speech)] * (group in groups)
    ranks = tuple(Rank(name, tuple(bars)) for name, bars in parts.items() if any(bar.value for bar in bars))[:_MOST]
    return [_chart(title, ranks, speech)] if ranks else []


def _part(kind: str, name: str, share: float, note: str, speech: Speech) -> Part:
    return Part(kind, name, 100 * share, speech.share(share), note)


def _n(customers: int, speech: Speech) -> str:
    return f"n\u00a0{speech.number(customers)}"


def _chart(title: Text, ranks: tuple[Rank, ...], speech: Speech) -> Chart:
    tick = tick_of("share", speech.language)
    return speech.say(title), lambda sheet: ranks_chart(ranks, tick=tick, sheet=sheet)
