"""The tables beside the drawings: every number that is drawn, and the counts behind it, for eyes, ears and copying.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from jalostamo.charts.flows import customers_at, customers_at_start
from jalostamo.concepts.numerals import NO_BREAK
from jalostamo.producing.results import Comparison, GroupEstimate, Result, Scale
from jalostamo.utilising.publication.comparable import (
    FEW,
    comparable,
    compared_groups_of,
    estimates_of,
    flowing_groups_of,
    is_standardised,
    scale_of,
    streams_of,
    subjects_of,
)
from jalostamo.utilising.publication.figures import in_shown_order
from jalostamo.utilising.publication.numerals import said
from jalostamo.utilising.publication.speech import Speech

type _Key = tuple[int, tuple[str, ...]]
type _Counts = Mapping[_Key, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell is one number with what belongs to it: its interval, and the counts or words under it."""

    value: str
    interval: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column has a head, and under it what holds for all its cells."""

    head: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table has a caption, columns, rows that begin with one or more heads, and a foot that says what they show."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[Cell, ...]], ...]
    foot: tuple[tuple[str, str], ...] = ()


def estimates_tables(result: Result, speech: Speech) -> tuple[Table, ...]:
    """A table with a row for each group where subjects are few; one with a row for each subject where they are many."""
    subjects = subjects_of(result)
    if len(subjects) > FEW or result.flows:
        return (_many_subjects(result, speech),)
    return tuple(_one_subject(result, subject, speech) for subject in subjects)


def paths_tables(result: Result, speech: Speech) -> tuple[Table, ...]:
    """Where each group's customers are at each step, and how many go from which service to which."""
    groups = flowing_groups_of(result)
    streams = {group: streams_of(result, group) for group in groups}
    at: dict[str, _Counts] = {}
    going: dict[str, _Counts] = {}
    for group, found in streams.items():
        at[group] = {(step, (service,)): n for (step, service), n in customers_at(found).items()}
        going[group] = {(stream.step, (stream.source, stream.target)): stream.customers for stream in found}
    bases = {group: customers_at_start(streams[group]) for group in groups}
    return (
        _counted(at, bases, speech, heads=("services_table", "subject")),
        _counted(going, bases, speech, heads=("paths_table", "from", "to")),
    )


def _counted(
    counts: Mapping[str, _Counts], bases: Mapping[str, int], speech: Speech, *, heads: tuple[str, ...]
) -> Table:
    """A row for each step and its services, the most customers first, with each group's number and share."""
    caption, *names = heads
    customers: Counter[_Key] = Counter()
    for of_group in counts.values():
        customers.update(of_group)
    rows = []
    for step, services in sorted(customers, key=lambda key: (key[0], -customers[key], key[1])):
        found = [(of_group.get((step, services), 0), bases[group]) for group, of_group in counts.items()]
        cells = tuple(Cell(speech.share(n / base), notes=(speech.number(n),)) for n, base in found)
        row = (speech.caption("step", number=str(step)), *(speech.title(service) for service in services))
        rows.append((row, cells))
    columns = (*(speech.caption(name) for name in ("number", *names)), *(speech.title(group) for group in counts))
    return Table(speech.caption(caption), tuple(Column(head) for head in columns), tuple(rows))


def _one_subject(result: Result, subject: str, speech: Speech) -> Table:
    found = estimates_of(result, subject)
    heads = ["group", "value", "interval", "base", *(["as_counted"] if is_standardised(result, subject) else [])]
    rows = tuple(((speech.title(estimate.group),), _spread(result, estimate, speech)) for estimate in found)
    compared = [comparison for comparison in result.comparisons if comparison.subject == subject]
    foot = tuple((speech.caption(f"{c.scale}_column"), _compared_in_words(c, speech)) for c in compared)
    return Table(speech.title(subject), tuple(Column(speech.caption(head)) for head in heads), rows, foot)


def _spread(result: Result, estimate: GroupEstimate, speech: Speech) -> tuple[Cell, ...]:
    scale = scale_of(result, estimate.subject)
    written = said(comparable(result, estimate), scale, speech.language)
    years = () if estimate.exposure is None else (speech.caption("years", years=speech.number(estimate.exposure)),)
    cells = [Cell(written.value), Cell("", written.interval), Cell("", speech.base(estimate), years)]
    if is_standardised(result, estimate.subject):
        cells.append(Cell("", said(estimate.crude, scale, speech.language).value))
    return tuple(cells)


def _compared_in_words(comparison: Comparison, speech: Speech) -> str:
    written = said(comparison.estimate, comparison.scale, speech.language).together
    return f"{written}, {'; '.join(_verdict(comparison, speech))}"


def _many_subjects(result: Result, speech: Speech) -> Table:
    scales = tuple(dict.fromkeys(comparison.scale for comparison in result.comparisons))
    columns = [Column(speech.caption("path_step" if result.flows else "subject"))]
    columns += [
        Column(speech.title(group), _shared_years(result, group, speech)) for group in compared_groups_of(result)
    ]
    columns += [Column(speech.caption(f"{scale}_column")) for scale in scales]
    subjects = _in_order(result)
    rows = tuple(
        ((speech.subject(result, subject),), _cells(result, subject, speech, scales=scales)) for subject in subjects
    )
    aged = any(is_standardised(result, subject) for subject in subjects)
    return Table(speech.caption("aged_table" if aged else "estimates_table"), tuple(columns), rows)


def _shared_years(result: Result, group: str, speech: Speech) -> str:
    exposures = [estimate.exposure for estimate in result.groups if estimate.group == group]
    years = {None if exposure is None else speech.number(exposure) for exposure in exposures}
    shared = years.pop() if len(years) == 1 else None
    return speech.caption("years", years=shared) if shared is not None else ""


def _in_order(result: Result) -> tuple[str, ...]:
    if not result.flows:
        return subjects_of(result)
    scales: tuple[Scale, ...] = ("ratio", "difference")
    compared = [comparison.subject for scale in scales for comparison in in_shown_order(result, scale)]
    return tuple(dict.fromkeys([*compared, *subjects_of(result)]))


def _cells(result: Result, subject: str, speech: Speech, *, scales: tuple[Scale, ...]) -> tuple[Cell, ...]:
    found = {estimate.group: estimate for estimate in estimates_of(result, subject)}
    compared = {c.scale: c for c in result.comparisons if c.subject == subject}
    cells = [_estimate_cell(result, found.get(group), speech) for group in compared_groups_of(result)]
    return (*cells, *(_comparison_cell(compared.get(scale), speech) for scale in scales))


def _estimate_cell(result: Result, estimate: GroupEstimate | None, speech: Speech) -> Cell:
    if estimate is None:
        return Cell("–")
    scale = scale_of(result, estimate.subject)
    written = said(comparable(result, estimate), scale, speech.language)
    notes = [speech.short_base(estimate)]
    if estimate.exposure is not None and not _shared_years(result, estimate.group, speech):
        notes.append(speech.caption("years", years=speech.number(estimate.exposure)))
    if is_standardised(result, estimate.subject):
        notes.append(speech.caption("counted", value=said(estimate.crude, scale, speech.language).value))
    return Cell(written.value, written.interval, tuple(notes))


def _comparison_cell(comparison: Comparison | None, speech: Speech) -> Cell:
    if comparison is None:
        return Cell("–", notes=(speech.caption("too_few"),))
    written = said(comparison.estimate, comparison.scale, speech.language)
    return Cell(written.value, written.interval, _verdict(comparison, speech))


def _verdict(comparison: Comparison, speech: Speech) -> tuple[str, str]:
    verdict = speech.caption("differs" if comparison.differs else "not_found")
    p = comparison.adjusted_p
    if p < 0.001:
        return verdict, f"p{NO_BREAK}<{NO_BREAK}{speech.number(0.001, places=3)}"
    return verdict, f"p{NO_BREAK}{speech.number(p, places=3 if p < 0.0995 else 2)}"
