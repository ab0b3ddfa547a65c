"""A profile tells how a field is, and no value of it; what looks like a person's identifier is suspected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.managing.delivered import field, read, table

from jalostamo.concepts.registers import FieldType, Sensitivity
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.profiling import IDENTIFIER_PATTERNS, FieldProfile, profile_of, suspected_in

ARROW = {
    FieldType.TEXT: pa.string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.DECIMAL: pa.decimal128(18, 4),
    FieldType.BOOLEAN: pa.bool_(),
    FieldType.DATE: pa.date32(),
    FieldType.DATETIME: pa.timestamp("us", "UTC"),
    FieldType.CODE: pa.string(),
    FieldType.PERSONAL_IDENTITY_CODE: pa.string(),
    FieldType.BUSINESS_ID: pa.string(),
}
# Long and strange, so that none of them can stand in a profile by chance.
VALUES = st.one_of(st.none(), st.text("öäåéü", min_size=5, max_size=9))
NUMBERS = st.one_of(st.none(), st.integers(10**15, 10**17).map(lambda number: number // 10 * 10 + 7))
DAYS = st.one_of(
    st.none(), st.dates(date(1902, 3, 1), date(2098, 12, 31)).filter(lambda day: day.year % 5 not in {0, 4})
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def profiled(engine: Engine, type_: FieldType, values: Sequence[object], **more: object) -> FieldProfile:
    """The profile of one field of these values."""
    rows = engine.in_memory(pa.table({"value": pa.array(values, ARROW[type_])}))
    (profile,) = profile_of(engine, rows, table(field("value", type_, **more)))
    return profile


@pytest.mark.parametrize("type_", FieldType)
@pytest.mark.parametrize("missing", [0, 3])
def test_a_field_without_any_value_has_a_profile(type_: FieldType, missing: int, engine: Engine) -> None:
    profile = profiled(engine, type_, [None] * missing)
    assert (profile.records, profile.missing, profile.distinct) == (missing, missing, 0)
    assert (profile.range, profile.suspected) == (None, ())


def test_records_missing_and_distinct_values_are_counted(engine: Engine) -> None:
    profile = profiled(engine, FieldType.TEXT, ["a", "b", "b", None, "c", None])
    assert (profile.records, profile.missing, profile.distinct) == (6, 2, 3)


@pytest.mark.parametrize(
    ("distinct", "shown"), [(20, 20), (21, 21), (99, 99), (104, 100), (1234, 1200), (1250, 1200), (1251, 1300)]
)
def test_many_distinct_values_are_told_in_two_figures(distinct: int, shown: int, engine: Engine) -> None:
    assert profiled(engine, FieldType.INTEGER, range(distinct)).distinct == shown


def test_a_truth_value_is_counted_and_no_more(engine: Engine) -> None:
    profile = profiled(engine, FieldType.BOOLEAN, [True, False, None] * 10)
    assert (profile.missing, profile.distinct, profile.range, profile.suspected) == (10, 2, None, ())


@pytest.mark.parametrize(
    ("type_", "values", "shown"),
    [
        (FieldType.INTEGER, range(1, 1001), "10^2 to 10^3"),
        (FieldType.INTEGER, range(-50, 50), "-10^2 to 10^2"),
        (FieldType.INTEGER, [0] * 10, "0 to 0"),
        (FieldType.DECIMAL, [Decimal("0.25")] * 10, "10^0 to 10^0"),
        (FieldType.DATE, [date(1981, 1, 1) + timedelta(days=n) for n in range(4000)], "1980-1994"),
        (FieldType.INTEGER, range(9), None),
        (FieldType.DATE, [date(1981, 1, 1)] * 9 + [None], None),
        (FieldType.TEXT, ["a"] * 100, None),
    ],
)
def test_a_range_is_coarse_and_only_of_many(
    type_: FieldType, values: Sequence[object], shown: str | None, engine: Engine
) -> None:
    assert profiled(engine, type_, values).range == shown


def test_the_outermost_hundredths_are_not_in_the_range(engine: Engine) -> None:
    profile = profiled(engine, FieldType.INTEGER, [5] * 300 + [10**9])
    assert profile.range == "10^1 to 10^1"


@given(texts=st.lists(VALUES, max_size=30), numbers=st.lists(NUMBERS, max_size=30), days=st.lists(DAYS, max_size=30))
def test_no_value_stands_in_a_profile(
    texts: list[str | None], numbers: list[int | None], days: list[date | None], engine: Engine
) -> None:
    profiles = [
        profiled(engine, FieldType.TEXT, texts),
        profiled(engine, FieldType.INTEGER, numbers),
        profiled(engine, FieldType.DATE, days),
    ]
    shown = repr(profiles)
    for value in (*texts, *numbers, *days):
        assert value is None or str(value) not in shown
    # Of a day not even the year, unless it begins or ends five of them.
    assert not any(day is not None and str(day.year) in shown for day in days)


SUSPECT = {
    "personal_identity_code": [
        "010190-900P",
        "Asiakas 010190A900P soitti.",
        "010190-900p",
        "Code:010190Y900P",
        "(010190-900P)",
    ],
    "telephone": ["040 123 4567", "+358401234567", "Puh. 050-1234567", "0451234567"],
    "e_mail": ["maija@example.com", "Kirjoita m.m-m+x@example.co.fi!"],
    "bank_account": ["FI21 1234 5600 0007 85", "FI2112345600000785"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SUSPECT.items() for text in texts])
def test_an_identifier_in_an_unmarked_column_is_suspected(name: str, text: str, engine: Engine) -> None:
    profile = profiled(engine, FieldType.TEXT, ["hoito päättyi", None, text])
    assert profile.suspected == (name,)
    assert suspected_in((profile,)) == ("value",)
    assert text not in repr(profile)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31",
        "12345678901",
        "9010190-9001",
        "A1-900",
        "00100 Helsinki",
        "1040 123 45678",
        "a@b",
        "FI21 1234",
        "040-12",
    ],
)
def test_what_only_resembles_an_identifier_is_not_suspected(text: str, engine: Engine) -> None:
    assert profiled(engine, FieldType.TEXT, [text] * 3).suspected == ()


@pytest.mark.parametrize("code", ["040190-9005", "050490-900X", "Asiakas 040190A9005."])
def test_the_digits_of_a_code_are_no_telephone_number(code: str, engine: Engine) -> None:
    assert profiled(engine, FieldType.TEXT, [code] * 3).suspected == ("personal_identity_code",)
    both = profiled(engine, FieldType.TEXT, [code] * 3 + ["040 123 4567"])
    assert both.suspected == ("personal_identity_code", "telephone")


def test_a_code_and_a_number_in_one_text_are_both_suspected(engine: Engine) -> None:
    profile = profiled(engine, FieldType.TEXT, ["040190-9005, puh. 040 123 4567"])
    assert profile.suspected == ("personal_identity_code", "telephone")


def test_one_in_a_thousand_is_not_yet_a_suspicion(engine: Engine) -> None:
    texts = ["nothing"] * 1999
    assert profiled(engine, FieldType.TEXT, [*texts, *SUSPECT["e_mail"][:1] * 2]).suspected == ()
    assert profiled(engine, FieldType.TEXT, [*texts, *SUSPECT["e_mail"][:1] * 3]).suspected == ("e_mail",)


@pytest.mark.parametrize("differing", [10, 70_000])
def test_what_many_records_hold_is_suspected_as_what_few_do(differing: int, engine: Engine) -> None:
    # So many that texts are looked at by what differs, not by the record; with a code, whose digits are no telephone's.
    texts = [f"hoito päättyi {number % differing}" for number in range(70_000)]
    texts[::500] = [SUSPECT["e_mail"][0]] * 140
    texts[1::500] = ["040190-9005"] * 140
    profile = profiled(engine, FieldType.TEXT, [*texts, None])
    assert profile.suspected == ("personal_identity_code", "e_mail")
    assert (profile.records, profile.missing) == (70_001, 1)


def test_a_field_described_as_an_identifier_is_no_finding(engine: Engine) -> None:
    profile = profiled(engine, FieldType.TEXT, ["010190-900P"], sensitivity=Sensitivity.DIRECT_IDENTIFIER)
    assert profile.suspected == ("personal_identity_code",)
    assert suspected_in((profile,)) == ()


def test_every_pattern_is_tried(engine: Engine) -> None:
    assert set(SUSPECT) == set(IDENTIFIER_PATTERNS)
    everything = profiled(engine, FieldType.CODE, [texts[0] for texts in SUSPECT.values()])
    assert set(everything.suspected) == set(IDENTIFIER_PATTERNS)


def test_a_table_that_was_read_is_profiled_field_by_field(engine: Engine, tmp_path: Path) -> None:
    declared = table(
        field("id", FieldType.INTEGER), field("note"), field("at", FieldType.DATETIME), field("ok", FieldType.BOOLEAN)
    )
    reading = read(engine, declared, "id,note,at,ok\n1,maija@example.com,2024-01-01,true\n2,,,\n", tmp_path)
    profiles = profile_of(engine, reading.table, declared)
    assert [(p.field, p.missing) for p in profiles] == [("id", 0), ("note", 1), ("at", 1), ("ok", 1)]
    assert suspected_in(profiles) == ("note",)
