"""Giving a role on a form: the questions, and the assignment that the answers make; the same for a case and for all.

Nothing is judged here: the rules say what an assignment lacks.

Handbook 2.4.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import QueryDict

from jalostamo.concepts.languages import Text
from jalostamo.concepts.roles import ROLES, Role
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.papers import RoleEnded, RoleGiven
from jalostamo.permits.people import Actor, Assignment, called, holding
from jalostamo.permits.tables import TRANSITIONS
from townhall.pages.asking import Kind, Option, Question, day_in, one_in, text_in
from townhall.pages.words import WORDS, language
from townhall.people.models import Person
from townhall.permits.registers import registers

_LINE: Final = 200
_YEAR: Final = datetime.timedelta(days=365)
_SLOTS: Final = next(row for row in TRANSITIONS if row.command == "give_role").signatures.slots
GIVERS: Final = frozenset(party for party in _SLOTS[0] if isinstance(party, Role))
"""Who gives roles, as in a case."""

CONFIRMERS: Final = frozenset(party for party in _SLOTS[1] if isinstance(party, Role))
"""Who confirms what another has given, as in a case."""

_OPTIONAL: Final = frozenset({"scope", "unit", "substitute_for", "organisation", "contract"})


@dataclass(frozen=True, slots=True)
class Giving:
    """A role being given: what was sent, on which day, by whom; and who may confirm it, where that is asked beforehand."""

    sent: QueryDict
    day: datetime.date
    by: str
    person: str = ""
    confirmers: tuple[Option, ...] = ()

    def said(self, name: str, otherwise: str = "") -> str:
        """What stands at a question."""
        return text_in(self.sent, name) if name in self.sent else otherwise


def questions_of(giving: Giving) -> tuple[Question, ...]:
    """What is asked of who gives a role."""
    asked = [
        _pick("person", giving, people(), giving.person),
        _pick("role", giving, tuple(Option(each.role.value, each.title) for each in ROLES)),
        _day("since", giving, giving.day),
        _day("until", giving, giving.day + _YEAR),
        _pick("scope", giving, _scopes()),
        _pick("unit", giving, _units()),
        _pick("substitute_for", giving, people()),
        _pick("organisation", giving, tuple(Option(each.id, each.name) for each in settings.TOWN.organisations)),
        Question(
            "contract",
            Kind.LINE,
            WORDS["sheet.contract"],
            WORDS["sheet.contract_help"],
            giving.said("contract"),
            optional=True,
            longest=_LINE,
        ),
    ]
    if giving.confirmers:
        asked.append(_pick("confirmed_by", giving, giving.confirmers))
    return tuple(asked)


def assignment_in(giving: Giving, *, confirmed_by: str) -> Assignment | None:
    """The assignment as it was written; None where person, role or a day was not given."""
    role, since, until = (
        one_in(giving.sent, "role", Role),
        day_in(giving.sent, "since"),
        day_in(giving.sent, "until"),
    )
    person = _chosen(giving, "person", people())
    if role is None or since is None or until is None or person is None:
        return None
    return Assignment(
        person=person,
        role=role,
        since=since,
        until=until,
        granted_by=giving.by,
        confirmed_by=confirmed_by,
        scope=_chosen(giving, "scope", _scopes()),
        unit=_chosen(giving, "unit", _units()),
        substitute_for=_chosen(giving, "substitute_for", people()),
        organisation=text_in(giving.sent, "organisation") or None,
        contract=text_in(giving.sent, "contract")[:_LINE] or None,
    )


def unanswered(giving: Giving) -> Mapping[str, Text]:
    """What the entries lack without which there is no role: by the name of the question."""
    lacking: dict[str, Text] = {}
    if _chosen(giving, "person", people()) is None:
        lacking["person"] = WORDS["roles.choose_person"]
    if one_in(giving.sent, "role", Role) is None:
        lacking["role"] = WORDS["roles.choose_role"]
    for name in ("since", "until"):
        if day_in(giving.sent, name) is None:
            lacking[name] = WORDS["form.not_a_day"]
    if giving.confirmers and _chosen(giving, "confirmed_by", giving.confirmers) is None:
        lacking["confirmed_by"] = WORDS["roles.choose_confirmer"]
    return lacking


# --- In one case ------------------------------------------------------------------------------------------------------


def giving_in(made: Initiative, sent: QueryDict, day: datetime.date, by: str) -> Giving:
    """A role being given in a case: who confirms it is named beforehand, so that both sign the same text."""
    is_giver = any(_holds(made, by, role, day) for role in GIVERS)
    wanted = CONFIRMERS if is_giver else GIVERS
    fitting = {p.person for p in made.people if p.role in wanted and p.holds_on(day)} - {by}
    return Giving(sent, day, by, confirmers=tuple(each for each in people() if each.value in fitting))


def given_paper(giving: Giving) -> RoleGiven | None:
    """The paper by which a role is given in a case; None where it lacks what makes it one."""
    confirmer = _chosen(giving, "confirmed_by", giving.confirmers) or ""
    found = assignment_in(giving, confirmed_by=confirmer)
    return None if found is None else RoleGiven(found)


def ending_questions(made: Initiative, sent: QueryDict) -> tuple[Question, ...]:
    """What is asked of who ends a role in a case."""
    chosen = text_in(sent, "holding")
    return (
        Question(
            "holding",
            Kind.PICK,
            WORDS["sheet.holding"],
            None,
            frozenset({chosen}) if chosen else frozenset(),
            _holdings(made),
        ),
        Question("reason", Kind.TEXT, WORDS["sheet.reason"], WORDS["sheet.reason_help"], text_in(sent, "reason")),
    )


def unended(made: Initiative, sent: QueryDict) -> Mapping[str, Text]:
    """What is lacking before a role can end: which."""
    return {} if ended_paper(made, sent) else {"holding": WORDS["roles.choose_holding"]}


def ended_paper(made: Initiative, sent: QueryDict) -> RoleEnded | None:
    """The paper by which a role ends in a case; None where none of the case was chosen."""
    chosen = text_in(sent, "holding")
    if chosen not in {option.value for option in _holdings(made)}:
        return None
    person, _, role = chosen.rpartition(":")
    return RoleEnded(person, role, text_in(sent, "reason"))


def _holdings(made: Initiative) -> tuple[Option, ...]:
    known = {option.value: str(option.title) for option in people()}
    held = {(known.get(p.person, p.person), p.person, p.role) for p in made.people}
    return tuple(
        Option(f"{person}:{role.value}", f"{name}: {called(role).in_language(language())}")
        for name, person, role in sorted(held)
    )


def _holds(made: Initiative, person: str, role: Role, day: datetime.date) -> bool:
    return holding(made.people, Actor(person, role), day=day, scope=None) is not None


# --- Options ----------------------------------------------------------------------------------------------------------


def people() -> tuple[Option, ...]:
    """Everyone who can sign in, by name."""
    found = Person.objects.filter(is_active=True).order_by("name").values_list("username", "name")
    return tuple(Option(staff_id, name) for staff_id, name in found)


def _units() -> tuple[Option, ...]:
    return tuple(Option(unit.id, unit.name) for unit in settings.TOWN.units)


def _scopes() -> tuple[Option, ...]:
    return (*(Option(name, each.title) for name, each in sorted(registers().items())), *_units())


def _chosen(giving: Giving, name: str, options: Iterable[Option]) -> str | None:
    written = text_in(giving.sent, name)
    return written if written in {option.value for option in options} else None


def _pick(name: str, giving: Giving, options: tuple[Option, ...], otherwise: str = "") -> Question:
    chosen = giving.said(name, otherwise)
    return Question(
        name,
        Kind.PICK,
        WORDS[f"sheet.{name}"],
        WORDS.get(f"sheet.{name}_help"),
        frozenset({chosen}) if chosen else frozenset(),
        options,
        optional=name in _OPTIONAL,
    )


def _day(name: str, giving: Giving, otherwise: datetime.date) -> Question:
    label = WORDS[f"sheet.{name}"]
    return Question(name, Kind.DAY, label, WORDS.get(f"sheet.{name}_help"), giving.said(name, otherwise.isoformat()))
