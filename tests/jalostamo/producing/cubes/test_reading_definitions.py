"""A cube definition is read whole or not at all; its digest is of all that it says, hierarchies included."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from jalostamo.concepts.errors import JalostamoError, Refused
from jalostamo.producing.cubes.definition import CubeDefinition, refuse_changed
from jalostamo.producing.cubes.reading import read_cube_definition

PILOT = Path(__file__).parents[4] / "examples" / "pilot"
HEAD = """
[cube]
name = "visits"
population = "nobody"
from = 2015-01-01
to = 2016-12-31
title = { fi = "Käynnit", sv = "Besök", en = "Visits" }
"""
SEX = """
[[dimension]]
name = "sex"
field = "sex"
values = ["f", "m"]
title = { fi = "Sukupuoli", sv = "Kön", en = "Sex" }
"""
AREA = """
[[dimension]]
name = "area"
field = "area"
hierarchy = "areas.csv"
levels = [0, 1]
title = { fi = "Alue", sv = "Område", en = "Area" }
"""
PEOPLE = """
[[measure]]
name = "people"
kind = "units"
table = "persons"
title = { fi = "Ihmiset", sv = "Människor", en = "People" }
"""
STEPS = PEOPLE.replace("people", "steps").replace('"units"', '"step"') + 'steps = 2\npath = ["NOT", "ASM"]\n'
ZERO = '\n[[structural_zero]]\nsex = "f"\narea = "south"\n'
AREAS = "1;south;*\n2;south;*\n3;3;*\n"


def read(folder: Path, *parts: str, areas: str = AREAS) -> CubeDefinition:
    (folder / "areas.csv").write_text(areas)
    (folder / "cells.toml").write_text("".join((HEAD, *parts)))
    return read_cube_definition(folder / "cells.toml")


def test_a_definition_says_what_its_file_says(tmp_path: Path) -> None:
    found = read(tmp_path, SEX, AREA, PEOPLE, STEPS, ZERO)
    assert [d.name for d in found.dimensions] == ["sex", "area"]
    assert found.dimensions[1].levels == (("1", "2", "3"), ("south", "3"))
    assert found.dimensions[1].parents == {"1": "south", "2": "south"}
    assert found.structural_zeros == ({"sex": "f", "area": "south"},)
    assert found.noise == "d5-v3-js2-p50"


def test_a_step_may_begin_go_between_any_two_and_end(tmp_path: Path) -> None:
    grid = read(tmp_path, SEX, STEPS).measures[0].grid
    assert grid[:4] == ("1:>NOT", "1:>ASM", "1:NOT>NOT", "1:NOT>ASM")
    assert len(grid) == 2 + 2 * 2 * 3 == len(set(grid))


def test_the_digest_of_a_file_without_hierarchies_is_that_of_its_bytes(tmp_path: Path) -> None:
    found = read(tmp_path, SEX, PEOPLE)
    assert found.digest == hashlib.sha256((tmp_path / "cells.toml").read_bytes()).hexdigest()


@pytest.mark.parametrize("changed", ["the definition", "a hierarchy"])
def test_a_definition_that_changed_after_it_was_frozen_is_refused(changed: str, tmp_path: Path) -> None:
    frozen = read(tmp_path, AREA, PEOPLE)
    refuse_changed(read(tmp_path, AREA, PEOPLE), frozen.digest)
    other = read(tmp_path, AREA, PEOPLE, "#\n") if changed == "the definition" else None
    again = other or read(tmp_path, AREA, PEOPLE, areas=AREAS.replace("3;3;*", "3;north;*"))
    with pytest.raises(Refused, match="changed after it was frozen") as refused:
        refuse_changed(again, frozen.digest)
    assert refused.value.reason == "cube_definition_changed"


def test_the_demonstration_has_a_definition_of_the_fields_that_its_request_prepares(tmp_path: Path) -> None:
    shutil.copytree(PILOT, tmp_path / "pilot")
    found = read_cube_definition(tmp_path / "pilot" / "cells.toml")
    request = (PILOT / "request.toml").read_text(encoding="utf-8")
    assert len(found.dimensions) == 3
    assert all(f'name = "{dimension.field}"' in request for dimension in found.dimensions)


WRONG: dict[str, tuple[tuple[str, ...], str, str]] = {
    "an unknown word in the head": ((SEX, PEOPLE), "knows no 'colour'", "request_unknown"),
    "an unknown word in a dimension": ((SEX, "size = 1\n", PEOPLE), "knows no 'size'", "request_unknown"),
    "an unknown section": ((SEX, PEOPLE, "\n[chart]\n"), "knows no 'chart'", "request_unknown"),
    "no measure": ((SEX,), "at least one measure", "cube_definition"),
    "an unknown kind": ((SEX, PEOPLE.replace('"units"', '"mean"')), "'kind' is one of", "request_incomplete"),
    "a sum of nothing": ((SEX, PEOPLE.replace('"units"', '"sum"')), "needs 'of'", "cube_definition"),
    "a unit of no kind": ((SEX, PEOPLE), "'unit' is one of", "request_incomplete"),
    "a unit that is not counted": ((SEX, PEOPLE), "The unit of a cube is one of", "cube_definition"),
    "a time frame that ends before it starts": ((SEX, PEOPLE), "ends before it starts", "cube_definition"),
    "a grid that falls": (
        (SEX, PEOPLE.replace('"units"', '"at_most"'), 'of = "age"\ngrid = [2, 1]\n'),
        "each larger than the one before",
        "cube_definition",
    ),
    "a grid of words": (
        (SEX, PEOPLE.replace('"units"', '"at_most"'), 'of = "age"\ngrid = ["2"]\n'),
        "a list of numbers",
        "request_incomplete",
    ),
    "steps without a number": (
        (SEX, STEPS.replace("steps = 2", "steps = 0")),
        "a number from 1 up",
        "request_incomplete",
    ),
    "steps with a grid": ((SEX, STEPS, "grid = [1]\n"), "no 'grid'", "request_incomplete"),
    "units with a path": ((SEX, PEOPLE, 'path = ["NOT"]\n'), "go with the kind step", "request_incomplete"),
    "a dimension with one value": (
        (SEX.replace('["f", "m"]', '["f"]'), PEOPLE),
        "a level with one value",
        "cube_definition",
    ),
    "a level with one value": (
        (AREA.replace("[0, 1]", "[0, 2]"), PEOPLE),
        "level 2 has one value",
        "cube_dimension_one_value",
    ),
    "a value twice": ((SEX.replace('["f", "m"]', '["f", "f"]'), PEOPLE), "each value once", "request_incomplete"),
    "neither values nor a hierarchy": (
        (SEX.replace("values", "levels"), PEOPLE),
        "either 'values'",
        "request_incomplete",
    ),
    "levels without a hierarchy": ((SEX, "levels = [0]\n", PEOPLE), "goes with a hierarchy", "request_incomplete"),
    "levels that fall": ((AREA.replace("[0, 1]", "[1, 0]"), PEOPLE), "ascending", "request_incomplete"),
    "a level that the file lacks": ((AREA.replace("[0, 1]", "[0, 7]"), PEOPLE), "level 7 was asked", "hierarchy_level"),
    "a hierarchy elsewhere": (
        (AREA.replace("areas.csv", "../areas.csv"), PEOPLE),
        "beside the definition",
        "cube_hierarchy",
    ),
    "a missing hierarchy": ((AREA.replace("areas.csv", "places.csv"), PEOPLE), "places.csv is missing", "file_missing"),
    "a code that stands for the total": (
        (SEX.replace('"m"', '"*"'), PEOPLE),
        "stands for the total",
        "cube_code_total",
    ),
    "an empty code": ((SEX.replace('"m"', '""'), PEOPLE), "a code is empty", "cube_code_total"),
    "labels of unknown codes": (
        (SEX, '[dimension.labels]\nx = { fi = "x", sv = "x", en = "x" }\n', PEOPLE),
        "names 1 codes that no shown level has",
        "cube_labels_unknown",
    ),
    "five dimensions": (
        (*(SEX.replace('"sex"', f'"sex_{n}"') for n in range(5)), PEOPLE),
        "at most 4 dimensions, not 5",
        "cube_dimensions",
    ),
    "a dimension twice": ((SEX, SEX, PEOPLE), "'sex' stands twice", "cube_definition"),
    "a measure twice": ((SEX, PEOPLE, PEOPLE), "'people' stands twice", "cube_definition"),
    "a dimension that is called as a column": (
        (SEX.replace('name = "sex"', 'name = "amount"'), PEOPLE),
        "none of a cube's own columns",
        "cube_definition",
    ),
    "a measure in capitals": ((SEX, PEOPLE.replace('"people"', '"People"')), "small letters", "cube_definition"),
    "a filter on an unknown value": (
        (SEX, '[[filter]]\nfield = "sex"\nvalues = ["x"]\n', PEOPLE),
        "names 1 values that the field cannot hold",
        "cube_filter_unknown",
    ),
    "a filter that nothing closes": (
        (SEX, '[[filter]]\nfield = "place"\nvalues = ["x"]\n', PEOPLE),
        "needs 'among'",
        "request_incomplete",
    ),
    "a filter with a value twice": (
        (SEX, '[[filter]]\nfield = "sex"\nvalues = ["f", "f"]\n', PEOPLE),
        "each of its values once",
        "cube_definition",
    ),
    "a structural zero of one dimension": (
        (SEX, AREA, PEOPLE, '[[structural_zero]]\nsex = "f"\n'),
        "two dimensions",
        "cube_definition",
    ),
    "a structural zero of an unknown code": (
        (SEX, AREA, PEOPLE, ZERO.replace("south", "north")),
        "look at 'area'",
        "cube_definition",
    ),
    "a structural zero of a number": (
        (SEX, AREA, PEOPLE, ZERO.replace('"f"', "1")),
        "a code, a text",
        "request_incomplete",
    ),
    "no TOML": ((SEX, "sex"), "is not a TOML file", "definition_form"),
}
HEADS = {
    "an unknown word in the head": (HEAD, HEAD + 'colour = "red"\n'),
    "a unit of no kind": (HEAD, HEAD + 'unit = "dog"\n'),
    "a unit that is not counted": (HEAD, HEAD + 'unit = "society"\n'),
    "a time frame that ends before it starts": (HEAD, HEAD.replace("2016-12-31", "2014-12-31")),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_a_definition_lacks_or_misspells_is_named(fault: str, tmp_path: Path) -> None:
    parts, sentence, reason = WRONG[fault]
    (tmp_path / "areas.csv").write_text(AREAS)
    (tmp_path / "cells.toml").write_text("".join((HEADS.get(fault, ("", HEAD))[1], *parts)))
    with pytest.raises(JalostamoError, match=sentence.replace("[", r"\[").replace("*", r"\*")) as refused:
        read_cube_definition(tmp_path / "cells.toml")
    assert refused.value.reason == reason


def test_codes_alike_at_two_levels_are_refused_unless_they_hold_the_same(tmp_path: Path) -> None:
    assert read(tmp_path, AREA, PEOPLE).dimensions[0].codes == ("1", "2", "3", "south")
    with pytest.raises(JalostamoError, match="stands for other values at a finer one") as refused:
        read(tmp_path, AREA, PEOPLE, areas=AREAS.replace("south", "1"))
    assert refused.value.reason == "cube_codes_alike"


def test_what_is_not_listed_or_missing_may_have_codes_of_their_own(tmp_path: Path) -> None:
    found = read(tmp_path, AREA, 'other = "elsewhere"\nmissing = "3"\n', PEOPLE).dimensions[0]
    assert found.levels == (("1", "2", "3", "elsewhere"), ("south", "3", "elsewhere"))
    assert (found.other, found.missing) == ("elsewhere", "3")


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_definition_that_cannot_be_opened_is_misuse(name: str, tmp_path: Path) -> None:
    with pytest.raises(JalostamoError) as refused:
        read_cube_definition(tmp_path / name)
    assert refused.value.exit_code == 2
