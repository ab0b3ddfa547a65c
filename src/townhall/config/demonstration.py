"""The demonstration's cases: played by the fixed cast through the same acts as on the pages, each with its own day.

Handbook 2.6, phases 1 to 3.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import Role
from jalostamo.doors.playing.cast import CAST
from jalostamo.permits import papers
from jalostamo.permits.decisions import Decision, PublicityClass, RetentionClass, deciding_body_for, latest_end
from jalostamo.permits.descriptions import Approach, BusinessQuestion, Description, Hypothesis, Purpose, SourceAsked
from jalostamo.permits.estimates.answers import Estimate, Placement
from jalostamo.permits.estimates.choices import LikelyUsers, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.guards.deciding import level_of_state
from jalostamo.permits.ideas import Origin
from jalostamo.permits.impact import ImpactAssessment
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.kinds import Default, Deviation
from jalostamo.permits.terms import DataClass, DataSubjects, KindOfAnalysis, Lane, Level, Step
from townhall.people.models import Person
from townhall.permits import actions
from townhall.permits.documents import keep_document
from townhall.permits.models import Case
from townhall.permits.recording import initiative_of

FILE: Final = "cases.toml"
_BY_ROLE: Final = {member.role: member.staff_id for member in reversed(CAST)}
_STEP: Final = {"low": Step.LOW, "moderate": Step.MODERATE, "high": Step.HIGH}
_WHY: Final = "Esimerkin teksti: keksityn kaupungin keksityt ihmiset ovat näin päättäneet."


@dataclass(frozen=True, slots=True)
class Story:
    """One case as the file tells it."""

    name: str
    need: str
    question: str
    hypothesis: str
    register: str
    table: str
    fields: Sequence[str]
    links: Sequence[str]
    subjects: str
    level: str
    data_class: str
    until: str
    days: int


def play_cases(now: datetime.datetime) -> int:
    """Play every case of the file up to the act at which it is left; nothing where cases exist. How many were played."""
    if Case.objects.exists():
        return 0
    path = Path(settings.HOME.townhall) / FILE
    told = tomllib.loads(path.read_text(encoding="utf-8"))["case"] if path.is_file() else []
    for entry in sorted(told, key=lambda each: -each["days"]):
        play(Story(**entry), now - datetime.timedelta(days=entry["days"], minutes=len(entry["name"])))
    return len(told)


def play(story: Story, at: datetime.datetime) -> None:
    """Play one case, opened at a moment, up to the act at which it is left."""
    _Play(story, at).run()


class _Play:
    """One case being played: each act comes some days after the one before."""

    def __init__(self, story: Story, at: datetime.datetime) -> None:
        self.story, self.at = story, at
        day = at.date()
        opening = actions.opening_of(settings.TOWN.municipality.opening, day)
        self.case = actions.open_new(self._person(Role.INITIATOR), Role.INITIATOR, opening, at=at)

    def run(self) -> None:
        """Play until the act at which the case is left."""
        if not self.story.until:
            return
        for command, roles in self._way():
            for role in roles:
                self._give(command, role)
            if command == self.story.until:
                return

    def _way(self) -> Iterator[tuple[str, tuple[Role, ...]]]:
        group = (Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON)
        yield "describe", (Role.INITIATOR,)
        yield "open_assessment", (Role.INITIATOR,)
        yield "submit_assessment", (Role.INITIATOR, Role.ANALYST)
        if self.story.until == "return_for_completion":
            yield "return_for_completion", (Role.DATA_SECURITY_PERSON,)
        yield "give_privacy_statement", (Role.PRIVACY_PERSON,)
        if self.story.level == "low":
            yield "confirm_low", group
        elif self.story.level == "moderate":
            yield "escalate_to_management", group
            if self.story.subjects == "children":
                yield "attach_impact_assessment", (Role.INITIATOR,)
            yield "decide_to_continue", (Role.BRANCH_MANAGER, Role.RISK_MANAGER)
        else:
            yield "escalate_to_city", group
            if self.story.until == "refuse":
                yield "refuse", (Role.CITY_MANAGER,)
            yield "attach_impact_assessment", (Role.INITIATOR,)
            yield "advise_on_consultation", (Role.PRIVACY_PERSON,)
            yield "decide_to_continue", (Role.CITY_MANAGER,)

    def _give(self, command: str, role: Role) -> None:
        self.at += datetime.timedelta(hours=19, minutes=7)
        case = Case.objects.get(pk=self.case.pk)
        made = initiative_of(case)
        pending = made.waiting_for(command, "")
        paper = pending.content if pending else self._paper(command, made)
        act = actions.Act(command, role, paper, case.length)
        if case.proposals.filter(command=command).exists():
            actions.join(case.pk, self._person(role), act, at=self.at)
        else:
            actions.give(case.pk, self._person(role), act, at=self.at)

    def _person(self, role: Role) -> Person:
        return Person.objects.get(username=_BY_ROLE[role])

    def _paper(self, command: str, made: Initiative) -> object:
        written: Mapping[str, Callable[[], object]] = {
            "describe": lambda: papers.AnalysisDescription(self._description()),
            "open_assessment": papers.Note,
            "submit_assessment": lambda: papers.Assessment(self._estimate()),
            "give_privacy_statement": lambda: papers.Statement(_WHY),
            "return_for_completion": lambda: papers.Reasoned(
                "Esimerkin teksti: täsmentäkää, mitä kenttiä todella tarvitaan."
            ),
            "confirm_low": lambda: papers.GroupStatement(_WHY, Level.LOW, self._decision(made, command)),
            "escalate_to_management": lambda: papers.GroupStatement(_WHY, Level.MODERATE),
            "escalate_to_city": lambda: papers.GroupStatement(_WHY, Level.HIGH),
            "attach_impact_assessment": lambda: self._impact(made),
            "advise_on_consultation": lambda: papers.PrivacyAdvice(False, _WHY),
            "decide_to_continue": lambda: papers.DecisionPaper(self._decision(made, command)),
            "refuse": lambda: papers.Reasoned("Esimerkin teksti: hyöty ei kanna riskiä, joka ihmisille syntyisi."),
        }
        return written[command]()

    def _description(self) -> Description:
        story, data_class = self.story, DataClass(self.story.data_class)
        place = f"{story.register}.{story.table}"
        names_people = data_class is DataClass.PSEUDONYMISED_WITH_KEY
        return Description(
            name=story.name,
            summary=story.question,
            need=story.need,
            need_owner=_BY_ROLE[Role.INITIATOR],
            business_aim="Palvelut oikeaan aikaan niille, jotka niitä tarvitsevat.",
            origin=Origin.UNIT,
            aims=(story.question,),
            questions=(BusinessQuestion("q1", story.question),),
            hypotheses=(Hypothesis("h1", "q1", story.hypothesis, tuple(f"{place}.{name}" for name in story.fields)),),
            approach=Approach.HYPOTHESIS_DRIVEN,
            customers="Kaupungin asukkaat ja heidän perheensä.",
            customer_kinds=frozenset({CustomerKind.PERSON}),
            unit_of_analysis=CustomerKind.PERSON,
            sources=(
                SourceAsked(
                    register=story.register,
                    table=story.table,
                    fields=tuple(story.fields),
                    linking_fields=tuple(story.links),
                    controller="city",
                    owning_unit="branch",
                    subjects=frozenset({DataSubjects(story.subjects)}),
                    purpose_text=story.question,
                ),
            ),
            time_frame_from=datetime.date(2010, 1, 1),
            time_frame_until=datetime.date(2016, 12, 31),
            content=story.question,
            lane=Lane.CELLS if data_class is DataClass.PRINTED_CELLS else Lane.ROWS,
            data_class=data_class,
            needs_identification=names_people,
            identification_purpose="Seuranta palvelujen yli, peitetunnuksin." if names_people else "",
            kind=KindOfAnalysis.ONE_OFF,
            deviations=(Deviation(Default.DATA_CLASS, _WHY),) if names_people else (),
            operating_model=OperatingModel.GROUP_SUPPORTS,
            commissioning_unit="branch",
            commissioned_by=_BY_ROLE[Role.INITIATOR],
            analyst=_BY_ROLE[Role.ANALYST],
            data_retrieved_by=(_BY_ROLE[Role.SYSTEMS_EXPERT],),
            purpose=Purpose.INTERNAL,
            users="Toimialan johto ja palveluyksiköt.",
            means=frozenset({Means.STATIC_REPORT}),
            audiences=frozenset({Audience.CITY}),
            privacy_protection="Tulokset suojattuina taulukkoina; pieniä lukuja ei näytetä.",
            data_security="Tiedot siirretään salattuina suljettuun huoneeseen.",
            processing_tools="Jalostamo.",
        )

    def _estimate(self) -> Estimate:
        step = _STEP[self.story.level] if self.story.level != "low" else Step.VERY_LOW
        personal = DataClass(self.story.data_class).has_the_status_of_unprocessed_data
        return Estimate(
            initiator_view="Hyöty on suurempi kuin vaiva.",
            likely_users=frozenset({LikelyUsers.UNITS_OF_THE_CITY}),
            aims_and_use="Tuloksilla mitoitetaan palvelut ensi vuodeksi.",
            significance=Step.HIGH,
            probability_of_use=Step.MODERATE if self.story.days % 2 else Step.HIGH,
            raw_has_personal=YesNo.YES,
            analysed_has_personal=YesNoUnable.YES if personal else YesNoUnable.NO,
            results_have_personal=YesNoUnable.NO,
            data_subjects=frozenset({DataSubjects(self.story.subjects)}),
            personal_harms=frozenset({PersonalHarm.PSYCHOLOGICAL}),
            processing=Placement(step, step),
            publication=Placement(Step.LOW, Step.VERY_LOW),
            costs=Costs(False, 20, 10, 5, 100, 1200, 15),
        )

    def _decision(self, made: Initiative, command: str) -> Decision:
        if made.assessed is None:
            raise ValueError("assessed")
        level, day = level_of_state(made, command), made.local_day(self.at)
        kind = made.assessed.description.kind or KindOfAnalysis.ONE_OFF
        return Decision(
            diary_number=f"ESIM/{self.story.days}/2026",
            ground_of_competence="Hallintosääntö (esimerkki)",
            deciding_body=deciding_body_for(level),
            decided_on=day,
            reasons=_WHY,
            publicity_class=PublicityClass.PUBLIC,
            retention_class=RetentionClass(10, "Tiedonohjaussuunnitelma (esimerkki)"),
            appeal_instructions="Oikaisuvaatimus 14 päivän kuluessa (esimerkki).",
            valid_until=latest_end(kind, day),
            covers_estimate_version=made.assessed.version,
            decided_class=made.assessed.data_class,
            decided_level=level,
            conditions=("Tulokset näytetään toimialan johdolle ennen muita.",),
            document_digest=None if level is Level.LOW else self._document("paatos.txt"),
        )

    def _impact(self, made: Initiative) -> papers.ImpactPaper:
        if made.assessed is None:
            raise ValueError("assessed")
        return papers.ImpactPaper(
            ImpactAssessment(
                document_digest=self._document("vaikutustenarviointi.txt"),
                made_on=made.local_day(self.at),
                measures="Tiedot yhdistetään suljetussa huoneessa, ja avain tuhotaan.",
                residual_risk=Step.LOW,
                privacy_advice=_WHY,
                advice_given_by=_BY_ROLE[Role.PRIVACY_PERSON],
                consultation_advised=False,
                covers_estimate_version=made.assessed.version,
            )
        )

    def _document(self, name: str) -> str:
        told = f"{_WHY}\n{self.story.name}\n".encode()
        case = Case.objects.get(pk=self.case.pk)
        return keep_document(case, SimpleUploadedFile(name, told), self._person(Role.INITIATOR))
