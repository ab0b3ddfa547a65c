"""Deficiencies of data: recorded, sent to the source's owner, answered, and closed by a corrected practice or a reason.

What happened is kept as lines that are only added to, each naming the digest of the one before; what holds is replayed.

Handbook 2.2 (deficiencies found in the data, and corrected at their source).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.errors import Broken, Misused, Objection, Refused, Unfit
from jalostamo.concepts.languages import LANGUAGES, Text, text_from
from jalostamo.managing.profiling import IDENTIFIER_PATTERNS
from jalostamo.managing.quality.findings import FindingKind

SECTION: Final = "2.2"
LONGEST: Final = 2_000


class DeficiencyState(StrEnum):
    """A deficiency's state says who is to act: the finder, the owner, or nobody any more."""

    RECORDED = "recorded"
    SENT = "sent"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    NOT_A_DEFICIENCY = "not_a_deficiency"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self not in {DeficiencyState.CORRECTED, DeficiencyState.NOT_A_DEFICIENCY}


_MOVES: Final[Mapping[str, frozenset[DeficiencyState]]] = {
    "send": frozenset({DeficiencyState.RECORDED, DeficiencyState.SENT}),
    "answer": frozenset({DeficiencyState.SENT, DeficiencyState.ANSWERED}),
    "close": frozenset({DeficiencyState.ANSWERED}),
    "reopen": frozenset({DeficiencyState.CORRECTED, DeficiencyState.NOT_A_DEFICIENCY}),
}
_WHY_NOT: Final = {
    "send": "it has been answered or closed already",
    "answer": "it has not been sent to the owner of the source, or is closed",
    "close": "closing needs the owner's answer",
    "reopen": "it is not closed",
}


@dataclass(frozen=True, slots=True)
class Deficiency:
    """A deficiency is what a source's owner is asked about: where, of which kind, since when, in words, with a suggestion.

    `finding` names the finding it was made from, "" where a person wrote it. Its number is its place in the file.
    """

    number: int
    source: str
    table: str
    field: str
    unit: str
    kind: FindingKind
    months: tuple[str, ...]
    figures: Mapping[str, str]
    sentence: Text
    suggestion: Text
    finding: str = ""
    state: DeficiencyState = DeficiencyState.RECORDED
    answer: str = ""

    def objections_to(self, move: str) -> tuple[Objection, ...]:
        """Why it may not be sent, answered, closed or reopened now; nothing where it may."""
        if self.state in _MOVES[move]:
            return ()
        sentence = f"Deficiency {self.number} is '{self.state}': {_WHY_NOT[move]}."
        return (Objection(sentence, SECTION),)

    def as_mapping(self) -> dict[str, object]:
        """The deficiency as a file or an account holds it."""
        texts = {"sentence": self.sentence.as_mapping(), "suggestion": self.suggestion.as_mapping()}
        return {**asdict(self), "figures": dict(self.figures), "months": list(self.months), **texts}


def from_finding(finding: Mapping[str, object]) -> Deficiency:
    """A deficiency made from a finding of a report, not yet numbered."""
    try:
        month = finding["month"]
        return Deficiency(
            number=0,
            source=str(finding["source"]),
            table=str(finding["table"]),
            field=str(finding["field"]),
            unit=str(finding["unit"]),
            kind=FindingKind(str(finding["kind"])),
            months=(str(month),) if month else (),
            figures={str(k): str(v) for k, v in cast("Mapping[str, object]", finding["figures"]).items()},
            sentence=text_from(finding["sentence"], place="A finding's sentence"),
            suggestion=text_from(finding["suggestion"], place="A finding's suggestion"),
            finding=str(finding["name"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unfit(
            "This is no report of `closed-room quality`: it has no such findings.", reason="report_form"
        ) from None


def refuse_identifying(*texts: str) -> None:
    """Refuse words of a person that look as if they named a customer: a letter to an owner holds nobody."""
    for text in texts:
        found = [name for name, pattern in IDENTIFIER_PATTERNS.items() if re.search(pattern, text)]
        if found:
            sentence = f"The text seems to hold {found[0].replace('_', ' ')}: tell of fields and counts, and of nobody."
            raise Refused([Objection(sentence, "2.6")], reason="deficiency_identifies")
        if not text.strip() or len(text) > LONGEST:
            raise Misused(f"A text is from 1 to {LONGEST} characters.", reason="deficiency_text")


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger is the file of deficiencies; whoever writes it holds the lock of its folder, which is the door's to take."""

    path: Path

    def deficiencies(self) -> tuple[Deficiency, ...]:
        """What holds now, by number."""
        found: dict[int, Deficiency] = {}
        for event in self._events():
            _replay(found, event)
        return tuple(found.values())

    def deficiency(self, number: int) -> Deficiency:
        """The deficiency of that number."""
        for found in self.deficiencies():
            if found.number == number:
                return found
        raise Misused(f"There is no deficiency {number}: list them.", reason="deficiency_unknown")

    def record(self, new: Iterable[Deficiency], *, by: str, on: str) -> tuple[Deficiency, ...]:
        """Add deficiencies and return them numbered; one that is open from the same finding already is left out."""
        known = self.deficiencies()
        taken = {each.finding for each in known if each.finding and each.state.is_open}
        added: list[Deficiency] = []
        for each in new:
            if each.finding not in taken:
                added.append(replace(each, number=len(known) + len(added) + 1))
                taken |= {each.finding} if each.finding else set()
        self._add([{"what": "recorded", "by": by, "on": on, "deficiency": each.as_mapping()} for each in added])
        return tuple(added)

    def move(self, number: int, move: str, *, by: str, on: str, text: str = "", outcome: str = "") -> Deficiency:
        """Send, answer, close or reopen one; refused where its state does not allow it."""
        objections = self.deficiency(number).objections_to(move)
        if objections:
            raise Refused(objections, reason=f"deficiency_{move}")
        self._add([{"what": move, "by": by, "on": on, "number": number, "text": text, "outcome": outcome}])
        return self.deficiency(number)

    def _events(self) -> list[Mapping[str, object]]:
        written = self.path.read_bytes() if self.path.exists() else b""
        events: list[Mapping[str, object]] = []
        before = ""
        # What a killed process left half written has no end of line: it never happened.
        for place, line in enumerate(written.split(b"\n")[:-1], start=1):
            event = _event(line, place)
            if event.get("before") != before:
                raise Unfit(
                    f"{self.path.name}, line {place}: it does not follow the one before.", reason="ledger_chain"
                )
            before = hashlib.sha256(line).hexdigest()
            events.append(event)
        return events

    def _add(self, events: Iterable[Mapping[str, object]]) -> None:
        self._events()
        kept = self.path.read_bytes() if self.path.exists() else b""
        whole, _, half = kept.rpartition(b"\n")
        lines = (whole + b"\n") if whole else b""
        before = hashlib.sha256(whole.rpartition(b"\n")[2]).hexdigest() if whole else ""
        added = b""
        for event in events:
            line = json.dumps({**event, "before": before}, ensure_ascii=False, sort_keys=True).encode()
            before = hashlib.sha256(line).hexdigest()
            added += line + b"\n"
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if half:
                os.ftruncate(descriptor, len(lines))
            os.lseek(descriptor, len(lines), os.SEEK_SET)
            os.write(descriptor, added)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _event(line: bytes, place: int) -> Mapping[str, object]:
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise Unfit(f"The file of deficiencies, line {place}: it is not one.", reason="ledger_form")
    return event


def _replay(found: dict[int, Deficiency], event: Mapping[str, object]) -> None:
    what = str(event["what"])
    if what == "recorded":
        content = cast("Mapping[str, object]", event["deficiency"])
        name = {"name": content["finding"], "month": next(iter(cast("list[str]", content["months"])), None)}
        new = replace(from_finding({**content, **name}), number=cast("int", content["number"]))
        found[new.number] = new
        return
    if what not in _MOVES:
        raise Broken("The file of deficiencies tells of a move that is unknown.", reason="ledger_move")
    old = found[cast("int", event["number"])]
    states = {"send": DeficiencyState.SENT, "answer": DeficiencyState.ANSWERED, "reopen": DeficiencyState.RECORDED}
    state = states.get(what) or DeficiencyState(str(event["outcome"]))
    # What was answered before it was reopened is no answer to the new question.
    answer = {"answer": str(event["text"]), "reopen": ""}.get(what, old.answer)
    found[old.number] = replace(old, state=state, answer=answer)


def written_by_person(named: tuple[str, str, str, str], kind: FindingKind, said: Text, suggestion: Text) -> Deficiency:
    """A deficiency in a person's own words about a source, a table, a field and a unit."""
    refuse_identifying(*(said.in_language(language) for language in LANGUAGES))
    source, table, field, unit = named
    return Deficiency(0, source, table, field, unit, kind, (), {}, said, suggestion)
