"""What was asked of a source is read by its description into an extract; nothing else, and of nobody who lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.canaries import contents, found_in
from tests.jalostamo.managing.sensitive.small_town import (
    POPULATION,
    SURNAME,
    Row,
    code,
    person,
    request_in,
    write_register,
)

from jalostamo.concepts.errors import JalostamoError, Misused, Refused, Unfit
from jalostamo.concepts.identifiers import check_character
from jalostamo.concepts.registers import Marking, Register
from jalostamo.concepts.writings import Writing
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.requests import Source
from jalostamo.managing.sensitive.exclusions import protection_in
from jalostamo.managing.sensitive.retrieval import Extract, read_register, retrieve, survey

ASKED = Source("population", "persons", ("identity_code", "sex", "guardian"), 0.0)
PEOPLE = [person(number, guardian=code(number + 1)) for number in range(3)]


def retrieved(
    engine: Engine, home: Path, people: list[Row], *, register: Register = POPULATION, source: Source = ASKED
) -> Extract:
    write_register(home / "sources", register, people)
    (home / "vault").mkdir(exist_ok=True)
    sources = home / "sources"
    protection = protection_in(engine, sources, day=None)
    return retrieve(engine, request_in(home), source, sources=sources, vault=home / "vault", protection=protection)


def test_what_was_not_asked_is_not_read(engine: Engine, tmp_path: Path) -> None:
    extract = retrieved(engine, tmp_path, PEOPLE)
    assert extract.table(engine).columns == ("record_", *ASKED.fields)
    assert [field.name for field in extract.declared.fields] == list(ASKED.fields)
    assert found_in(tmp_path / "vault", [SURNAME]) == set()


def test_an_extract_names_its_request_and_its_source(engine: Engine, tmp_path: Path) -> None:
    extract = retrieved(engine, tmp_path, PEOPLE)
    content, folder = extract.manifest.content, tmp_path / "sources" / "population"
    assert content["request"] == request_in(tmp_path).digest
    assert (content["register"], content["table"], content["controller"]) == ("population", "persons", "city")
    assert content["source_file"] == digest_of(folder / "persons.csv")
    assert content["description"] == digest_of(folder / "register.toml")
    assert content["extract_file"] == digest_of(extract.path)
    assert (content["records"], content["loaded"]) == (3, 3)


def test_an_extract_and_its_manifest_hide_their_content(engine: Engine, tmp_path: Path) -> None:
    extract = retrieved(engine, tmp_path, PEOPLE)
    told = repr(extract) + extract.manifest.written.decode()
    assert repr(extract) == "Extract(population.persons, content hidden)"
    assert not any(row["identity_code"] in told for row in PEOPLE)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("sound", [True, False])
def test_reading_leaves_no_copy_of_the_file(encoding: str, sound: bool, tmp_path: Path) -> None:
    # A file in another encoding is copied whole to be read, with every name that was not asked for.
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    tables = (replace(POPULATION.tables[0], writing=Writing(encoding=encoding)),)
    people = [*PEOPLE, person(9, sex="1" if sound else "7")]
    with open_engine(workspace=workspace) as engine:
        try:
            retrieved(engine, tmp_path, people, register=replace(POPULATION, tables=tables))
        except Unfit as refused:
            assert (sound, refused.reason) == (False, "unknown_code")
        assert contents(workspace) == {}
        (workspace / "persons.utf8").write_text(SURNAME)
        assert found_in(workspace, [SURNAME]) == {"persons.utf8"}


def living(sign: str = "-", end: str = "") -> str:
    """A code of the range that is given to people; of no one, since its check character is left wrong."""
    wrong = "0" if check_character("010190123") != "0" else "1"
    return f"010190{sign}123{wrong}{end}"


@pytest.mark.parametrize("field", ["identity_code", "guardian"])
@pytest.mark.parametrize("guise", ["as it is", "small letters", "a space"])
def test_a_code_that_may_be_a_living_persons_is_refused_in_every_field(
    field: str, guise: str, engine: Engine, tmp_path: Path
) -> None:
    recorded = {"as it is": living(), "small letters": living("a"), "a space": living(end=" ")}[guise]
    with pytest.raises(Refused, match=f"1 personal identity codes of field '{field}'") as refused:
        retrieved(engine, tmp_path, [*PEOPLE, person(7, **{field: recorded})])
    assert refused.value.reason == "level_demo"
    assert recorded not in str(refused.value)
    assert contents(tmp_path / "vault") == {}


def test_artificial_codes_are_read(engine: Engine, tmp_path: Path) -> None:
    assert retrieved(engine, tmp_path, PEOPLE).manifest.content["loaded"] == len(PEOPLE)


@pytest.mark.parametrize("marking", Marking)
def test_personal_registers_are_refused_at_this_level(marking: Marking, engine: Engine, tmp_path: Path) -> None:
    register = replace(POPULATION, marking=marking)
    if marking is not Marking.PERSONAL:
        assert retrieved(engine, tmp_path, PEOPLE, register=register).manifest.content["marking"] == marking.value
        return
    with pytest.raises(Refused, match="holds personal data") as refused:
        retrieved(engine, tmp_path, PEOPLE, register=register)
    assert (refused.value.reason, contents(tmp_path / "vault")) == ("level_demo", {})


@pytest.mark.parametrize("name", ["../sources/population", "population/../population", "./population", "other"])
def test_a_request_names_registers_and_never_paths(name: str, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "other").symlink_to(tmp_path / "sources" / "population")
    with pytest.raises(Unfit, match="plain names, no paths") as refused:
        retrieved(engine, tmp_path, PEOPLE, source=replace(ASKED, register=name))
    assert refused.value.reason == "register_name"
    assert [path.name for path in tmp_path.rglob("*.parquet")] == []


def test_a_table_that_is_called_like_a_path_is_not_written_there(engine: Engine, tmp_path: Path) -> None:
    register = replace(POPULATION, tables=(replace(POPULATION.tables[0], name="../persons", file="persons.csv"),))
    (tmp_path / "sources" / "population").mkdir(parents=True)
    with pytest.raises(Unfit, match="plain names"):
        retrieved(engine, tmp_path, PEOPLE, register=register, source=replace(ASKED, table="../persons"))


FAULTY: dict[str, tuple[Callable[[Path], object], type[JalostamoError], str]] = {
    "no description": (lambda folder: (folder / "register.toml").unlink(), Misused, "file_missing"),
    "no toml": (lambda folder: (folder / "register.toml").write_text("[register\n"), Unfit, "description_form"),
    "no utf-8": (lambda folder: (folder / "register.toml").write_bytes(b"\xff"), Unfit, "description_form"),
    "no section": (lambda folder: (folder / "register.toml").write_text(""), Unfit, "description_incomplete"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_register_without_a_sound_description_is_not_read(fault: str, tmp_path: Path) -> None:
    spoil, kind, reason = FAULTY[fault]
    write_register(tmp_path, POPULATION, PEOPLE)
    spoil(tmp_path / "population")
    with pytest.raises(kind, match=r"register\.toml") as refused:
        read_register(tmp_path / "population")
    assert refused.value.reason == reason


def test_a_key_that_was_not_wholly_asked_tells_no_records_apart(engine: Engine, tmp_path: Path) -> None:
    keyed = replace(POPULATION, tables=(replace(POPULATION.tables[0], key=("identity_code", "surname")),))
    extract = retrieved(engine, tmp_path, [PEOPLE[0], PEOPLE[0]], register=keyed)
    assert (extract.declared.key, extract.manifest.content["loaded"]) == ((), 2)
    with pytest.raises(Unfit, match="repeats the key"):
        retrieved(
            engine, tmp_path, [PEOPLE[0], PEOPLE[0]], register=keyed, source=replace(ASKED, fields=keyed.tables[0].key)
        )


def test_a_survey_tells_of_every_table_and_keeps_nothing(tmp_path: Path) -> None:
    write_register(tmp_path / "sources", POPULATION, [*PEOPLE, person(9, sex=SURNAME)])
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    with open_engine(workspace=workspace) as engine:
        (told,) = survey(engine, tmp_path / "sources" / "population")
    assert (told.table, told.records, told.loaded, len(told.rejections)) == ("persons", 4, 3, 1)
    assert {profile.field for profile in told.profile} == {field.name for field in POPULATION.tables[0].fields}
    assert not any(secret in repr(told) for secret in (SURNAME, *(row["identity_code"] for row in PEOPLE)))
    assert contents(workspace) == {}


@pytest.mark.parametrize("personal", [True, False])
def test_a_survey_is_refused_as_retrieving_is(personal: bool, engine: Engine, tmp_path: Path) -> None:
    register = replace(POPULATION, marking=Marking.PERSONAL if personal else Marking.SYNTHETIC)
    write_register(tmp_path, register, [*PEOPLE, person(9, guardian=living())])
    with pytest.raises(Refused) as refused:
        survey(engine, tmp_path / "population")
    assert refused.value.reason == "level_demo"
    assert living() not in str(refused.value)
