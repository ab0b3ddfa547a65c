"""Records under a former identity code are their person's: chains are followed, circles refused, doubts counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import code, decision, person
from tests.jalostamo.managing.sensitive.wider_town import changed, joined, town, whose

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.code_history import code_history

FIRST, SECOND, NOW = code(100), code(101), code(1)
PERSONS = [person(0, guardian=FIRST), person(1, language="so"), person(2)]
SPELLS = [decision(n, client) for n, client in enumerate([FIRST, SECOND, NOW, code(0), code(101, "A")])]


@pytest.mark.requirement("S22-09")
@pytest.mark.parametrize("followed", [True, False])
def test_records_under_former_codes_are_their_persons(followed: bool, engine: Engine, tmp_path: Path) -> None:
    chain = [changed(FIRST, SECOND), changed(SECOND, NOW)] if followed else []
    town(tmp_path / "sources", PERSONS, SPELLS, wider={"identity_codes": chain})
    linked = joined(engine, tmp_path)
    former = {"D0000": NOW, "D0001": NOW} if followed else {}
    assert whose(engine, linked, "social", "number") == {**former, "D0002": NOW, "D0003": code(0)}
    assert linked.report is not None
    match = linked.report.joined[0]
    assert (match.matched, match.matched_by_history, match.records_linked) == ((4, 2, 4) if followed else (2, 0, 2))
    # The code with another sign is nobody's former code, however much it looks like one.
    assert match.unmatched == (1 if followed else 3)
    found = {row["guardian_language"] for row in engine.rows(linked.customers)}
    assert ("so" in found) is followed


def test_a_former_code_that_is_somebodys_own_is_not_followed(engine: Engine, tmp_path: Path) -> None:
    history = [changed(code(2), NOW)]
    town(tmp_path / "sources", PERSONS, [decision(1, code(2))], wider={"identity_codes": history})
    linked = joined(engine, tmp_path)
    assert whose(engine, linked, "social", "number") == {"D0001": code(2)}
    assert linked.report is not None
    assert (linked.report.history.followed, linked.report.history.in_use) == (0, 1)


def test_bad_codes_and_doubtful_changes_are_not_followed() -> None:
    bad = FIRST[:10] + ("0" if FIRST[10] != "0" else "1")
    found = code_history([(bad, NOW), (SECOND, NOW), (SECOND, code(2)), (FIRST, code(0))])
    assert found.present == {FIRST: code(0)}
    assert (found.unsound, found.conflicting) == (1, 1)


@pytest.mark.parametrize("circle", [[(FIRST, FIRST)], [(FIRST, SECOND), (SECOND, NOW), (NOW, FIRST)]])
def test_a_history_that_leads_in_a_circle_is_refused(circle: list[tuple[str, str]]) -> None:
    with pytest.raises(Unfit, match=f"{len(circle)} codes in a circle") as refused:
        code_history(circle)
    assert refused.value.reason == "code_history_circle"
    assert FIRST not in str(refused.value)


def test_all_codes_of_a_person_are_known_from_any_of_them() -> None:
    found = code_history([(FIRST, SECOND), (SECOND, NOW), (code(103), code(2))])
    assert all(found.aliases([one]) == {FIRST, SECOND, NOW} for one in (FIRST, SECOND, NOW))
    assert "content hidden" in repr(found)
    assert NOW not in repr(found)
