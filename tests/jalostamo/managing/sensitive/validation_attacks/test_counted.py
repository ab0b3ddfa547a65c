"""Tables are counted in the order of their content, so that a seed draws the same people whatever the engine does."""

from __future__ import annotations

import polars as pl

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.attacks.counted import counted


def test_kinds_of_rows_stand_in_the_order_of_their_content(engine: Engine) -> None:
    rows = [("b", 2), ("a", 10), ("b", 2), (None, 2), ("a", 2), ("c", None)]
    table = engine.in_memory(pl.DataFrame(rows, schema=["word", "number"], orient="row").to_arrow())
    found = counted(engine, table, ["word", "number"])
    kinds = zip(*([found.named(c)[n] for n in found.of(c)] for c in found.columns), found.rows.tolist(), strict=True)
    assert list(kinds) == [("", "2", 1), ("a", "10", 1), ("a", "2", 1), ("b", "2", 2), ("c", "", 1)]


def test_what_it_shows_of_itself_holds_no_value(engine: Engine) -> None:
    table = engine.in_memory(pl.DataFrame({"word": ["secret"]}).to_arrow())
    assert "secret" not in repr(counted(engine, table, ["word"]))
