"""The answers to the form: one value that may be unfinished, so that nothing typed is lost.

What the answers lead to is found in `risks`; what is still wrong with them, in `objections`.

Handbook 2.6, phase 2; Appendix 1, sections 2 to 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import Any, cast

from jalostamo.permits.contents import written
from jalostamo.permits.estimates.choices import LikelyUsers, OtherHarm, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.estimates.matrices import class_of
from jalostamo.permits.terms import DataSubjects, Step


@written
@dataclass(frozen=True, slots=True)
class Placement:
    """Where a risk is placed in the matrix: the potential harm, and how probable it is; or `unable` to be placed."""

    harm: Step | None = None
    probability: Step | None = None
    unable: bool = False

    @property
    def step(self) -> Step | None:
        """The class of risk by the matrix; None while it is not placed."""
        if self.unable or self.harm is None or self.probability is None:
            return None
        return class_of(self.probability, self.harm)


@written
@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done about one other harm: a redaction in the recipe, named by its field, or the reason for doing none."""

    redaction: str = ""
    reason: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether nothing has been said."""
        return not self.redaction.strip() and not self.reason.strip()


@written
@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate of benefit, risk and cost, by the initiator together with the analyst.

    Each field is the entry of the form with the same name; None, an empty text and an empty choice are unanswered.
    """

    initiator_view: str = ""
    likely_users: frozenset[LikelyUsers] = frozenset()
    other_users: str = ""
    aims_and_use: str = ""
    significance: Step | None = None
    probability_of_use: Step | None = None
    stated_benefit: Step | None = None
    benefit_reason: str = ""
    raw_has_personal: YesNo | None = None
    analysed_has_personal: YesNoUnable | None = None
    results_have_personal: YesNoUnable | None = None
    data_subjects: frozenset[DataSubjects] = frozenset()
    personal_harms: frozenset[PersonalHarm] = frozenset()
    other_personal_harm: str = ""
    other_harms: Mapping[OtherHarm, Treatment] = field(default_factory=dict)
    processing: Placement = Placement()
    stated_processing_risk: Step | None = None
    processing_reason: str = ""
    publication: Placement = Placement()
    stated_publication_risk: Step | None = None
    publication_reason: str = ""
    costs: Costs = Costs()

    @property
    def benefit_by_matrix(self) -> Step | None:
        """The class of benefit by the matrix; None while it is not placed."""
        if self.significance is None or self.probability_of_use is None:
            return None
        return class_of(self.probability_of_use, self.significance)


def answer_to(estimate: Estimate, entry: str) -> object:
    """The answer to one entry of the form, by its name; an entry within another is named `costs.it`.

    >>> answer_to(Estimate(costs=Costs(it=15)), "costs.it")
    15
    """
    found: object = estimate
    for name in entry.split("."):
        found = getattr(found, name)
    return found


def with_answer(estimate: Estimate, entry: str, answer: object) -> Estimate:
    """The estimate with another answer to one entry.

    >>> with_answer(Estimate(), "processing.unable", True).processing.unable
    True
    """
    whole, _, part = entry.partition(".")
    if part:
        answer = replace(getattr(estimate, whole), **{part: answer})
    # Any: names and values come in pairs from the form, whose test holds each entry against the type of its answer.
    return replace(estimate, **cast("dict[str, Any]", {whole: answer}))


def said_in(answer: object) -> frozenset[str]:
    """The options that an answer names, as the form spells them; a tick says yes or no.

    >>> sorted(said_in(Step.VERY_LOW)), sorted(said_in(True)), sorted(said_in(None))
    (['very_low'], ['yes'], [])
    """
    if answer is None or isinstance(answer, str) and not isinstance(answer, Enum):
        return frozenset()
    if isinstance(answer, bool):
        return frozenset({"yes" if answer else "no"})
    if isinstance(answer, Enum):
        return frozenset({answer.value if isinstance(answer, StrEnum) else answer.name.lower()})
    return frozenset[str]().union(*map(said_in, answer)) if isinstance(answer, Iterable) else frozenset()
