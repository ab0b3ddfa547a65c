"""What is written of a permit, as plain JSON, and read back strictly: a missing, unknown or odd entry is an objection.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Hashable, Mapping, Set
from enum import Enum
from functools import cache
from typing import Final, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.permits.objections import PermitObjection, objection

type Content = Mapping[str, object]
"""What JSON can hold."""

_STRICT: Final = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_JSON: Final = frozenset({str, int, bool, type(None)})
_CODES: Final[Mapping[str, str]] = {
    "missing": "entry_missing",
    "missing_argument": "entry_missing",
    "unexpected_keyword_argument": "entry_unknown",
    "extra_forbidden": "entry_unknown",
    "enum": "entry_option",
    "literal_error": "entry_option",
}


def written[Value](cls: type[Value]) -> type[Value]:
    """Mark a frozen dataclass as one that is written into events: what is read back into it is read strictly."""
    if cls.__dataclass_params__.repr:  # type: ignore[attr-defined]  # every dataclass has them
        # What people wrote stays out of logs and tracebacks, whatever value holds it.
        cls.__repr__ = _hidden  # type: ignore[method-assign]  # a class made before, given another repr
    return with_config(_STRICT)(cls)


def _hidden(value: object) -> str:
    return f"{type(value).__name__}(...)"


def content_of(value: object) -> dict[str, object]:
    """A value as JSON holds it; a set is written in order, so that its digest is the same in every process."""
    return cast("dict[str, object]", _plain(_adapter(cast("Hashable", type(value))).dump_python(value)))


def _plain(value: object) -> object:
    # Nearly all that is written: a third of what a case's replay costs went into asking what else it might be.
    if type(value) in _JSON:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(entry) for key, entry in value.items()}
    if isinstance(value, Set):
        return sorted((_plain(entry) for entry in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def value_from[Value](cls: type[Value], content: object) -> Value:
    """The value that a content describes; all that is wrong with it is refused at once, each with its place.

    What was written stays out of the sentences: it may be about people.
    """
    try:
        return cast("Value", _adapter(cast("Hashable", cls)).validate_json(json.dumps(content, allow_nan=False)))
    except ValidationError as error:
        raise Refused([_objection(cast("_Wrong", wrong)) for wrong in error.errors()], reason="content") from None
    except (TypeError, ValueError, RecursionError, Unfit):
        raise Refused([objection("entry_kind", place="-")], reason="content") from None


def canonical(content: Content) -> bytes:
    """The one way in which a content is written down, so that its digest is the same everywhere.

    Keys in order, UTF-8, no white space; numbers are whole.
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


type _Wrong = Mapping[str, object]


@cache
def _adapter(cls: Hashable) -> TypeAdapter[object]:
    return TypeAdapter(cast("type[object]", cls))


def _objection(wrong: _Wrong) -> PermitObjection:
    steps = cast("tuple[object, ...]", wrong["loc"])
    place = ".".join(str(step) for step in steps) or "-"
    return objection(_CODES.get(str(wrong["type"]), "entry_kind"), place=place)
