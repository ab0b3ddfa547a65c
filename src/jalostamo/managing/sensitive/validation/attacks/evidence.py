"""What the suite of attacks found of one release, beside the criteria of a date, as figures and in words.

That attacks were withstood is evidence for whoever decides what class the data is of, and signs for it; it is no promise.
Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from jalostamo.managing.sensitive.validation.attacks.words import MEANS

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.criteria import Criteria, Outcome
    from jalostamo.managing.sensitive.validation.attacks.rates import Risk, Sample


@dataclass(frozen=True, slots=True)
class Finding:
    """What an attack found: a figure, of which column or other release, its interval of 95 % where it was drawn, and what it means.

    An attack that is not `better_than_guessing` shows nothing of the release; None where nothing was drawn.
    """

    figure: str
    of: str
    found: float
    low: float
    high: float
    outcome: Outcome
    better_than_guessing: bool | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the suite found of one release, by which version of it, by the criteria of which date, from which seed.

    `with_control`: the control group were people who are not in the release; else people whose own row was taken out.
    `units` are whom people are counted as. `beside` are what else was out: earlier releases and printed cells, by name.
    `release` and `recipe` are the sha256 of the written rows, and of the recipe that they are held against.
    """

    suite: str
    release: str
    criteria: Criteria
    sample: Sample
    with_control: bool
    findings: tuple[Finding, ...]
    units: tuple[str, ...] = ("row",)
    beside: tuple[str, ...] = ()
    recipe: str = ""

    @property
    def withstood(self) -> bool:
        """Whether no attack succeeded, and none was undecided."""
        return all(finding.outcome in {"withstood", "told"} for finding in self.findings)

    def as_mapping(self) -> dict[str, object]:
        """The evidence as it is written to a file."""
        return {
            "suite": self.suite,
            "release": self.release,
            "recipe": self.recipe,
            "criteria": {
                "dated": self.criteria.dated.isoformat(),
                "recipient": self.criteria.recipient,
                "limits": [asdict(limit) for limit in self.criteria.by_figure.values()],
            },
            "sample": asdict(self.sample),
            "control_group": "people not in the release"
            if self.with_control
            else "people with their own row taken out",
            "units": list(self.units),
            "beside": list(self.beside),
            "withstood": self.withstood,
            "findings": [asdict(finding) | {"means": MEANS[finding.figure]} for finding in self.findings],
        }

    def sentences(self) -> tuple[str, ...]:
        """The evidence in words."""
        judged = [finding for finding in self.findings if finding.outcome != "told"]
        opening = (
            f"Attacks of suite {self.suite}, by the criteria of {self.criteria.dated.isoformat()} "
            f"for {self.criteria.described}: {sum(f.outcome == 'withstood' for f in judged)} of {len(judged)} withstood."
        )
        beside = ", ".join(self.beside) or "no earlier release and no printed cells"
        counted = f"People are counted by {', '.join(self.units)}; beside the release the attacker had {beside}."
        return (
            opening,
            counted,
            *self.objections(),
            "This is evidence, not a decision: a named person decides and signs.",
        )

    def objections(self) -> tuple[str, ...]:
        """A sentence for each attack that succeeded, or of which nobody can tell."""
        failing = (finding for finding in self.findings if finding.outcome not in {"withstood", "told"})
        return tuple(_sentence(finding, self.criteria) for finding in failing)


@dataclass(frozen=True, slots=True)
class Judge:
    """The criteria, as findings are held against them, and who is drawn for those that are drawn."""

    criteria: Criteria
    sample: Sample

    def drawn(self, figure: str, risk: Risk, of: str = "") -> Finding:
        """A risk as it is found in a sample, by its interval."""
        outcome = self.criteria.outcome(figure, risk.low, risk.high)
        if outcome == "undecided" and risk.most_gained <= self.criteria.negligible:
            outcome = "withstood"
        return Finding(figure, of, risk.value, risk.low, risk.high, outcome, risk.better_than_guessing)

    def counted(self, figure: str, found: float, of: str = "") -> Finding:
        """A figure of everybody."""
        return Finding(figure, of, found, found, found, self.criteria.outcome(figure, found, found))


def _sentence(finding: Finding, criteria: Criteria) -> str:
    limit = criteria.by_figure[finding.figure]
    asked = f"at most {limit.at_most:g}" if limit.at_most is not None else f"at least {limit.at_least:g}"
    of = f" ({finding.of})" if finding.of else ""
    between = f", between {finding.low:.4g} and {finding.high:.4g}" if finding.low < finding.high else ""
    means = "succeeded" if finding.outcome == "succeeded" else "cannot be told: draw more people"
    found = f"Found {finding.found:.4g}{between}; {asked} was wanted"
    unread = " That source was not read itself." if limit.read == "reported" else ""
    return (
        f"{finding.figure}{of}: {means}: {MEANS[finding.figure]}. {found}. Source of the limit: {limit.source}{unread}"
    )
