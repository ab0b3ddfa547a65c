"""The records of the social services' register: one for each decision, in the order of decision.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from jalostamo.city.days import NEVER, last_of
from jalostamo.city.delivering import delivered
from jalostamo.city.frames import coded, dates, numbered_by_year
from jalostamo.city.identity_codes import look_alikes
from jalostamo.city.recorded import recorded_languages
from jalostamo.city.social_services.contacts import Contacts
from jalostamo.city.social_services.description import SOCIAL_SERVICES
from jalostamo.city.social_services.matching import matched
from jalostamo.city.social_services.notifications import notifications
from jalostamo.city.social_services.planted_truth import children_counted, planted_truth
from jalostamo.city.social_services.units import units
from jalostamo.city.spells import Spells
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.city.vocabularies import RECORDED_LANGUAGE, SERVICE, UNIT


def deliver_social_services(folder: Path, town: Town, decided: Spells) -> Truth:
    """Write the social services' register, and return its part of the truth."""
    records, contacted = decisions(town, decided), Contacts(town, decided)
    with delivered(folder, SOCIAL_SERVICES, marked=True) as tables:
        tables["decisions"].append(records)
        for year in town.plan.years:
            tables["contacts"].append(contacted.made_in(year))
        tables["notifications"].append(notifications(town, decided))
    events = dict(records["service"].value_counts().iter_rows())
    return {
        "planted": planted_truth(town, decided),
        "match": {"social_services": matched(records, town)},
        "counts": children_counted(town)
        | {
            "events": {service: events.get(service, 0) for service in SERVICE.allowed},
            "look_alike_pairs": look_alikes(town.codes),
        },
        "suffers": {SOCIAL_SERVICES.name: {"contacts": contacted.suffers()}},
        "registers": {SOCIAL_SERVICES.name: {name: table.records for name, table in tables.items()}},
    }


def decisions(town: Town, decided: Spells) -> pl.DataFrame:
    """One record for each spell."""
    last_day = last_of(town.plan.last_year)
    return pl.DataFrame(
        {
            "decision_number": numbered_by_year(decided.start),
            "client_code": town.recorded_by("").at(decided.person, decided.start),
            "service": coded(SERVICE, decided.service),
            "start": dates(decided.start),
            "end": dates(np.where(decided.end > last_day, NEVER, decided.end)),
            "recorded_language": coded(RECORDED_LANGUAGE, recorded_languages(town.plan, town.people)[decided.person]),
            "unit": coded(UNIT, units(town, decided.person, decided.start, decided.service)),
        }
    )
