"""Townhall as tests need it: the fictional cast decides the pilot's permit, and orders are written with a key of the test."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

from jalostamo.doors.playing.case import Case
from jalostamo.doors.playing.papers import Papers
from jalostamo.managing.orders import Ordered, Recipe, recipe_of, write_order
from jalostamo.managing.requests import Request, read_request
from jalostamo.permits.orders import Order
from jalostamo.permits.signing import Ed25519Signer, Ed25519Verifier

REQUEST = ROOT / "examples" / "pilot" / "request.toml"
NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
SIGNER = Ed25519Signer("townhall", bytes(range(32)))
STRANGER = Ed25519Signer("townhall", bytes(range(1, 33)))
VERIFIER = Ed25519Verifier({SIGNER.key: SIGNER.public})


@dataclass
class Townhall:
    """One permit of a request, decided by the cast."""

    path: Path = REQUEST
    signer: Ed25519Signer = SIGNER
    at: datetime.datetime = NOON
    change: Callable[[Request], Request] = lambda request: request
    case: Case = field(init=False)
    recipe: Recipe = field(init=False)

    def __post_init__(self) -> None:
        request = read_request(self.path)
        self.recipe = recipe_of(self.path, request)
        verifier = Ed25519Verifier({self.signer.key: self.signer.public})
        self.case = Case(Papers(self.change(request), self.recipe.digest), self.signer, verifier, self.at)

    def order(self) -> Order:
        """The order of the run that waits."""
        return self.case.ordered()

    def sent(self, order: Order | None = None, *, events: int | None = None) -> Ordered:
        """The order as it is sent: with all events of its permit, or with the first so many."""
        made = order or self.order()
        return Ordered(made, tuple(self.case.events[:events]), self.recipe, self.path.name)

    def ordered(self, folder: Path) -> Path:
        """The order, in an exchange below a folder."""
        (folder / "orders").mkdir(exist_ok=True)
        return write_order(folder / "orders", self.sent())
