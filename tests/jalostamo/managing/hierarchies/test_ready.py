"""The hierarchies that come with the library nest, speak three languages, and agree with what the city records."""

from __future__ import annotations

import pytest
from tests.conftest import ROOT

from jalostamo.city.background.vocabularies import EDUCATION, INCOME
from jalostamo.city.population.tables import POSTCODE
from jalostamo.city.vocabularies import NATIVE_LANGUAGE, SERVICE
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import LANGUAGES, Language
from jalostamo.managing.hierarchies import TOP, Hierarchy, read_hierarchy
from jalostamo.managing.hierarchies.ready import ready_made

READY = ready_made()
PILOT = ROOT / "examples/pilot/hierarchies"
RECORDED = {
    "native_language": NATIVE_LANGUAGE,
    "service_class": SERVICE,
    "demonstration_education": EDUCATION,
    "income_class": INCOME,
    "postcode": POSTCODE,
}


def made(name: str) -> Hierarchy:
    return READY[name].hierarchy(["02100", "02105", "00100"] if READY[name].of_values else ())


@pytest.mark.parametrize("name", READY)
def test_a_ready_hierarchy_becomes_coarser_up_to_the_top(name: str) -> None:
    hierarchy = made(name)
    assert hierarchy.classes == tuple(sorted(hierarchy.classes, reverse=True))
    assert len(hierarchy.levels) > 2
    assert set(hierarchy.levels[-1].values()) == {TOP}


@pytest.mark.parametrize("name", RECORDED)
def test_a_ready_hierarchy_names_whatever_the_city_records(name: str) -> None:
    values = RECORDED[name].allowed
    assert set(values) <= READY[name].hierarchy(values).levels[0].keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", READY)
def test_a_language_changes_names_and_no_class(name: str, language: Language) -> None:
    coded = made(name)
    called = READY[name].in_language(coded, language)
    assert called.levels[0] == coded.levels[0]
    for before, after in zip(coded.levels, called.levels, strict=True):
        assert len(set(zip(before.values(), after.values(), strict=True))) == len(set(before.values()))
        assert len(set(after.values())) == len(set(before.values()))


@pytest.mark.parametrize("name", READY)
def test_every_label_is_a_code_of_some_level(name: str) -> None:
    codes = {code for level in made(name).levels[1:] for code in level.values()}
    assert READY[name].labels.keys() <= codes


def test_the_pilot_groups_languages_and_services_likewise() -> None:
    languages, services = read_hierarchy(PILOT / "native_language.csv"), read_hierarchy(PILOT / "service_group.csv")
    ready = made("native_language")
    assert all(ready.at(level)[code] == called for level in (1, 2) for code, called in languages.at(level).items())
    assert made("service_class").at(1) == services.at(2)


def test_domestic_languages_are_finnish_swedish_and_sami() -> None:
    domestic = {code for code, called in made("native_language").at(2).items() if called == "domestic"}
    assert domestic == {"fi", "sv", "se"}
    assert made("native_language").at(1)["se"] == "se"


def test_a_level_is_called_in_a_language() -> None:
    called = READY["native_language"].in_language(made("native_language"), "fi")
    assert [level["so"] for level in called.levels] == ["so", "vieraat kielet", "vieraat kielet", TOP]


def test_a_postcode_that_lost_a_zero_is_refused() -> None:
    with pytest.raises(Unfit, match="1 of 2 values are not 5 digits") as refused:
        READY["postcode"].hierarchy(["02100", "2100"])
    assert "2100" not in str(refused.value)


def test_postcodes_are_those_of_a_table() -> None:
    assert made("postcode").at(2) == {"02100": "021xx", "02105": "021xx", "00100": "001xx"}
    with pytest.raises(Misused, match="name a table"):
        READY["postcode"].hierarchy()
