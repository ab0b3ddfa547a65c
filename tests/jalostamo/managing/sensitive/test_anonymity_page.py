"""The page of a table made coarser says every figure with its sentence, in three languages, from files alone."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any  # what JSON holds

import pytest
from tests.jalostamo.managing.sensitive.page_files import (
    CHECK,
    CHOICE,
    EVIDENCE,
    MODELS,
    REPORT,
    RICH,
    finding,
    model,
    put,
)

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.concepts.numerals import NO_BREAK
from jalostamo.managing.sensitive.anonymity_page.attack_words import AIMS, ATTACKS
from jalostamo.managing.sensitive.anonymity_page.figure_words import FIGURES, METRICS
from jalostamo.managing.sensitive.anonymity_page.figure_words import MODELS as WORDS_OF_MODELS
from jalostamo.managing.sensitive.anonymity_page.given import read_given
from jalostamo.managing.sensitive.anonymity_page.paging import anonymity_pages
from jalostamo.managing.sensitive.anonymity_page.writing import Writer
from jalostamo.managing.sensitive.preparing.anonymity.problem import METRICS as SEARCHED
from jalostamo.managing.sensitive.validation.attacks.criteria import FIGURES as ATTACKED


def pages(folder: Path, assets: Path, *, evidence: Any = None, check: Any = None, **changes: Any) -> dict[str, str]:
    given = read_given(
        put(folder, "report.json", {**RICH, **changes}),
        check=None if check is None else put(folder, "check.json", check),
        evidence=None if evidence is None else put(folder, "evidence.json", evidence),
    )
    return {name: page.decode() for name, page in anonymity_pages(given, assets=assets).items()}


def words(page: str) -> str:
    """What a reader reads, without drawings and style."""
    bare = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare)).replace(NO_BREAK, " "))


def test_each_figure_is_there_with_its_sentence_in_each_language(tmp_path: Path, assets: Path) -> None:
    found = pages(tmp_path, assets, evidence=EVIDENCE, check=CHECK)
    assert sorted(found) == ["index.en.html", "index.fi.html", "index.html", "index.sv.html"]
    for language in LANGUAGES:
        page = words(found[f"index.{language}.html"])
        for name, meaning in FIGURES.values():
            assert name.in_language(language) in page
            assert words(meaning.in_language(language)).partition("{")[0].strip() in page
        for name in MODELS:
            known = WORDS_OF_MODELS.get(name) or WORDS_OF_MODELS[name.partition(":")[0]]
            assert known.name.in_language(language).partition("{")[0] in page
            assert known.meaning.in_language(language) in page
        for each in EVIDENCE["findings"]:  # type: ignore[attr-defined]
            assert ATTACKS[each["figure"]][1].in_language(language) in page


def test_what_the_suite_and_the_search_can_find_has_words() -> None:
    assert set(ATTACKED) == set(ATTACKS)
    assert {figure.partition(".")[0] for figure in ATTACKED} == set(AIMS)
    assert set(SEARCHED) == set(METRICS)


def test_every_drawing_has_its_numbers_as_a_table_or_list(tmp_path: Path, assets: Path) -> None:
    page = pages(tmp_path, assets, evidence=EVIDENCE)["index.en.html"]
    assert page.count("<figure") == 6
    assert page.count("<table") + page.count('<ul class="findings">') >= 6
    assert "<script" not in page


def test_figures_are_those_of_the_report(tmp_path: Path, assets: Path) -> None:
    page = words(pages(tmp_path, assets, evidence=EVIDENCE, check=CHECK)["index.en.html"])
    assert "Every model holds, and 98 % of the rows are left" in page
    assert "Worst off is “sv” of column language: 25 % of its rows were left out, and 2 % of all." in page
    assert "The largest change is 10.0 percentage points" in page
    assert "Asked at least 5 Found 12 Read anew 12 Outcome holds" in page
    assert "Asked at most 30 % Found 25 %" in page
    assert "Asked at least 10 % Found 20 %" in page
    assert "Asked at most 1 % Found –" in page
    assert "Of those judged, 1 were withstood, 1 succeeded, 1 stayed undecided." in page
    assert "at most 9 % An agency only as others tell of it: the source itself was not checked" in page
    assert "at least 11 A city not told" in page
    assert "Chosen among 8 generalisations approved beforehand; the choice tells 3 bits of the table at most." in page
    assert "without the rows of people whom earlier releases left out already: 7 rows" in page
    assert "not attacked together with: 2024.parquet" in page


def test_the_same_in_finnish(tmp_path: Path, assets: Path) -> None:
    page = words(pages(tmp_path, assets)["index.fi.html"])
    assert "Pyydetty enintään 0,2 Löydetty 0,1875" in page
    assert "Keskimääräinen riski" in page


def test_a_model_of_several_figures_names_each(tmp_path: Path, assets: Path) -> None:
    several = {"presence": model({"least": 0.0, "most": 0.3}, {"least": 0.1, "most": 0.25})}
    page = words(pages(tmp_path, assets, models=several)["index.en.html"])
    assert "Asked at least 0 %, at most 30 % Found at least 10 %, at most 25 %" in page


def test_a_model_that_fails_stands_in_the_title(tmp_path: Path, assets: Path) -> None:
    failing = {"k_anonymity": model(5, 3, holds=False), "new_model:age": model(1, 2)}
    found = pages(tmp_path, assets, models=failing)
    assert "1 of 2 models do not hold" in words(found["index.en.html"])
    assert "does not hold" in words(found["index.en.html"])
    assert "new_model:age" in words(found["index.sv.html"]), "a model is shown by its name, known or not"


def test_an_older_report_has_a_page_of_what_it_says(tmp_path: Path, assets: Path) -> None:
    given = read_given(put(tmp_path, "report.json", REPORT))
    page = words(anonymity_pages(given, assets=assets)["index.en.html"].decode())
    assert "Who was left out" not in page
    assert "No attacks were run" in page
    assert "–" in page


def test_a_table_of_which_nothing_is_left_has_a_page(tmp_path: Path, assets: Path) -> None:
    nothing = {"released_rows": 0, "classes": 0, "smallest_class": 0, "objective": {"metric": "loss", "value": None}}
    utility = {**RICH["utility"], "class_sizes": []}  # type: ignore[dict-item]
    page = words(pages(tmp_path, assets, **nothing, utility=utility, gap=None, proved_optimal=False)["index.en.html"])
    assert "No row is left" in page
    assert "Best found: –" in page


def test_where_nobody_was_left_out_it_says_so(tmp_path: Path, assets: Path) -> None:
    groups = [{"group": "fi", "small": False, "rows": 90, "suppressed": 0, "share": 0.0}] * 2
    utility = {"left_out": [{"column": "language", "level": 0, "told_apart": True, "groups": groups}]}
    page = words(pages(tmp_path, assets, suppressed_rows=0, utility=utility)["index.en.html"])
    assert "No row was left out." in page
    assert "Worst off" not in page.partition("What else")[0]


def test_a_chosen_one_that_another_beats_is_marked(tmp_path: Path, assets: Path) -> None:
    frontier = {**RICH["frontier"], "choices": [{**CHOICE, "beaten": True}]}  # type: ignore[dict-item]
    assert "another is better in everything" in words(pages(tmp_path, assets, frontier=frontier)["index.en.html"])


def test_names_of_a_table_are_written_as_they_are(tmp_path: Path, assets: Path) -> None:
    odd = "<b>{0} & Co"
    evidence = {**EVIDENCE, "findings": [finding("new.thing", "told", odd)]}
    columns = {"dropped": [odd], "unprotected": [odd]}
    page = pages(tmp_path, assets, evidence=evidence, models={odd: model(1, 1)}, columns=columns)["index.en.html"]
    assert odd not in page
    assert odd in words(page)


@pytest.mark.parametrize(
    "given",
    [
        {"check": {**CHECK, "rows": 979}},
        {"check": {**CHECK, "sha256": {"out": "2" * 64, "recipe": "1" * 64}}},
        {"evidence": {**EVIDENCE, "release": "2" * 64}},
        {"evidence": {**EVIDENCE, "recipe": ""}},
    ],
)
def test_a_check_and_evidence_of_other_rows_or_another_recipe_are_refused(
    tmp_path: Path, given: dict[str, dict[str, object]]
) -> None:
    report = put(tmp_path, "report.json", RICH)
    with pytest.raises(Unfit) as refused:
        read_given(report, **{name: put(tmp_path, f"{name}.json", content) for name, content in given.items()})
    assert refused.value.reason == "other_release"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"rows": "Korhonen"}', b"\xff"])
def test_another_file_is_refused_without_a_word_of_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "report.json").write_bytes(content)
    with pytest.raises(Unfit, match="jalostamo anonymise") as refused:
        read_given(tmp_path / "report.json")
    assert "Korhonen" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="missing.json"):
        read_given(tmp_path / "missing.json")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0 %"), (0.00001, "<0.01 %"), (0.004, "0.40 %"), (0.0833, "8.3 %"), (0.99999, ">99.99 %"), (1.0, "100 %")],
)
def test_a_share_is_never_written_as_more_or_less_than_it_is(value: float, said: str) -> None:
    assert Writer("en").share(value) == said.replace(" ", NO_BREAK)


@pytest.mark.parametrize(("value", "said"), [(0.3, "0,3"), (12.0, "12"), (7.25, "7,25"), (0.18754, "0,1875")])
def test_a_figure_has_as_many_places_as_it_needs(value: float, said: str) -> None:
    assert Writer("fi").figure(value) == said


def test_no_word_of_the_program_is_on_the_page(tmp_path: Path, assets: Path) -> None:
    for page in pages(tmp_path, assets, evidence=EVIDENCE, check=CHECK).values():
        assert not re.search(r"object at|None|\{\d\}|built-in", words(page))
