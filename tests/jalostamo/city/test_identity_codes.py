"""Residents' codes are valid, unique and artificial; a few pairs of them differ in the century sign alone."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_decisions, read_persons
from tests.jalostamo.city.conftest import Town

from jalostamo.city import Plan, generate
from jalostamo.city.days import BEFORE, NEVER
from jalostamo.city.identity_codes import Pairs, as_codes, as_letters, identity_codes, look_alikes
from jalostamo.city.people import NOBODY, People
from jalostamo.concepts.errors import Misused
from jalostamo.concepts.identifiers import CENTURY_SIGNS, PersonalIdentityCode, check_character

NO_PAIRS = Pairs(np.array([], dtype=np.int64), np.array([], dtype=np.int64))
PLAN = Plan(people=1_000, first_year=2010, last_year=2010, seed=3)


def people_born_on(days: np.ndarray, *, sex: int = 1) -> People:
    """Residents of whom nothing but the day of birth matters."""
    number = len(days)
    nobody, zero = np.full(number, NOBODY), np.zeros(number, dtype=np.int64)
    return People(
        came_in=np.full(number, PLAN.first_year),
        birth=days.astype("datetime64[D]").astype(np.int64),
        sex=np.full(number, sex),
        language=zero,
        country=zero,
        household=np.arange(number),
        family=np.arange(number),
        guardian_1=nobody,
        guardian_2=nobody,
        partner=nobody,
        adult=np.ones(number, dtype=np.bool_),
        founder=np.ones(number, dtype=np.bool_),
        came=np.full(number, BEFORE),
        left=np.full(number, NEVER),
        died=np.full(number, NEVER),
    )


@pytest.fixture(scope="module")
def persons(town: Town) -> pl.DataFrame:
    return read_persons(town.folder).unique("HETU", keep="first", maintain_order=True)


@pytest.fixture(scope="module")
def codes(persons: pl.DataFrame) -> list[PersonalIdentityCode]:
    return [PersonalIdentityCode(code) for code in persons["HETU"]]


def _without_sign(codes: list[PersonalIdentityCode]) -> dict[str, list[str]]:
    alike: dict[str, list[str]] = {}
    for code in codes:
        alike.setdefault(code.without_sign, []).append(code.text)
    return {key: texts for key, texts in alike.items() if len(texts) > 1}


def test_every_code_is_valid_and_artificial(codes: list[PersonalIdentityCode]) -> None:
    assert all(code.is_artificial for code in codes)


def test_no_two_persons_share_a_code(town: Town, codes: list[PersonalIdentityCode]) -> None:
    recorded = read_persons(town.folder)
    assert len({code.text for code in codes}) == len(codes) == recorded.height - 20


def test_a_code_tells_the_day_of_birth_and_the_sex(persons: pl.DataFrame, codes: list[PersonalIdentityCode]) -> None:
    told = [f"{code.birth_date:%d.%m.%Y}" for code in codes]
    assert persons["SYNTYMAPV"].to_list() == told
    assert persons["SUKUPUOLI"].to_list() == ["2" if int(code.text[7:10]) % 2 == 0 else "1" for code in codes]


def test_new_century_signs_are_rare_but_there(codes: list[PersonalIdentityCode]) -> None:
    signs = Counter(code.text[6] for code in codes)
    new = sum(number for sign, number in signs.items() if sign not in "+-A")
    assert 0.002 < new / len(codes) < 0.006


def test_all_thirteen_century_signs_can_come_up() -> None:
    days = np.concatenate(
        [np.arange(f"{year}-01-01", f"{year + 99}-12-31", dtype="datetime64[D]") for year in (1810, 1900, 2000)]
    )
    codes = identity_codes(PLAN, people_born_on(days), NO_PAIRS).codes
    assert {code[6] for code in codes.tolist()} == set(CENTURY_SIGNS)
    assert all(check_character(code[:6] + code[7:10]) == code[10] for code in codes.tolist())


def _born_on_one_day(number: int) -> list[str]:
    born = people_born_on(np.full(number, np.datetime64("1980-05-05")), sex=2)
    return identity_codes(PLAN, born, NO_PAIRS).codes.tolist()


def test_the_fifty_numbers_of_a_day_are_given_before_any_is_given_again() -> None:
    # Few get another code one day, and the former one is nobody else's: forty-eight and those fit in fifty.
    codes = [code for code in _born_on_one_day(48) if code.startswith("050580")]
    women = [int(code[7:10]) for code in codes if int(code[7:10]) % 2 == 0]
    assert len(women) == len(set(women)) > 45


def test_those_who_come_when_the_numbers_have_run_out_get_the_next_sign() -> None:
    codes = _born_on_one_day(120)
    assert len(set(codes)) == 120
    assert Counter(code[6] for code in codes).keys() >= {"-", "Y", "X"}
    alike = _without_sign([PersonalIdentityCode(code) for code in codes])
    assert {len(texts) for texts in alike.values()} == {2, 3}
    assert look_alikes(np.array(codes)) == sum(len(texts) * (len(texts) - 1) // 2 for texts in alike.values())


def test_a_day_has_three_hundred_codes_for_each_sex_and_no_more() -> None:
    assert len(set(_born_on_one_day(295))) == 295
    with pytest.raises(Misused, match="fewer --people"):
        _born_on_one_day(320)


def test_codes_survive_being_read_as_letters() -> None:
    codes = np.array(["010190-900P", "", "290200A900p"])
    assert as_codes(as_letters(codes)).tolist() == codes.tolist()


def test_one_pair_in_four_thousand_people_looks_alike(town: Town, codes: list[PersonalIdentityCode]) -> None:
    pairs = _without_sign(codes)
    assert len(pairs) == town.truth["counts"]["look_alike_pairs"] == 5
    assert all(len(pair) == 2 for pair in pairs.values())


def test_of_each_pair_the_child_is_a_client_and_the_elder_is_not(town: Town, codes: list[PersonalIdentityCode]) -> None:
    clients = set(read_decisions(town.folder)["asiakas_hetu"])
    for pair in _without_sign(codes).values():
        elder, child = sorted((PersonalIdentityCode(text) for text in pair), key=lambda code: code.birth_date)
        assert child.birth_date.replace(year=child.birth_date.year - 100) == elder.birth_date
        assert child.birth_date > datetime.date(2007, 12, 31)
        assert child.text in clients
        assert elder.text not in clients


def test_a_city_of_another_century_has_pairs_too(tmp_path: Path) -> None:
    plan = Plan(people=8_000, first_year=1980, last_year=1980, seed=2)
    truth = generate(tmp_path, plan, only=("population", "social_services"))
    assert truth["counts"]["look_alike_pairs"] == 2
    signs = {code[6] for code in read_persons(tmp_path)["HETU"]}
    assert "+" in signs
    assert "A" not in signs
