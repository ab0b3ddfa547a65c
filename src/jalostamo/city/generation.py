"""The making of the demonstration city: from a plan to the extracts of two registers and the truth about them.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jalostamo.city.days import last_of
from jalostamo.city.identity_codes import Pairs, aged, identity_codes, paired
from jalostamo.city.names import first_names, surnames
from jalostamo.city.pathways import followed
from jalostamo.city.people import Households, People
from jalostamo.city.plan import Plan
from jalostamo.city.population import populated
from jalostamo.city.recorded import recorded_codes, recorded_languages
from jalostamo.city.records import decision_records, doubled, in_order_of_decision, person_records
from jalostamo.city.registers import POPULATION, SOCIAL_SERVICES
from jalostamo.city.services import asked_for, first_notifications
from jalostamo.city.spells import Spells, together, within_residence
from jalostamo.city.truth import Truth, truth_of
from jalostamo.city.writing import place_for, write_register, write_truth


@dataclass(frozen=True, slots=True, repr=False)
class City:
    """A city is its people, where they live together, what its services recorded, and its look-alikes."""

    plan: Plan
    people: People
    households: Households
    spells: Spells
    pairs: Pairs


def generate(folder: Path, plan: Plan, *, force: bool = False) -> Truth:
    """Write the demonstration city of a plan into a folder, and return the truth about it.

    A folder that is not empty is refused, unless `force` replaces the city in it.
    """
    place_for(folder, force=force)
    return write(folder, founded(plan))


def founded(plan: Plan) -> City:
    """The city of a plan, with all its years."""
    people, households = populated(plan)
    begun = together([asked_for(plan, people), followed(plan, people, first_notifications(plan, people))])
    spells = in_order_of_decision(within_residence(begun, people, last_of(plan.last_year)))
    pairs = paired(plan, people, spells)
    return City(plan, aged(people, pairs), households, spells, pairs)


def write(folder: Path, city: City) -> Truth:
    """Write a city's registers and its truth file."""
    plan, people, households = city.plan, city.people, city.households
    codes = identity_codes(plan, people, city.pairs)
    names = surnames(plan, people, households), first_names(plan, people, households)
    twice = doubled(plan, people, city.pairs)
    persons = person_records(people, households, codes, names=names, twice=twice)
    decisions = decision_records(
        city.spells,
        households.district[people.household],
        codes=recorded_codes(plan, people, codes, pairs=city.pairs),
        languages=recorded_languages(plan, people),
        last_day=last_of(plan.last_year),
    )
    write_register(folder, POPULATION, persons, line_end="\r\n", marked=False)
    write_register(folder, SOCIAL_SERVICES, decisions, line_end="\n", marked=True)
    truth = truth_of(plan, people, city.pairs, twice=twice, written=(persons, decisions))
    write_truth(folder, truth)
    return truth
