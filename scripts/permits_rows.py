"""What the tables of the permit process say, in words: rows, states, commands and the letters of who acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.machines import STATES, Machine, State
from jalostamo.permits.people import Automaton, Party
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.terms import WORDS, title_of
from jalostamo.permits.transitions import Transition

CODES: Final[Mapping[Party, str]] = {
    Role.INITIATOR: "INI",
    Role.ANALYST: "ANA",
    Role.PRIVACY_PERSON: "PRV",
    Role.DATA_SECURITY_PERSON: "DSP",
    Role.TECHNICAL_DATA_SECURITY_PERSON: "TDS",
    Role.BRANCH_MANAGER: "BRM",
    Role.RISK_MANAGER: "RSK",
    Role.CITY_MANAGER: "CTY",
    Role.SOURCE_SYSTEM_OWNER: "OWN",
    Role.SYSTEMS_EXPERT: "SYS",
    Role.ANONYMISATION_EXPERT: "ANO",
    Role.VALIDATOR: "VAL",
    Role.OUTPUT_CHECKER: "OUT",
    Role.PUBLISHER: "PUB",
    Role.SERVICE_UNIT_READER: "CON",
    Role.SUPPORT_FUNCTION_EXPERT: "SUP",
    Role.OUTSIDE_RESEARCHER: "RES",
    Role.AUDITOR: "AUD",
    Role.ADMINISTRATOR: "ADM",
    Automaton.SCHEDULER: "CLK",
    Automaton.PROCESS: "PROC",
    Automaton.CLOSED_ROOM: "ROOM",
    Automaton.GATE: "GATE",
}

"""What each party is called where there is no room for more."""

SINGLE: Final = 2
"""A row that leads out of more states than these is told in words, and not drawn with arrows."""


def rows_of(machine: Machine) -> list[Transition]:
    """The rows of one machine, in the order of its table."""
    return [row for row in TRANSITIONS if row.machine is machine]


def live_of(machine: Machine) -> list[State]:
    """The states that some command leads out of; the others are the machine's ends."""
    left = {state for row in rows_of(machine) if row.to is not None for state in row.sources if state is not row.to}
    return [state for state in STATES[machine] if state in left]


def command_called(row: Transition) -> str:
    """The words of its button."""
    return WORDS[f"Command.{row.command}"].en


def from_where(row: Transition) -> str:
    """The states in which a command is given; the order of the states is that of the process."""
    live = live_of(row.machine)
    chosen = [state for state in live if state in row.sources]
    titles = [f"“{title_of(state).en}”" for state in chosen]
    missing = [f"“{title_of(state).en}”" for state in live if state not in chosen]
    ends = ", and at every end" if len(chosen) < len(row.sources) else ""
    if len(chosen) <= SINGLE + 1:
        return ", ".join(titles) + ends
    first = live.index(chosen[0])
    if chosen == live:
        said = "any state before an end"
    elif len(missing) <= SINGLE and chosen[0] is live[0]:
        said = f"any state before an end but {', '.join(missing)}"
    elif live[first:] == chosen:
        said = f"any state from {titles[0]} on"
    elif live[first : first + len(chosen)] == chosen:
        said = f"any state from {titles[0]} to {titles[-1]}"
    else:
        said = ", ".join(titles)
    return said + ends


def where_to(row: Transition) -> str:
    """The state that a command leads to."""
    if row.goes_back:
        return "the state that was left"
    return "the state stays" if row.to is None else f"“{title_of(row.to).en}”"
