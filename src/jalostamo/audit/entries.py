"""Entries of the log: who, in which role, is about to do what to which objects, under which permit; no free text, no values.

An object is named by its digest, and what must be bound but not told by a salted commitment: once its salt is destroyed,
nobody can say what was committed to.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from jalostamo.audit.acts import ACTS, Act, Part, Step
from jalostamo.concepts.errors import Broken
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import canonical
from jalostamo.permits.people import Automaton, Party

SALT_BYTES: Final = 32
MOST_OBJECTS: Final = 64

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
# No space, no "@", no "+": neither a sentence nor a name of two words, an address of e-mail or a telephone number.
_ID: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[._-](?=[A-Za-z0-9])){0,63}", re.ASCII)
_IDENTITY_CODE: Final = re.compile(r"(?<!\d)\d{6}[-YXWVUABCDEF]\d{3}[0-9A-Y](?![A-Za-z0-9])", re.ASCII)
_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_COMMITMENT: Final = b"jalostamo audit commitment 1\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry says who is about to do what; the log gives it its place when it is appended.

    `by` is a staff id, or empty where the closed room acts by itself; `at` is the time as the caller gives it.
    """

    act: Act
    at: datetime.datetime
    role: Party
    by: str = ""
    permit: str = ""
    run: str = ""
    step: Step | None = None
    objects: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    count: int | None = None

    def __post_init__(self) -> None:
        wrong = _wrong_forms(self) or _missing(self)
        if wrong:
            # An entry is made by our own code: people never word one.
            raise Broken(f"An entry of the log is not well-formed: {', '.join(wrong)}.", reason="audit_entry")


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry in its place: `sequence` counts from 0, `durable` is how many entries were on the disk when it was written.

    Where the machine stopped while a group was written, `durable` tells a torn end from an edit: what it counts was
    acknowledged, and cannot have been torn.
    """

    entry: Entry
    sequence: int
    durable: int

    @property
    def written(self) -> bytes:
        """The bytes of the entry, without the end of its line: the leaf of the tree."""
        return canonical(_content(self))


def placed_from(written: bytes) -> Placed:
    """Read an entry back; a ValueError for anything that is not, byte for byte, what would be written."""
    try:
        content = json.loads(written)
        placed = _placed(content)
        if placed.written == written:
            return placed
    except (Broken, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise ValueError("not an entry")


def commitment_to(content: bytes, salt: bytes) -> str:
    """What binds a content without telling it: its HMAC-SHA-256 under a random salt of 32 bytes, kept beside the object."""
    if len(salt) != SALT_BYTES:
        raise Broken(f"A salt has {SALT_BYTES} random bytes.", reason="audit_entry")
    return hmac.digest(salt, _COMMITMENT + content, hashlib.sha256).hex()


def keeps_to(commitment: str, content: bytes, salt: bytes) -> bool:
    """Whether that content was committed to under that salt."""
    return hmac.compare_digest(commitment, commitment_to(content, salt))


def _wrong_forms(entry: Entry) -> list[str]:
    digests = (*entry.objects, *entry.commitments)
    forms = {
        "act": isinstance(entry.act, Act),
        "role": isinstance(entry.role, Role | Automaton),
        "step": entry.step is None or isinstance(entry.step, Step),
        "at": entry.at.utcoffset() is not None,
        # A number alone may be a telephone's.
        "by": _is_id(entry.by) and not entry.by[:1].isdigit() and bool(entry.by) == isinstance(entry.role, Role),
        "permit": _is_id(entry.permit),
        "run": _is_id(entry.run),
        "objects": len(digests) <= MOST_OBJECTS and all(_DIGEST.fullmatch(digest) for digest in digests),
        "count": entry.count is None or (type(entry.count) is int and entry.count >= 0),
    }
    return [name for name, right in forms.items() if not right]


def _is_id(text: str) -> bool:
    return not text or (_ID.fullmatch(text) is not None and _IDENTITY_CODE.search(text) is None)


def _missing(entry: Entry) -> list[str]:
    """The parts that the act asks for and that are not there; a count is told only where it is asked for."""
    named: Mapping[Part, bool] = {
        Part.PERMIT: bool(entry.permit),
        Part.RUN: bool(entry.run),
        Part.STEP: entry.step is not None,
        Part.OBJECTS: bool(entry.objects),
        Part.COUNT: entry.count is not None,
    }
    needs = ACTS[entry.act].needs
    spare = [Part.COUNT] if named[Part.COUNT] and Part.COUNT not in needs else []
    return [*(f"no {part}" for part in Part if part in needs and not named[part]), *(f"a {part}" for part in spare)]


def _content(placed: Placed) -> dict[str, object]:
    entry = placed.entry
    return {
        "act": entry.act.value,
        "at": entry.at.astimezone(datetime.UTC).strftime(_TIME),
        "by": entry.by,
        "commitments": entry.commitments,
        "count": entry.count,
        "durable": placed.durable,
        "objects": entry.objects,
        "permit": entry.permit,
        "role": entry.role.value,
        "run": entry.run,
        "sequence": placed.sequence,
        "step": entry.step.value if entry.step else "",
    }


def _placed(content: Mapping[str, object]) -> Placed:
    role = str(content["role"])
    entry = Entry(
        act=Act(str(content["act"])),
        at=datetime.datetime.strptime(str(content["at"]), _TIME).replace(tzinfo=datetime.UTC),
        role=Role(role) if role in list(Role) else Automaton(role),
        by=str(content["by"]),
        permit=str(content["permit"]),
        run=str(content["run"]),
        step=Step(str(content["step"])) if content["step"] else None,
        objects=tuple(cast("list[str]", content["objects"])),
        commitments=tuple(cast("list[str]", content["commitments"])),
        count=cast("int | None", content["count"]),
    )
    sequence, durable = cast("int", content["sequence"]), cast("int", content["durable"])
    if not (type(sequence) is int and type(durable) is int and 0 <= durable <= sequence):
        raise ValueError("not a place")
    return Placed(entry, sequence, durable)
