"""Which part each source of a request plays in its linking, and whether the fields it names are fit for it.

Handbook 2.2 (checking combinability).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType
from jalostamo.managing.sensitive.frames import end_of

if TYPE_CHECKING:
    from jalostamo.concepts.registers import RegisterTable
    from jalostamo.managing.requests import AsOf, Linking, Request
    from jalostamo.managing.sensitive.retrieval import Extract

CUSTOMER: Final = "customer_"
HOUSEHOLD: Final = "household_"
CODE: Final = "code_"
_DAYS: Final = {FieldType.DATE, FieldType.DATETIME}


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles say which extract tells who exists, which are joined to it, and which tell values as of a day."""

    base: Extract
    joined: Mapping[str, Extract]
    as_of: Mapping[str, Extract]


def roles_in(request: Request, linking: Linking, extracts: Sequence[Extract]) -> Roles:
    """The part of each extract; every one has a part, and every part an extract, or the request is refused."""
    joined = {name: e for e in extracts if (name := request.called(e.source, linking.joins))}
    told = {e.source.name: e for e in extracts}
    as_of = {join.source: told[join.source] for join in linking.as_of if join.source in told}
    others = [e for e in extracts if e not in joined.values() and e not in as_of.values()]
    base = [e for e in others if e.source.register == linking.register and linking.table in {None, e.source.table}]
    named = {linking.register, *linking.joins, *(join.source for join in linking.as_of)}
    whole = set(joined) == set(linking.joins) and set(as_of) == {join.source for join in linking.as_of}
    if len(base) != 1 or len(others) != 1 or not whole or len(told) != len(extracts):
        raise Unfit(
            f"[linking] names {', '.join(sorted(named))}; the request needs one [[source]] of each, and no other. Where a "
            "register has several, they are named \"register.table\", and 'table' tells which one says who exists.",
            reason="request_incomplete",
        )
    roles = Roles(base[0], joined, as_of)
    _check_fields(request, linking, roles)
    return roles


def _check_fields(request: Request, linking: Linking, roles: Roles) -> None:
    """Refuse a linking that names a field which is not there, or is not fit for what it is named for."""
    base = roles.base.declared
    for table, name in _codes(linking, roles):
        if table.field_named(name).type is not FieldType.PERSONAL_IDENTITY_CODE:
            raise Unfit(f"[linking] names field '{name}', which is no personal identity code.", reason="linking_field")
    for name, field in linking.report_by.items():
        # The groups' names leave the closed room: they must be of a closed vocabulary, never a name or a code of a person.
        if name not in roles.joined or roles.joined[name].declared.field_named(field).type is not FieldType.CODE:
            raise Unfit(f"[linking] reports by field '{field}', which has no code list.", reason="linking_field")
    _check_brought(linking, base)
    if linking.household:
        base.field_named(linking.household)
    for name in linking.spells:
        if name not in roles.joined:
            raise Unfit(f"[linking] 'spells' names '{name}', which is none of 'joins'.", reason="linking_spells")
        end_of(request, roles.joined[name].source, roles.joined[name].declared)
    for join in linking.as_of:
        _check_as_of(request, join, roles)


def _codes(linking: Linking, roles: Roles) -> Iterator[tuple[RegisterTable, str]]:
    yield roles.base.declared, linking.code
    yield from ((roles.joined[name].declared, field) for name, field in linking.joins.items())
    yield from ((roles.as_of[join.source].declared, join.code) for join in linking.as_of)
    yield from ((roles.base.declared, lookup.through) for lookup in linking.lookups)


def _check_brought(linking: Linking, base: RegisterTable) -> None:
    """What lookups bring tells not who somebody is, and has a name of its own."""
    for lookup in linking.lookups:
        if base.field_named(lookup.field).name in {linking.code, linking.household}:
            raise Unfit(f"[linking] looks up '{lookup.field}', which tells who somebody is.", reason="linking_field")
        if lookup.name in {field.name for field in base.fields}:
            raise Unfit(f"[linking] looks up '{lookup.name}', which is a field already.", reason="linking_field")


def _check_as_of(request: Request, join: AsOf, roles: Roles) -> None:
    table = roles.as_of[join.source].declared
    days = [join.since, *([join.until] if join.until else [])]
    if any(table.field_named(day).type not in _DAYS for day in days) or join.name.endswith("_"):
        raise Unfit(
            f"[[linking.as_of]] '{join.name}': 'since' and 'until' are days, and its name ends with no underscore.",
            reason="linking_as_of",
        )
    if table.field_named(join.field).type is FieldType.PERSONAL_IDENTITY_CODE:
        raise Unfit(f"[[linking.as_of]] '{join.name}' brings an identity code.", reason="linking_as_of")
    if join.known_on and table.recorded is None:
        raise Unfit(
            f"[[linking.as_of]] '{join.name}' asks what was known on a day: ask for the field that tells when it was "
            "'recorded', as its description must say.",
            reason="linking_as_of",
        )
    if join.on and not request.first_day <= join.on <= request.last_day:
        raise Unfit(f"[[linking.as_of]] '{join.name}': 'on' is a day of the time frame.", reason="linking_as_of")
    targets = [roles.base] if join.on else list(roles.joined.values())
    taken = {field.name for target in targets for field in target.declared.fields}
    taken |= {lookup.name for lookup in request.linking.lookups} if request.linking else set()
    if join.name in taken or not targets:
        raise Unfit(
            f"[[linking.as_of]] '{join.name}' has a name of its own, and events to stand beside.",
            reason="linking_as_of",
        )
