"""Sealed documents: a label that anyone may read, and what it is about, sealed and bound to the label.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.keys.files import canonical

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.keys import Secret

FORMAT: Final = "jalostamo-sealed-1"
_LONGEST: Final = 4_096


@dataclass(frozen=True, slots=True)
class Label:
    """What is told of something sealed: the number of its key, its kind and object, and the day by which it is destroyed."""

    key: str
    kind: str
    object: str
    destroy_by: datetime.date | None = None

    @property
    def written(self) -> bytes:
        """Its bytes, to which what is sealed is bound."""
        day = self.destroy_by.isoformat() if self.destroy_by else None
        told = {"format": FORMAT, "key": self.key, "kind": self.kind, "object": self.object, "destroy_by": day}
        return canonical(told)


def sealed(document: bytes, label: Label, key: Secret) -> bytes:
    """A document sealed under its label."""
    return label.written + key.seal(document, about=label.written)


def label_in(content: bytes, *, name: str) -> Label:
    """The label of something sealed; refused where it is not as one is written."""
    line, _, _ = content[:_LONGEST].partition(b"\n")
    try:
        told = json.loads(line)
        day = told["destroy_by"]
        found = Label(told["key"], told["kind"], told["object"], datetime.date.fromisoformat(day) if day else None)
    except (ValueError, KeyError, TypeError):
        raise _damaged(name) from None
    if not content.startswith(found.written):
        raise _damaged(name)
    return found


def opened(content: bytes, key: Secret, *, name: str) -> bytes:
    """The document of something sealed; refused where label or content are not as they were sealed."""
    label = label_in(content, name=name)
    document = key.unseal(content[len(label.written) :], about=label.written)
    if document is None or f"{label.key}.sealed" != name:
        raise _damaged(name)
    return document


def _damaged(name: str) -> Unfit:
    return Unfit(f"{name} has been damaged, or was sealed with another key: it is not opened.", reason="sealed_damaged")
