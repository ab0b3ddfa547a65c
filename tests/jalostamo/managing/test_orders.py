"""An order stands whole in the exchange, or not at all, and whatever was changed in it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jalostamo.managing.ordered import REQUEST, Townhall

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.managing.orders import FILES, SHEET, Recipe, read_order, recipe_of, waiting_orders
from jalostamo.managing.requests import read_request


@pytest.fixture
def placed(tmp_path: Path) -> Path:
    return Townhall().ordered(tmp_path)


def test_an_order_comes_back_as_it_was_written(tmp_path: Path) -> None:
    townhall = Townhall()
    found = read_order(townhall.ordered(tmp_path))
    assert found.order == townhall.case.ordered()
    assert found.events == tuple(townhall.case.events)
    assert (found.recipe.digest, found.request) == (found.order.recipe, "request.toml")


def test_the_recipe_holds_every_file_that_the_request_names(placed: Path) -> None:
    assert set(read_order(placed).recipe.files) == {
        "request.toml",
        "definition.toml",
        "hierarchies/native_language.csv",
        "hierarchies/country_of_birth.csv",
    }


def test_the_recipe_of_cells_holds_the_hierarchies_of_the_definition_too() -> None:
    path = REQUEST.with_name("cells-request.toml")
    assert set(recipe_of(path, read_request(path)).files) == {
        "cells-request.toml",
        "cells.toml",
        "hierarchies/native_language.csv",
        "hierarchies/language_group.csv",
        "hierarchies/birth_year.csv",
        "hierarchies/service_group.csv",
    }


def test_the_same_order_stands_once(tmp_path: Path) -> None:
    townhall = Townhall()
    assert townhall.ordered(tmp_path) == townhall.ordered(tmp_path)
    assert len(list(waiting_orders(tmp_path / "orders"))) == 1


def test_an_order_that_is_half_written_is_not_seen(tmp_path: Path, placed: Path) -> None:
    (placed.parent / ".0123").mkdir()
    (placed.parent / ".0123" / SHEET).write_bytes((placed / SHEET).read_bytes())
    assert list(waiting_orders(tmp_path / "orders")) == [placed]


def edited(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    """What changes the sheet of an order."""

    def edit(place: Path) -> None:
        sheet = json.loads((place / SHEET).read_bytes())
        change(sheet)
        (place / SHEET).write_text(json.dumps(sheet), encoding="utf-8")

    return edit


def longer(place: Path) -> None:
    hierarchy = place / FILES / "hierarchies" / "native_language.csv"
    hierarchy.write_bytes(hierarchy.read_bytes() + b"xx;foreign;all\n")


def led_elsewhere(place: Path) -> None:
    (place / FILES / "definition.toml").unlink()
    (place / FILES / "definition.toml").symlink_to("/etc/hostname")


BAD: dict[str, tuple[Callable[[Path], None], type[JalostamoError], str]] = {
    "a file was changed": (longer, Unfit, "order_files_differ"),
    "a file is a link": (led_elsewhere, Unfit, "order_files_differ"),
    "a file is missing": (lambda place: (place / FILES / "definition.toml").unlink(), Misused, "file_missing"),
    "the sheet is no JSON": (lambda place: place.joinpath(SHEET).write_bytes(b"{"), Unfit, "order_form"),
    "the sheet is of another format": (edited(lambda sheet: sheet.update(format="x")), Unfit, "order_form"),
    "the sheet has no events": (edited(lambda sheet: sheet.pop("events")), Unfit, "order_form"),
    "the sheet lists a file outside": (
        edited(lambda sheet: sheet.update(recipe={"../../closed/trust/trusted.json": "0" * 64})),
        Unfit,
        "recipe_place",
    ),
    "the sheet begins with a file that it does not list": (
        edited(lambda sheet: sheet.update(request="other.toml")),
        Unfit,
        "order_files_differ",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=[name.replace(" ", "-") for name in BAD])
def test_a_bad_order_is_refused(placed: Path, bad: tuple[Callable[[Path], None], type[JalostamoError], str]) -> None:
    spoil, kind, reason = bad
    spoil(placed)
    with pytest.raises(kind) as refused:
        read_order(placed)
    assert refused.value.reason == reason


@pytest.mark.parametrize("name", ["/etc/hostname", "../beside.csv", "a\\b.csv", "hierarchies/../../x.csv"])
def test_a_recipe_lies_beside_its_request(tmp_path: Path, name: str) -> None:
    from jalostamo.managing.orders import recipe_of

    written = REQUEST.read_text(encoding="utf-8").replace(
        "hierarchies/country_of_birth.csv", name.replace("\\", "\\\\")
    )
    (tmp_path / "request.toml").write_text(written, encoding="utf-8")
    for beside in ("definition.toml", "hierarchies/native_language.csv"):
        (tmp_path / beside).parent.mkdir(exist_ok=True)
        (tmp_path / beside).write_bytes(b"")
    with pytest.raises(JalostamoError) as refused:
        recipe_of(tmp_path / "request.toml", read_request(tmp_path / "request.toml"))
    assert refused.value.reason in {"recipe_place", "file_missing"}
    assert name not in str(refused.value) or refused.value.reason == "file_missing"


def test_one_byte_in_any_file_is_another_recipe() -> None:
    assert Recipe({"a": b"1"}).digest != Recipe({"a": b"2"}).digest
    assert Recipe({"a": b"1"}).digest != Recipe({"b": b"1"}).digest
