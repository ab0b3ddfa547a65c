"""The truth file: what was planted in the town, and what a right reading of its registers finds.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from jalostamo.city import planted
from jalostamo.city.days import Whole
from jalostamo.city.identity_codes import Pairs
from jalostamo.city.people import People
from jalostamo.city.plan import Plan
from jalostamo.city.records import Columns, Doubled
from jalostamo.city.services import children_of
from jalostamo.city.truth_texts import DOCUMENTATION, SENTENCES
from jalostamo.city.vocabularies import DOMESTIC_LANGUAGES, RECORDED_LANGUAGE, SERVICE
from jalostamo.concepts.identifiers import IdentityFault, fault_in

type Truth = dict[str, object]

_GROUPS = ("domestic", "foreign")


def truth_of(plan: Plan, people: People, pairs: Pairs, *, twice: Doubled, written: tuple[Columns, Columns]) -> Truth:
    """The truth file of a town whose records are those `written`: persons and decisions."""
    persons, decisions = written
    residents = set(persons["identity_code"])
    population = {
        "records": len(persons["identity_code"]),
        "codes": len(residents),
        "exact_duplicates": len(twice.exactly),
        "conflicting": len(twice.conflicting),
    }
    return {
        "marking": "synthetic",
        "people": plan.people,
        "from": plan.first_year,
        "to": plan.last_year,
        "seed": plan.seed,
        "planted": _planted(),
        "match": {"population": population, "social_services": _matched(decisions, residents)},
        "counts": _counts(plan, people, decisions) | {"look_alike_pairs": len(pairs)},
        "documentation": DOCUMENTATION,
    }


def _planted() -> Truth:
    without_placement = [1 - share for share in planted.PLACEMENT_AFTER_LIGHTER]
    values = {
        "reach_ratio": ("ratio", planted.LIGHTER.foreign),
        "result_difference": ("difference", without_placement[1] - without_placement[0]),
        "volume_ratio_HS": ("ratio", planted.HOME_SERVICE.foreign),
        "volume_ratio_FC": ("ratio", planted.FAMILY_COUNSELLING.foreign),
        "step_difference_ASM_EMP": ("difference", planted.EMERGENCY[1] - planted.EMERGENCY[0]),
    }
    domestic, foreign = _GROUPS
    return {
        name: {
            "value": round(value, 6),
            "scale": scale,
            "group": foreign,
            "reference": domestic,
            "sentence": SENTENCES[name],
        }
        for name, (scale, value) in values.items()
    }


def _matched(decisions: Columns, residents: set[str]) -> Truth:
    recorded = decisions["client_code"]
    distinct = sorted(set(recorded) - {""})
    fault = {code: fault_in(code) for code in distinct}
    faults = Counter(fault.values())
    unmatched = [code for code in distinct if fault[code] is None and code not in residents]
    beside_sign = {_without_sign(code) for code in residents}
    kinds = (IdentityFault.FORM, IdentityFault.DATE, IdentityFault.CHECK_CHARACTER)
    by_language = {language: _matched_in(decisions, residents, language) for language in RECORDED_LANGUAGE.allowed}
    return {
        "records": len(recorded),
        "records_without_code": recorded.count(""),
        "codes": len(distinct),
        "valid": faults[None],
        "invalid": {kind.value: faults[kind] for kind in kinds},
        "matched": len(residents.intersection(distinct)),
        "unmatched": len(unmatched),
        "look_alikes": sum(_without_sign(code) in beside_sign for code in unmatched),
        "by_recorded_language": by_language,
    }


def _matched_in(decisions: Columns, residents: set[str], language: str) -> dict[str, int]:
    recorded = zip(decisions["client_code"], decisions["recorded_language"], strict=True)
    codes = {code for code, spoken in recorded if spoken == language and code}
    return {"codes": len(codes), "matched": len(codes & residents)}


def _without_sign(code: str) -> str:
    return code[:6] + code[7:]


def _counts(plan: Plan, people: People, decisions: Columns) -> Truth:
    events = Counter(decisions["service"])
    ever = np.unique(np.concatenate([children_of(people, year).place for year in plan.years]))
    return {
        "children": _by_group(people.language[ever]),
        "children_by_year": {str(year): _children_in(people, year) for year in plan.years},
        "events": {service: events[service] for service in SERVICE.allowed},
    }


def _children_in(people: People, year: int) -> dict[str, dict[str, int]]:
    children = children_of(people, year)
    languages = people.language[children.place]
    return {band: _by_group(languages[children.band == place]) for place, band in enumerate(planted.BANDS)}


def _by_group(languages: Whole) -> dict[str, int]:
    foreign = int(np.count_nonzero(languages >= DOMESTIC_LANGUAGES))
    return dict(zip(_GROUPS, (len(languages) - foreign, foreign), strict=True))
