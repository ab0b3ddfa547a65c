"""A loan is linked by its card to the card's holder, and the card stays where it was."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.canaries import found_in
from tests.jalostamo.managing.sensitive.small_town import all_of, code, decision, person, setting
from tests.jalostamo.managing.sensitive.wider_town import (
    DECISIONS,
    LIBRARY,
    LOANS,
    PEOPLE,
    deliver,
    joined,
    town,
    whose,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine

BY_CARD = all_of(
    setting("source", [PEOPLE, DECISIONS, LOANS]), setting("linking.joins", {"social": "client", "library": "card"})
)
CARDS = {"CARD-00000": code(0), "CARD-00001": code(1), "CARD-00009": code(9, "A")}


def loan(card: str, title: str) -> dict[str, str]:
    return {"card": card, "title": title, "day": "2012-02-02"}


@pytest.mark.parametrize("shared", [False, True])
def test_loans_are_their_card_holders(shared: bool, engine: Engine, tmp_path: Path) -> None:
    loans = [loan("CARD-00000", "a"), loan("CARD-00001", "b"), loan("CARD-00009", "c"), loan("?", "d"), loan("", "e")]
    holders = [{"card": card, "identity_code": holder} for card, holder in CARDS.items()]
    if shared:
        holders.append({"card": "CARD-00001", "identity_code": code(2)})
    town(tmp_path / "sources", [person(number) for number in range(3)], [decision(1, code(0))])
    deliver(tmp_path / "sources", LIBRARY, loans=loans, borrowers=holders)
    linked = joined(engine, tmp_path, BY_CARD)
    # A card of two persons leads to neither.
    assert whose(engine, linked, "library", "title") == {"a": code(0)} | ({} if shared else {"b": code(1)})
    assert linked.report is not None
    match = next(m for m in linked.report.joined if m.register == "library")
    assert (match.records, match.records_without_code, match.matched) == (5, 3 if shared else 2, 1 if shared else 2)


def test_no_card_is_in_an_extract(engine: Engine, tmp_path: Path) -> None:
    town(tmp_path / "sources", [person(0)], [decision(1, code(0))])
    holders = [{"card": card, "identity_code": holder} for card, holder in CARDS.items()]
    deliver(tmp_path / "sources", LIBRARY, loans=[loan(card, "a") for card in CARDS], borrowers=holders)
    joined(engine, tmp_path, BY_CARD)
    assert found_in(tmp_path / "vault", list(CARDS)) == set()
    assert found_in(tmp_path / "sources", list(CARDS)) == {"library/loans.csv", "library/borrowers.csv"}


@pytest.mark.parametrize(("allowed", "runs"), [(0.0, False), (0.5, True)])
def test_cards_that_cannot_be_read_stop_the_run(allowed: float, runs: bool, engine: Engine, tmp_path: Path) -> None:
    town(tmp_path / "sources", [person(0)], [decision(1, code(0))])
    holders = [{"card": card, "identity_code": holder} for card, holder in CARDS.items()]
    deliver(tmp_path / "sources", LIBRARY, loans=[loan("CARD-00000", "a")], borrowers=holders)
    with (tmp_path / "sources" / "library" / "borrowers.csv").open("a", encoding="utf-8", newline="") as opened:
        opened.write("CARD-00002\r\n")
    change = all_of(BY_CARD, setting("source.2", LOANS | {"rejected_at_most": allowed}))
    with nullcontext() if runs else pytest.raises(Unfit, match="borrowers.csv, line 5: the record has too few columns"):
        joined(engine, tmp_path, change)
