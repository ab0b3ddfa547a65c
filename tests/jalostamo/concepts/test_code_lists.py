"""A code list is closed and versioned, and every text is said in three languages."""

from __future__ import annotations

import pytest

from jalostamo.concepts.code_lists import Code, CodeList, code_list_from
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import LANGUAGES, Text, text_from

YES = Code("1", Text("kyllä", "ja", "yes"))
NO = Code("0", Text("ei", "nej", "no"))
SAID = {"fi": "kyllä", "sv": "ja", "en": "yes"}


def test_the_codes_keep_their_order_and_their_labels() -> None:
    answers = CodeList("answer", "2024", (YES, NO))
    assert answers.allowed == ("1", "0")
    assert answers.label_of("0").in_language("sv") == "nej"


def test_an_unknown_code_is_refused_and_not_repeated() -> None:
    with pytest.raises(Unfit) as refused:
        CodeList("answer", "2024", (YES,)).label_of("010190-900P")
    assert refused.value.reason == "code_unknown"
    assert "010190" not in str(refused.value)
    assert refused.value.__context__ is None


@pytest.mark.parametrize(
    ("name", "version", "codes", "reason"),
    [
        ("", "2024", (YES,), "code_list_incomplete"),
        ("answer", "", (YES,), "code_list_incomplete"),
        ("answer", "2024", (), "code_list_incomplete"),
        ("answer", "2024", (Code("", YES.label),), "code_list_incomplete"),
        ("answer", "2024", (YES, NO, YES), "code_twice"),
    ],
)
def test_a_list_without_name_version_or_clear_codes_is_refused(
    name: str, version: str, codes: tuple[Code, ...], reason: str
) -> None:
    with pytest.raises(Unfit) as refused:
        CodeList(name, version, codes)
    assert refused.value.reason == reason


@pytest.mark.parametrize("codes", [None, "1", [1], [{"fi": "ei"}], [{**SAID}]])
def test_codes_that_are_no_list_of_codes_are_refused(codes: object) -> None:
    with pytest.raises(Unfit, match="Code list 'answer' needs 'codes'") as refused:
        code_list_from({"name": "answer", "version": "1", "codes": codes})
    assert refused.value.reason == "code_list_incomplete"


def test_a_code_written_as_a_number_is_the_text_of_it() -> None:
    read = code_list_from({"name": "answer", "version": 2024, "codes": [{"code": 1, **SAID}]})
    assert (read.allowed, read.version) == (("1",), "2024")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("instead", [None, "", " ", 5])
def test_a_text_that_lacks_a_language_is_answered_with_its_place(language: str, instead: object) -> None:
    with pytest.raises(Unfit, match="^Field 'sex', title needs a text in three languages") as refused:
        text_from({**SAID, language: instead}, place="Field 'sex', title")
    assert refused.value.reason == "text_missing"


@pytest.mark.parametrize("mapping", [None, "yes", ["yes"], {}])
def test_what_is_no_text_in_languages_is_refused(mapping: object) -> None:
    with pytest.raises(Unfit, match="three languages"):
        text_from(mapping, place="here")


def test_a_text_comes_back_from_its_mapping() -> None:
    assert text_from(YES.label.as_mapping(), place="here") == YES.label


@pytest.mark.parametrize("said", [("", "b", "c"), ("a", " ", "c"), ("a", "b", "\n")])
def test_no_language_of_a_text_may_be_empty(said: tuple[str, str, str]) -> None:
    with pytest.raises(Unfit, match="A text is missing in language"):
        Text(*said)
