"""The services record most clients rightly; a deficient code is never another resident's."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.jalostamo.city.conftest import Town as Written
from tests.jalostamo.city.test_identity_codes import NO_PAIRS, PLAN, people_born_on

from jalostamo.city.generation import founded
from jalostamo.city.identity_codes import Pairs, identity_codes
from jalostamo.city.recorded import recorded_codes, recorded_languages
from jalostamo.city.town import Town
from jalostamo.city.vocabularies import RECORDED_LANGUAGE
from jalostamo.concepts.identifiers import IdentityFault, fault_in


@pytest.fixture(scope="module")
def city(town: Written) -> Town:
    return founded(town.plan)


@pytest.fixture(scope="module")
def codes(city: Town) -> tuple[list[str], list[str]]:
    """Everyone's own code, and the one that the services would record."""
    own = city.codes
    return own.tolist(), recorded_codes(city.plan, city.people, own, pairs=city.pairs).tolist()


def test_three_in_a_hundred_codes_are_deficient_a_third_of_each_kind(codes: tuple[list[str], list[str]]) -> None:
    own, recorded = codes
    kinds = Counter(
        "check" if fault is IdentityFault.CHECK_CHARACTER else "sign" if fault is None else "mixed"
        for mine, theirs in zip(own, recorded, strict=True)
        for fault in [fault_in(theirs)]
        if mine != theirs
    )
    assert kinds.keys() == {"check", "sign", "mixed"}
    assert all(number / len(own) == pytest.approx(0.01, abs=0.0025) for number in kinds.values())


def test_no_deficient_code_is_another_residents(codes: tuple[list[str], list[str]]) -> None:
    own, recorded = codes
    deficient = {theirs for mine, theirs in zip(own, recorded, strict=True) if mine != theirs}
    assert len(deficient) > 500
    assert not deficient & set(own)


def test_the_mixed_codes_are_missing_or_wrong_in_form_or_date(codes: tuple[list[str], list[str]]) -> None:
    own, recorded = codes
    faults = Counter(fault_in(theirs) for mine, theirs in zip(own, recorded, strict=True) if mine != theirs)
    assert all(faults[fault] > 10 for fault in IdentityFault)
    assert any(
        theirs.isascii() and theirs.upper() == mine != theirs for mine, theirs in zip(own, recorded, strict=True)
    )


def test_a_wrong_sign_leaves_a_valid_code_that_looks_alike(codes: tuple[list[str], list[str]]) -> None:
    own, recorded = codes
    for mine, theirs in zip(own, recorded, strict=True):
        if mine != theirs and fault_in(theirs) is None:
            assert mine[:6] + mine[7:] == theirs[:6] + theirs[7:]


def test_a_leap_day_that_1900_lacked_gets_a_sign_of_its_own_century() -> None:
    people = people_born_on(np.full(3_000, np.datetime64("2000-02-29")))
    own = np.full(3_000, identity_codes(PLAN, people_born_on(np.array(["2000-02-29"])), NO_PAIRS).codes[0])
    recorded = recorded_codes(PLAN, people, own, pairs=NO_PAIRS).tolist()
    signs = Counter(code[6] for code in recorded if fault_in(code) is None)
    assert signs.keys() == {"A", "B"}


def test_the_children_of_look_alike_pairs_are_recorded_rightly(city: Town) -> None:
    own = city.codes
    everyone = np.arange(len(own))
    recorded = recorded_codes(city.plan, city.people, own, pairs=Pairs(children=everyone, elders=everyone))
    assert recorded.tolist() == own.tolist()


def test_the_contact_language_is_the_native_group_with_some_wrongly_finnish(city: Town) -> None:
    recorded = np.array(RECORDED_LANGUAGE.allowed)[recorded_languages(city.plan, city.people)]
    foreign, swedish = city.people.foreign, city.people.language == 1
    assert set(recorded[swedish]) == {"SV"}
    assert set(recorded[~foreign & ~swedish]) == {"FI"}
    assert (recorded[foreign] == "FI").mean() == pytest.approx(0.04, abs=0.01)
    assert set(recorded[foreign]) == {"FI", "MUU"}
