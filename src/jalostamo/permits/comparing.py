"""Two descriptions side by side: what goes beyond the decided one, what was dropped, and what changed entry by entry.

Whatever stays within the decided description needs no new decision.

Handbook 2.6, phases 4 and 6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.permits.descriptions import Description, Entry, Purpose, SourceAsked
from jalostamo.permits.exposure import Audience, Means, widest_of
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import KindOfAnalysis, Lane, title_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry of a description that is not what it was; None where a part is new, or gone.

    `part` says which part of an entry with several: a question's or hypothesis' id, `register.table` of a source,
    `register.table.field` of a field, or what a deviation leaves.
    """

    entry: Entry
    before: object
    after: object
    part: str = ""


_KINDS_WITHIN: Final[Mapping[KindOfAnalysis, frozenset[KindOfAnalysis]]] = {
    KindOfAnalysis.CONTINUOUS_MONITORING: frozenset(KindOfAnalysis) - {KindOfAnalysis.GUIDING},
    KindOfAnalysis.GUIDING: frozenset(KindOfAnalysis) - {KindOfAnalysis.CONTINUOUS_MONITORING},
    KindOfAnalysis.SELDOM_REPEATED: frozenset({KindOfAnalysis.SELDOM_REPEATED, KindOfAnalysis.ONE_OFF}),
    KindOfAnalysis.ONE_OFF: frozenset({KindOfAnalysis.ONE_OFF}),
}


def widenings(new: Description, decided: Description) -> tuple[Objection, ...]:
    """Where a description goes beyond the decided one, each as an objection to going on without a new decision."""
    return (
        *_widened_purposes(new, decided),
        *_widened_questions(new, decided),
        *_widened_sources(new, decided),
        *_widened_frame(new, decided),
        *_widened_class(new, decided),
        *_widened_exposure(new, decided),
    )


def is_same_purpose(new: Description, decided: Description) -> bool:
    """Whether data would serve the decided purpose: the same need and aim, for the same use; questions may be new."""
    return not any(_widened_purposes(new, decided))


def narrowings(new: Description, decided: Description) -> tuple[Difference, ...]:
    """The sources and the fields that were decided and are no longer asked for; a dropped source names itself alone."""
    return tuple(difference for source in decided.sources for difference in _narrowed(source, new))


def differences(old: Description, new: Description) -> tuple[Difference, ...]:
    """What changed from one version of a description to the next, in the order of the form."""
    return tuple(difference for entry in Entry for difference in _differences_in(entry, old, new))


def _differences_in(entry: Entry, old: Description, new: Description) -> Iterator[Difference]:
    before, after = _parts(entry, old), _parts(entry, new)
    for part in dict.fromkeys((*before, *after)):
        if before.get(part) != after.get(part):
            yield Difference(entry, before.get(part), after.get(part), part)


def _parts(entry: Entry, description: Description) -> Mapping[str, object]:
    if entry is Entry.SOURCES:
        return _told_apart((source.place, source) for source in description.sources)
    if entry is Entry.QUESTIONS:
        return _told_apart((question.id, question) for question in description.questions)
    if entry is Entry.HYPOTHESES:
        return _told_apart((hypothesis.id, hypothesis) for hypothesis in description.hypotheses)
    if entry is Entry.DEVIATIONS:
        return _told_apart((deviation.default.value, deviation) for deviation in description.deviations)
    return {"": getattr(description, entry.value)}


def _told_apart(parts: Iterable[tuple[str, object]]) -> Mapping[str, object]:
    """Parts by name; a draft may hold a name twice, and neither part may hide the other."""
    held: dict[str, object] = {}
    times: Counter[str] = Counter()
    for name, part in parts:
        times[name] += 1
        held[name if times[name] == 1 else f"{name} ({times[name]})"] = part
    return held


def _narrowed(decided: SourceAsked, new: Description) -> Iterator[Difference]:
    kept = [source for source in new.sources if _table_of(source) == _table_of(decided)]
    if not kept:
        yield Difference(Entry.SOURCES, decided, None, decided.place)
        return
    asked = {field for source in kept for field in source.asked}
    for field in decided.asked:
        if field not in asked:
            yield Difference(Entry.SOURCES, field, None, field)


def _table_of(source: SourceAsked) -> tuple[str, str]:
    return source.register, source.table


def _widened_purposes(new: Description, decided: Description) -> Iterator[Objection]:
    is_internal_now = (decided.purpose, new.purpose) == (Purpose.EXTERNAL, Purpose.INTERNAL)
    for entry, is_wider in {
        Entry.NEED: _squeezed(new.need) != _squeezed(decided.need),
        Entry.BUSINESS_AIM: _squeezed(new.business_aim) != _squeezed(decided.business_aim),
        Entry.AIMS: not {*map(_squeezed, new.aims)} <= {*map(_squeezed, decided.aims)},
        Entry.PURPOSE: new.purpose is not decided.purpose and not is_internal_now,
        Entry.NEEDS_IDENTIFICATION: new.needs_identification and not decided.needs_identification,
        Entry.IDENTIFICATION_PURPOSE: new.needs_identification
        and _squeezed(new.identification_purpose) != _squeezed(decided.identification_purpose),
    }.items():
        if is_wider:
            yield objection("wider_purpose", entry=title_of(entry))
    known = {(_table_of(source), _squeezed(source.purpose_text)) for source in decided.sources}
    tables = {table for table, _ in known}
    for source in new.sources:
        table = _table_of(source)
        if table in tables and (table, _squeezed(source.purpose_text)) not in known:
            yield objection("wider_source_purpose", source=source.place)


def _squeezed(text: str) -> str:
    """A text without what its layout adds: another line break is not another purpose."""
    return " ".join(text.split())


def _widened_questions(new: Description, decided: Description) -> Iterator[Objection]:
    asked = {_squeezed(question.text) for question in decided.questions}
    for number, question in enumerate(new.questions, start=1):
        if _squeezed(question.text) not in asked:
            yield objection("wider_question", number=number)
    if new.unit_of_analysis is not decided.unit_of_analysis:
        yield objection("wider_unit")
    if new.kind is not decided.kind and (decided.kind is None or new.kind not in _KINDS_WITHIN[decided.kind]):
        yield objection("wider_kind")


def _widened_sources(new: Description, decided: Description) -> Iterator[Objection]:
    registers = {source.register for source in decided.sources}
    for source in new.sources:
        same = [known for known in decided.sources if _table_of(known) == _table_of(source)]
        if same:
            yield from min((tuple(_widened_source(source, known)) for known in same), key=len)
        else:
            yield objection("wider_table" if source.register in registers else "wider_source", source=source.place)


def _widened_source(new: SourceAsked, decided: SourceAsked) -> Iterator[Objection]:
    for field in new.asked:
        if field not in decided.asked:
            yield objection("wider_field", field=field)
        elif field in new.analysed and field not in decided.analysed:
            # A key that was to join records only would become something to analyse.
            yield objection("wider_linking_field", field=field)
    for subject in sorted(new.subjects - decided.subjects):
        yield objection("wider_subjects", source=new.place, subjects=title_of(subject))
    if new.contains_personal_data and not decided.contains_personal_data:
        yield objection("wider_personal_data", source=new.place)
    if _holder_of(new) != _holder_of(decided):
        yield objection("wider_controller", source=new.place)


def _holder_of(source: SourceAsked) -> tuple[str, str | None, bool]:
    return source.controller, source.owning_unit, source.is_internal


def _widened_frame(new: Description, decided: Description) -> Iterator[Objection]:
    for entry, earlier, later in (
        (Entry.TIME_FRAME_FROM, new.time_frame_from, decided.time_frame_from),
        (Entry.TIME_FRAME_UNTIL, decided.time_frame_until, new.time_frame_until),
    ):
        # Without a bound the frame is open, and without a decided one nothing was decided.
        if earlier != later and (earlier is None or later is None or earlier < later):
            yield objection("wider_time_frame", entry=title_of(entry))


def _widened_class(new: Description, decided: Description) -> Iterator[Objection]:
    # A sealed job weighs as much as identified data, yet lets out printed cells alone: both sides are compared.
    if (
        new.weighed_class.exposure > decided.weighed_class.exposure
        or new.leaving_class.exposure > decided.leaving_class.exposure
    ):
        yield objection("wider_class", data_class=title_of(decided.data_class))
    if new.lane is Lane.ROWS and decided.lane is Lane.CELLS:
        yield objection("wider_lane")


def _widened_exposure(new: Description, decided: Description) -> Iterator[Objection]:
    for means in sorted(new.means, key=list(Means).index):
        if means.exposure > widest_of(decided.means):
            yield objection("wider_means", means=title_of(means))
    for audience in sorted(new.audiences, key=list(Audience).index):
        if audience.exposure > widest_of(decided.audiences):
            yield objection("wider_audience", audience=title_of(audience))
