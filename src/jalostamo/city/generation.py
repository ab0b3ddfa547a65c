"""The making of the demonstration city: from a plan to the extracts of its registers and the truth about them.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from jalostamo.city.background import BACKGROUND, deliver_background
from jalostamo.city.businesses import deliver_businesses
from jalostamo.city.costs import deliver_costs
from jalostamo.city.decisions import decided
from jalostamo.city.early_education import deliver_early_education
from jalostamo.city.environment import deliver_environment
from jalostamo.city.exclusions import deliver_exclusions
from jalostamo.city.exposures import Who
from jalostamo.city.factors import Candidates, multiplier_of, truth_of_factors
from jalostamo.city.feedback import deliver_feedback
from jalostamo.city.founding import founded
from jalostamo.city.health import deliver_health
from jalostamo.city.library import deliver_library
from jalostamo.city.museum import deliver_museum
from jalostamo.city.place import place_for
from jalostamo.city.plan import Plan
from jalostamo.city.population import deliver_population
from jalostamo.city.schools import deliver_schools
from jalostamo.city.social_services import deliver_social_services
from jalostamo.city.spells import Spells
from jalostamo.city.sports import deliver_sports
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth, truth_of, write_truth

__all__ = ["REGISTERS", "City", "founded", "generate", "write"]


# No slots: what is worked out once is kept beside the fields.
@dataclass(frozen=True, repr=False)
class City:
    """A city is its town and what several registers tell of it; each part is made when a register first asks."""

    town: Town

    @cached_property
    def decisions(self) -> Spells:
        """What the children's services decided."""
        return decided(self.town, multiplier_of(self.town))


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery is how one register of a city is written into a folder, which gives its part of the truth."""

    name: str
    deliver: Callable[[Path, City], Truth]


REGISTERS: Final = (
    Delivery("population", lambda folder, city: deliver_population(folder, city.town)),
    Delivery("social_services", lambda folder, city: deliver_social_services(folder, city.town, city.decisions)),
    Delivery("early_education", lambda folder, city: deliver_early_education(folder, city.town)),
    Delivery("schools", lambda folder, city: deliver_schools(folder, city.town)),
    Delivery("health", lambda folder, city: deliver_health(folder, city.town)),
    Delivery("library", lambda folder, city: deliver_library(folder, city.town)),
    Delivery("museum", lambda folder, city: deliver_museum(folder, city.town)),
    Delivery("sports", lambda folder, city: deliver_sports(folder, city.town)),
    Delivery("feedback", lambda folder, city: deliver_feedback(folder, city.town)),
    Delivery("costs", lambda folder, city: deliver_costs(folder, city.town, city.decisions)),
    Delivery("environment", lambda folder, city: deliver_environment(folder, city.town)),
    Delivery("background", lambda folder, city: deliver_background(folder, city.town)),
    Delivery("businesses", lambda folder, city: deliver_businesses(folder, city.town)),
    Delivery("exclusions", lambda folder, city: deliver_exclusions(folder, city.town)),
)
"""Every register of the city, in the order in which they are written."""

_OF_GUARDIANS: Final = tuple(
    Candidates(Who.GUARDIAN, BACKGROUND.name, "yearly", told.name, told.allowed) for told in BACKGROUND.code_lists
)
"""What the living conditions of guardians add to the candidate factors: none of it is a real one."""


def generate(folder: Path, plan: Plan, *, force: bool = False, only: Collection[str] = ()) -> Truth:
    """Write the demonstration city of a plan into a folder, and return the truth about it.

    A folder that is not empty is refused, unless `force` replaces the city in it; `only` names the registers to write,
    none of them means all.
    """
    place_for(folder, force=force)
    return write(folder, founded(plan), only=only)


def write(
    folder: Path, town: Town, *, only: Collection[str] = (), tell: Callable[[str], None] = lambda name: None
) -> Truth:
    """Write a town's registers and its truth file; `tell` hears the name of each register before it is written."""
    city, parts = City(town), []
    for register in REGISTERS:
        if not only or register.name in only:
            tell(register.name)
            parts.append(register.deliver(folder, city))
    if not only:
        # The candidate factors stand in many registers: some of them alone tell nothing.
        parts.append(truth_of_factors(town, city.decisions, _OF_GUARDIANS))
    truth = truth_of(town.plan, parts)
    write_truth(folder, truth)
    return truth
