"""The entries of the form as questions, and the answers that were sent to them: one reader for each kind of answer.

An answer that cannot be read stays as it was typed, with what is wrong beside it; nothing typed is lost.

Handbook 2.6, phase 2; Appendix 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final, cast

from django.http import QueryDict

from jalostamo.concepts.languages import Text
from jalostamo.permits.estimates.answers import Estimate, Treatment, answer_to, said_in, with_answer
from jalostamo.permits.estimates.choices import LikelyUsers, OtherHarm, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import TENTHS
from jalostamo.permits.estimates.form import FORM, AnswerKind, Axis, FormField, FormOption
from jalostamo.permits.estimates.objections import LONGEST_TEXT, Placed
from jalostamo.permits.estimates.shown import is_shown
from jalostamo.permits.terms import DataSubjects, Step, title_of
from townhall.pages.asking import Kind, Option, Question, many_in, one_in, text_in
from townhall.pages.words import WORDS, language
from townhall.permits.estimating.parts import Part

UNREADABLE: Final[Mapping[AnswerKind, str]] = {
    AnswerKind.DAYS: "estimate.days_unreadable",
    AnswerKind.EUROS: "estimate.euros_unreadable",
}
"""What is said of an answer that is no number."""

_LISTS: Final[Mapping[str, type[StrEnum]]] = {
    "likely_users": LikelyUsers,
    "raw_has_personal": YesNo,
    "analysed_has_personal": YesNoUnable,
    "results_have_personal": YesNoUnable,
    "data_subjects": DataSubjects,
    "personal_harms": PersonalHarm,
}
_KINDS: Final[Mapping[AnswerKind, Kind]] = {
    AnswerKind.TEXT: Kind.TEXT,
    AnswerKind.CHOICE: Kind.CHOICE,
    AnswerKind.STEP: Kind.CHOICE,
    AnswerKind.MANY: Kind.MANY,
    AnswerKind.TREATMENTS: Kind.MANY,
    AnswerKind.TICK: Kind.TICK,
    AnswerKind.DAYS: Kind.NUMBER,
    AnswerKind.EUROS: Kind.NUMBER,
}
_DAYS: Final = re.compile(r"(-?)(\d{1,6})(?:[.,](\d))?")
_EUROS: Final = re.compile(r"-?\d{1,9}")
_SPACES: Final = re.compile(r"\s")


class Unreadable(ValueError):
    """What was typed is no number; it stays as it was typed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One other harm of the form, with what is done about it."""

    harm: OtherHarm
    is_chosen: bool
    redaction: str
    reason: str

    @property
    def title(self) -> Text:
        """What the harm is called."""
        return title_of(self.harm)

    @property
    def is_missing(self) -> bool:
        """Whether it was chosen, and nothing is done about it."""
        return self.is_chosen and not (self.redaction or self.reason)


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry as it is asked: its question, under which answers it is shown, and whether it is now.

    `when` names entries with the options of which any one shows it, as the page reads it: `likely_users=other`. After
    the last axis of a matrix, the matrix is drawn.
    """

    question: Question
    when: str
    is_shown: bool
    lines: tuple[Line, ...] = ()
    draws: bool = False
    is_step: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of reading a part: the estimate with all that could be read, and the rest as it was typed."""

    estimate: Estimate
    typed: Mapping[str, str] = field(default_factory=dict)


def asked_of(
    part: Part, estimate: Estimate, *, typed: Mapping[str, str], placed: Iterable[Placed] = ()
) -> tuple[Asked, ...]:
    """The entries of a part as questions with their answers, each with what is wrong at it."""
    wrong: dict[str, Text] = {}
    for each in placed:
        wrong.setdefault(each.entry, each.objection.text)
    return tuple(_asked(entry, estimate, typed, wrong.get(entry.id)) for entry in part.asked)


def sent_to(part: Part, sent: QueryDict, estimate: Estimate) -> Sent:
    """The estimate with what was answered to a part; hidden entries are read too, as they may be shown again."""
    typed: dict[str, str] = {}
    for entry in part.asked:
        try:
            answer = _READERS[entry.kind](entry, sent, answer_to(estimate, entry.id))
        except Unreadable:
            typed[entry.id] = text_in(sent, entry.id)
        else:
            estimate = with_answer(estimate, entry.id, answer)
    return Sent(estimate, typed)


def placed_by(sent: str, estimate: Estimate) -> Estimate:
    """The estimate with a cell of a matrix chosen, as its button says it: the matrix, and a step on each axis."""
    name, x, y = (*sent.split(":"), "", "")[:3]
    for entry in FORM.asked:
        if entry.matrix == name and entry.axis:
            step = next((step for step in Step if step.name.lower() == (x if entry.axis == "x" else y)), None)
            estimate = with_answer(estimate, entry.id, step) if step is not None else estimate
    return estimate


def written_answer(entry: FormField, answer: object) -> str | frozenset[str] | bool:
    """An answer as the field of a page holds it."""
    if entry.kind is AnswerKind.TICK:
        return bool(answer)
    if entry.options:
        # None of them chosen is an option of its own where the entry may stay empty.
        return said_in(answer) or frozenset({""})
    if isinstance(answer, int):
        return _number(entry, answer)
    return answer if isinstance(answer, str) else ""


def _asked(entry: FormField, estimate: Estimate, typed: Mapping[str, str], error: Text | None) -> Asked:
    answer = answer_to(estimate, entry.id)
    held = typed.get(entry.id, written_answer(entry, answer))
    question = Question(
        name=entry.id,
        kind=_KINDS[entry.kind],
        label=entry.label,
        help=entry.help,
        answer=held,
        options=_options(entry),
        error=WORDS[UNREADABLE[entry.kind]] if entry.id in typed else error,
        optional=entry.optional,
        longest=LONGEST_TEXT,
        unit=title_of(entry.kind) if entry.kind in UNREADABLE else None,
    )
    lines = tuple(_lines(cast("Mapping[OtherHarm, Treatment]", answer))) if entry.kind is AnswerKind.TREATMENTS else ()
    return Asked(
        question,
        _when(entry),
        is_shown(entry, estimate),
        lines,
        draws=entry.axis is Axis.Y,
        is_step=entry.kind is AnswerKind.STEP,
    )


def _when(entry: FormField) -> str:
    shown_if = entry.shown_if or {}
    return " ".join(f"{name}={'|'.join(sorted(options))}" for name, options in shown_if.items())


def _options(entry: FormField) -> tuple[Option, ...]:
    options = tuple(Option(option.id, option.title, _points(option)) for option in entry.options)
    leaves_open = entry.optional and entry.kind is AnswerKind.STEP
    return (Option("", WORDS["estimate.as_matrix"]), *options) if leaves_open else options


def _points(option: FormOption) -> Text | None:
    if option.points is None:
        return None
    unit = title_of(AnswerKind.POINTS)
    return Text(*(f"{option.points} {said}" for said in (unit.fi, unit.sv, unit.en)))


def _lines(answer: Mapping[OtherHarm, Treatment]) -> Iterable[Line]:
    for harm in OtherHarm:
        done = answer.get(harm, Treatment())
        yield Line(harm, harm in answer, done.redaction, done.reason)


def _number(entry: FormField, answer: int) -> str:
    if entry.kind is not AnswerKind.DAYS:
        return str(answer)
    whole, tenth = divmod(abs(answer), TENTHS)
    sign = "-" if answer < 0 else ""
    point = "." if language() == "en" else ","
    return f"{sign}{whole}{point}{tenth}" if tenth else f"{sign}{whole}"


def _text(entry: FormField, sent: QueryDict, before: object) -> object:
    return text_in(sent, entry.id) if entry.id in sent else before


def _choice(entry: FormField, sent: QueryDict, before: object) -> Enum | None:
    return one_in(sent, entry.id, _LISTS[entry.id])


def _many(entry: FormField, sent: QueryDict, before: object) -> frozenset[Enum]:
    return many_in(sent, entry.id, cast("type[Enum]", _LISTS[entry.id]))


def _step(entry: FormField, sent: QueryDict, before: object) -> Step | None:
    return one_in(sent, entry.id, Step)


def _tick(entry: FormField, sent: QueryDict, before: object) -> bool:
    return sent.get(entry.id) == "yes"


def _treatments(entry: FormField, sent: QueryDict, before: object) -> Mapping[OtherHarm, Treatment]:
    chosen = many_in(sent, entry.id, OtherHarm)
    return {
        harm: Treatment(*(text_in(sent, f"{entry.id}.{harm}.{part}") for part in ("redaction", "reason")))
        for harm in OtherHarm
        if harm in chosen
    }


def _days(entry: FormField, sent: QueryDict, before: object) -> object:
    return _whole(entry, sent, before, lambda typed: _tenths(_DAYS.fullmatch(typed)))


def _euros(entry: FormField, sent: QueryDict, before: object) -> object:
    return _whole(entry, sent, before, lambda typed: int(typed) if _EUROS.fullmatch(typed) else None)


def _whole(entry: FormField, sent: QueryDict, before: object, number: Callable[[str], int | None]) -> object:
    if entry.id not in sent:
        return before
    typed = _SPACES.sub("", text_in(sent, entry.id))
    found = number(typed) if typed else None
    if typed and found is None:
        raise Unreadable
    return found


def _tenths(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    sign, whole, tenth = found.groups()
    return (int(whole) * TENTHS + int(tenth or 0)) * (-1 if sign else 1)


_READERS: Final[Mapping[AnswerKind, Callable[[FormField, QueryDict, object], object]]] = {
    AnswerKind.TEXT: _text,
    AnswerKind.CHOICE: _choice,
    AnswerKind.STEP: _step,
    AnswerKind.MANY: _many,
    AnswerKind.TREATMENTS: _treatments,
    AnswerKind.TICK: _tick,
    AnswerKind.DAYS: _days,
    AnswerKind.EUROS: _euros,
}
