"""Every language has names, all in letters that the population register can write."""

from __future__ import annotations

import numpy as np
import pytest

from jalostamo.city.name_lists import REGISTER_ENCODING, latin, name_lists
from jalostamo.city.vocabularies import NATIVE_LANGUAGE


def test_every_known_language_has_names() -> None:
    assert list(name_lists()) == [language for language in NATIVE_LANGUAGE.allowed if language != "99"]


def test_every_name_can_be_written_in_the_register() -> None:
    for names in name_lists().values():
        for listed in (*names.given, *names.surnames):
            assert len(listed.names) >= 9
            assert all(name.encode(REGISTER_ENCODING) for name in listed.names)
            assert not any(set(name) & set(';"\r\n') for name in listed.names)


def test_chance_reaches_the_first_and_the_last_name() -> None:
    finnish = name_lists()["fi"].given[0]
    assert finnish.at(np.array([0.0, 1.0])).tolist() == [finnish.names[0], finnish.names[-1]]


@pytest.mark.parametrize(
    ("name", "written"),
    [("Юрий", "Juri"), ("Щукина", "Shtshukina"), ("Yıldız", "Yildiz"), ("Väinö", "Väinö"), ("Āboliņa", "Abolina")],
    ids=["ending", "consonants", "dotless", "kept", "marks"],
)
def test_foreign_letters_are_written_plainly(name: str, written: str) -> None:
    assert latin(name) == written


@pytest.mark.parametrize("name", ["O’Brien", "Мар’яна", "أحمد"], ids=["apostrophe", "cyrillic apostrophe", "arabic"])
def test_a_name_that_cannot_be_written_is_left_out(name: str) -> None:
    assert latin(name) is None
