"""Who is left out of every run, and whose home no run may tell: read first, whatever a request names.

What cannot be read with certainty stops the run: better none than one without somebody's protection.

Handbook 2.6 (data protection), phase 4.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.holdings import HOLDS, Holding
from jalostamo.concepts.identifiers import fault_in
from jalostamo.concepts.registers import FieldType, Register, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.manifests import rounded
from jalostamo.managing.sensitive.code_history import CodeHistory, read_code_history
from jalostamo.managing.sensitive.delivered import delivered_registers, reading_of

FOLDER: Final = "exclusions"
EVERY: Final = ""
"""Under this name stand the objections to the use of every register."""
_TYPES: Final = {
    "identity_code": {FieldType.PERSONAL_IDENTITY_CODE},
    "kind": {FieldType.CODE, FieldType.TEXT},
    "register": {FieldType.CODE, FieldType.TEXT},
    "since": {FieldType.DATE},
    "until": {FieldType.DATE},
}

type _Record = Mapping[str, object]


class Exclusion(StrEnum):
    """An exclusion is an objection to being in any analysis, or a safety ban on telling where somebody lives."""

    OBJECTION = "objection"
    SAFETY_BAN = "safety_ban"


@dataclass(frozen=True, slots=True, repr=False)
class Protection:
    """Whom one run leaves out, and whose home it hides, on its day: by every code that each has had.

    `objecting` holds codes by the register that is objected to, EVERY for all. `persons` counts whom exclusions that
    hold name; `elsewhere` counts objections to registers that were not delivered here. Without a register of
    exclusions `is_told` is false, and nobody is protected.
    """

    day: datetime.date | None
    is_told: bool = False
    objecting: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    persons: Mapping[Exclusion, int] = field(default_factory=dict)
    elsewhere: int = 0

    def __repr__(self) -> str:
        return "Protection(content hidden)"

    def absent_from(self, register: str) -> frozenset[str]:
        """The codes of those who object to the use of a register."""
        return self.objecting.get(EVERY, frozenset()) | self.objecting.get(register, frozenset())

    def as_mapping(self) -> dict[str, object]:
        """What a manifest of the closed room tells of it."""
        counts = {kind.value: self.persons.get(kind, 0) for kind in Exclusion}
        day = self.day.isoformat() if self.day else None
        return {"told": self.is_told, "day": day, "elsewhere": self.elsewhere, **counts}

    def rounded(self) -> dict[str, object]:
        """What may be told of it outside."""
        counts = {kind.value: rounded(self.persons.get(kind, 0)) for kind in Exclusion}
        return {"told": self.is_told, "day": self.day.isoformat() if self.day else None, **counts}

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the person at the closed room's terminal is told of it."""
        if not self.is_told:
            return (f"No register of exclusions lies in '{FOLDER}': nobody's objection or safety ban was known.",)
        left_out, hidden = (self.persons.get(kind, 0) for kind in Exclusion)
        told = f"Exclusions obeyed: {left_out:,} persons object, the homes of {hidden:,} are hidden."
        other = f"{self.elsewhere:,} objections are to registers that were not delivered here."
        return (told, other) if self.elsewhere else (told,)


def protection_in(engine: Engine, sources: Path, *, day: datetime.date | None) -> Protection:
    """Read every register of exclusions among the delivered ones, and every history of codes by which it reaches further.

    `day` is the day of the run; where exclusions were delivered it must be told.
    """
    registers = delivered_registers(sources)
    holding = [
        (folder, register, table)
        for folder, register in registers.items()
        for table in register.tables
        if table.holds is Holding.EXCLUSIONS
    ]
    _refuse_unfound(sources, {folder for folder, *_ in holding})
    if not holding:
        return Protection(day)
    if day is None:
        raise Misused("Exclusions hold on days: the run must be told its day.", reason="run_day")
    records = [record for found in holding for record in _records(engine, *found)]
    _refuse_malformed(records)
    names = {register.name for register in registers.values()}
    return _on(day, records, read_code_history(engine, registers), names=names)


def _refuse_unfound(sources: Path, folders: set[Path]) -> None:
    """A folder of exclusions that holds none to read would be protection that nobody gets."""
    place = sources / FOLDER
    if (place.is_dir() or place.is_symlink()) and place not in folders:
        raise Unfit(
            f"'{FOLDER}' lies among the sources, but describes no table that holds exclusions: the run stops.",
            reason="exclusions_form",
        )


def _records(engine: Engine, folder: Path, register: Register, table: RegisterTable) -> Iterator[_Record]:
    for name, types in _TYPES.items():
        if table.field_named(name).type not in types:
            raise Unfit(
                f"Table '{table.name}' holds exclusions: its '{name}' is of type {' or '.join(sorted(types))}.",
                reason="exclusions_form",
            )
    reading = reading_of(engine, register, table, folder)
    if reading.loaded < reading.records:
        told = " ".join(rejection.sentence(table) for rejection in reading.rejections)
        raise Unfit(f"{told} The run stops: no exclusion may be lost.", reason="exclusions_malformed")
    yield from engine.rows(reading.table.select(*HOLDS[Holding.EXCLUSIONS]))


def _refuse_malformed(records: Iterable[_Record]) -> None:
    faults = Counter(fault for record in records if (fault := _fault(record)))
    if faults:
        told = ", ".join(f"{number} {fault}" for fault, number in sorted(faults.items()))
        raise Unfit(
            f"The register of exclusions has malformed records ({told}): the run stops, since somebody would go "
            "unprotected. Correct them.",
            reason="exclusions_malformed",
        )


def _fault(record: _Record) -> str | None:
    since, until = (cast("datetime.date | None", record[name]) for name in ("since", "until"))
    if fault_in(cast("str | None", record["identity_code"])):
        return "without a valid identity code"
    if record["kind"] not in set(Exclusion):
        return "of no known kind"
    if since is None or (until is not None and until < since):
        return "without a day since when, or ended before they began"
    return None


def _on(day: datetime.date, records: Sequence[_Record], history: CodeHistory, *, names: set[str]) -> Protection:
    """The exclusions that hold on a day, each by every code of its person."""
    objecting, hidden = defaultdict[str, set[str]](set), set[str]()
    # A name in other letters, or with blanks around it, is meant all the same; blanks alone are no name.
    delivered = {name.casefold(): name for name in names}
    for record in records:
        since, until = (cast("datetime.date | None", record[name]) for name in ("since", "until"))
        if since is None or not since <= day <= (until or day):
            continue
        code = cast("str", record["identity_code"])
        if record["kind"] == Exclusion.OBJECTION:
            written = (cast("str | None", record["register"]) or EVERY).strip()
            objecting[delivered.get(written.casefold(), written)].add(code)
        else:
            hidden.add(code)
    codes = {code for found in objecting.values() for code in found}
    return Protection(
        day,
        is_told=True,
        objecting={register: history.aliases(found) for register, found in objecting.items()},
        hidden=history.aliases(hidden),
        persons={Exclusion.OBJECTION: len(codes), Exclusion.SAFETY_BAN: len(hidden)},
        elsewhere=sum(len(found) for register, found in objecting.items() if register not in {EVERY, *names}),
    )
