"""What a right comparison of the recorded client codes with the residents' codes finds.

Handbook 2.2 (combining by personal number).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.city.vocabularies import RECORDED_LANGUAGE
from jalostamo.concepts.identifiers import IdentityFault, fault_in


def matched(decisions: pl.DataFrame, town: Town) -> Truth:
    """The recorded codes by what they are: residents' present ones, former ones, nobody's, or no codes at all."""
    recorded = decisions["client_code"]
    residents, former = set(town.codes.tolist()), set(town.former.tolist())
    distinct = recorded.drop_nulls().unique().to_list()
    fault = {code: fault_in(code) for code in distinct}
    faults = Counter(fault.values())
    unmatched = [code for code in distinct if fault[code] is None and code not in residents]
    beside_sign = {_without_sign(code) for code in residents}
    kinds = (IdentityFault.FORM, IdentityFault.DATE, IdentityFault.CHECK_CHARACTER)
    return {
        "records": len(recorded),
        "records_without_code": recorded.null_count(),
        "codes": len(distinct),
        "valid": faults[None],
        "invalid": {kind.value: faults[kind] for kind in kinds},
        "matched": len(residents.intersection(distinct)),
        "unmatched": len(unmatched),
        "former": len(former.intersection(unmatched)),
        "look_alikes": sum(_without_sign(code) in beside_sign for code in unmatched),
        "by_recorded_language": {
            language: _counted(
                decisions.filter(pl.col("recorded_language") == language)["client_code"], residents, former - residents
            )
            for language in RECORDED_LANGUAGE.allowed
        },
    }


def _counted(recorded: Iterable[str | None], residents: set[str], former: set[str]) -> dict[str, int]:
    codes = {code for code in recorded if code}
    return {"codes": len(codes), "matched": len(codes & residents), "former": len(codes & former)}


def _without_sign(code: str) -> str:
    return code[:6] + code[7:]
