"""A register comes back from its description as it was; whatever a description lacks or misspells is answered."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.descriptions import as_description, register_from
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

TITLE = Text("Nimi", "Namn", "Name")
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)
TEXTS = st.builds(Text, WORDS, WORDS, WORDS)
FIELDS = (
    Field("sex", "SUKUPUOLI", FieldType.CODE, Sensitivity.INDIRECT_IDENTIFIER, TITLE, code_list="sex", required=True),
    Field("born", "SYNTYMAPV", FieldType.DATE, Sensitivity.INDIRECT_IDENTIFIER, TITLE, format="%d.%m.%Y"),
)
WRITING = Writing(delimiter=";", encoding="iso-8859-1", decimal_mark=",", quote="'", timezone="Europe/Helsinki")
SEX = CodeList("sex", "2024", (Code("1", TITLE), Code("2", TITLE)))
REGISTER = Register(
    name="population",
    title=TITLE,
    owner="office",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(RegisterTable("persons", "persons.csv", FIELDS, WRITING, key=("born",)),),
    code_lists=(SEX,),
)
# What may be left out, because a default says the same as nothing would.
OPTIONAL = {
    *(f"table.0.{key}" for key in ("format", "delimiter", "encoding", "decimal_mark", "quote", "timezone", "key")),
    *(f"table.0.field.{number}.{key}" for number in (0, 1) for key in ("column", "format", "required")),
}


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Registers of any words, in files written in any way."""
    named = draw(st.lists(WORDS.filter(lambda word: word[-1] != "_"), min_size=1, max_size=4, unique_by=str.casefold))
    types = draw(st.lists(st.sampled_from((FieldType.TEXT, FieldType.DATE, FieldType.BOOLEAN)), min_size=4, max_size=4))
    fields = tuple(
        Field(
            name,
            f"{number}{name}",
            type_,
            draw(st.sampled_from(Sensitivity)),
            draw(TEXTS),
            required=draw(st.booleans()),
        )
        for number, (name, type_) in enumerate(zip(named, types, strict=False))
    )
    delimiter, quote = draw(st.permutations([",", ";", "\t", "|", '"', "'", ""]).filter(lambda marks: marks[0]))[:2]
    writing = Writing(draw(st.sampled_from(("csv", "parquet"))), delimiter, draw(WORDS), ".", quote)
    table = RegisterTable(
        draw(WORDS), "folder/a.csv", fields, writing, key=tuple(draw(st.sets(st.sampled_from(named))))
    )
    marking = draw(st.sampled_from(Marking))
    return Register(draw(WORDS), draw(TEXTS), draw(WORDS), draw(WORDS), marking, (table,), (SEX,))


def written(register: Register) -> dict[str, Any]:
    """A description as it stands in its file."""
    return tomllib.loads(tomli_w.dumps(as_description(register)))


def parts_of(description: object, path: str = "") -> Iterator[str]:
    """The path of every key of a description."""
    entries = description.items() if isinstance(description, Mapping) else enumerate(description)  # type: ignore[arg-type]
    for key, value in entries:
        if isinstance(key, str):
            yield f"{path}{key}"
        if isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            yield from parts_of(value, f"{path}{key}.")


def without(path: str, *, instead: str | None = None) -> tuple[dict[str, Any], str]:
    """The description with one key left out, or spelt otherwise, and that key."""
    description: Any = copy.deepcopy(written(REGISTER))
    *above, key = path.split(".")
    section = description
    for step in above:
        section = section[int(step) if step.isdigit() else step]
    value = section.pop(key)
    if instead is not None:
        section[instead] = value
    return description, key


def refusal_of(description: Mapping[str, object]) -> Unfit:
    """The one sentence that answers a description."""
    with pytest.raises(Unfit) as refused:
        register_from(description, place="population/register.toml")
    assert refused.value.sentence.endswith((".", " }."))
    assert "\n" not in refused.value.sentence
    return refused.value


def test_a_register_comes_back_from_its_file() -> None:
    assert register_from(written(REGISTER), place="register.toml") == REGISTER


@given(registers())
def test_any_register_comes_back_from_its_file(register: Register) -> None:
    assert register_from(written(register), place="register.toml") == register


@pytest.mark.parametrize("path", sorted(set(parts_of(written(REGISTER))) - OPTIONAL))
def test_a_missing_part_is_answered_with_its_name(path: str) -> None:
    description, key = without(path)
    assert key.replace("_", " ").removesuffix("s") in refusal_of(description).sentence.replace("_", " ")


@pytest.mark.parametrize("path", sorted(set(parts_of(written(REGISTER)))))
def test_a_misspelt_part_is_answered_and_never_left_unread(path: str) -> None:
    spelt = f"{path.rsplit('.', 1)[-1]}_"
    description, key = without(path, instead=spelt)
    assert key in refusal_of(description).sentence


@pytest.mark.parametrize("path", sorted(OPTIONAL & set(parts_of(written(REGISTER)))))
def test_an_optional_part_may_be_left_out(path: str) -> None:
    description, _ = without(path)
    assert register_from(description, place="register.toml").name == "population"


@pytest.mark.parametrize(
    ("section", "key", "value", "reason", "parts"),
    [
        (
            "register",
            "marking",
            "secret",
            "description_vocabulary",
            ["[register] marking", "synthetic, public, personal"],
        ),
        ("register", "name", 5, "description_incomplete", ["needs 'name'"]),
        ("register", "title", "Name", "text_missing", ["[register] title", "three languages"]),
        ("table", "key", "born", "description_incomplete", ["table 'persons'", "'key' is a list"]),
        ("table", "key", ["birth"], "table_key", ["'birth'"]),
        ("table", "format", "docx", "writing_format", ["register.toml, table 'persons'", "csv, parquet, xlsx"]),
        ("table", "delimiter", "::", "writing_delimiter", ["table 'persons'", "one ASCII character"]),
        ("table", "timezone", "Mars/Phobos", "writing_timezone", ["table 'persons'", "Europe/Helsinki"]),
        ("table", "file", "../secret.csv", "table_file", ["'persons'", "beside the description"]),
        ("table", "field", [], "description_incomplete", ["[[field]]"]),
        ("table", "field", "born", "description_incomplete", ["[[field]]"]),
        ("field", "type", "datum", "description_vocabulary", ["field 'sex', type", "personal_identity_code"]),
        ("field", "sensitivity", ["ordinary"], "description_vocabulary", ["field 'sex', sensitivity", "link"]),
        ("field", "required", "false", "description_vocabulary", ["'required' is true or false"]),
        ("field", "code_list", "gender", "code_list_unknown", ["'gender'"]),
        ("field", "name", "born", "field_twice", ["'born'", "twice"]),
        ("field", "column", "syntymapv", "field_twice", ["'SYNTYMAPV', 'syntymapv'"]),
        ("code_list", "codes", "1", "code_list_incomplete", ["Code list 'sex'"]),
    ],
)
def test_a_wrong_value_is_answered_with_what_is_expected(
    section: str, key: str, value: object, reason: str, parts: list[str]
) -> None:
    description = written(REGISTER)
    at = description["table"][0]["field"][0] if section == "field" else description[section]
    (at[0] if isinstance(at, list) else at)[key] = value
    unfit = refusal_of(description)
    assert unfit.reason == reason
    assert all(part in unfit.sentence for part in parts)
