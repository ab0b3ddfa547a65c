"""The papers that the cast hands in for a request: what is asked is the request's own, what is judged is played.

They say of themselves that they are played: no city's estimate or decision is so short.

Handbook 2.6 and Appendix 1.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits import papers
from jalostamo.permits.decisions import DecidingBody, Decision, PublicityClass, RetentionClass
from jalostamo.permits.descriptions import Approach, BusinessQuestion, Description, Hypothesis, Purpose, SourceAsked
from jalostamo.permits.estimates.answers import Estimate, Placement
from jalostamo.permits.estimates.choices import LikelyUsers, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.ideas import Origin
from jalostamo.permits.impact import ImpactAssessment
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.law import SourceLaw
from jalostamo.permits.law_book import LegalRoute, PurposeOfUse
from jalostamo.permits.terms import DataClass, DataSubjects, KindOfAnalysis, Lane, Level, Step
from jalostamo.permits.work_papers import RunKind, RunOrdered

if TYPE_CHECKING:
    from jalostamo.managing.requests import Request

PLAYED: Final = "Played by the fictional cast of a demonstration."
TECHNIQUE: Final = "Handed over as files, on one machine."
CITY: Final = "city"
BRANCH: Final = "branch"
_STEPS: Final = {Level.LOW: Step.VERY_LOW, Level.HIGH: Step.HIGH}


def digest_of_play(text: str) -> str:
    """The digest of a document that a play only names."""
    return hashlib.sha256(f"{PLAYED} {text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Papers:
    """What the cast writes for one request; `lane` and `data_class` are those that it asks to be decided."""

    request: Request
    recipe: str
    definition: str | None = None

    @property
    def lane(self) -> Lane:
        """The lane of the request."""
        return self.request.lane

    @property
    def data_class(self) -> DataClass:
        """What would leave: printed cells in the lane of cells, whatever is counted inside."""
        return DataClass.PRINTED_CELLS if self.lane is Lane.CELLS else self.request.preparation.data_class

    @property
    def level(self) -> Level:
        """High where what leaves has the status of unprocessed data, low otherwise."""
        return Level.HIGH if self.data_class.has_the_status_of_unprocessed_data else Level.LOW

    @property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """The fields asked of each register, as `table.field`."""
        found: dict[str, tuple[str, ...]] = {}
        for source in self.request.sources:
            asked = tuple(f"{source.table}.{field}" for field in source.fields)
            found[source.register] = tuple(sorted({*found.get(source.register, ()), *asked}))
        return found

    def description(self) -> papers.AnalysisDescription:
        """The analysis description: every field that the request asks for, and the one hypothesis that needs them all."""
        request = self.request
        needed = tuple(f"{source.name}.{field}" for source in request.sources for field in source.fields)
        described = Description(
            name=request.title.en,
            summary=PLAYED,
            need=request.need.en,
            need_owner="f-ini",
            business_aim=PLAYED,
            origin=Origin.UNIT,
            aims=(request.need.en,),
            questions=(BusinessQuestion("q1", request.title.en),),
            hypotheses=(Hypothesis("h1", "q1", PLAYED, needed),),
            approach=Approach.HYPOTHESIS_DRIVEN,
            customers=PLAYED,
            customer_kinds=frozenset({CustomerKind.PERSON}),
            unit_of_analysis=CustomerKind.PERSON,
            sources=tuple(self._sources()),
            time_frame_from=request.first_day,
            time_frame_until=request.last_day,
            content=PLAYED,
            lane=self.lane,
            data_class=self.data_class,
            sealed_job=False,
            needs_identification=self.data_class is DataClass.PSEUDONYMISED_WITH_KEY,
            identification_purpose=PLAYED if self.data_class is DataClass.PSEUDONYMISED_WITH_KEY else "",
            kind=KindOfAnalysis.ONE_OFF,
            deviations=(),
            operating_model=OperatingModel.GROUP_SUPPORTS,
            commissioning_unit=BRANCH,
            commissioned_by="f-ini",
            analyst="f-ana",
            data_retrieved_by=("f-sys",),
            purpose=Purpose.INTERNAL,
            users=PLAYED,
            means=frozenset({Means.STATIC_REPORT}),
            audiences=frozenset({Audience.CITY}),
            privacy_protection=PLAYED,
            data_security=PLAYED,
            processing_tools="Jalostamo's closed room.",
        )
        return papers.AnalysisDescription(described)

    def _sources(self) -> list[SourceAsked]:
        linking = self.request.linking
        links = {linking.code, *linking.joins.values()} if linking else set()
        return [
            SourceAsked(
                register=source.register,
                table=source.table,
                fields=tuple(field for field in source.fields if field not in links),
                linking_fields=tuple(field for field in source.fields if field in links),
                controller=CITY,
                owning_unit=BRANCH,
                subjects=frozenset({DataSubjects.OTHERS}),
                purpose_text=PLAYED,
            )
            for source in self.request.sources
        ]

    def assessment(self) -> papers.Assessment:
        """The form of Appendix 1, with the placement that belongs to the level."""
        personal = YesNoUnable.YES if self.data_class.has_the_status_of_unprocessed_data else YesNoUnable.NO
        step = _STEPS[self.level]
        return papers.Assessment(
            Estimate(
                initiator_view=PLAYED,
                likely_users=frozenset({LikelyUsers.UNITS_OF_THE_CITY}),
                aims_and_use=PLAYED,
                significance=Step.HIGH,
                probability_of_use=Step.HIGH,
                raw_has_personal=YesNo.YES,
                analysed_has_personal=personal,
                results_have_personal=YesNoUnable.NO,
                data_subjects=frozenset({DataSubjects.OTHERS}),
                personal_harms=frozenset({PersonalHarm.PSYCHOLOGICAL}),
                processing=Placement(step, step),
                publication=Placement(Step.VERY_LOW, Step.VERY_LOW),
                costs=Costs(False, 20, 10, 5, 100, 1200, 15),
            )
        )

    def decision(self, initiative: Initiative, today: datetime.date) -> Decision:
        """The decision to continue, of the body that the level asks for."""
        assessed = initiative.assessed
        low = self.level is Level.LOW
        return Decision(
            diary_number="0/0000",
            ground_of_competence=PLAYED,
            deciding_body=DecidingBody.DATA_SECURITY_PERSON if low else DecidingBody.CITY_MANAGEMENT,
            decided_on=today,
            reasons=PLAYED,
            publicity_class=PublicityClass.PUBLIC,
            retention_class=RetentionClass(10, PLAYED),
            appeal_instructions=PLAYED,
            valid_until=today + datetime.timedelta(days=180),
            covers_estimate_version=assessed.version if assessed else 1,
            decided_class=assessed.data_class if assessed else None,
            decided_level=self.level,
            document_digest=None if low else digest_of_play("decision"),
        )

    def impact(self, initiative: Initiative, today: datetime.date) -> papers.ImpactPaper:
        """The data-protection impact assessment."""
        version = initiative.assessed.version if initiative.assessed else 1
        digest = digest_of_play("impact assessment")
        return papers.ImpactPaper(ImpactAssessment(digest, today, PLAYED, Step.LOW, PLAYED, "f-prv", False, version))

    def law(self, register: str) -> papers.AccessGranted:
        """What the owner of a register grants."""
        since = datetime.date(1990, 1, 1)
        return papers.AccessGranted(
            SourceLaw(
                register,
                authority=CITY,
                controller=CITY,
                controller_since=since,
                purpose=PurposeOfUse.KNOWLEDGE_MANAGEMENT,
                route=LegalRoute.OWN_KNOWLEDGE_MANAGEMENT,
            )
        )

    def order(self) -> RunOrdered:
        """The order of a run."""
        return RunOrdered(
            RunKind.FIRST,
            self.recipe,
            self.definition,
            tuple(self.fields.items()),
            self.request.first_day,
            self.request.last_day,
            users=("f-ana",) if self.lane is Lane.ROWS else (),
        )
