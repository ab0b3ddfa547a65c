"""Cases to play: a kind of case, its people, and for every row of the table the papers that somebody could hand in.

What is written is synthetic; the people are roles and numbers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.decisions import (
    Appeal,
    AppealOutcome,
    AppealResult,
    Appellant,
    DecidingBody,
    Decision,
    PublicityClass,
    RetentionClass,
)
from jalostamo.permits.descriptions import (
    Approach,
    BusinessQuestion,
    Description,
    Hypothesis,
    Purpose,
    SourceAsked,
)
from jalostamo.permits.estimates.answers import Estimate, Placement
from jalostamo.permits.estimates.choices import LikelyUsers, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.guards.deciding import level_decided_at
from jalostamo.permits.ideas import Origin
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome, ImpactAssessment
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.kinds import Default, Deviation
from jalostamo.permits.law import LegalRoute, PurposeOfUse, SourceLaw
from jalostamo.permits.moves import Command, Move
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.people import Actor, Assignment, Automaton, automaton
from jalostamo.permits.settings import Settings
from jalostamo.permits.terms import DataClass, DataSubjects, KindOfAnalysis, Lane, Level, Step
from jalostamo.permits.transitions import Transition
from jalostamo.permits.work_papers import OutputKind, RunKind

START = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
DIGEST = "ab" * 32
RESULT = "cd" * 32
WHY = "Because it is so written."
REGISTER = "daycare"
RUN = "run-1"
PUBLICATION = "publication-1"

PLACED = {
    Step.VERY_LOW: Placement(Step.VERY_LOW, Step.VERY_LOW),
    Step.MODERATE: Placement(Step.MODERATE, Step.MODERATE),
    Step.HIGH: Placement(Step.HIGH, Step.HIGH),
}
STEPS = {Level.LOW: Step.VERY_LOW, Level.MODERATE: Step.MODERATE, Level.HIGH: Step.HIGH}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case: what risk, which lane, what leaves, how often, of whom, and what is published."""

    level: Level = Level.LOW
    lane: Lane = Lane.CELLS
    data_class: DataClass = DataClass.PRINTED_CELLS
    kind: KindOfAnalysis = KindOfAnalysis.ONE_OFF
    model: OperatingModel = OperatingModel.GROUP_SUPPORTS
    output: OutputKind = OutputKind.PRINTED_CELLS
    children: bool = False
    audience: Audience = Audience.CITY
    sealed: bool = False
    residual: Step | None = Step.LOW
    opening: Step = Step.VERY_LOW

    @property
    def unit_of_the_analyst(self) -> str:
        return "branch" if self.model is OperatingModel.GROUP_ENABLES else "group"


def description_of(kind: Kind) -> Description:
    subject = DataSubjects.CHILDREN if kind.children else DataSubjects.OTHERS
    source = SourceAsked(
        register=REGISTER,
        table="spells",
        fields=("began",),
        linking_fields=("identity_code",),
        controller="city",
        owning_unit="early_years",
        subjects=frozenset({subject}),
        purpose_text="The spells that are counted.",
    )
    deviations = ()
    if kind.kind is KindOfAnalysis.GUIDING and kind.data_class is not DataClass.PSEUDONYMISED_WITH_KEY:
        deviations = (Deviation(Default.DATA_CLASS, WHY), Deviation(Default.CONNECTION_BACK, WHY))
    if kind.kind is KindOfAnalysis.CONTINUOUS_MONITORING and kind.data_class.has_the_status_of_unprocessed_data:
        deviations = (Deviation(Default.DATA_CLASS, WHY),)
    return Description(
        name="Spells of day care",
        summary="How spells of day care begin.",
        need="Places run out every spring.",
        need_owner="ini",
        business_aim="Places for all who need one.",
        origin=Origin.UNIT,
        aims=("To know when spells begin.",),
        questions=(BusinessQuestion("q1", "When do spells begin?"),),
        hypotheses=(Hypothesis("h1", "q1", "In autumn.", (f"{REGISTER}.spells.began",)),),
        approach=Approach.HYPOTHESIS_DRIVEN,
        customers="Families with small children.",
        customer_kinds=frozenset({CustomerKind.PERSON}),
        unit_of_analysis=CustomerKind.PERSON,
        sources=(source,),
        time_frame_from=datetime.date(2010, 1, 1),
        time_frame_until=datetime.date(2016, 12, 31),
        content="Spells and their first days.",
        lane=kind.lane,
        data_class=kind.data_class,
        sealed_job=kind.sealed,
        needs_identification=kind.data_class is DataClass.PSEUDONYMISED_WITH_KEY,
        identification_purpose=WHY if kind.data_class is DataClass.PSEUDONYMISED_WITH_KEY else "",
        kind=kind.kind,
        deviations=deviations,
        operating_model=kind.model,
        commissioning_unit="branch",
        commissioned_by="ini",
        analyst="ana",
        data_retrieved_by=("sys",),
        purpose=Purpose.INTERNAL,
        users="The branch's management.",
        means=frozenset({Means.STATIC_REPORT}),
        audiences=frozenset({kind.audience}),
        privacy_protection="Disclosure control of cells.",
        data_security="Encrypted transfer.",
        processing_tools="The closed room.",
    )


def estimate_of(kind: Kind, level: Level | None = None) -> Estimate:
    level = kind.level if level is None else level
    placement = PLACED[STEPS.get(level, Step.VERY_LOW)]
    personal = kind.data_class.has_the_status_of_unprocessed_data or kind.sealed
    return Estimate(
        initiator_view="Worth its costs.",
        likely_users=frozenset({LikelyUsers.UNITS_OF_THE_CITY}),
        aims_and_use="To open groups in time.",
        significance=Step.HIGH,
        probability_of_use=Step.HIGH,
        raw_has_personal=YesNo.YES,
        analysed_has_personal=YesNoUnable.UNABLE
        if level is Level.UNCLEAR
        else (YesNoUnable.YES if personal else YesNoUnable.NO),
        results_have_personal=YesNoUnable.NO,
        data_subjects=frozenset({DataSubjects.CHILDREN if kind.children else DataSubjects.OTHERS}),
        personal_harms=frozenset({PersonalHarm.PSYCHOLOGICAL}),
        processing=placement,
        publication=PLACED[kind.opening],
        costs=Costs(False, 20, 10, 5, 100, 1200, 15),
    )


LEVELS = {Level.LOW: DecidingBody.DATA_SECURITY_PERSON, Level.MODERATE: DecidingBody.BRANCH_AND_RISK_MANAGEMENT}


def is_one_off(description: Description) -> bool:
    return description.kind is KindOfAnalysis.ONE_OFF


def decision_for(initiative: Initiative, level: Level, day: datetime.date) -> Decision:
    assessed = initiative.assessed
    assert assessed is not None
    return Decision(
        diary_number="1/2026",
        ground_of_competence="Administrative regulations, section 12",
        deciding_body=LEVELS.get(level, DecidingBody.CITY_MANAGEMENT),
        decided_on=day,
        reasons="The benefit is worth the risk.",
        publicity_class=PublicityClass.PUBLIC,
        retention_class=RetentionClass(10, "Information management plan"),
        appeal_instructions="A claim for a revised decision, within 14 days.",
        valid_until=day + datetime.timedelta(days=360 if is_one_off(assessed.description) else 700),
        covers_estimate_version=assessed.version,
        decided_class=assessed.data_class,
        decided_level=level,
        document_digest=None if level is Level.LOW else DIGEST,
    )


def people_for(kind: Kind, persons: Mapping[Role, tuple[str, ...]] | None = None) -> tuple[Assignment, ...]:
    """One person for each role, two checkers; or those that are handed in."""
    held = {role: (role.value,) for role in Role} | {Role.OUTPUT_CHECKER: ("checker_1", "checker_2")}
    units = {Role.ANALYST: kind.unit_of_the_analyst}
    return tuple(
        Assignment(
            person,
            role,
            datetime.date(2026, 1, 1),
            datetime.date(2029, 12, 31),
            granted_by="grants",
            confirmed_by="confirms",
            unit=units.get(role),
        )
        for role, who in (held if persons is None else persons).items()
        for person in who
    )


def opening_of(kind: Kind, *, settings: Settings | None = None, people: tuple[Assignment, ...] = ()) -> Opening:
    return Opening(settings or Settings(), people or people_for(kind))


def actor_for(
    initiative: Initiative, role: Role | Automaton, *, not_these: frozenset[str] = frozenset()
) -> Actor | None:
    """Somebody who holds that role, other than these."""
    if isinstance(role, Automaton):
        return automaton(role)
    for given in initiative.people:
        if given.role is role and given.person not in not_these:
            return Actor(given.person, role, given.substitute_for)
    return None


type _Papers = Callable[["Kind", Move], Iterator[object]]


@cache
def _filled(kind: Kind, level: Level | None = None) -> papers.Assessment:
    return papers.Assessment(estimate_of(kind, level))


def _assessments(kind: Kind, move: Move) -> Iterator[object]:
    yield _filled(kind)
    if move.row.command in {"submit_revised_assessment", "submit_periodic_assessment", "confirm_fit"}:
        yield _filled(kind, Level.HIGH)
        yield _filled(kind, Level.MODERATE)


def _statements(kind: Kind, move: Move) -> Iterator[object]:
    assessed = move.initiative.assessed
    level = Level.LOW if assessed is None or move.row.command == "continue_analysis" else assessed.level
    decision = None
    if move.row.command == "confirm_low" and assessed is not None:
        level, decision = Level.LOW, decision_for(move.initiative, Level.LOW, move.day)
    yield papers.GroupStatement(WHY, level, decision)


def _decisions(kind: Kind, move: Move) -> Iterator[object]:
    if move.initiative.assessed is not None:
        yield papers.DecisionPaper(decision_for(move.initiative, level_decided_at(move), move.day))


def _impacts(kind: Kind, move: Move) -> Iterator[object]:
    version = move.initiative.assessed.version if move.initiative.assessed else 1
    if kind.residual is None:
        return
    advised = kind.residual >= Step.HIGH
    yield papers.ImpactPaper(
        ImpactAssessment(DIGEST, move.day, "Cells only.", kind.residual, "Go on.", "prv", advised, version)
    )


def _orders(kind: Kind, move: Move) -> Iterator[object]:
    fields = tuple((asked.register, asked.fields) for asked in move.initiative.requests if asked.fields)
    for sort in (RunKind.FIRST, RunKind.RERUN):
        yield work_papers.RunOrdered(
            sort,
            "recipe",
            "definition" if kind.lane is Lane.CELLS else None,
            fields,
            datetime.date(2010, 1, 1),
            datetime.date(2016, 12, 31),
            users=(Role.ANALYST.value,) if kind.lane is Lane.ROWS else (),
        )


def law_of(register: str) -> SourceLaw:
    return SourceLaw(
        register,
        authority="city",
        controller="city",
        controller_since=datetime.date(2010, 1, 1),
        purpose=PurposeOfUse.KNOWLEDGE_MANAGEMENT,
        route=LegalRoute.OWN_KNOWLEDGE_MANAGEMENT,
    )


def _validations(kind: Kind, move: Move) -> Iterator[object]:
    reached = {kind.data_class, DataClass.PSEUDONYMISED_WITH_KEY}
    for data_class in sorted(reached):
        yield work_papers.Validated(
            DIGEST, data_class, "1", move.day + datetime.timedelta(days=900), True, True, True, True
        )


def _drafts(kind: Kind, move: Move) -> Iterator[object]:
    finished = [run.id for run in move.initiative.runs if run.results]
    yield work_papers.PublicationDraft(
        tuple(finished), (RESULT,), kind.output, Means.STATIC_REPORT, kind.audience, "Read with its note."
    )


def _consider(kind: Kind, move: Move) -> Iterator[object]:
    yield papers.PrivacyAdvice((kind.residual or Step.LOW) >= Step.HIGH, WHY)


_BY_PAPER: dict[type, _Papers] = {
    Note: lambda kind, move: iter([Note()]),
    Reasoned: lambda kind, move: iter([Reasoned(WHY)]),
    papers.AnalysisDescription: lambda kind, move: iter([papers.AnalysisDescription(description_of(kind))]),
    papers.Assessment: _assessments,
    papers.Statement: lambda kind, move: iter([papers.Statement(WHY)]),
    papers.GroupStatement: _statements,
    papers.DecisionPaper: _decisions,
    papers.PrivacyAdvice: _consider,
    papers.ImpactPaper: _impacts,
    papers.OpinionPaper: lambda kind, move: iter(
        [papers.OpinionPaper(ConsultationOpinion(DIGEST, move.day, "2/2026", ConsultationOutcome.NO_REMARKS))]
    ),
    papers.SourceDropped: lambda kind, move: iter([papers.SourceDropped(REGISTER, WHY)]),
    papers.MoreData: lambda kind, move: iter([papers.MoreData(REGISTER, WHY)]),
    papers.Suspension: lambda kind, move: iter([papers.Suspension(WHY)]),
    papers.ReviewRound: lambda kind, move: iter([papers.ReviewRound(move.day, WHY, WHY)]),
    papers.FollowUp: lambda kind, move: iter([papers.FollowUp(papers.Outcome.NO_ACTION, WHY)]),
    papers.Destruction: lambda kind, move: iter([papers.Destruction(RUN, DIGEST)]),
    papers.LoginStatement: lambda kind, move: iter([papers.LoginStatement(REGISTER, Role.ANALYST.value, False)]),
    papers.RoleGiven: lambda kind, move: iter(
        [
            papers.RoleGiven(
                Assignment(
                    "somebody",
                    Role.SERVICE_UNIT_READER,
                    move.day,
                    move.day,
                    Role.ADMINISTRATOR.value,
                    Role.DATA_SECURITY_PERSON.value,
                )
            )
        ]
    ),
    papers.RoleEnded: lambda kind, move: iter([papers.RoleEnded("somebody", "service_unit_reader", WHY)]),
    papers.SuccessorPermitted: lambda kind, move: iter([papers.SuccessorPermitted("another-case", DIGEST)]),
    papers.AppealPaper: lambda kind, move: iter([papers.AppealPaper(Appeal(move.day, Appellant.DATA_SUBJECT, DIGEST))]),
    papers.AppealOutcomePaper: lambda kind, move: iter(
        [papers.AppealOutcomePaper(AppealOutcome(AppealResult.UPHELD, move.day, DIGEST))]
    ),
    papers.FieldsAgreed: lambda kind, move: iter(
        [papers.FieldsAgreed(("spells.began", "spells.identity_code"), "SFTP with keys")]
    ),
    papers.AccessGranted: lambda kind, move: iter([papers.AccessGranted(law_of(move.command.subject))]),
    work_papers.Picked: lambda kind, move: (
        work_papers.Picked(run.id, ("spells.began", "spells.identity_code")) for run in move.initiative.runs[-1:]
    ),
    work_papers.Transferred: lambda kind, move: iter([work_papers.Transferred("SFTP with keys", DIGEST)]),
    work_papers.Received: lambda kind, move: iter([work_papers.Received(DIGEST)]),
    work_papers.RunOrdered: _orders,
    work_papers.Prepared: lambda kind, move: iter([work_papers.Prepared(DIGEST, DIGEST)]),
    work_papers.Described: lambda kind, move: iter([work_papers.Described(DIGEST, "schema")]),
    work_papers.Validated: _validations,
    work_papers.Failed: lambda kind, move: iter([work_papers.Failed(DIGEST, WHY)]),
    work_papers.Finished: lambda kind, move: iter(
        [work_papers.Finished((RESULT,), WHY, "gate-1" if kind.lane is Lane.CELLS else None)]
    ),
    work_papers.AdHocQuestion: lambda kind, move: iter([work_papers.AdHocQuestion(RUN, "definition", WHY)]),
    work_papers.HandedOver: lambda kind, move: iter([work_papers.HandedOver("branch")]),
    work_papers.PublicationDraft: _drafts,
    work_papers.SupportView: lambda kind, move: iter([work_papers.SupportView(work_papers.View.OPEN, WHY)]),
    work_papers.GatePassed: lambda kind, move: iter([work_papers.GatePassed((RESULT,), "gate-1")]),
    work_papers.Clearance: lambda kind, move: iter([work_papers.Clearance((RESULT,))]),
    work_papers.Correction: lambda kind, move: iter([work_papers.Correction(WHY, "By mail to each reader.")]),
}


def papers_for(
    kind: Kind, initiative: Initiative, row: Transition, *, subject: str, at: datetime.datetime
) -> tuple[object, ...]:
    """The papers that somebody could hand in with this row, good ones first."""
    move = Move(initiative, row, Command(row.command, (), None, subject), at)
    return tuple(_BY_PAPER[row.paper](kind, move))


def actors_for(
    initiative: Initiative,
    row: Transition,
    *,
    filled: frozenset[int] = frozenset(),
    signed: frozenset[str] = frozenset(),
) -> Iterator[tuple[Actor, ...]]:
    """Every set of actors that could give one submission of this row: one for each role of its next open slots."""
    slots = row.signatures.slots
    if row.signatures.in_one_submission:
        together = [actor_for(initiative, next(iter(slot))) for slot in slots]
        if all(together):
            yield tuple(actor for actor in together if actor is not None)
        return
    for number, slot in enumerate(slots):
        if number in filled:
            continue
        for party in sorted(slot, key=lambda each: (isinstance(each, Automaton), each.value)):
            actor = actor_for(initiative, party, not_these=signed)
            if actor is not None:
                yield (actor,)
        return


def with_output(kind: Kind, output: OutputKind) -> Kind:
    return replace(kind, output=output)


def odd_papers(written: tuple[object, ...]) -> tuple[object, ...]:
    """Papers that a rule must refuse, beside good ones: each tells of something that is not so."""
    return tuple(odd for paper in written[:1] for odd in _odd(paper))


def _odd(paper: object) -> Iterator[object]:
    if isinstance(paper, papers.FieldsAgreed):
        yield replace(paper, fields=("spells.diagnosis",))
    if isinstance(paper, work_papers.RunOrdered):
        yield replace(paper, fields=((REGISTER, ("spells.diagnosis",)),))
        yield replace(paper, users=("service_unit_reader",))
    if isinstance(paper, work_papers.Validated):
        yield replace(paper, no_inference=False)
    if isinstance(paper, work_papers.Finished):
        yield replace(paper, gate_record=None)
    if isinstance(paper, work_papers.PublicationDraft):
        yield replace(paper, outputs=(DIGEST,))
        yield replace(paper, audience=Audience.PUBLIC)
    if isinstance(paper, work_papers.Clearance | work_papers.GatePassed):
        yield replace(paper, outputs=())
        yield replace(paper, outputs=(DIGEST,))
    if isinstance(paper, papers.GroupStatement):
        yield replace(paper, level=Level.LOW)
