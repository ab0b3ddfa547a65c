"""Linking agrees, on any two registers, with a linking written row by row in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive import naive
from tests.jalostamo.managing.sensitive.small_town import Row, code, decision, linked, person

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.linking import CODE, CUSTOMER

# So few people, signs and ways to be recorded that doubles, conflicts and look-alikes are in nearly every register.
CODES = [code(number, sign) for number in range(4) for sign in "-YA+"]
FAULTY = ["", "?", CODES[0].lower(), CODES[0][:10] + ("1" if CODES[0][10] != "1" else "2")]

persons = st.lists(
    st.builds(
        lambda recorded, sex, household: person(0, identity_code=recorded, sex=sex, household=household),
        st.sampled_from(CODES + FAULTY),
        st.sampled_from(["1", "1", "1", "2"]),
        st.sampled_from(["K1", "K1", "K2", ""]),
    ),
    min_size=1,
    max_size=12,
)
clients = st.lists(st.sampled_from(CODES + FAULTY), max_size=12)


def differences(engine: Engine, people: Sequence[Row], decisions: Sequence[Row], *, key: naive.Codes) -> list[str]:
    """In what the product's linking and the naive one differ."""
    expected = naive.joined(people, decisions, key=key)
    with TemporaryDirectory() as home:
        found = linked(engine, Path(home), people, decisions)
        assert found.report is not None
        assert found.codes is not None
        owners = {row[CUSTOMER]: row[CODE] for row in engine.rows(found.codes)}
        events = {row["number"]: owners[row[CUSTOMER]] for row in engine.rows(found.events["social"])}
    told = asdict(found.report)
    counts = told | told["joined"][0]
    unequal = [name for name, count in expected.counts.items() if counts[name] != count]
    return (
        unequal
        + (["links"] if events != expected.linked else [])
        + (["persons"] if len(owners) != len(expected.persons) else [])
    )


# An example takes a fifth of a second: a third of what the profile asks for.
@settings(max_examples=settings.default.max_examples // 3)
@given(people=persons, recorded=clients)
def test_linking_is_what_plain_python_says(engine: Engine, people: list[Row], recorded: list[str]) -> None:
    decisions = [decision(number, client) for number, client in enumerate(recorded)]
    assert differences(engine, people, decisions, key=naive.as_recorded) == []


def test_the_comparison_notices_a_linking_without_the_sign(engine: Engine) -> None:
    @settings(phases=[Phase.generate], database=None, derandomize=True)
    @given(people=persons, recorded=clients)
    def compared(people: list[Row], recorded: list[str]) -> None:
        decisions = [decision(number, client) for number, client in enumerate(recorded)]
        assert differences(engine, people, decisions, key=naive.without_sign) == []

    with pytest.raises(AssertionError):
        compared()
