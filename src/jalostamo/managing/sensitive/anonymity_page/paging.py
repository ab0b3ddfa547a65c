"""The page itself: one for each language, opening anywhere, loading nothing, running nothing.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.paging import pages_of
from jalostamo.charts.rendering import renderer
from jalostamo.charts.styling import page_style, tables_part
from jalostamo.managing.sensitive.anonymity_page.attack_words import ATTACKS, RECIPIENTS, UNKNOWN_ATTACK
from jalostamo.managing.sensitive.anonymity_page.figure_words import (
    BOUNDS,
    EMPTY,
    FAILS,
    FIGURES,
    HOLDS,
    METRICS,
    PROOF,
)
from jalostamo.managing.sensitive.anonymity_page.limit_words import LIMIT_WORDS, READ, UNREAD
from jalostamo.managing.sensitive.anonymity_page.pictures import Artist
from jalostamo.managing.sensitive.anonymity_page.words import WORDS
from jalostamo.managing.sensitive.anonymity_page.writing import NOTHING, Writer, words_of

if TYPE_CHECKING:
    from jalostamo.concepts.languages import Language
    from jalostamo.managing.sensitive.anonymity_page.given import Finding, Given
    from jalostamo.managing.sensitive.anonymity_page.reported import Choice, Frontier, Report
    from jalostamo.managing.sensitive.preparing.anonymity.costs import LeftOut

_PAGES: Final = Path(__file__).parent / "pages"
_DRAWN: Final = 3
"""So many differences between groups are drawn, the largest changes; all stand in the table."""
_SHOWN: Final = 12
"""So many other choices stand on the page at once, those of the least loss; all of them one key away."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact is one figure with its name, and the sentence that explains it."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model as the page shows it; `anew` is what a later reading found, where there was one."""

    name: str
    meaning: str
    asked: str
    found: str
    holds: bool
    anew: str


@dataclass(frozen=True, slots=True)
class AttackRow:
    """One finding of an attack as the page shows it."""

    aim: str
    meaning: str
    of: str
    found: str
    between: str
    outcome: str
    better: bool | None


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit, as the page shows it."""

    meaning: str
    limit: str
    source: str
    read: str


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One choice, and at which levels: all of the one that was made, of another those that differ from it."""

    choice: Choice
    levels: Mapping[str, str]


def anonymity_pages(given: Given, *, assets: Path) -> dict[str, bytes]:
    """The pages of a report; `assets` is the folder that holds ECharts and Inter (`node_modules`)."""
    style = page_style(_PAGES / "anonymity.css", assets=assets, inks=EVERY_INK, parts=(tables_part(),))
    with renderer(assets) as draw:

        def content(language: Language) -> Mapping[str, object]:
            return _content(given, Artist(Writer(language), draw))

        return pages_of("anonymity.html", content, folder=_PAGES, words={**WORDS, **LIMIT_WORDS}, style=style)


def _content(given: Given, artist: Artist) -> Mapping[str, object]:
    report, write = given.report, artist.write
    worst = _worst_first(report)
    return {
        "title": _title(report, write),
        "name": given.name,
        "report": report,
        "given": given,
        "write": write,
        "artist": artist,
        "models": [*_models(given, write)],
        "facts": {part: [*facts(given, write)] for part, facts in _FACTS.items()},
        "attacks": _by_aim(given, artist),
        "tally": _tally(given, write),
        "limits": [*_limits(given, write)],
        "recipient": _recipient(given, write),
        "left_out": worst,
        "worst_off": _worst_off(worst, given, artist),
        "drawn": report.utility.differences[:_DRAWN],
        "choices": _choices(report.frontier),
        "shown": _SHOWN,
        "nothing": NOTHING,
        **_pictures(given, artist, worst),
    }


def _pictures(given: Given, artist: Artist, worst: list[LeftOut]) -> dict[str, object]:
    report = given.report
    drawn = report.utility.differences[:_DRAWN]
    return {
        "risks": None if given.evidence is None else artist.risks(given.evidence),
        "class_sizes": artist.class_sizes(report),
        "losses": artist.losses(report.utility.columns),
        "left_out_picture": artist.left_out(worst[0]) if _somebody_left(worst) else None,
        "differences": [artist.difference(found, number=place) for place, found in enumerate(drawn, start=1)],
        "frontier": None if report.frontier is None else artist.frontier(report.frontier),
    }


def _title(report: Report, write: Writer) -> str:
    failing = sum(not model.holds for model in report.models.values())
    if failing:
        return write.said(FAILS, str(failing), str(len(report.models)))
    if not report.released_rows:
        return write.said(EMPTY)
    return write.said(HOLDS, write.share(report.released_rows / report.rows))


def _worst_first(report: Report) -> list[LeftOut]:
    """The columns by whose groups leaving out falls most unevenly first."""
    return sorted(report.utility.left_out, key=lambda found: -max(left.share for left in found.groups))


def _somebody_left(worst: list[LeftOut]) -> bool:
    return any(left.suppressed for found in worst for left in found.groups)


def _models(given: Given, write: Writer) -> Iterator[ModelRow]:
    for name, model in given.report.models.items():
        words, column = words_of(name)
        checked = given.check.models.get(name) if given.check else None
        yield ModelRow(
            write.said(words.name, column),
            write.said(words.meaning),
            write.model(model.asked, words, bounded=True),
            write.model(model.found, words, bounded=False),
            model.holds,
            write.model(checked.found, words, bounded=False) if checked else NOTHING,
        )


def _fact(key: str, value: str, write: Writer, *values: str) -> Fact:
    name, meaning = FIGURES[key]
    return Fact(write.said(name), value, write.said(meaning, *values))


def _found(given: Given, write: Writer) -> Iterator[Fact]:
    report = given.report
    yield _fact("rows", write.count(report.released_rows), write)
    allowed = NOTHING if report.allowed_rows is None else write.count(report.allowed_rows)
    yield _fact("suppressed", write.count(report.suppressed_rows), write, allowed)
    yield _fact("classes", write.count(report.classes), write, write.count(report.smallest_class))
    yield _fact("loss", write.share(report.loss), write)


def _inferred(given: Given, write: Writer) -> Iterator[Fact]:
    risks = given.report.risks or (given.check.risks if given.check else None)
    if risks is not None:
        yield _fact("maximum", write.share(risks.maximum), write)
        yield _fact("average", write.share(risks.average), write)
        yield _fact("unique_share", write.share(risks.unique_share), write)


def _method(given: Given, write: Writer) -> Iterator[Fact]:
    report = given.report
    name, meaning = PROOF[report.proved_optimal]
    gap = NOTHING if report.gap is None else write.share(report.gap)
    yield Fact(
        write.said(WORDS["proof"]),
        write.said(name) + ("" if report.proved_optimal else f": {gap}"),
        write.said(meaning),
    )
    if report.catalogue is not None:
        said = str(report.catalogue.vectors), write.figure(round(report.catalogue.bits, 2))
        yield _fact("catalogue", report.catalogue.product, write, *said)
    value = NOTHING if report.objective.value is None else write.figure(report.objective.value)
    metric = METRICS.get(report.objective.metric)
    named = report.objective.metric if metric is None else write.said(metric)
    yield _fact("objective", f"{named}: {value}", write)
    yield _fact("nodes", write.count(report.nodes.total), write, write.count(report.nodes.evaluated))
    if report.seconds:
        time = write.said(WORDS["seconds"], write.figure(round(sum(report.seconds.values()), 2)))
        yield Fact(write.said(WORDS["time"]), time, write.said(WORDS["time_note"]))


_FACTS: Final = {"found": _found, "inferred": _inferred, "method": _method}


def _attacks(given: Given, artist: Artist) -> Iterator[AttackRow]:
    if given.evidence is None:
        return
    for finding in given.evidence.findings:
        _, meaning = ATTACKS.get(finding.figure, ("share", UNKNOWN_ATTACK))
        ends = [_attack_figure(finding, value, artist.write) for value in (finding.low, finding.high)]
        yield AttackRow(
            artist.aim(finding),
            finding.means if finding.means and finding.figure not in ATTACKS else artist.write.said(meaning),
            artist.attacked(finding),
            _attack_figure(finding, finding.found, artist.write),
            artist.write.between(*ends) if finding.low < finding.high else "",
            finding.outcome,
            finding.better_than_guessing,
        )


def _by_aim(given: Given, artist: Artist) -> dict[str, list[AttackRow]]:
    """The findings by what attacks are after, in the suite's order."""
    found: dict[str, list[AttackRow]] = {}
    for row in _attacks(given, artist):
        found.setdefault(row.aim, []).append(row)
    return found


def _limits(given: Given, write: Writer) -> Iterator[LimitRow]:
    for limit in given.evidence.criteria.limits if given.evidence else ():
        kind, meaning = ATTACKS.get(limit.figure, ("bits", UNKNOWN_ATTACK))
        bound, value = ("least", limit.at_least) if limit.at_most is None else ("most", limit.at_most)
        written = write.share(value or 0.0) if kind == "share" else write.figure(value or 0.0)
        read = write.said(READ.get(limit.read or "", UNREAD))
        yield LimitRow(write.said(meaning), write.said(BOUNDS[bound], written), limit.source, read)


def _tally(given: Given, write: Writer) -> str:
    outcomes = [finding.outcome for finding in given.evidence.findings] if given.evidence else []
    return write.said(WORDS["tally"], *(str(outcomes.count(o)) for o in ("withstood", "succeeded", "undecided")))


def _worst_off(worst: list[LeftOut], given: Given, artist: Artist) -> str:
    if not _somebody_left(worst):
        return ""
    found, left = worst[0], worst[0].groups[0]
    shares = left.share, given.report.suppressed_rows / given.report.rows
    said = (artist.group(left.group, small=left.small), found.column, *(artist.write.share(share) for share in shares))
    return artist.write.said(WORDS["worst_off"], *said)


def _choices(frontier: Frontier | None) -> list[ChoiceRow]:
    if frontier is None:
        return []
    chosen = next((choice.levels for choice in frontier.choices if choice.chosen), {})
    return [
        ChoiceRow(
            choice,
            {
                column: f"{chosen[column]} → {level}" if column in chosen and not choice.chosen else str(level)
                for column, level in choice.levels.items()
                if choice.chosen or chosen.get(column) != level
            },
        )
        for choice in frontier.choices
    ]


def _attack_figure(finding: Finding, value: float, write: Writer) -> str:
    kind, _ = ATTACKS.get(finding.figure, ("bits", UNKNOWN_ATTACK))
    return write.share(value) if kind == "share" else write.figure(value)


def _recipient(given: Given, write: Writer) -> str:
    if given.evidence is None:
        return ""
    recipient = given.evidence.criteria.recipient
    return write.said(RECIPIENTS[recipient]) if recipient in RECIPIENTS else recipient
