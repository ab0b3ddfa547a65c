"""A personal identity code is judged as it stands, all eleven characters, and no message repeats it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.fi import hetu, ytunnus

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.identifiers import (
    CENTURY_SIGNS,
    CHECK_CHARACTERS,
    BusinessId,
    IdentityFault,
    PersonalIdentityCode,
    check_character,
    fault_in,
)

# Written out here, so that a slip in the table of the code is seen.
CENTURIES = {
    "+": 1800,
    "-": 1900,
    "Y": 1900,
    "X": 1900,
    "W": 1900,
    "V": 1900,
    "U": 1900,
    "A": 2000,
    "B": 2000,
    "C": 2000,
    "D": 2000,
    "E": 2000,
    "F": 2000,
}
BUSINESS_ID = "2077474-0"


def code(sign: str = "-", digits: str = "010190900") -> str:
    """A code of the artificial range, its check character computed from the nine digits."""
    return digits[:6] + sign + digits[6:] + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]


@st.composite
def nearly_codes(draw: st.DrawFn) -> str:
    """Artificial codes of any day and sign, some of their characters replaced by others."""
    day = draw(st.dates(datetime.date(1900, 1, 1), datetime.date(1999, 12, 31)))
    sound = code(draw(st.sampled_from(sorted(CENTURIES))), f"{day:%d%m%y}{draw(st.integers(900, 999))}")
    changed = list(sound)
    for place in draw(st.lists(st.integers(0, 10), max_size=2)):
        changed[place] = draw(st.sampled_from("0139AaFfGPpXxYy+- –٣"))
    return draw(st.sampled_from(("", " "))) + "".join(changed)


FAULTY = {
    "missing": (None, IdentityFault.MISSING),
    "empty": ("", IdentityFault.MISSING),
    "blank": (" ", IdentityFault.FORM),
    "small letters": (code().lower(), IdentityFault.FORM),
    "a small sign": (code("a"), IdentityFault.FORM),
    "a space before": (" " + code(), IdentityFault.FORM),
    "a space after": (code() + " ", IdentityFault.FORM),
    "an end of line": (code() + "\n", IdentityFault.FORM),
    "a dash for a hyphen": (code("–"), IdentityFault.FORM),
    "no century's sign": (code("G"), IdentityFault.FORM),
    "no sign": (code()[:6] + code()[7:], IdentityFault.FORM),
    "other digits": ("٠" + code()[1:], IdentityFault.FORM),
    "no day": (code(digits="300290900"), IdentityFault.DATE),
    "no month": (code(digits="011390900"), IdentityFault.DATE),
    "a number never given": (code(digits="010190001"), IdentityFault.DATE),
    "another check character": (code()[:-1] + "R", IdentityFault.CHECK_CHARACTER),
    "no check character": (code()[:-1] + "Q", IdentityFault.FORM),
}


@pytest.mark.parametrize("sign", CENTURIES)
def test_each_of_the_thirteen_signs_tells_its_century(sign: str) -> None:
    born = PersonalIdentityCode(code(sign)).birth_date
    assert born == datetime.date(CENTURIES[sign] + 90, 1, 1)


def test_there_are_thirteen_signs() -> None:
    assert CENTURY_SIGNS == CENTURIES


@given(nearly_codes())
@example("010190-900P")
@example("290200-900Y")
@example("290200A900Y")
def test_the_judgement_is_that_of_the_published_rule(recorded: str) -> None:
    # python-stdnum mends before it looks; what it had to mend is no code to us.
    by_the_rule = hetu.is_valid(recorded, allow_temporary=True) and hetu.compact(recorded) == recorded
    assert (fault_in(recorded) is None) == (by_the_rule and recorded.isascii())


@given(st.text(max_size=14))
def test_any_text_gets_a_judgement(recorded: str) -> None:
    assert fault_in(recorded) in {None, *IdentityFault}


@pytest.mark.parametrize(("recorded", "fault"), FAULTY.values(), ids=FAULTY)
def test_what_is_no_code_is_told_why(recorded: str | None, fault: IdentityFault) -> None:
    assert fault_in(recorded) is fault


def test_the_leap_day_of_a_century_is_judged_by_its_sign() -> None:
    assert fault_in(code("A", "290200900")) is None
    assert fault_in(code("-", "290200900")) is IdentityFault.DATE


def test_a_wrong_sign_is_kept_and_is_another_person() -> None:
    mine, theirs = PersonalIdentityCode(code("-")), PersonalIdentityCode(code("A"))
    assert mine != theirs
    assert mine.without_sign == theirs.without_sign
    assert (mine.text, theirs.text) == (code("-"), code("A"))


@pytest.mark.parametrize(("number", "artificial"), [("900", True), ("999", True), ("002", False), ("899", False)])
def test_only_the_numbers_from_900_are_artificial(number: str, artificial: bool) -> None:
    # Nobody born in 1801 ever had a code.
    assert PersonalIdentityCode(code("+", f"010101{number}")).is_artificial is artificial


@given(nearly_codes())
def test_a_refusal_does_not_repeat_what_was_recorded(recorded: str) -> None:
    if fault_in(recorded) is None:
        return
    with pytest.raises(Unfit) as refused:
        PersonalIdentityCode(recorded)
    assert not any(character.isdigit() for character in str(refused.value))
    assert refused.value.reason.startswith("identity_code_")


@pytest.mark.parametrize("form", ["{}", "{!r}", "{!s}", "{0.__class__.__name__} {0}"])
def test_a_code_and_a_business_id_hide_themselves(form: str) -> None:
    for value, text in ((PersonalIdentityCode(code()), code()), (BusinessId(BUSINESS_ID), BUSINESS_ID)):
        for shown in (form.format(value), form.format([value]), form.format({value: 1})):
            assert text not in shown
            assert "hidden" in shown


@given(st.integers(0, 999_999_999))
def test_the_check_character_follows_from_the_nine_digits(digits: int) -> None:
    assert check_character(f"{digits:09}") == CHECK_CHARACTERS[digits % 31]


@given(st.text(alphabet="0123456789-FI ", max_size=11))
@example(BUSINESS_ID)
def test_a_business_id_is_judged_as_it_stands(recorded: str) -> None:
    by_the_rule = ytunnus.is_valid(recorded) and len(recorded) == 9 and recorded[7] == "-"
    try:
        BusinessId(recorded)
    except Unfit as unfit:
        assert not by_the_rule
        assert unfit.reason == "business_id"
        assert not any(character.isdigit() for character in unfit.sentence)
    else:
        assert by_the_rule
