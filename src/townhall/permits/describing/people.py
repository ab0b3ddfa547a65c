"""Whom and which units a description may name: those who have a part in the case, and the municipality's own units.

Handbook 2.6, phase 1; 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils import timezone

from jalostamo.concepts.roles import Role
from jalostamo.permits.descriptions import Description
from jalostamo.permits.initiative import Initiative
from townhall.pages.asking import Option
from townhall.permits.describing.entries import Known
from townhall.permits.showing import READERS
from townhall.permits.views import names

_RETRIEVERS: Final = frozenset({Role.SYSTEMS_EXPERT, Role.ANONYMISATION_EXPERT})


def known_in(made: Initiative, description: Description) -> Known:
    """Everyone and every unit that may be chosen in a case, and whom the description names already."""
    called = names()
    day = made.local_day(timezone.now())
    held = [(given.person, given.role) for given in made.people if given.role not in READERS and given.holds_on(day)]
    named = [description.need_owner, description.commissioned_by]
    return {
        "people": _options((*(person for person, _ in held), *named), called),
        "analysts": _options((*(p for p, role in held if role is Role.ANALYST), description.analyst), called),
        "retrievers": _options(
            (*(p for p, role in held if role in _RETRIEVERS), *description.data_retrieved_by), called
        ),
        "units": _with_named(
            tuple(Option(unit.id, unit.name) for unit in settings.TOWN.units), description.commissioning_unit
        ),
        "organisations": tuple(Option(each.id, each.name) for each in settings.TOWN.organisations),
    }


def _options(people: Iterable[str | None], called: dict[str, str]) -> tuple[Option, ...]:
    found = {person: called.get(person, person) for person in people if person}
    return tuple(Option(person, name) for person, name in sorted(found.items(), key=lambda pair: pair[1]))


def _with_named(options: tuple[Option, ...], value: str | None) -> tuple[Option, ...]:
    return options if not value or value in {each.value for each in options} else (*options, Option(value, value))
