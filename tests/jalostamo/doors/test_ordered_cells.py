"""Cells are printed by a signed order: its very definition, its series, once; and each figure leads back to the decision."""

from __future__ import annotations

import datetime
import shutil
import signal
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

import pytest
from tests.jalostamo.doors.homes import CODE, Told, folders_of_rows, home_in, jalostamo, replaced
from tests.jalostamo.doors.ordered_cells import (
    DEFINITION,
    acts_of,
    carried_out,
    cells_in,
    cubes_of,
    inside,
    killed,
    manifests_of,
    of_a_series,
    order_of,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.counting import definition_for
from jalostamo.doors.home import Home
from jalostamo.doors.installation import SHEET, Level, lay_out, townhall_signer
from jalostamo.doors.playing.case import Case
from jalostamo.doors.playing.papers import Papers
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.orders import Ordered, Recipe, named_in_manifest, read_order, recipe_of, write_order
from jalostamo.managing.requests import read_request
from jalostamo.managing.sensitive.obeying import Memory
from jalostamo.permits.signing import Ed25519Verifier

EXCHANGED: Final = "exchange/cubes/*/*.parquet"
_OF_CELLS: Final = {"step_begun count", "step_begun print", "cells_printed", "cells_refused"}
STEPS = ["decision", "order", "extract", "extract", "linked", "cells", "cube"]


@dataclass(frozen=True)
class Series:
    """A home in which a request of a series was refined, by the cast's order, and then ordered and carried out once more."""

    home: Home
    request: Path
    place: Path
    first: Told
    second: Told

    def traced(self, figure: str | Path) -> tuple[list[str], object]:
        """The steps that lead to a figure, and what is missing on the way."""
        told = jalostamo("trace", figure, "--home", self.home.folder).account
        return [link["step"] for link in cast("list[dict[str, str]]", told["chain"])], told["missing"]


@pytest.fixture(scope="module")
def series(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Series:
    """The same series printed by two orders, for all who look at what came of it."""
    folder = tmp_path_factory.mktemp("series")
    home, request = home_in(folder, sources), cells_in(folder, of_a_series)
    first = jalostamo("refine", request, "--home", home.folder, "--play")
    assert first.code == 0, first.err
    (place,) = home.orders.iterdir()
    return Series(home, request, place, first, carried_out(order_of(request, home), home))


@pytest.mark.slow
@pytest.mark.requirement("S26-20")
def test_an_order_of_cells_prints_what_was_ordered_and_no_row_leaves(series: Series) -> None:
    home, told = series.home, series.first
    order = read_order(series.place).order
    (manifest,) = (found for found in manifests_of(home) if found["order"] == named_in_manifest(order)["order"])
    assert (manifest["definition"], manifest["cube"]) == (order.definition, told.account["digest"])
    assert (manifest["rule"], manifest["level"], "by_hand" in manifest) == ("outside", "demo", False)
    assert (folders_of_rows(home), list(home.releases.iterdir())) == ([], [])
    assert not CODE.search(told.everything)
    printing = ["step_begun count", "step_begun print", "cells_printed"]
    assert [act for act in acts_of(home) if act in _OF_CELLS] == [*printing, *printing]


@pytest.mark.slow
def test_an_order_of_cells_is_carried_out_once(series: Series) -> None:
    again = carried_out(series.place, series.home)
    assert (again.code, again.account["reason"]) == (3, "order_done")


@pytest.mark.slow
def test_a_series_belongs_to_its_permit_and_each_of_its_orders_leads_back_to_the_decision(series: Series) -> None:
    home = series.home
    assert series.second.account["digest"] == series.first.account["digest"], series.second.err
    (cube,) = cubes_of(home)
    assert len(manifests_of(home)) == 2
    with opened_vault(home) as vault:
        kept = [header.object for header in vault.keys.headers if header.kind == "record_keys"]
    assert [name.partition("/")[2] for name in kept] == ["monthly"]
    steps, missing = series.traced(cube)
    assert (Counter(steps), missing) == (Counter([*STEPS, "order", "cells"]), [])


@pytest.mark.slow
def test_what_is_printed_by_hand_from_the_same_extracts_leads_to_nobodys_decision(
    series: Series, tmp_path: Path
) -> None:
    home, request = Home(shutil.copytree(series.home.folder, tmp_path / "home")), series.request
    definition = request.with_name("by-hand.toml")
    written = DEFINITION.replace('"by-language"', '"by-hand"').replace('"children"', '"others"')
    definition.write_text(written, encoding="utf-8")
    told = inside("cells", request, definition, "--home", home.folder)
    assert told.code == 0, told.err
    assert replace(series, home=home).traced(str(told.account["cube"])) == (STEPS[2:], [])


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """A home to which nothing has been delivered: an order that is refused is refused before anything is looked for."""
    home = Home(tmp_path / "home")
    lay_out(home, Level.DEMO)
    home.sources.mkdir()
    return home


@pytest.mark.parametrize("name", ["cells.toml", "hierarchies/language_group.csv"])
def test_a_definition_that_was_changed_after_the_decision_is_refused(name: str, empty: Home, tmp_path: Path) -> None:
    """Whoever writes in the exchange may write the order's sheet anew, too: the permit ordered another recipe."""
    sent = read_order(order_of(cells_in(tmp_path), empty))
    changed = Recipe({**sent.recipe.files, name: sent.recipe.files[name] + b"\n"})
    told = carried_out(write_order(empty.orders, replace(sent, recipe=changed)), empty)
    assert (told.code, told.account["reason"]) == (3, "order_refused")
    assert "recipe" in told.err
    # As it was decided it is obeyed, and only then nothing is found.
    assert carried_out(write_order(empty.orders, sent), empty).account["reason"] == "file_missing"


def test_a_permit_for_another_definition_than_its_recipe_holds_is_refused(empty: Home, tmp_path: Path) -> None:
    request = cells_in(tmp_path)
    asked, signer = read_request(request), townhall_signer(empty)
    recipe, verifier = recipe_of(request, asked), Ed25519Verifier({signer.key: signer.public})
    case = Case(Papers(asked, recipe.digest, "ab" * 32), signer, verifier, datetime.datetime.now(datetime.UTC))
    place = write_order(empty.orders, Ordered(case.ordered(), tuple(case.events), recipe, request.name))
    told = carried_out(place, empty)
    assert (told.code, told.account["reason"]) == (3, "cube_definition_changed")
    assert acts_of(empty)[0] == "order_refused"


# Where the closed room is killed; what it says when it is asked again; how many cubes can be seen in between.
FIRST: Final = "the ledger has the cube, and nobody has seen it"
MOMENTS = {
    FIRST: (("exchange/cubes/children", ""), "finished", 0),
    "the cube has appeared without its manifest": (("exchange/cubes/children", EXCHANGED), "finished", 1),
    "the cube has appeared, and is not remembered": (("closed/permits/", "exchange/cubes/*/*.json"), "order_done", 1),
}
LATER: Final = list(MOMENTS)[1:]


@pytest.mark.slow
@pytest.mark.parametrize("moment", [FIRST, *(pytest.param(name, marks=pytest.mark.deep) for name in LATER)])
def test_a_killed_run_is_not_run_again_and_its_cube_is_not_lost(moment: str, sources: Path, tmp_path: Path) -> None:
    (at, after), said, seen = MOMENTS[moment]
    home, request = home_in(tmp_path, sources), cells_in(tmp_path)
    place = order_of(request, home)
    order = read_order(place).order
    assert killed(place, home, at=at, after=after) == -signal.SIGKILL
    assert len(cubes_of(home)) == seen
    assert Memory(home.private("permits")).outcome(order) is None, "the memory alone would let it be run again"
    (noted,) = (home.closed / "printing").iterdir()
    if moment == FIRST:
        twin = Home(shutil.copytree(home.folder, tmp_path / "twin"))
        (twin.closed / "printing" / noted.name).unlink()
        lost = carried_out(place, twin)
        assert (lost.code, lost.account["reason"]) == (3, "printed_otherwise"), "without its note it is lost"
    told = carried_out(place, home)
    (kept,) = (home.closed / "ledger").glob("*/kept/*")
    assert (told.account.get("reason", "finished"), told.account.get("digest", kept.name)) == (said, kept.name)
    (cube,), (manifest,) = cubes_of(home), manifests_of(home)
    assert (digest_of(cube), manifest["cube"]) == (kept.name, kept.name)
    assert folders_of_rows(home) == []
    assert carried_out(place, home).account["reason"] == "order_done"
    # Townhall finds what left under the order that nobody noted, and orders another run.
    assert order_of(request, home) != place


def test_cells_are_printed_by_hand_at_the_level_of_a_demonstration_alone(tmp_path: Path) -> None:
    home, request = Home(tmp_path / "home"), cells_in(tmp_path)
    lay_out(home, Level.LAPTOP)
    home.sources.mkdir()
    words = ("cells", request, request.with_name("cells.toml"), "--home", home.folder)
    assert inside(*words).account["reason"] == "cells_by_hand"
    # Whoever may write the home's own sheet, and not among what is the closed room's, changes nothing by it.
    replaced(home.folder / SHEET, "laptop", "demo")
    assert inside(*words).account["reason"] == "cells_by_hand"
    replaced(home.closed / "trust" / "trusted.json", "laptop", "demo")
    assert inside(*words).account["reason"] == "file_missing", "at level demo it is begun, and finds no sources"


@pytest.mark.parametrize("key", ["name", "population"])
def test_a_cube_appears_nowhere_but_in_its_own_place(key: str, tmp_path: Path) -> None:
    request = cells_in(tmp_path)
    definition = request.with_name("cells.toml")
    written = tomllib.loads(DEFINITION)["cube"][key]
    replaced(definition, f'{key} = "{written}"', f'{key} = "../../{written}"')
    with pytest.raises(Unfit) as refused:
        definition_for(read_request(request), definition)
    assert refused.value.reason == "cube_names"


def test_what_the_definition_alone_decides_is_told_before_a_permit_is_asked_for(empty: Home, tmp_path: Path) -> None:
    request = cells_in(tmp_path, lambda text: text.replace("from = 2010-01-01", "from = 2011-01-01"))
    told = jalostamo("refine", request, "--home", empty.folder, "--play")
    assert (told.code, told.account["reason"]) == (3, "cube_period")
    assert list((empty.townhall / "permits").iterdir()) == []
