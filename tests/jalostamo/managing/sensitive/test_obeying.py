"""The closed room obeys what a permit's signed events allow now, once, and nothing that anybody else says."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.ordered import NOON, REQUEST, STRANGER, VERIFIER, Townhall

from jalostamo.concepts.errors import Refused
from jalostamo.managing.orders import Ordered, Recipe
from jalostamo.managing.requests import Request, read_request
from jalostamo.managing.sensitive.obeying import Memory, Obeyed, obey
from jalostamo.permits import papers
from jalostamo.permits.events import Verifier
from jalostamo.permits.terms import DataClass, Lane

DAY = datetime.timedelta(days=1)
CELLS = REQUEST.with_name("cells-request.toml")
ROWS = read_request(REQUEST).preparation


class Believing:
    """The protection removed: a closed room that looks at no signature."""

    def verify(self, key: str, message: bytes, signature: bytes) -> bool:
        return True


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    (tmp_path / "memory").mkdir()
    return Memory(tmp_path / "memory")


def obeyed(sent: Ordered, memory: Memory, *, at: datetime.datetime = NOON, verifier: Verifier = VERIFIER) -> Obeyed:
    """What the closed room makes of an order."""
    into = memory.folder.parent / "into"
    into.mkdir(exist_ok=True)
    for left in sorted(into.rglob("*"), reverse=True):
        left.unlink() if left.is_file() else left.rmdir()
    return obey(sent, verifier=verifier, memory=memory, at=at, into=into)


def refusal(sent: Ordered, memory: Memory, *, at: datetime.datetime = NOON) -> str:
    with pytest.raises(Refused) as refused:
        obeyed(sent, memory, at=at)
    return " ".join(objection.sentence for objection in refused.value.objections)


def test_an_order_of_a_permit_in_force_is_obeyed(memory: Memory) -> None:
    sent = Townhall().sent()
    found = obeyed(sent, memory)
    assert found.order == sent.order
    assert found.request.folder == memory.folder.parent / "into"
    assert (found.request.folder / "hierarchies" / "native_language.csv").read_bytes() == (
        REQUEST.parent / "hierarchies" / "native_language.csv"
    ).read_bytes()


def test_nobody_else_can_sign(memory: Memory) -> None:
    forged = Townhall(signer=STRANGER).sent()
    assert "signature" in refusal(forged, memory)
    assert memory.head(forged.order.permit) is None
    assert obeyed(forged, memory, verifier=Believing()).order == forged.order, "without the look, it would be obeyed"


def test_an_order_is_carried_out_once(memory: Memory) -> None:
    sent = Townhall().sent()
    obeyed(sent, memory)
    assert obeyed(sent, memory).order == sent.order, "one that was broken off is taken up again"
    memory.carried_out(sent.order, "ab" * 32)
    assert "has been carried out" in refusal(sent, memory)


def test_a_revocation_cannot_be_taken_back(memory: Memory) -> None:
    townhall = Townhall()
    sent = townhall.sent()
    made = townhall.case.initiative
    townhall.case._give(made, "suspend", papers.Suspension("Something has happened to the material."))
    later = townhall.sent(sent.order)
    assert obeyed(sent, Memory(fresh(memory))).order == sent.order, "who has not seen the suspension obeys"
    assert refusal(later, memory)
    assert refusal(sent, memory), "the shorter chain is a rollback"


def fresh(memory: Memory) -> Path:
    """A memory of nothing."""
    folder = memory.folder.parent / "nothing"
    folder.mkdir(exist_ok=True)
    return folder


def test_the_recipe_is_the_one_that_was_ordered(memory: Memory) -> None:
    sent = Townhall().sent()
    more = {**sent.recipe.files, "definition.toml": sent.recipe.files["definition.toml"] + b"\n"}
    assert "recipe" in refusal(replace(sent, recipe=Recipe(more)), memory)


def test_an_order_that_was_edited_is_refused(memory: Memory) -> None:
    sent = Townhall().sent()
    assert refusal(replace(sent, order=replace(sent.order, users=("somebody",))), memory)


def test_an_order_has_an_end(memory: Memory) -> None:
    sent = Townhall().sent()
    last = datetime.datetime.combine(sent.order.expires, datetime.time(12), tzinfo=datetime.UTC)
    assert obeyed(sent, memory, at=last).order == sent.order
    assert refusal(sent, memory, at=last + DAY)


def test_events_of_another_permit_prove_nothing(memory: Memory) -> None:
    sent, other = (Townhall().sent(), Townhall(change=lambda request: replace(request, permit="another")).sent())
    assert "another permit" in refusal(replace(sent, events=other.events), memory)


def _shorter(request: Request) -> Request:
    return replace(request, first_day=request.first_day + 400 * DAY)


def _fewer(request: Request) -> Request:
    first, *others = request.sources
    return replace(request, sources=(replace(first, fields=first.fields[:-1]), *others))


def _cells(request: Request) -> Request:
    return replace(request, lane=Lane.CELLS)


BEYOND: dict[str, tuple[Callable[[Request], Request], str]] = {
    "asks for a field that was not decided": (_fewer, "1 fields are asked that were not ordered"),
    "goes beyond the time": (_shorter, "time frame goes beyond"),
    "is for the other lane": (_cells, "worse class than was decided"),
    "names another permit": (lambda request: replace(request, permit="another"), "names another permit"),
}


def of_cells(townhall: Townhall) -> Townhall:
    """The same, where the permit names a definition, as one of cells must."""
    townhall.case = replace(townhall.case, papers=replace(townhall.case.papers, definition="ab" * 32))
    return townhall


def test_an_order_of_cells_lets_no_rows_out(memory: Memory) -> None:
    sent = of_cells(Townhall(change=_cells)).sent()
    assert (sent.order.lane, sent.order.data_class) == (Lane.CELLS, DataClass.PRINTED_CELLS)
    assert "decided for the lane of cells, and the request is for the other" in refusal(sent, memory)


def test_an_order_of_cells_is_obeyed_and_one_of_rows_prints_none(memory: Memory) -> None:
    sent = of_cells(Townhall(path=CELLS)).sent()
    assert obeyed(sent, memory).request.lane is Lane.CELLS
    rows = Townhall(path=CELLS, change=lambda request: replace(request, lane=Lane.ROWS, preparation=ROWS)).sent()
    assert "decided for the lane of rows, and the request is for the other" in refusal(rows, Memory(fresh(memory)))


@pytest.mark.parametrize("beyond", BEYOND.values(), ids=[name.replace(" ", "-") for name in BEYOND])
def test_a_request_that_goes_beyond_its_order_is_refused(
    memory: Memory, beyond: tuple[Callable[[Request], Request], str]
) -> None:
    """The permit was decided for less than what its recipe then asks."""
    decided, said = beyond
    townhall = Townhall(change=decided)
    if townhall.case.papers.lane is Lane.CELLS:
        townhall = of_cells(townhall)
    assert said in refusal(townhall.sent(), memory)


def test_what_is_remembered_says_nothing_of_the_permit_in_its_name(memory: Memory) -> None:
    obeyed(Townhall().sent(), memory)
    (kept,) = memory.folder.iterdir()
    assert len(kept.stem) == 32
    assert memory.head("child-protection-pilot") == (23, Memory(memory.folder).head("child-protection-pilot")[1])  # type: ignore[index]
