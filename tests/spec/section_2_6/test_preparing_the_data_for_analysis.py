"""Handbook 2.6, Data request, and Preparing the data for analysis (phases 4 and 5)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import (
    POPULATION,
    code,
    request_in,
    rooms_in,
    run,
    setting,
    text,
    write_register,
)
from tests.spec.section_2_6.drawn import decisions, events_in, people_in, persons, refined

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.registers import Marking
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.corridor import Refined


def test_only_the_fields_asked_for_are_picked_from_a_source(engine: Engine, tmp_path: Path) -> None:
    """A request that does not ask for names and notes gets an extract without them."""
    asked = ["identity_code", "birth_date", "sex", "language", "household", "guardian"]
    found = refined(engine, tmp_path, change=setting("source.0.fields", asked))
    assert [field.name for field in found.extracts[0].declared.fields] == asked
    assert found.extracts[0].manifest.content["fields"] == asked


def test_registers_of_living_people_are_refused_in_a_demonstration(engine: Engine, tmp_path: Path) -> None:
    """Where one user holds everything, personal data has no place: only synthetic and public registers are read."""
    rooms = rooms_in(tmp_path, persons(), decisions())
    write_register(rooms.sources, replace(POPULATION, marking=Marking.PERSONAL), persons())
    with pytest.raises(Refused, match="holds personal data"):
        run(engine, request_in(tmp_path), rooms)


ELEVEN_CHARACTERS = f"""
    person      service  start       end
    0           NOT      2012-03-14  2012-03-14
    {code(0, "A")}  HS       2012-04-02  2012-09-30
    {code(0, "+")}  HS       2012-04-02  2012-09-30
"""


@pytest.mark.requirement("S22-10")
def test_sources_are_merged_by_the_whole_personal_number(engine: Engine, tmp_path: Path) -> None:
    """Two codes that differ from person 0's by the sign alone are other people's: not linked, and counted as look-alikes."""
    found = refined(engine, tmp_path, services=ELEVEN_CHARACTERS)
    assert [row["service"] for row in events_in(found)] == ["NOT"]
    assert found.linked.report is not None
    match = found.linked.report.joined[0]
    assert (match.matched, match.unmatched, match.look_alikes) == (1, 2, 2)


def test_individual_persons_are_not_identified_by_what_singles_them_out(town: Refined) -> None:
    """Everyone in the release shares gender, year of birth and language group with somebody of another household."""
    assert town.validation.smallest == {"person": 3, "household": 3}
    assert town.validation.passed


NAME = {"name": "name", "of": ["surname"], "quasi_identifier": True, "title": text("Name").as_mapping()}
NOTE = {"name": "note", "title": text("Note").as_mapping()}


@pytest.mark.parametrize(
    ("place", "field"), [("preparation.field.0", NAME), ("preparation.event_field.0", NOTE)], ids=["a name", "a note"]
)
def test_names_and_free_text_never_leave(place: str, field: object, engine: Engine, tmp_path: Path) -> None:
    """What the register's owner describes as a direct identifier or as free text is refused, whatever the recipe says."""
    with pytest.raises(Refused, match="never released as it is"):
        refined(engine, tmp_path, change=setting(place, field))


@pytest.mark.requirement("S22-12")
def test_an_identifier_that_hides_in_a_value_is_found_before_release(engine: Engine, tmp_path: Path) -> None:
    """A group that is called by somebody's telephone number does not pass validation, and nothing is released."""
    rooms = rooms_in(tmp_path, persons(), decisions())
    called = "fi;040 123 4567;*\nsv;domestic;*\nso;foreign;*\nru;foreign;*\n"
    change = setting("preparation.suppression_limit", 1.0)
    with pytest.raises(Refused, match="values look like a telephone"):
        run(engine, request_in(tmp_path, change, hierarchy=called), rooms)
    assert not rooms.releases.exists()


def test_the_results_of_the_processing_are_described_with_the_data(town: Refined) -> None:
    """Each field of the release says how it was made, and which fields were made coarse so that people are alike."""
    fields = town.release.tables["persons"]["fields"]
    assert isinstance(fields, list)
    made = {field["name"]: field["made_by"] for field in fields if field["quasi_identifier"]}
    assert made == {"sex": "as recorded", "birth_year": "year", "language_group": "languages.csv, level 1"}
    assert len(people_in(town)) == 6
