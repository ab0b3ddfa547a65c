"""The description of an analysis: the need behind it, its questions and hypotheses, and exactly what data they ask for.

A description may be an unfinished draft, so that nothing typed is lost; the rules say what it lacks.

Handbook 2.6, phase 1; 2.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.contents import written
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.ideas import Origin
from jalostamo.permits.kinds import Deviation
from jalostamo.permits.terms import DataClass, DataSubjects, KindOfAnalysis, Lane


class Approach(StrEnum):
    """How an analysis sets out: from hypotheses, from the data without preconceptions, or both ways."""

    HYPOTHESIS_DRIVEN = "hypothesis_driven"
    EXPERIMENTAL = "experimental"
    BOTH = "both"


class Purpose(StrEnum):
    """Whether an analysis is for the city's own use or for others (Appendix 1, section 1)."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class Entry(StrEnum):
    """An entry of a description; each bears the name of its field."""

    NAME = "name"
    SUMMARY = "summary"
    NEED = "need"
    NEED_OWNER = "need_owner"
    BUSINESS_AIM = "business_aim"
    ORIGIN = "origin"
    AIMS = "aims"
    QUESTIONS = "questions"
    HYPOTHESES = "hypotheses"
    APPROACH = "approach"
    CUSTOMERS = "customers"
    CUSTOMER_KINDS = "customer_kinds"
    UNIT_OF_ANALYSIS = "unit_of_analysis"
    SOURCES = "sources"
    TIME_FRAME_FROM = "time_frame_from"
    TIME_FRAME_UNTIL = "time_frame_until"
    CONTENT = "content"
    LANE = "lane"
    DATA_CLASS = "data_class"
    SEALED_JOB = "sealed_job"
    NEEDS_IDENTIFICATION = "needs_identification"
    IDENTIFICATION_PURPOSE = "identification_purpose"
    KIND = "kind"
    DEVIATIONS = "deviations"
    OPERATING_MODEL = "operating_model"
    COMMISSIONING_UNIT = "commissioning_unit"
    COMMISSIONED_BY = "commissioned_by"
    ANALYST = "analyst"
    DATA_RETRIEVED_BY = "data_retrieved_by"
    PURPOSE = "purpose"
    USERS = "users"
    MEANS = "means"
    AUDIENCES = "audiences"
    PRIVACY_PROTECTION = "privacy_protection"
    DATA_SECURITY = "data_security"
    PROCESSING_TOOLS = "processing_tools"


@written
@dataclass(frozen=True, slots=True)
class BusinessQuestion:
    """A business question is what the need wants answered."""

    id: str
    text: str = ""


@written
@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A hypothesis answers to one question and names the variables that it needs, as `register.table.field`."""

    id: str
    question: str
    text: str = ""
    variables: tuple[str, ...] = ()


@written
@dataclass(frozen=True, slots=True)
class SourceAsked:
    """A source asked for: one table of a register, its fields, and for what they are needed.

    `controller` is an organisation's id, `owning_unit` a unit's. Fields in `linking_fields`, such as identity codes,
    only join records to each other: they need serve no hypothesis, and may stand in `fields` too.
    """

    register: str
    table: str
    fields: tuple[str, ...] = ()
    linking_fields: tuple[str, ...] = ()
    controller: str = ""
    owning_unit: str | None = None
    is_internal: bool = True
    contains_personal_data: bool = True
    subjects: frozenset[DataSubjects] = frozenset()
    purpose_text: str = ""

    @property
    def place(self) -> str:
        """The table as `register.table`."""
        return f"{self.register}.{self.table}"

    @property
    def analysed(self) -> tuple[str, ...]:
        """The fields asked for analysis, as `register.table.field`."""
        return tuple(f"{self.place}.{name}" for name in self.fields if name not in self.linking_fields)

    @property
    def asked(self) -> tuple[str, ...]:
        """All fields asked for, linking ones last, as `register.table.field`."""
        return (*self.analysed, *(f"{self.place}.{name}" for name in self.linking_fields))


@written
@dataclass(frozen=True, slots=True)
class Description:
    """A description says what is analysed and why, who asks for it, and with what data; people are staff ids.

    The time frame is of the material, both days inclusive. `data_class` is what leaves the closed room.
    """

    name: str = ""
    summary: str = ""
    need: str = ""
    need_owner: str | None = None
    business_aim: str = ""
    origin: Origin | None = None
    aims: tuple[str, ...] = ()
    questions: tuple[BusinessQuestion, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    approach: Approach | None = None
    customers: str = ""
    customer_kinds: frozenset[CustomerKind] = frozenset()
    unit_of_analysis: CustomerKind | None = None
    sources: tuple[SourceAsked, ...] = ()
    time_frame_from: date | None = None
    time_frame_until: date | None = None
    content: str = ""
    lane: Lane = Lane.CELLS
    data_class: DataClass = DataClass.PRINTED_CELLS
    sealed_job: bool = False
    needs_identification: bool = False
    identification_purpose: str = ""
    kind: KindOfAnalysis | None = None
    deviations: tuple[Deviation, ...] = ()
    operating_model: OperatingModel | None = None
    commissioning_unit: str | None = None
    commissioned_by: str | None = None
    analyst: str | None = None
    data_retrieved_by: tuple[str, ...] = ()
    purpose: Purpose | None = None
    users: str = ""
    means: frozenset[Means] = frozenset()
    audiences: frozenset[Audience] = frozenset()
    privacy_protection: str = ""
    data_security: str = ""
    processing_tools: str = ""

    @property
    def weighed_class(self) -> DataClass:
        """The class by which risk is weighed: a sealed job counts as identified, though only printed cells leave."""
        return DataClass.IDENTIFIED if self.sealed_job else self.data_class

    @property
    def leaving_class(self) -> DataClass:
        """The class of what leaves the closed room: of a sealed job, printed cells alone."""
        return DataClass.PRINTED_CELLS if self.sealed_job else self.data_class

    @property
    def contains_personal_data(self) -> bool:
        """Whether any source does; the form's question on customer data."""
        return any(source.contains_personal_data for source in self.sources)

    @property
    def subjects(self) -> frozenset[DataSubjects]:
        """Of whom the sources tell, where the law protects them more than others."""
        return frozenset(subject for source in self.sources for subject in source.subjects)
