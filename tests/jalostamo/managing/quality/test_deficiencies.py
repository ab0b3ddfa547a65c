"""A deficiency goes from its finder to the source's owner and is closed by an answer; its file only grows."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalostamo.concepts.errors import Misused, Refused, Unfit
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.managing.quality.deficiencies import (
    Deficiency,
    DeficiencyState,
    Ledger,
    from_finding,
    refuse_identifying,
    written_by_person,
)
from jalostamo.managing.quality.findings import SUGGESTIONS, Finding, FindingKind
from jalostamo.managing.quality.letters import letter, letter_page

SAID = Text("Puuttuu.", "Saknas.", "It is missing.")
WHO = {"by": "analyst", "on": "2026-01-01"}


def deficiency() -> Deficiency:
    named = ("health", "visits", "reason", "")
    return written_by_person(named, FindingKind.OTHER, SAID, SUGGESTIONS[FindingKind.OTHER])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "deficiencies.jsonl")


def test_a_deficiency_is_sent_answered_and_closed(ledger: Ledger) -> None:
    (new,) = ledger.record([deficiency()], **WHO)
    assert (new.number, new.state.is_open) == (1, True)
    assert ledger.move(1, "send", **WHO).state is DeficiencyState.SENT
    assert ledger.move(1, "answer", text="We will fill it.", **WHO).answer == "We will fill it."
    assert not ledger.move(1, "close", outcome="corrected", **WHO).state.is_open


@pytest.mark.requirement("S22-15")
def test_closing_needs_an_answer(ledger: Ledger) -> None:
    ledger.record([deficiency()], **WHO)
    for sent in (False, True):
        if sent:
            ledger.move(1, "send", **WHO)
        with pytest.raises(Refused, match="closing needs the owner's answer"):
            ledger.move(1, "close", outcome="corrected", **WHO)


def test_what_is_reopened_needs_an_answer_again(ledger: Ledger) -> None:
    ledger.record([deficiency()], **WHO)
    ledger.move(1, "send", **WHO)
    ledger.move(1, "answer", text="No.", **WHO)
    ledger.move(1, "close", outcome="not_a_deficiency", **WHO)
    assert ledger.move(1, "reopen", text="It came back.", **WHO).answer == ""
    with pytest.raises(Refused):
        ledger.move(1, "close", outcome="corrected", **WHO)


def test_a_finding_that_is_open_is_not_recorded_twice(ledger: Ledger) -> None:
    found = Finding(
        "health", "visits", "form", "A", FindingKind.CODE_MIX, "2013-01", {"F": "0 -> 8"}, ("F",), 0, 9.0, SAID
    )
    new = from_finding(found.as_mapping())
    assert new.months == ("2013-01",)
    assert len(ledger.record([new, new], **WHO)) == 1
    assert ledger.record([new], **WHO) == ()
    assert ledger.deficiencies()[0].figures == {"F": "0 -> 8"}


def test_each_code_that_a_unit_lacks_is_a_deficiency_of_its_own(ledger: Ledger) -> None:
    named = ("health", "visits", "service", "A", FindingKind.ABSENT, None, {})
    lacking = [from_finding(Finding(*named, (code,), 1, 9.0, SAID).as_mapping()) for code in ("X", "Y")]
    assert [each.number for each in ledger.record(lacking, **WHO)] == [1, 2]


def test_a_line_half_written_never_happened(ledger: Ledger) -> None:
    ledger.record([deficiency()], **WHO)
    with ledger.path.open("ab") as opened:
        opened.write(b'{"what": "send", "num')
    assert len(ledger.deficiencies()) == 1
    ledger.record([deficiency()], **WHO)
    assert [each.number for each in ledger.deficiencies()] == [1, 2]


def test_a_line_that_was_changed_or_taken_out_is_noticed(ledger: Ledger) -> None:
    ledger.record([deficiency(), deficiency(), deficiency()], **WHO)
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(lines[0] + lines[2])
    with pytest.raises(Unfit, match="line 2"):
        ledger.deficiencies()


def test_an_unknown_number_is_asked_wrongly(ledger: Ledger) -> None:
    with pytest.raises(Misused):
        ledger.move(7, "send", **WHO)


def test_words_that_name_somebody_are_refused_and_not_repeated() -> None:
    with pytest.raises(Refused) as refused:
        refuse_identifying("Asiakas 010190-900P soitti")
    assert "010190" not in refused.value.sentence


def test_a_letter_says_what_is_asked_in_three_languages() -> None:
    for language in LANGUAGES:
        assert SAID.in_language(language) in letter(SAID, [deficiency()], language)
    assert all(f'lang="{language}"' in letter_page(SAID, [deficiency()]) for language in LANGUAGES)
