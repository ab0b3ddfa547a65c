"""Writes `docs/reference/permits.md` and its pictures: the permit process as its tables, words and settings say it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits import duties, municipality, tables
from jalostamo.permits.decisions import Intervals
from jalostamo.permits.machines import STATES, Machine, State
from jalostamo.permits.objections import SENTENCES
from jalostamo.permits.people import Party, called
from jalostamo.permits.settings import DEADLINES, Deadline, Settings
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.terms import WORDS, title_of
from jalostamo.permits.times import ANSWERS, BY_ITSELF, ReminderKind
from jalostamo.permits.transitions import Signatures, Slot, Transition
from permits_rows import CODES, command_called, from_where, rows_of, where_to
from state_pictures import picture_of

ROOT = Path(__file__).resolve().parent.parent

PAGE: Final = "docs/reference/permits.md"
PICTURES: Final[Mapping[str, Machine]] = {f"docs/images/{machine.value}-states.svg": machine for machine in Machine}

_OPENING: Final = """# The permits process

Who may do what in which state, from an idea to a published result and its end. Written by `make docs` from the tables
that the process runs on; do not edit it by hand. It is version {version} of the process: {rows} rows in {machines} tables.

One permit has a data request to each source, a run each time its analysis is made, prepared data for each run, and
publications. Each moves through states of its own; a command is given in a state and leads to another, or makes a record
and the state stays. Some commands of the permit act on what lies under it: dropping a source drops its data request,
asking for more data opens the request anew, and a change of scope or a redefinition takes the decision and all requests
away and cancels every run that has not finished.

Whatever is not in these tables is refused. A command is judged in this order: is there a row for it in this state; may
these people sign it; does no duty keep them from it; has none of its rules an objection.

The same tables, asked row by row of the rules themselves, lie beside the tests:
{golden}."""

_CODES: Final = """## Who acts

Roles are held by people, for a time and perhaps for one unit or register; the last four are automatons, which act by
rule. In the tables they go by these letters.

| letters | who |
|---|---|
{rows}"""

_MACHINE: Final = """## {title}

{doc}

![{alt}](../images/{machine}-states.svg)

### States of the {machine_called}

| state | written | can lead to |
|---|---|---|
{states}

### Commands of the {machine_called}

What a municipality may not remove is marked with ●. A paper is what must be handed in with the command.

| row | command | in which state | leads to | who signs | rules | paper | recorded as | who is told |
|---|---|---|---|---|---|---|---|---|
{rows}

### Who may give which command of the {machine_called}

**A** alone; **+** in one submission with another; **&** one of two signatures, each apart. An empty cell is a refusal,
and so is everyone who has no column.

<details><summary>{cells} cells</summary>

| state | command | {parties} |
|---|---|{dashes}|
{matrix}

</details>"""

_DUTIES: Final = """## Duties

What one person may not do in a case because of what the same person did in it before, over the whole history of the case,
whatever the account or role. A municipality may add to them, and takes none away. With a low risk one person may sign for
both of the inspection group.

| one hand | the other hand | why | from |
|---|---|---|---|
{rows}"""

_TIME: Final = """## Deadlines and intervals

A late answer brings a reminder and never a permission; the inspection group alone may go on without the statement of the
person responsible for privacy, once the time for it has passed.

| for what | days | where it counts | a municipality may make it |
|---|---|---|---|
{deadlines}

| interval | months at most |
|---|---|
{intervals}

The schedule and the process give these commands by themselves, in this order, as soon as their rules allow it:
{by_itself}.

At the end of its last day a permit ends, whether or not a schedule has run.

Reminders, {reminders} days ahead where something is to come and the day after an answer was due: {kinds}."""

_MAY: Final = """## What a municipality may change

It writes a file of its own, which can tighten the process and never loosen it. A case keeps the settings with which it
was opened.

| key | what it sets |
|---|---|
{keys}

It may ask for a further signature on every command that is not marked with ●. It may do without these:

| of the | commands |
|---|---|
{removable}"""

_TOLD: Final = """## Who is told

| who | of what |
|---|---|
{rows}"""

_KEYS: Final = {
    "timezone": "the place whose days count",
    "group_unit": "the unit where the group's analysts work",
    "remove": "commands that are not used; which these may be is said below",
    "reminders": "how many days before an end a reminder is sent",
    "intervals": "validity and reassessment, in months; shorter ones only",
    "costs": "where the classes of cost begin",
    "deadlines": "days for an answer, tighter ones only",
    "signature": "a further signature of a role on a command, always given apart",
    "apart": "two more roles that one person may not hold in a case",
    "floor": "a class below which no processing risk goes",
    "person": "who holds which role from when to when, who is a substitute, and who comes from outside by contract",
}
_WHERE: Final = {
    Deadline.PRIVACY_STATEMENT: "with the inspection group, which may then go on without it",
    Deadline.REASSESSMENT_NOTICE: "before an interval between reassessments is over",
    Deadline.DELETION: "after the permit's last day, or after the end of the case where that comes first",
}
_INTERVALS: Final = {
    "longest": "how long a permit is valid",
    "longest_one_off": "how long a permit for a one-off analysis is valid",
    "reassessment_moderate": "between reassessments of moderate risk",
    "reassessment_high": "between reassessments of high risk",
}


def permits_page() -> str:
    """Render the page as Markdown."""
    golden = ",\n".join(f"[{m.value}](../../tests/jalostamo/permits/golden/{m.value}.txt)" for m in Machine)
    opening = _OPENING.format(
        version=tables.PROCESS_VERSION, rows=len(TRANSITIONS), machines=len(Machine), golden=golden
    )
    codes = _CODES.format(rows=_lines((code, called(party).en) for party, code in CODES.items()))
    machines = [_machine(machine) for machine in Machine]
    return "\n\n".join([opening, codes, *machines, _duties(), _time(), _may(), _told_of()]) + "\n"


def _lines(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _machine(machine: Machine) -> str:
    doc = inspect.getdoc(getattr(tables, machine.value)) or ""
    told = "\n\n".join(part for part in doc.split("\n\n") if not part.startswith("Handbook"))
    name = title_of(machine).en
    rows = rows_of(machine)
    parties = [party for party in CODES if any(party in row.signatures.parties for row in rows)]
    cells = [(state, row) for state in STATES[machine] for row in rows if state in row.sources]
    matrix = [(title_of(s).en, command_called(row), *(_mark(row.signatures, p) for p in parties)) for s, row in cells]
    return _MACHINE.format(
        title=name[0].upper() + name[1:],
        doc=told,
        machine=machine.value,
        machine_called=name,
        alt=f"The states of the {name} as boxes, and as arrows between them the commands of the table below",
        states=_lines(_state_row(machine, state) for state in STATES[machine]),
        rows=_lines(_command_row(row) for row in rows),
        cells=len(cells) * len(parties),
        parties=" | ".join(CODES[party] for party in parties),
        dashes="|".join("---" for _ in parties),
        matrix=_lines(matrix),
    )


def _state_row(machine: Machine, state: State) -> tuple[str, str, str]:
    deadline = next((found for waiting, found in ANSWERS.items() if waiting is state), None)
    ways = [row.to for row in rows_of(machine) if state in row.sources and row.to is not None and row.to is not state]
    back = ["the state that was left" for row in rows_of(machine) if state in row.sources and row.goes_back]
    leads = "; ".join([*back, *dict.fromkeys(title_of(to).en for to in ways)]) or "an end"
    wait = f"; an answer is due in {DEADLINES[deadline]} days" if deadline else ""
    return title_of(state).en + wait, f"`{state.value}`", leads


def _command_row(row: Transition) -> tuple[str, ...]:
    """One row of the table, as a reader needs it."""
    kept = " ●" if row.protects else ""
    return (
        row.id,
        f"{command_called(row)}{kept} (`{row.command}`)",
        from_where(row),
        where_to(row),
        signed_by(row.signatures),
        "; ".join(WORDS[f"Guard.{guard}"].en for guard in row.guards),
        WORDS[f"Paper.{row.paper.__name__}"].en,
        WORDS[f"Event.{row.event}"].en,
        ", ".join(CODES[party] for party in row.notifies),
    )


def signed_by(signatures: Signatures) -> str:
    """Who signs, in letters."""
    slots = [_slot(slot) for slot in signatures.slots]
    if len(slots) == 1:
        return slots[0]
    return " and ".join(slots) + (", in one submission" if signatures.in_one_submission else ", each apart")


def _slot(slot: Slot) -> str:
    return " or ".join(code for party, code in CODES.items() if party in slot)


def _mark(signatures: Signatures, party: Party) -> str:
    if party not in signatures.parties:
        return " "
    return "A" if len(signatures.slots) == 1 else "+" if signatures.in_one_submission else "&"


def _duties() -> str:
    rows = []
    for duty in duties.DUTIES:
        section, sentence = SENTENCES[duty.code]
        why = sentence.en.split(" Role")[0]
        origin = "ours" if duty.ours else f"handbook {section}"
        rows.append((_roles(duty.ones), _roles(duty.others), why, origin))
    return _DUTIES.format(rows=_lines(rows))


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(called(role).en for role in roles)


def allows(content: Mapping[str, object]) -> bool:
    """Whether a municipality may write this in its file: the rule itself is asked."""
    try:
        municipality.municipality_from(content)
    except Refused:
        return False
    return True


def _time() -> str:
    rows = [
        (
            title_of(deadline).en,
            str(days),
            "; ".join(title_of(state).en for state, found in ANSWERS.items() if found is deadline) or _WHERE[deadline],
            "longer" if allows({"deadlines": {deadline.value: days + 1}}) else "shorter",
        )
        for deadline, days in DEADLINES.items()
    ]
    shipped = Intervals()
    months = [(_INTERVALS[entry.name], str(getattr(shipped, entry.name))) for entry in fields(Intervals)]
    by_itself = ", ".join(WORDS[f"Command.{command}"].en for command in BY_ITSELF)
    return _TIME.format(
        deadlines=_lines(rows),
        intervals=_lines(months),
        by_itself=by_itself,
        reminders=", ".join(str(days) for days in Settings().reminders),
        kinds=", ".join(title_of(kind).en for kind in ReminderKind),
    )


def _may() -> str:
    keys = [(f"`{entry.name}`", _KEYS[entry.name]) for entry in fields(municipality.MunicipalityFile)]
    removable: list[tuple[str, str]] = []
    for machine in Machine:
        names = dict.fromkeys(row.command for row in rows_of(machine))
        said = [f"{WORDS[f'Command.{name}'].en} (`{name}`)" for name in names if allows({"remove": [name]})]
        removable.append((title_of(machine).en, "; ".join(said)))
    return _MAY.format(keys=_lines(keys), removable=_lines(removable))


def _told_of() -> str:
    told = {party: [row for row in TRANSITIONS if party in row.notifies] for party in CODES}
    events = {party: dict.fromkeys(WORDS[f"Event.{row.event}"].en for row in rows) for party, rows in told.items()}
    return _TOLD.format(rows=_lines((called(p).en, "; ".join(said)) for p, said in events.items() if said))


def documents() -> dict[str, str]:
    """The page and its pictures, by the path where each is written."""
    return {PAGE: permits_page(), **{path: picture_of(machine) for path, machine in PICTURES.items()}}


if __name__ == "__main__":
    for name, content in documents().items():
        (ROOT / name).write_text(content, encoding="utf-8")
