"""Labels are fitted by Inter's own widths."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalostamo.charts.rendering import Renderer
from jalostamo.charts.typesetting import BOLD, REGULAR, SOFT_HYPHEN, Typeface


@pytest.fixture
def typeface(draw: Renderer) -> Typeface:
    return draw.typeface


@pytest.mark.parametrize("weight", [REGULAR, BOLD])
def test_every_figure_is_equally_wide(typeface: Typeface, weight: int) -> None:
    assert len({typeface.width(figure, size=10, weight=weight) for figure in "0123456789"}) == 1


def test_bold_takes_more_room(typeface: Typeface) -> None:
    assert typeface.width("Perhetyö", size=14, weight=BOLD) > typeface.width("Perhetyö", size=14)


def test_letters_beyond_latin_1_have_widths_of_their_own(typeface: Typeface) -> None:
    assert typeface.width("š", size=1000) == pytest.approx(typeface.width("s", size=1000), rel=0.01)


def test_a_character_that_the_font_lacks_takes_room_all_the_same(typeface: Typeface) -> None:
    assert typeface.width("\u4e2d", size=10) == pytest.approx(6.2)


def test_a_soft_hyphen_is_unseen_where_the_word_is_whole(typeface: Typeface) -> None:
    whole = f"Lastensuojelu{SOFT_HYPHEN}ilmoitus"
    assert typeface.width(whole, size=12) == typeface.width("Lastensuojeluilmoitus", size=12)
    assert typeface.lines(whole, size=12, room=300) == ("Lastensuojeluilmoitus",)


def test_a_long_word_is_divided_at_its_soft_hyphen(typeface: Typeface) -> None:
    lines = typeface.lines(f"Lastensuojelu{SOFT_HYPHEN}ilmoitus", size=12, room=90)
    assert lines == ("Lastensuojelu-", "ilmoitus")


def test_a_long_word_without_one_is_divided_between_syllables(typeface: Typeface) -> None:
    assert typeface.lines("Palvelutarpeen", size=12, room=70) == ("Palvelutar-", "peen")


def test_a_word_that_cannot_be_divided_stays_whole(typeface: Typeface) -> None:
    assert typeface.lines("BBBBBBBB", size=12, room=20) == ("BBBBBBBB",)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text("abcdefghijklmnopqrstuvwxyzäö", min_size=1, max_size=6), min_size=1, max_size=9))
def test_lines_hold_the_words_in_order_and_fit(typeface: Typeface, words: list[str]) -> None:
    lines = typeface.lines(" ".join(words), size=14, room=120)
    assert " ".join(lines).split(" ") == words
    assert all(typeface.width(line, size=14) <= 120 for line in lines)
