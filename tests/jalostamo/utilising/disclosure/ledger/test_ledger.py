"""The ledger: everything printed in one chain per population, and what it refuses because of it."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.jalostamo.utilising.disclosure.conftest import Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, RESIDENTS, VISITS, Town, definition

from jalostamo.concepts.errors import Broken, Misused, Refused, Unfit
from jalostamo.producing.cubes.counted import KEY_SPACE, CountedCube
from jalostamo.producing.cubes.definition import Filter
from jalostamo.utilising.disclosure.ledger.chains import Chain
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.rules import INSIDE

NORTH = Filter("area_code", ("1", "2"))


def other_keys(seed: int = 9) -> Town:
    """The same units with keys of another series."""
    town = Town()
    town.key = Town(seed).key
    return town


@pytest.fixture
def three(ledger: Ledger, disclosing: Disclosing) -> Ledger:
    """A ledger of three cubes of one population, one year each."""
    for year in (2018, 2019, 2020):
        days = {"first_day": datetime.date(year, 1, 1), "last_day": datetime.date(year, 12, 31)}
        disclosing(Town(year).counted(definition(**days)), source=f"{year}" * 16)
    return ledger


def place(ledger: Ledger) -> Path:
    """The folder of the one chain."""
    return Chain(ledger.folder, "residents").place


def entry_files(ledger: Ledger) -> list[Path]:
    """The files of the entries, in order."""
    return sorted(place(ledger).glob("*.json"))


def test_what_was_admitted_stays_with_its_numbers(ledger: Ledger, printed: PrintedCube) -> None:
    (kept,) = ledger.cubes("residents").values()
    assert kept.cells == printed.cells
    assert ledger.definitions("residents") == {printed.digest: printed.definition}


def test_the_same_cube_is_admitted_again_and_not_written_twice(
    ledger: Ledger, disclosing: Disclosing, counted: CountedCube
) -> None:
    assert disclosing(counted).digest == disclosing(counted).digest
    assert len(ledger.entries("residents")) == 1


def test_each_entry_names_the_one_before(three: Ledger) -> None:
    entries = three.entries("residents")
    assert [entry.before for entry in entries] == ["", *(entry.digest for entry in entries[:-1])]
    assert three.verify() == three.heads()


def test_populations_have_chains_of_their_own(ledger: Ledger, disclosing: Disclosing, printed: PrintedCube) -> None:
    disclosing(other_keys().counted(definition(population="pupils")), series="series-2")
    assert {population: head.number for population, head in ledger.heads().items()} == {"residents": 1, "pupils": 1}
    assert printed.population == "residents"


def lose(ledger: Ledger) -> None:
    entry_files(ledger)[1].unlink()


def lose_last(ledger: Ledger) -> None:
    entry_files(ledger)[-1].unlink()


def lose_all(ledger: Ledger) -> None:
    for path in entry_files(ledger):
        path.unlink()


def change(ledger: Ledger) -> None:
    path = entry_files(ledger)[1]
    path.write_bytes(path.read_bytes().replace(b'"series-1"', b'"series-2"'))


def change_and_rename(ledger: Ledger) -> None:
    old = ledger.entries("residents")[1]
    new = replace(old, facts={**old.facts, "series": "series-2"})
    entry_files(ledger)[1].unlink()
    (place(ledger) / f"{new.number:08}-{new.digest}.json").write_bytes(new.written)


def swap(ledger: Ledger) -> None:
    one, other, _ = entry_files(ledger)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def add_foreign(ledger: Ledger) -> None:
    (place(ledger) / "00000004.json").write_text("{}")


def empty_one(ledger: Ledger) -> None:
    entry_files(ledger)[1].write_bytes(b"")


def lose_head(ledger: Ledger) -> None:
    (place(ledger) / "head").unlink()


DAMAGES: tuple[Callable[[Ledger], None], ...] = (
    *(lose, lose_last, lose_all, change, change_and_rename, swap, add_foreign, empty_one, lose_head),
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_chain_is_found(three: Ledger, damage: Callable[[Ledger], None]) -> None:
    damage(three)
    with pytest.raises(Unfit, match="does not hold together"):
        three.verify()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_chain_admits_nothing_more(
    three: Ledger, disclosing: Disclosing, damage: Callable[[Ledger], None]
) -> None:
    damage(three)
    with pytest.raises(Unfit, match="does not hold together"):
        disclosing(Town().counted(definition(first_day=datetime.date(2021, 1, 1), last_day=datetime.date(2021, 2, 1))))


def test_a_ledger_read_without_looking_at_its_chain_would_not_notice_a_loss(three: Ledger) -> None:
    lose(three)
    unlooked = [json.loads(path.read_bytes()) for path in entry_files(three)]
    assert [entry["kind"] for entry in unlooked] == ["cube", "cube"]


@pytest.mark.parametrize("changed", [b"", b"other"], ids=["emptied", "changed"])
def test_a_changed_file_of_a_cube_is_found(three: Ledger, changed: bytes) -> None:
    (place(three) / "kept" / three.entries("residents")[1].kept).write_bytes(changed)
    with pytest.raises(Unfit, match="file of entry 2 has been changed"):
        three.verify()


def test_a_lost_file_of_a_cube_is_found(three: Ledger) -> None:
    (place(three) / "kept" / three.entries("residents")[1].kept).unlink()
    with pytest.raises(Unfit, match="file of entry 2 is missing"):
        three.verify()


def test_a_chain_rewritten_as_a_whole_is_found_by_a_head_kept_elsewhere(three: Ledger, disclosing: Disclosing) -> None:
    heads = three.heads()
    shutil.rmtree(place(three))
    assert three.verify() == {}
    disclosing(Town(7).counted(definition()))
    assert three.verify()["residents"].number == 1
    with pytest.raises(Unfit, match="kept elsewhere"):
        three.verify(heads)


def test_a_head_kept_elsewhere_holds_while_entries_are_added(three: Ledger, disclosing: Disclosing) -> None:
    heads = three.heads()
    disclosing(Town().counted(definition(first_day=datetime.date(2021, 1, 1), last_day=datetime.date(2021, 2, 1))))
    assert three.verify(heads)["residents"].number == 4


def test_a_ledger_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(Misused):
        Ledger(tmp_path / "missing")


# --- What is refused because of what was printed before ------------------------------------------------------------


def test_the_same_cells_under_another_rule_are_refused(
    disclosing: Disclosing, counted: CountedCube, printed: PrintedCube
) -> None:
    with pytest.raises(Refused, match="under rule 'any shape': print it under that rule") as refused:
        disclosing(counted, rule=replace(INSIDE, most_gained=1.0))
    assert (refused.value.reason, printed.rule.id) == ("printed_otherwise", "any shape")


def test_the_same_cells_in_another_series_are_refused(disclosing: Disclosing, printed: PrintedCube) -> None:
    with pytest.raises(Refused, match="record keys of series series-1: print it in that series"):
        disclosing(other_keys().counted(printed.definition), series="series-2")


def test_the_same_cells_with_another_noise_table_are_refused(disclosing: Disclosing, printed: PrintedCube) -> None:
    with pytest.raises(Refused, match="noise table d5-v3-js2-p50: name that one in the definition"):
        disclosing(Town().counted(replace(printed.definition, noise="d8-v6-js2-p40")))


def test_a_series_prints_with_one_noise_table_whatever_it_prints(disclosing: Disclosing, printed: PrintedCube) -> None:
    """Cells of the same people under other conditions are not recognised: by two tables they would be known."""
    pupils = definition(population="pupils", noise="d8-v6-js2-p40")
    with pytest.raises(Refused, match="prints with noise table d5-v3-js2-p50") as refused:
        disclosing(Town().counted(pupils))
    assert refused.value.reason == "series_noise"
    assert disclosing(Town().counted(pupils), series="series-2").noise.id != printed.noise.id


def test_a_second_one_off_of_the_same_cells_is_refused(disclosing: Disclosing, counted: CountedCube) -> None:
    disclosing(counted, series=None)
    with pytest.raises(Refused, match="keys that were destroyed: use that printed cube again"):
        disclosing(other_keys().counted(definition()), series=None)


def test_a_ledger_that_allowed_other_keys_would_let_the_noise_be_averaged_away() -> None:
    keys = np.array([Town(seed).key.sum() % KEY_SPACE for seed in range(300)])
    printed = noise_table().printed(np.full(300, 129), keys)
    assert abs(printed.mean() - 129) < 0.5
    assert printed.std() > 1


def test_the_same_cells_under_another_name_are_the_same_cells(disclosing: Disclosing, printed: PrintedCube) -> None:
    # The north as a filter, and other names for dimension, measure and codes.
    parts = replace(AGE, name="years")
    alias = definition(
        name="alias", dimensions=(parts,), filters=(NORTH,), measures=(replace(RESIDENTS, name="people"),)
    )
    with pytest.raises(Refused, match="4 of its cells were printed before"):
        disclosing(other_keys().counted(replace(alias, digest=printed.definition.digest)), series="series-2")


def test_an_alias_in_the_same_series_prints_the_same_numbers(disclosing: Disclosing, printed: PrintedCube) -> None:
    alias = definition(name="alias", dimensions=(AGE,), filters=(NORTH,), measures=(RESIDENTS,))
    again = disclosing(Town().counted(alias))
    for age in (*AGE.codes, "*"):
        assert again.count("residents", age=age) == printed.count("residents", area="north", age=age)


def test_other_numbers_for_the_same_units_of_the_same_data_are_our_fault(
    disclosing: Disclosing, printed: PrintedCube
) -> None:
    with pytest.raises(Broken, match="print other numbers"):
        disclosing(other_keys().counted(printed.definition))


def test_refreshed_data_may_print_other_numbers(disclosing: Disclosing, printed: PrintedCube, ledger: Ledger) -> None:
    disclosing(Town(units=420).counted(printed.definition), source="t" * 64)
    assert len(ledger.entries("residents")) == 2


def test_two_numbers_for_the_same_units_in_one_cube_are_our_fault(disclosing: Disclosing) -> None:
    cube = Town().counted(definition(measures=(RESIDENTS, VISITS)))
    rows = [{**row, "n": row["n"] + 9 * (row["measure"] == "visits")} for row in cube.cells.to_pylist()]
    disclosing(cube)
    other = replace(cube, cells=cube.cells.from_pylist(rows, schema=cube.cells.schema))
    with pytest.raises(Broken):
        disclosing(other, source="t" * 64)
