"""Fields as the town's registers describe them: short ways to say what recurs in every description.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.information import BehaviourKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Sensitivity

DIRECT, INDIRECT = Sensitivity.DIRECT_IDENTIFIER, Sensitivity.INDIRECT_IDENTIFIER
LINK, CONFIDENTIAL = Sensitivity.LINK, Sensitivity.CONFIDENTIAL
SPECIAL, ORDINARY, FREE = Sensitivity.SPECIAL_CATEGORY, Sensitivity.ORDINARY, Sensitivity.FREE_TEXT

CUSTOMER: Final = BehaviourKind.CUSTOMER
TRANSACTION: Final = BehaviourKind.TRANSACTION
SERVICE: Final = BehaviourKind.SERVICE
CUSTOMER_SERVICE: Final = BehaviourKind.CUSTOMER_SERVICE
REASON: Final = BehaviourKind.REASON
MEASURE: Final = BehaviourKind.MEASURE
FEEDBACK: Final = BehaviourKind.FEEDBACK


def identity(name: str, column: str, title: Text, *, required: bool = False) -> Field:
    """A personal identity code: who the record is about, or who stands beside that person."""
    return Field(name, column, FieldType.PERSONAL_IDENTITY_CODE, DIRECT, title, required=required, behaviour=CUSTOMER)


def text(name: str, column: str, title: Text, **more: object) -> Field:
    """A text; `more` are a field's further words, its sensitivity among them."""
    return _field(name, column, FieldType.TEXT, title, more)


def coded_by(code_list: CodeList, column: str, title: Text, **more: object) -> Field:
    """A code of a code list; the field is called as the list is, unless `name` calls it otherwise."""
    name = str(more.pop("name", code_list.name))
    return _field(name, column, FieldType.CODE, title, {"code_list": code_list.name, **more})


def day(name: str, column: str, title: Text, **more: object) -> Field:
    """A date, in ISO form unless `format` says otherwise."""
    return _field(name, column, FieldType.DATE, title, more)


def _field(name: str, column: str, kind: FieldType, title: Text, more: dict[str, object]) -> Field:
    words = {"sensitivity": INDIRECT, "required": False} | more
    return Field(name=name, column=column, type=kind, title=title, **words)  # type: ignore[arg-type]  # a field judges its own words
