"""What a page of results is made of: the need, the answers, and how the figures came to be.

Handbook 2.3 (means of publishing the data by role).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.concepts.languages import Language, Text
from jalostamo.concepts.registers import Marking
from jalostamo.producing.results import Result

ChainStep = Literal["request", "extract", "linked", "prepared", "release", "result", "publication"]
CHAIN_STEPS: Final[tuple[ChainStep, ...]] = get_args(ChainStep)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer is one business question with the result that answers it.

    `finding` says in a sentence what was found; `measure` what is counted, of which base and in which period.
    """

    result: Result
    question: Text
    finding: Text
    measure: Text
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact is one number or word on how the figures were made: an int is a count, a float a share of one."""

    label: Text
    value: str | int | float
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A link of the chain is one step from the request to the figure, with the digest that ties it to the next.

    `facts` says the little that a reader may know of it: a text, or what reads alike in every language.
    """

    step: str
    title: Text
    digest: str
    facts: str | Text

    def __post_init__(self) -> None:
        if self.step not in CHAIN_STEPS:
            raise Unfit(f"A chain from request to figure has the steps {', '.join(CHAIN_STEPS)}.", reason="chain_step")


@dataclass(frozen=True, slots=True)
class Report:
    """A report is everything that one page of results says; `language` is the one it opens in.

    `period` holds the first and the last day, `made` the day of making, all as ISO dates. `labels` names groups and
    subjects; `loss` tells for each group how many persons there were and how many preparation suppressed.
    """

    title: Text
    need: Text
    language: Language
    period: tuple[str, str]
    marking: str
    level: str
    made: str
    answers: tuple[Answer, ...]
    labels: Mapping[str, Text]
    facts: tuple[Fact, ...] = ()
    loss: tuple[tuple[str, int, int], ...] = ()
    chain: tuple[ChainLink, ...] = ()

    def __post_init__(self) -> None:
        objections = objections_to_showing(self.marking)
        if objections:
            raise Refused(objections, reason="results_not_protected")
        missing = sorted(_codes_in(self) - set(self.labels))
        if missing:
            raise Unfit(f"The report names no {', '.join(missing)}: add them to its labels.", reason="label_missing")
        if not self.answers:
            raise Unfit("A report needs at least one answer.", reason="report_without_answers")


def objections_to_showing(marking: str) -> tuple[Objection, ...]:
    """Why true results may not be shown on a page: only a synthetic town's harm nobody."""
    if marking == Marking.SYNTHETIC:
        return ()
    sentence = "This page shows results without disclosure control: its material must be marked synthetic."
    return (Objection(sentence, "Handbook 2.6, phase 5"),)


def _codes_in(report: Report) -> set[str]:
    codes = {group for group, _, _ in report.loss}
    for result in (answer.result for answer in report.answers):
        subjects = [*(g.subject for g in result.groups), *(c.subject for c in result.comparisons)]
        codes |= {code for subject in subjects for code in subject.split(">")}
        codes |= {g.group for g in result.groups} | {f.group for f in result.flows}
        codes |= {group for c in result.comparisons for group in (c.group, c.reference)}
        codes |= {service for flow in result.flows for service in (flow.source, flow.target)}
    return codes - {""}
