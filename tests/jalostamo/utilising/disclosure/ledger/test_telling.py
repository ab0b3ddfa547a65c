"""Refusals that tell of people are written down, and after a few of them only what was printed before is printed again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.jalostamo.utilising.disclosure.conftest import Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, RESIDENTS, Town, definition

import jalostamo
from jalostamo.concepts.errors import Misused, Refused, Unfit
from jalostamo.producing.cubes.definition import CubeDefinition, Filter
from jalostamo.producing.cubes.differences import Difference
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.ledger.telling import MOST_REFUSALS, TELLING
from jalostamo.utilising.disclosure.printed import PrintedCube

SOURCES = Path(jalostamo.__file__).parent


def of_one(number: int) -> CubeDefinition:
    """A definition that has not been seen yet, and whose filter may cut somebody out."""
    keep = Filter("area_code", ("1", "2", "3", "4"))
    return definition(
        name=f"asked-{number}", digest=f"{number:064}", dimensions=(AGE,), measures=(RESIDENTS,), filters=(keep,)
    )


def cut_out(ledger: Ledger, disclosing: Disclosing, earlier: PrintedCube, number: int) -> str:
    """The reason of the refusal of a cube that cuts somebody out of an earlier one."""
    asked = of_one(number)
    with pytest.raises(Refused) as refused, ledger.heeding_refusals(asked):
        disclosing(Town().counted(asked), differences=[Difference(earlier.digest, 1)])
    return refused.value.reason


def fails(ledger: Ledger, reason: str, number: int = 0) -> None:
    with pytest.raises(Unfit), ledger.heeding_refusals(of_one(number)):
        raise Unfit("Some records do not fit.", reason=reason)


def test_after_three_refusals_a_further_cube_is_refused_before_anything_is_counted(
    ledger: Ledger, disclosing: Disclosing, printed: PrintedCube
) -> None:
    reasons = [cut_out(ledger, disclosing, printed, number) for number in range(MOST_REFUSALS)]
    assert set(reasons) == {"single_units_cut_out"}
    begun = False
    with pytest.raises(Refused) as refused, ledger.heeding_refusals(of_one(9)):
        begun = True
    assert refused.value.reason == "refusals_too_many"
    assert not begun


def test_without_the_limit_any_number_of_such_questions_would_be_answered(
    disclosing: Disclosing, printed: PrintedCube
) -> None:
    for number in range(3 * MOST_REFUSALS):
        with pytest.raises(Refused, match="single units more often"):
            disclosing(Town().counted(of_one(number)), differences=[Difference(printed.digest, 1)])


def test_what_was_printed_before_may_be_printed_again(
    ledger: Ledger, disclosing: Disclosing, printed: PrintedCube
) -> None:
    for number in range(MOST_REFUSALS):
        fails(ledger, "cube_unlisted", number)
    with ledger.heeding_refusals(printed.definition):
        assert disclosing(Town().counted(printed.definition)).digest == printed.digest


def test_somebody_who_has_looked_lets_cubes_be_asked_for_again(ledger: Ledger) -> None:
    for number in range(MOST_REFUSALS):
        fails(ledger, "cube_unlisted", number)
    lifted = ledger.lift("residents", by="officer", because="a service had three spellings")
    assert [told.name for told in lifted] == [f"asked-{number}" for number in range(MOST_REFUSALS)]
    assert ledger.refusals("residents") == ()
    with ledger.heeding_refusals(of_one(9)):
        pass
    last = ledger.entries("residents")[-1]
    assert (last.kind, last.facts["by"]) == ("lifted", "officer")
    assert ledger.verify() == ledger.heads()


def test_nothing_is_lifted_where_nothing_was_refused(ledger: Ledger) -> None:
    assert ledger.lift("residents", by="officer", because="to be safe") == ()
    assert ledger.entries("residents") == ()


def test_another_population_is_judged_by_its_own_refusals(ledger: Ledger) -> None:
    for number in range(MOST_REFUSALS):
        fails(ledger, "cube_thin", number)
    with ledger.heeding_refusals(definition(population="pupils", digest="9" * 64)):
        pass


def test_a_refusal_that_the_definition_alone_decides_is_not_counted(ledger: Ledger) -> None:
    for number in range(2 * MOST_REFUSALS):
        fails(ledger, "field_unknown", number)
    with pytest.raises(Misused), ledger.heeding_refusals(of_one(9)):
        raise Misused("A word is wrong.", reason="cube_unlisted_word")
    assert ledger.refusals("residents") == ()


def test_a_refusal_that_is_taken_away_is_found(ledger: Ledger) -> None:
    fails(ledger, "cube_unlisted")
    (entry,) = (ledger.folder).glob("*/*.json")
    entry.unlink()
    with pytest.raises(Unfit, match="does not hold together"):
        ledger.refusals("residents")


@pytest.mark.parametrize("reason", sorted(TELLING))
def test_each_reason_that_tells_is_one_that_a_refusal_has(reason: str) -> None:
    parts = (SOURCES / "producing/cubes", SOURCES / "utilising/disclosure")
    others = (path for part in parts for path in part.rglob("*.py") if path.name != "telling.py")
    written = "".join(path.read_text(encoding="utf-8") for path in others)
    assert re.search(rf'(reason=|^\s+)"{reason}"', written, re.MULTILINE)


@pytest.mark.parametrize("path", ["checking.py", "counting.py"])
def test_every_refusal_of_what_records_hold_in_a_field_is_one_that_tells(path: str) -> None:
    reasons = set(re.findall(r'reason="(\w+)"', (SOURCES / "producing/cubes" / path).read_text(encoding="utf-8")))
    assert reasons - {"cube_field_type", "cube_too_many_cells"} <= TELLING
