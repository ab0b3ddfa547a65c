"""Numbers and dates are written as each language writes them."""

from __future__ import annotations

import pytest

from jalostamo.concepts.languages import Language
from jalostamo.concepts.numerals import date, number, with_decimal_mark


@pytest.mark.parametrize(
    ("language", "written"), [("fi", "1\u00a0234\u00a0567,5"), ("sv", "1\u00a0234\u00a0567,5"), ("en", "1,234,567.5")]
)
def test_thousands_and_decimals_follow_the_language(language: Language, written: str) -> None:
    assert number(1234567.5, language, places=1) == written


def test_a_negative_number_has_a_minus_sign_and_no_hyphen() -> None:
    assert number(-12, "fi") == "\u221212"


def test_what_rounds_to_nothing_is_not_negative() -> None:
    assert number(-0.04, "en", places=1) == "0.0"


def test_a_whole_number_is_written_to_its_last_figure() -> None:
    assert number(10**25 + 1, "en") == "10,000,000,000,000,000,000,000,001"


@pytest.mark.parametrize(("language", "written"), [("fi", "0,1 → <0,5"), ("sv", "0,1 → <0,5"), ("en", "0.1 → <0.5")])
def test_what_was_written_with_a_point_gets_the_mark_of_the_language(language: Language, written: str) -> None:
    assert with_decimal_mark("0.1 → <0.5", language) == written


@pytest.mark.parametrize(
    ("language", "written"), [("fi", "2.1.2010"), ("sv", "2.1.2010"), ("en", "2\u00a0Jan\u00a02010")]
)
def test_days_are_written_by_language(language: Language, written: str) -> None:
    assert date("2010-01-02", language) == written
