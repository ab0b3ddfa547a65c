"""Writes the pages of the files that people write: request, definition and register description, key by key.

The keys of a request and of a definition are read from the code that reads them, those of a register from its values.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import get_args, get_type_hints

from jalostamo.concepts import code_lists, holdings, information, organisations, registers, writings
from jalostamo.concepts.languages import Text
from jalostamo.managing import request_parts, requests
from jalostamo.permits import terms
from jalostamo.producing import definitions
from keys_asked import Row, keys_asked

TEXT = "a text in three languages"
NAMED = {str: "a text", int: "a whole number", bool: "true or false", Text: TEXT, tuple[str, ...]: "a list of names"}
NAMED_AS = "the name"
# What the code asks for in a roundabout way.
IN_REQUEST = {
    "ages": "the youngest and the oldest age",
    "from": "a date, inclusive",
    "source": "a list of sections, at least one",
    "to": "a date, inclusive",
}
IN_DEFINITION = {
    "absent": "true or false",
    "age_bands": "a list of pairs of ages",
    "comparison": "ratio or difference",
    "definition": "a section",
    "groups": "a table of lists of names",
    "labels": "a table of texts in three languages",
    "method": ", ".join(definitions.METHODS),
    "question": "a list of sections",
    "subjects": "a table of lists of names",
}


def request_page() -> str:
    """Render the page of `request.toml`."""
    keys = keys_asked("managing/requests.py")
    told = [
        _section(heading, _doc(described), keys[asked], kinds=IN_REQUEST) for heading, described, asked in _OF_REQUEST
    ]
    return "\n\n".join([_REQUEST, *told, _vocabulary(terms.DataClass)]) + "\n"


def definition_page() -> str:
    """Render the page of `definition.toml`."""
    keys = keys_asked("producing/definitions.py")
    told = [
        _section(heading, _doc(described), keys[asked], kinds=IN_DEFINITION)
        for heading, described, asked in _OF_DEFINITION
    ]
    return "\n\n".join([_DEFINITION, *told]) + "\n"


def register_page() -> str:
    """Render the page of `register.toml`."""
    table = [*_fields_of(registers.RegisterTable), *_fields_of(writings.Writing)]
    code = [("code", "a text", True), ("fi, sv, en", "what it means", True)]
    told = [
        _section("[register]", _doc(registers.Register), _fields_of(registers.Register)),
        _section("[[register.controllers]]", _doc(organisations.Controller), _fields_of(organisations.Controller)),
        _section(
            "[[register.outside_permits]]", _doc(information.OutsidePermit), _fields_of(information.OutsidePermit)
        ),
        _section("[[table]]", f"{_doc(registers.RegisterTable)}\n\n{_doc(writings.Writing)}", table),
        _section("[table.server]", _doc(writings.Server), _fields_of(writings.Server)),
        _section("[table.through]", _doc(holdings.Through), _fields_of(holdings.Through)),
        _section("[[table.field]]", _doc(registers.Field), _fields_of(registers.Field)),
        _section("[[code_list]]", _doc(code_lists.CodeList), _fields_of(code_lists.CodeList)),
        _section("Each of codes", _doc(code_lists.Code), code),
    ]
    words = (registers.Marking, registers.FieldType, registers.Sensitivity, holdings.Holding)
    vocabularies = [_vocabulary(found) for found in (*words, information.InformationKind, information.BehaviourKind)]
    return "\n\n".join([_REGISTER, *told, *vocabularies]) + "\n"


def _section(heading: str, doc: str, rows: Iterable[Row], *, kinds: Mapping[str, str] = MappingProxyType({})) -> str:
    lines = [f"| `{key}` | {kinds.get(key, kind)} | {'yes' if needed else ''} |" for key, kind, needed in rows]
    described = [doc, ""] if doc else []
    return "\n".join([f"## {heading}", "", *described, "| key | value | needed |", "|---|---|---|", *lines])


def _vocabulary(words: type[StrEnum]) -> str:
    listed = ", ".join(f"`{word.value}`" for word in words)
    return f"## The words of {words.__name__}\n\n{_doc(words)}\n\n{listed}."


def _doc(described: type | None) -> str:
    return inspect.getdoc(described) or "" if described else ""


def _fields_of(described: type) -> Iterator[Row]:
    """The plain keys of a value; those that are sections of their own are left out."""
    hints = get_type_hints(described)
    for field in dataclasses.fields(described):
        kind = _kind(hints[field.name])
        if kind is None:
            continue
        default = NAMED_AS if field.name == "column" else field.default
        needed = default is field.default_factory is dataclasses.MISSING
        written = default if default == NAMED_AS else f"`{default}`"
        yield field.name, f"{kind}; without it {written}" if isinstance(default, str) and default else kind, needed


def _kind(hint: object) -> str | None:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return f"a word of {hint.__name__}"
    if hint == str | None:
        return "a text"
    if hint == int | None:
        return "a whole number"
    if hint == float | None:
        return "a number"
    vocabulary = next((part for part in get_args(hint) if isinstance(part, type) and issubclass(part, StrEnum)), None)
    if vocabulary:
        return f"a word of {vocabulary.__name__}"
    if hint == tuple[code_lists.Code, ...]:
        return "a list"
    return next((name for known, name in NAMED.items() if hint == known), None)


type _Described = tuple[str, type | None, tuple[str, str]]

_OF_DEFINITION: tuple[_Described, ...] = (
    ("The sections", None, ("_definition_from", "content")),
    ("[definition]", definitions.Definition, ("_definition_from", "head")),
    ("[[question]]", definitions.Question, ("_question", "entry")),
)
_OF_REQUEST: tuple[_Described, ...] = (
    ("The sections", None, ("_request_from", "content")),
    ("[request]", requests.Request, ("_request_from", "head")),
    ("[[source]]", requests.Source, ("_source", "section")),
    ("[linking]", requests.Linking, ("_linking", "section")),
    ("[[linking.lookup]]", requests.Lookup, ("_lookup", "section")),
    ("[[linking.as_of]]", request_parts.AsOf, ("_as_of", "section")),
    ("[[harmonise]]", request_parts.Harmonisation, ("_harmonisation", "section")),
    ("[customers]", requests.Customers, ("_customers", "section")),
    ("[preparation]", requests.Preparation, ("_preparation", "section")),
    (
        "[[preparation.field]] and [[preparation.event_field]]",
        requests.Generalisation,
        ("_generalisation", "section"),
    ),
)

_WRITTEN = "Written by `make docs` from the source; do not edit it by hand."
_ASKED = "Field by field, with an example: [Refine your own request](../how-to/refine-your-own-request.md)."
_DESCRIBED = "Key by key, with examples: [Describe a source](../how-to/describe-a-source.md)."

_REQUEST = f"""# request.toml

What a municipality asks its closed room for. {_WRITTEN}
{_ASKED}
A key that a section does not know is refused."""

_DEFINITION = f"""# definition.toml

The questions that are put to a release. {_WRITTEN}
An example is the pilot's, [definition.toml](../../examples/pilot/definition.toml)."""

_REGISTER = f"""# register.toml

A source's own description, which lies beside its files. {_WRITTEN}
{_DESCRIBED}
A key that a section does not know is refused."""
