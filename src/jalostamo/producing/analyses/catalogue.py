"""The catalogue of methods: what each is for, whom it asks for, what it is told, and how it is carried out.

Handbook 2.3 (business intelligence and analytics; descriptive, diagnostic, predictive and recommending methods).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jalostamo.concepts.languages import Text
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.findings import Found, Value
    from jalostamo.producing.analyses.journeys import Journeys
    from jalostamo.producing.analyses.setting import Setting

type Measured = tuple[Mapping[str, Value], Mapping[str, Found]]
"""Single figures by name, and tables by name."""


class Kind(StrEnum):
    """A kind of method: it tells what is, why it is so, what will be, or what should be done."""

    DESCRIPTIVE = "descriptive"
    DIAGNOSTIC = "diagnostic"
    PREDICTIVE = "predictive"
    RECOMMENDING = "recommending"


class Competence(StrEnum):
    """A competence is what a method asks of whoever reads its findings: a reader's, an analyst's, or a statistician's."""

    READER = "reader"
    ANALYST = "analyst"
    STATISTICIAN = "statistician"


@dataclass(frozen=True, slots=True)
class Method:
    """A method turns the journeys of an analysis into tables; `parameters` are the keys that it knows."""

    name: str
    kind: Kind
    competence: Competence
    title: Text
    parameters: str
    read: Callable[[Section], object]
    # Each method reads its own parameters, and gets them back.
    measure: Callable[[Engine, Journeys, Setting, Any], Measured]
