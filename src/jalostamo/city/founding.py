"""The founding of a town: its people and their years, what families ask for, the look-alikes, codes and names.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from jalostamo.city.days import last_of
from jalostamo.city.identity_codes import aged, identity_codes, paired
from jalostamo.city.names import first_names, surnames
from jalostamo.city.plan import Plan
from jalostamo.city.services import asked_for
from jalostamo.city.spells import within_residence
from jalostamo.city.spoken import spoken
from jalostamo.city.town import Town
from jalostamo.city.years import populated


def founded(plan: Plan) -> Town:
    """The town of a plan, with all its years."""
    people, households, addresses = populated(plan)
    asked = asked_for(plan, people)
    pairs = paired(plan, people, within_residence(asked, people, last_of(plan.last_year)))
    people = aged(people, pairs)
    coded = identity_codes(plan, people, pairs)
    return Town(
        plan=plan,
        people=people,
        households=households,
        addresses=addresses,
        pairs=pairs,
        codes=coded.codes,
        former=coded.former,
        changed=coded.changed,
        surnames=surnames(plan, people, households),
        first_names=first_names(plan, people, households),
        asked=asked,
        told=coded.told,
        spoken=spoken(plan, people),
    )
