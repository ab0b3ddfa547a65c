"""Townhall's side as far as it stands: the events of each permit in a file, orders written to the exchange, answers noted.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, level_of, townhall_signer
from jalostamo.doors.people import enrol
from jalostamo.doors.playing.case import Case
from jalostamo.doors.playing.papers import Papers
from jalostamo.managing.manifests import Manifest, read_manifest, released_under
from jalostamo.managing.orders import Ordered, Recipe, printed_under, recipe_of, write_order
from jalostamo.managing.permit_events import events_written, publish_events
from jalostamo.managing.requests import Request
from jalostamo.permits.contents import canonical
from jalostamo.permits.events import Event, event_from
from jalostamo.permits.orders import Order
from jalostamo.permits.signing import Ed25519Verifier
from jalostamo.permits.terms import Lane
from jalostamo.storage.places import write_whole


@dataclass(frozen=True, slots=True)
class Play:
    """An order that the cast has had written, and how its answer is noted."""

    home: Home
    case: Case
    order: Order
    place: Path

    def noted(self) -> bool:
        """Note what the closed room gave under the order, if it did: phase 5 is played to its end, and its events are kept."""
        manifest = _left_under(self.home, self.order)
        if manifest is None:
            return False
        account = hashlib.sha256(canonical({"earlier": manifest.content["earlier"]})).hexdigest()
        # Cells are not validated: a cube's own digest stands in the report's place.
        report = str(manifest.content["cube" if self.order.lane is Lane.CELLS else "validated"])
        self.case.answered(self.order, outcome=manifest.digest, account=account, report=report)
        _keep(self.home, self.case)
        return True


def play(home: Home, path: Path, request: Request, *, at: datetime.datetime) -> Play:
    """Have the fictional cast decide the permit of a request, and order a run of it; at the level of a demonstration."""
    if level_of(home) is not Level.DEMO:
        raise Refused(
            [Objection("The cast decides nothing but at the level of a demonstration.", "2.6")], reason="play_level"
        )
    signer, recipe = townhall_signer(home), recipe_of(path, request)
    verifier = Ed25519Verifier({signer.key: signer.public})
    papers = Papers(request, recipe.digest, _definition(request))
    case = Case(papers, signer, verifier, at, list(events_of(home, request.permit)))
    played = _ordered(home, case, recipe, path.name)
    while played.noted():
        # Whoever led that run was killed before it could note the answer.
        played = _ordered(home, case, recipe, path.name)
    return played


def _definition(request: Request) -> str | None:
    """The digest of what is counted, hierarchies included; none in the lane of rows."""
    from jalostamo.producing.analyses.recognising import file_of, is_analysis
    from jalostamo.producing.cubes.reading import read_cube_definition

    if request.lane is not Lane.CELLS or request.definition is None:
        return None
    path = request.folder / request.definition
    return file_of(path).digest if is_analysis(path) else read_cube_definition(path).digest


def _left_under(home: Home, order: Order) -> Manifest | None:
    """The manifest of what left under an order, by either lane; None where nothing did."""
    if order.lane is Lane.CELLS:
        return printed_under(home.cubes, order.head)
    release = released_under(home.releases, order.head)
    return read_manifest(release / "manifest.json") if release else None


def _ordered(home: Home, case: Case, recipe: Recipe, request: str) -> Play:
    order = case.ordered()
    # The cast has no desk at which somebody would be enrolled.
    enrol(home, order.users)
    _keep(home, case)
    return Play(home, case, order, write_order(home.orders, Ordered(order, tuple(case.events), recipe, request)))


def events_of(home: Home, permit: str) -> tuple[Event, ...]:
    """The events of a permit as townhall keeps them; none where there is no such permit."""
    place = _place(home, permit)
    return _events(place) if place.is_file() else ()


def all_events(home: Home) -> tuple[Event, ...]:
    """The events of every permit."""
    places = sorted((home.townhall / "permits").glob("*.json"))
    return tuple(event for place in places for event in _events(place))


def _events(place: Path) -> tuple[Event, ...]:
    return tuple(event_from(event) for event in json.loads(place.read_bytes()))


def _keep(home: Home, case: Case) -> None:
    permit = case.papers.request.permit
    write_whole(_place(home, permit), events_written(case.events), force=True)
    publish_events(home.permits, permit, case.events)


def _place(home: Home, permit: str) -> Path:
    return home.townhall / "permits" / f"{hashlib.sha256(permit.encode()).hexdigest()[:32]}.json"
