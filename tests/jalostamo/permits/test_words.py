"""What everything in the permit process is called: states, commands, events, guards, papers, in three languages."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections import Counter
from enum import Enum
from importlib.resources import files

import pytest

import jalostamo.permits
from jalostamo.concepts.languages import LANGUAGES, Language
from jalostamo.permits.events import OPENED, SIGNED
from jalostamo.permits.guards import GUARDS
from jalostamo.permits.machines import (
    DatasetState,
    PermitState,
    PublicationState,
    RequestState,
    RunState,
)
from jalostamo.permits.tables import BY_STATE_AND_COMMAND, TRANSITIONS
from jalostamo.permits.terms import WORDS, title_of

STATES = (PermitState, RequestState, DatasetState, RunState, PublicationState)


def _enums() -> set[type[Enum]]:
    """Every closed list that a module of the room defines, or shows."""
    modules = pkgutil.walk_packages(jalostamo.permits.__path__, "jalostamo.permits.")
    return {
        value
        for module in modules
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, type) and issubclass(value, Enum) and value.__module__.startswith("jalostamo.")
    }


SHOWN = _enums()
OWN = sorted(
    (each for each in SHOWN if each.__module__.startswith("jalostamo.permits")), key=lambda each: each.__name__
)
TABLES = {
    "Command": {row.command for row in TRANSITIONS},
    "Event": {row.event for row in TRANSITIONS} | {OPENED, SIGNED},
    "Guard": {name for row in TRANSITIONS for name in row.guards} | set(GUARDS),
    "Paper": {row.paper.__name__ for row in TRANSITIONS},
}


def _entries() -> list[str]:
    folder = files("jalostamo.permits").joinpath("words")
    return [
        f"{kind}.{member}"
        for file in folder.iterdir()
        for kind, members in tomllib.loads(file.read_text(encoding="utf-8")).items()
        for member in members
    ]


def _called(table: str) -> set[str]:
    return {name.partition(".")[2] for name in WORDS if name.partition(".")[0] == table}


@pytest.mark.parametrize("listed", OWN, ids=lambda listed: listed.__name__)
def test_every_entry_of_a_closed_list_has_a_title(listed: type[Enum]) -> None:
    """No reader meets a bare code."""
    assert [member.name for member in listed if f"{listed.__name__}.{member.name.lower()}" not in WORDS] == []


def test_a_title_is_found_by_its_member() -> None:
    """The pages ask for a title with the member itself."""
    assert title_of(PermitState.INSPECTION).en == "with the inspection group"
    assert title_of(PermitState.INSPECTION).fi == "tarkastusryhmän arvioitavana"


@pytest.mark.parametrize("table", TABLES)
def test_every_name_in_the_process_has_its_words_and_no_other_has(table: str) -> None:
    """Each command, event, guard and paper of the table is called something, and nothing else is."""
    assert _called(table) == TABLES[table]


def test_no_words_are_left_over() -> None:
    """What is no longer in the process is no longer in its words."""
    known = {f"{listed.__name__}.{member.name.lower()}" for listed in SHOWN for member in listed}
    known |= {f"{table}.{name}" for table, names in TABLES.items() for name in names}
    assert sorted(set(WORDS) - known) == []


def test_no_name_is_called_twice() -> None:
    """A title stands in one file only: a second one would take its place unseen."""
    assert [name for name, times in Counter(_entries()).items() if times > 1] == []


def test_no_two_closed_lists_share_a_name() -> None:
    """Titles are found by the name of their list, and the names of the tables are kept free."""
    names = Counter(listed.__name__ for listed in OWN)
    assert [name for name, times in names.items() if times > 1 or name in TABLES] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_title_is_empty_or_carelessly_typed(language: Language) -> None:
    """Titles are typed with care, and hold nothing to be filled in."""
    titles = {name: text.in_language(language) for name, text in WORDS.items()}
    wrong = [n for n, title in titles.items() if not title or "  " in title or title != title.strip() or "{" in title]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("states", STATES, ids=lambda states: states.__name__)
def test_every_state_of_a_machine_is_called_differently(states: type[Enum], language: Language) -> None:
    """Who reads where a case stands knows which state it is."""
    titles = [title_of(state).in_language(language) for state in states]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_commands_of_one_state_are_called_the_same(language: Language) -> None:
    """Two buttons on one page never look alike."""
    shown = Counter(
        (state, WORDS[f"Command.{command}"].in_language(language)) for state, command in BY_STATE_AND_COMMAND
    )
    assert [title for (_, title), times in shown.items() if times > 1] == []


@pytest.mark.parametrize("table", ["Command", "Event"])
def test_buttons_and_entries_of_a_time_line_begin_with_a_capital_and_have_no_full_stop(table: str) -> None:
    """They stand alone on the page."""
    titles = [text for name, text in WORDS.items() if name.startswith(f"{table}.")]
    wrong = [t.en for t in titles for each in (t.fi, t.sv, t.en) if not each[0].isupper() or each.endswith(".")]
    assert wrong == []


@pytest.mark.parametrize("table", ["Guard", "Paper", *(states.__name__ for states in STATES)])
def test_states_guards_and_papers_can_stand_within_a_sentence(table: str) -> None:
    """They begin with a small letter, and have no full stop."""
    titles = [text for name, text in WORDS.items() if name.startswith(f"{table}.")]
    wrong = [t.en for t in titles for each in (t.fi, t.sv, t.en) if not each[0].islower() or each.endswith(".")]
    assert wrong == []


def test_no_button_is_left_untranslated() -> None:
    """A command is said otherwise in each language."""
    texts = [WORDS[f"Command.{command}"] for command in TABLES["Command"]]
    assert [text.en for text in texts if len({text.fi, text.sv, text.en}) < 3] == []
