"""The feedback register tells of every service in three languages, and its truth counts what its texts should not hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.jalostamo.city.leisure import PEOPLE, delivered_twice, description_of, planted, small_town

from jalostamo.city.feedback import deliver_feedback, phrases
from jalostamo.city.feedback.vocabularies import SERVICE, UNIT, UNITS_OF
from jalostamo.city.truth import Truth
from jalostamo.concepts.registers import Sensitivity

type Record = dict[str, str | int | None]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("feedback")
    return folder, delivered_twice(deliver_feedback, folder)[0]


def records(folder: Path, table: str) -> list[Record]:
    lines = (folder / "feedback" / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def feedback(written: tuple[Path, Truth]) -> list[Record]:
    return records(written[0] / "long", "feedback")


def test_every_hundredth_person_says_something_twice_a_year(feedback: list[Record]) -> None:
    assert 0.014 < len(feedback) / (7 * PEOPLE * 1.07) < 0.028


def test_the_text_is_free_text_and_the_records_have_the_described_fields(written: tuple[Path, Truth]) -> None:
    register = description_of(written[0] / "long", "feedback")
    assert register.table_named("feedback").field_named("text").sensitivity is Sensitivity.FREE_TEXT
    for table in register.tables:
        first, *_ = records(written[0] / "long", table.name)
        assert list(first) == [field.column for field in table.fields]


def test_every_service_and_language_is_heard(feedback: list[Record]) -> None:
    assert {record["service"] for record in feedback} == set(SERVICE.allowed)
    assert {record["language"] for record in feedback} == {"fi", "sv", "en"}


def test_a_unit_belongs_to_its_service(feedback: list[Record]) -> None:
    units = {SERVICE.allowed[place]: {UNIT.allowed[unit] for unit in of} for place, of in enumerate(UNITS_OF)}
    assert all(record["unit"] in units[str(record["service"])] for record in feedback)


def test_texts_are_varied_and_whole(feedback: list[Record]) -> None:
    texts = Counter(str(record["text"]) for record in feedback)
    assert len(texts) > 0.75 * len(feedback)
    assert not [text for text in texts if "{" in text or "  " in text or text != text.strip() or not text]


def test_a_text_is_in_the_language_that_is_recorded(feedback: list[Record]) -> None:
    for place, language in enumerate(("fi", "sv", "en")):
        stock = [phrase[place] for service in phrases.ABOUT for phrase in service]
        of_language = [str(record["text"]) for record in feedback if record["language"] == language]
        assert all(any(sentence in text for sentence in stock) for text in of_language)


def test_a_quarter_gives_an_identity_code_and_some_give_no_score(feedback: list[Record]) -> None:
    identified = sum(record["identity_code"] is not None for record in feedback)
    scores = Counter(record["score"] for record in feedback)
    assert identified / len(feedback) == pytest.approx(0.25, abs=0.06)
    assert scores.keys() == {None, 1, 2, 3, 4, 5}
    assert scores[None] / len(feedback) == pytest.approx(0.14, abs=0.05)


def test_telephone_numbers_and_identity_codes_are_counted_exactly(
    written: tuple[Path, Truth], feedback: list[Record]
) -> None:
    phone, code = re.compile(r"(045[ -]000|\+358 45 000|09 000)"), re.compile(r"\d{6}[-+U-YA-F]9\d\d[0-9A-Y]")
    entries = planted(written[1])
    for kind, form in (("phone", phone), ("code", code)):
        found = sum(bool(form.search(str(record["text"]))) for record in feedback)
        assert entries[f"feedback_texts_with_{kind}"]["value"] == found


def test_names_are_counted_exactly(written: tuple[Path, Truth], feedback: list[Record]) -> None:
    sentences = {words for of_mood in phrases.NAMED for phrase in of_mood for words in phrase}
    forms = (re.escape(words).replace(r"\{name\}", r"\w\S*( \w\S*){1,2}") for words in sentences)
    name = re.compile("(^| )(" + "|".join(forms) + ")")
    found = sum(bool(name.search(str(record["text"]))) for record in feedback)
    assert planted(written[1])["feedback_texts_with_name"]["value"] == found > 3


def test_identity_codes_in_texts_are_of_the_artificial_range(feedback: list[Record]) -> None:
    given = re.compile(r"\d{6}[-+U-YA-F](\d{3})[0-9A-Y]")
    numbers = [found for record in feedback for found in given.findall(str(record["text"]))]
    assert all(number.startswith("9") for number in numbers)


def test_complaints_score_lower_than_praise(feedback: list[Record]) -> None:
    praise, complaint = (
        {words for service in phrases.ABOUT for phrase in service[3 * mood : 3 * mood + 3] for words in phrase}
        for mood in (0, 1)
    )

    def mean(stock: set[str]) -> float:
        said = [r for r in feedback if any(words in str(r["text"]) for words in stock) and r["score"] is not None]
        return sum(int(record["score"] or 0) for record in said) / len(said)

    assert mean(praise) > 4 > 2.5 > mean(complaint)


def test_the_short_survey_asks_four_questions(written: tuple[Path, Truth]) -> None:
    answers = records(written[0] / "long", "satisfaction")
    assert len(answers) > 300
    for question, highest in (("overall", 5), ("welcome", 5), ("waiting", 5), ("would_recommend", 10)):
        given = {answer[question] for answer in answers} - {None}
        assert max(int(value or 0) for value in given) == highest


def test_every_service_has_three_sentences_of_each_mood() -> None:
    assert len(phrases.ABOUT) == len(SERVICE.codes)
    assert {len(service) for service in phrases.ABOUT} == {9}
    assert len({words for service in phrases.ABOUT for phrase in service for words in phrase}) == 8 * 9 * 3


def test_a_later_end_changes_no_earlier_record(written: tuple[Path, Truth]) -> None:
    short, long = (records(written[0] / length, "satisfaction") for length in ("short", "long"))
    assert long[: len(short)] == short
    before, after = (records(written[0] / length, "feedback") for length in ("short", "long"))
    assert [record | {"answered": None} for record in before] == [r | {"answered": None} for r in after[: len(before)]]


def test_the_same_plan_gives_the_same_bytes(written: tuple[Path, Truth], tmp_path: Path) -> None:
    deliver_feedback(tmp_path, small_town())
    for file in ("feedback.jsonl", "satisfaction.jsonl", "register.toml"):
        assert (tmp_path / "feedback" / file).read_bytes() == (written[0] / "long" / "feedback" / file).read_bytes()
