"""Whatever a builder makes is a hierarchy: it nests, names every value given, ends in "*", and outlives being written."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.managing.hierarchies import (
    STEPS,
    TOP,
    Hierarchy,
    Intervals,
    by_code_list,
    by_date,
    by_interval,
    by_order,
    by_prefix,
    in_order,
    read_hierarchy,
    whole_numbers,
    with_missing,
    write_hierarchy,
)

type ReadAgain = Callable[[Hierarchy], Hierarchy]

NAME = "made.csv"
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
whole = st.integers(-200, 200).map(str)
decimals = st.decimals(-200, 200, places=2).map(str)
numbers = st.lists(st.one_of(whole, decimals), min_size=1, max_size=12, unique=True)
factors = st.lists(st.integers(2, 4), max_size=3)


def multiples(first: int, more: Sequence[int]) -> list[int]:
    """Numbers of which each is a multiple of the one before."""
    found = [first]
    for factor in more:
        found.append(found[-1] * factor)
    return found


def rows_of(hierarchy: Hierarchy) -> dict[str, list[str]]:
    """What each value is called, from level 1 up."""
    return {value: [level[value] for level in hierarchy.levels[1:]] for value in hierarchy.levels[0]}


def is_sound(hierarchy: Hierarchy, values: Sequence[str]) -> bool:
    """Whether it names these values and no other, ends in the top, and nests, said over all pairs."""
    rows = rows_of(hierarchy)
    pairs = [(one, other) for one in rows.values() for other in rows.values()]
    nests = all(
        one[n] != other[n] or one[n + 1] == other[n + 1]
        for one, other in pairs
        for n in range(len(hierarchy.levels) - 2)
    )
    named = list(hierarchy.levels[0].items()) == [(value, value) for value in values]
    return named and nests and {row[-1] for row in rows.values()} == {TOP}


@pytest.fixture(scope="module")
def read_again(tmp_path_factory: pytest.TempPathFactory) -> ReadAgain:
    """Give what is read of a file to which a hierarchy was written."""
    path = tmp_path_factory.mktemp("written") / NAME

    def read(hierarchy: Hierarchy) -> Hierarchy:
        write_hierarchy(hierarchy, path, force=True)
        return read_hierarchy(path)

    return read


ends = st.one_of(st.none(), st.integers(-150, 150))


@given(values=numbers, width=st.integers(1, 10), more=factors, start=st.integers(-7, 7), bottom=ends, top=ends)
def test_intervals_are_a_hierarchy(
    values: list[str],
    width: int,
    more: list[int],
    start: int,
    bottom: int | None,
    top: int | None,
    read_again: ReadAgain,
) -> None:
    assume(bottom is None or top is None or bottom < top)
    widths = tuple(map(str, multiples(width, more)))
    told = [None if end is None else str(end) for end in (bottom, top)]
    made = by_interval(NAME, values, Intervals(widths, str(start), *told))
    assert is_sound(made, values)
    assert read_again(made) == made


@given(values=numbers, width=st.integers(1, 10), bottom=ends, top=ends)
def test_numbers_are_alike_where_no_end_of_a_class_is_between_them(
    values: list[str], width: int, bottom: int | None, top: int | None
) -> None:
    assume(bottom is None or top is None or bottom < top)
    told = [None if end is None else str(end) for end in (bottom, top)]
    called = by_interval(NAME, values, Intervals((str(width),), "0", *told)).at(1)
    bounds = {end for end in range(-300 * width, 300 * width, width)} | {
        end for end in (bottom, top) if end is not None
    }
    bounds = {end for end in bounds if (bottom is None or end >= bottom) and (top is None or end <= top)}
    for one, other in pairwise(in_order(values)):
        parted = any(float(one) < end <= float(other) for end in bounds)
        assert (called[one] != called[other]) is parted


@given(values=st.lists(texts, min_size=1, max_size=12, unique=True), size=st.integers(2, 4), more=factors)
def test_groups_are_a_hierarchy(values: list[str], size: int, more: list[int], read_again: ReadAgain) -> None:
    try:
        made = by_order(NAME, values, multiples(size, more))
    except Unfit as refused:
        assert refused.reason == "hierarchy_names"
        return
    assert is_sound(made, values)
    assert made.classes[1] == -(-len(values) // size)
    assert read_again(made) == made


moments = st.one_of(st.dates().map(datetime.date.isoformat), st.datetimes().map(lambda moment: moment.isoformat(" ")))


@given(values=st.lists(moments, min_size=1, max_size=12, unique=True), steps=st.sets(st.sampled_from(STEPS)))
def test_days_are_a_hierarchy(values: list[str], steps: set[str], read_again: ReadAgain) -> None:
    made = by_date(NAME, values, [step for step in STEPS if step in steps])
    assert is_sound(made, values)
    assert read_again(made) == made


@given(values=st.lists(texts, min_size=1, max_size=12, unique=True), keep=st.sets(st.integers(1, 7), max_size=4))
def test_prefixes_are_a_hierarchy(values: list[str], keep: set[int], read_again: ReadAgain) -> None:
    assume(not any("x" in value for value in values))
    made = by_prefix(NAME, values, sorted(keep, reverse=True))
    assert is_sound(made, values)
    assert read_again(made) == made


@given(parents=st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["", *"abcdefghij"]), min_size=1))
def test_a_code_list_is_a_hierarchy_unless_it_leads_back(parents: dict[str, str], read_again: ReadAgain) -> None:
    made = None
    try:
        made = by_code_list(NAME, parents)
    except Unfit as refused:
        assert refused.reason == "hierarchy_circle"
    assert (made is None) is any(leads_back(code, parents) for code in parents)
    if made is not None:
        assert is_sound(made, list(parents))
        assert read_again(made) == made


def leads_back(code: str, parents: dict[str, str]) -> bool:
    """Whether nobody who walks up from a code ever arrives; a code that is its own parent is a root."""
    for _ in parents:
        above = parents.get(code, "")
        if above in {"", code}:
            return False
        code = above
    return parents.get(code, "") not in {"", code}


@given(values=numbers)
def test_the_missing_value_is_a_class_of_its_own_below_the_top(values: list[str], read_again: ReadAgain) -> None:
    made = with_missing(by_interval(NAME, values, Intervals(("10", "20"))), "unknown")
    assert is_sound(made, [*values, ""])
    assert rows_of(made)[""] == ["unknown", "unknown", TOP]
    assert read_again(made) == made


@pytest.mark.parametrize("word", ["", TOP, "20-29", "25"])
def test_a_word_for_the_missing_value_that_is_taken_is_refused(word: str) -> None:
    with pytest.raises(Misused, match="give another"):
        with_missing(by_interval(NAME, ["25"], Intervals(("10",))), word)


def test_intervals_are_called_as_people_call_them() -> None:
    ages = by_interval(NAME, ["7", "18", "21", "34", "89", "90"], Intervals(("5", "10"), bottom="18", top="90"))
    assert rows_of(ages) == {
        "7": ["under 18", "under 18", TOP],
        "18": ["18-19", "18-19", TOP],
        "21": ["20-24", "20-29", TOP],
        "34": ["30-34", "30-39", TOP],
        "89": ["85-89", "80-89", TOP],
        "90": ["90 or over", "90 or over", TOP],
    }


def test_an_interval_ends_where_the_class_above_begins_and_begins_where_it_is_said() -> None:
    assert rows_of(by_interval(NAME, ["91"], Intervals(("5",), top="93")))["91"] == ["90-92", TOP]
    assert rows_of(by_interval(NAME, ["91"], Intervals(("5",), start="2")))["91"] == ["87-91", TOP]


def test_what_is_not_whole_is_told_with_an_open_end() -> None:
    hours = by_interval(NAME, ["0,25", "7,5", "-1"], Intervals(("0,5", "5"), mark=","))
    assert rows_of(hours) == {
        "0,25": ["0 to under 0,5", "0 to under 5", TOP],
        "7,5": ["7,5 to under 8", "5 to under 10", TOP],
        "-1": ["-1 to under -0,5", "-5 to under 0", TOP],
    }


def test_below_nought_an_interval_is_told_in_words() -> None:
    assert rows_of(by_interval(NAME, ["-3", "4.0"], Intervals(("1", "5")))) == {
        "-3": ["-3", "-5 to -1", TOP],
        "4.0": ["4", "0-4", TOP],
    }


def test_a_day_becomes_its_month_quarter_year_and_five_years() -> None:
    made = by_date(NAME, ["2015-11-23", "2016-01-01"])
    assert rows_of(made)["2015-11-23"] == ["2015-11", "2015-Q4", "2015", "2015-2019", TOP]
    assert rows_of(made)["2016-01-01"] == ["2016-01", "2016-Q1", "2016", "2015-2019", TOP]


def test_a_time_becomes_its_day_first() -> None:
    assert rows_of(by_date(NAME, ["2015-11-23T23:59+02:00"])) == {
        "2015-11-23T23:59+02:00": ["2015-11-23", "2015-11", "2015-Q4", "2015", "2015-2019", TOP]
    }
    assert rows_of(by_date(NAME, ["23.11.2015"], ["10-years"], form="%d.%m.%Y")) == {"23.11.2015": ["2010-2019", TOP]}


def test_a_postcode_is_masked_from_its_end() -> None:
    assert rows_of(by_prefix(NAME, ["02100", "021"], [4, 3])) == {
        "02100": ["0210x", "021xx", TOP],
        "021": ["021xx", "021xx", TOP],
    }
    assert rows_of(by_prefix(NAME, ["F32"], mask="."))["F32"] == ["F3.", "F..", TOP]


def test_neighbours_are_called_by_the_first_and_the_last() -> None:
    made = by_order(NAME, ["low", "middle", "high", "top", "rest"], [2, 4])
    assert [row[:2] for row in rows_of(made).values()] == [
        ["low-middle", "low-top"],
        ["low-middle", "low-top"],
        ["high-top", "low-top"],
        ["high-top", "low-top"],
        ["rest", "rest"],
    ]


def test_groups_that_would_be_called_alike_are_told_apart() -> None:
    assert rows_of(by_order(NAME, ["a", "b-c", "a-b", "c"], [2]))["a"] == ["a to b-c", TOP]


def test_codes_that_are_as_near_to_the_root_stand_at_one_level() -> None:
    made = by_code_list(NAME, {"F32.1": "F32", "F32": "F3", "F3": "F", "Z": ""})
    assert rows_of(made) == {
        "F32.1": ["F32", "F3", "F", TOP],
        "F32": ["F32", "F3", "F", TOP],
        "F3": ["F3", "F3", "F", TOP],
        "Z": ["Z", "Z", "Z", TOP],
    }


def test_numbers_stand_by_their_size_and_texts_by_themselves() -> None:
    assert in_order(["10", "9", "-1"]) == ["-1", "9", "10"]
    assert in_order(["10", "9", "x"]) == ["10", "9", "x"]
    assert whole_numbers("-1", "1") == ["-1", "0", "1"]


SECRET = "010190-900A"
UNFIT = {
    "a text among numbers": (lambda: by_interval(NAME, ["1", SECRET], Intervals(("5",))), "hierarchy_number", "1 of 2"),
    "another decimal mark": (lambda: by_interval(NAME, ["1,5"], Intervals(("5",))), "hierarchy_number", "1 of 1"),
    "a code as a number": (lambda: by_interval(NAME, ["1" * 19], Intervals(("5",))), "hierarchy_number", "1 of 1"),
    "a text among days": (lambda: by_date(NAME, ["2020-01-01", SECRET]), "hierarchy_day", "1 of 2"),
    "a day of another form": (lambda: by_date(NAME, ["2020-01-01"], form="%d.%m.%Y"), "hierarchy_day", "1 of 1"),
    "a day that is none": (lambda: by_date(NAME, ["2021-02-29"]), "hierarchy_day", "1 of 1"),
    "a value that holds the mask": (lambda: by_prefix(NAME, ["0x1"]), "hierarchy_masked", "1 values"),
    "no value": (lambda: by_prefix(NAME, []), "hierarchy_empty", "no value"),
    "no code": (lambda: by_code_list(NAME, {}), "hierarchy_empty", "no value"),
    "a value twice": (lambda: by_prefix(NAME, ["a", "b", "a"]), "hierarchy_doubled", "line 3"),
    "names that meet": (
        lambda: by_order(
            NAME, ["a", "b-c", "a-b", "c", "a", "b to c", "a to b", "c", "a", "b ... c", "a ... b", "c"], [2]
        ),
        "hierarchy_names",
        "would be called as others",
    ),
    "too many levels": (lambda: by_prefix(NAME, ["1" * 17]), "hierarchy_deep", "18 levels"),
    "too many parents": (
        lambda: by_code_list(NAME, {str(n): str(n + 1) for n in range(40)}),
        "hierarchy_deep",
        "16 or more above them",
    ),
    "parents in a circle": (
        lambda: by_code_list(NAME, {"x": "", SECRET: "b", "b": SECRET, "c": "b"}),
        "hierarchy_circle",
        "3 codes .* code 2 of the list",
    ),
    "a code that is the top": (lambda: by_code_list(NAME, {TOP: ""}), "hierarchy_top", "stands for all"),
}


@pytest.mark.parametrize("fault", UNFIT)
def test_values_that_do_not_fit_are_counted_and_not_told(fault: str) -> None:
    build, reason, told = UNFIT[fault]
    with pytest.raises(Unfit, match=told) as refused:
        build()
    assert refused.value.reason == reason
    assert SECRET not in str(refused.value)


MISUSED = {
    "no width": lambda: Intervals(()),
    "a width that is none": lambda: Intervals(("five",)),
    "a width of nought": lambda: Intervals(("0", "5")),
    "widths that do not nest": lambda: Intervals(("2", "5")),
    "widths that fall": lambda: Intervals(("10", "5")),
    "a width twice": lambda: Intervals(("5", "5")),
    "a bottom above the top": lambda: Intervals(("5",), bottom="90", top="18"),
    "a mark of another kind": lambda: Intervals(("5",), mark="/"),
    "no size": lambda: by_order(NAME, ["a"], []),
    "a size of one": lambda: by_order(NAME, ["a"], [1]),
    "sizes that do not nest": lambda: by_order(NAME, ["a"], [2, 3]),
    "an unknown step": lambda: by_date(NAME, ["2020-01-01"], ["week"]),
    "steps out of order": lambda: by_date(NAME, ["2020-01-01"], ["year", "month"]),
    "a form that is none": lambda: by_date(NAME, ["2020-01-01"], form="%"),
    "a form with a day twice": lambda: by_date(NAME, ["0101"], form="%d%d"),
    "a form without a year": lambda: by_date(NAME, ["1.1."], form="%d.%m."),
    "characters kept that grow": lambda: by_prefix(NAME, ["abc"], [1, 2]),
    "no character kept": lambda: by_prefix(NAME, ["abc"], [0]),
    "a long mask": lambda: by_prefix(NAME, ["abc"], [1], mask="xx"),
    "numbers that fall": lambda: whole_numbers("2", "1"),
    "too many numbers": lambda: whole_numbers("0", "1000000"),
    "a number that is not whole": lambda: whole_numbers("0", "1.5"),
}


@pytest.mark.parametrize("fault", MISUSED)
def test_what_cannot_nest_is_refused_before_values_are_looked_at(fault: str) -> None:
    with pytest.raises(JalostamoError) as refused:
        MISUSED[fault]()
    assert isinstance(refused.value, Misused)
