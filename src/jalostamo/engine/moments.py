"""Times from text: ISO 8601, or a strptime form that was declared; a text that is not exactly so is no time.

DuckDB only: files are read by the embedded engine. A time without an offset is local in the time zone of its session.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

import re
from typing import Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from jalostamo.concepts.errors import Misused

_ISO: Final = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)?)?$"
_ISO_WITHOUT_SECONDS: Final = r"^(.{16})(Z|[+-].*)$"
_TWO_DIGITS: Final = r"\d{1,2}"
_WORD: Final = r"[A-Za-z]+"
_DAY_LENGTH: Final = len("2024-05-01")
_OFFSET: Final = "%z"
# No clocks are farther from universal time than 14 hours; DuckDB takes 99 for hours.
_OFFSET_PATTERN: Final = r"[+-](0\d|1[0-4])(:?[0-5]\d)?"
# DuckDB's own strptime also takes the year 24 for %Y, and spaces around; these say how each part must look.
_PATTERNS: Final = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%f": r"\d{1,6}",
    "%j": r"\d{1,3}",
    "%p": r"[AaPp][Mm]",
    _OFFSET: _OFFSET_PATTERN,
    "%%": "%",
    **dict.fromkeys(("%m", "%d", "%H", "%I", "%M", "%S"), _TWO_DIGITS),
    **dict.fromkeys(("%-m", "%-d", "%-H", "%-I", "%-M", "%-S"), _TWO_DIGITS),
    **dict.fromkeys(("%a", "%A", "%b", "%B"), _WORD),
}


@ibis.udf.scalar.builtin(name="try_strptime")  # type: ignore[untyped-decorator]  # Ibis has no types
def _try_strptime(text: str, form: str) -> dt.timestamp:
    """DuckDB's reading of a time by a strptime form; null where the text is no such time."""


@ibis.udf.scalar.builtin(name="epoch_us")  # type: ignore[untyped-decorator]  # Ibis has no types
def microseconds(moment: dt.timestamp) -> int:  # type: ignore[empty-body]  # the engine has the body
    """The microseconds from the beginning of 1970 (UTC) to a time."""


def moment_in(text: ir.StringValue, form: str | None) -> ir.TimestampValue:
    """The time that a text tells, by a strptime form or, where it is None, by ISO 8601; null where it tells none."""
    if form is None:
        return _where(text.re_search(_ISO), _iso(text))
    return _where(text.re_search(pattern_of(form)), _try_strptime(text, form).cast("timestamp('UTC')"))


def day_as_written(text: ir.StringValue, form: str | None) -> ir.DateValue:
    """The day that a text tells to whoever reads it, whatever its offset; to be asked of texts that tell a time."""
    if form is None:
        return text.substr(0, _DAY_LENGTH).try_cast("date")
    parts = re.split(r"(%-?.)", form)
    if _OFFSET in parts:
        place = parts.index(_OFFSET)
        before, after = (_pattern("".join(each)) for each in (parts[:place], parts[place + 1 :]))
        text = text.re_replace(f"^({before}){_OFFSET_PATTERN}({after})$", r"\1\4")
    without_offset = "".join(part for part in parts if part != _OFFSET)
    # Of a text, the engine passes over spaces in front; of a form it does not.
    return _try_strptime(text.strip(), without_offset.strip()).date()


def pattern_of(form: str) -> str:
    """How a text must look to be read by a strptime form; a form that is not understood is answered with what is."""
    parts = re.split(r"(%-?.)", form)
    unknown = [part for part in parts[1::2] if part not in _PATTERNS]
    if unknown or "%" in "".join(parts[0::2]) or not {"%Y", "%y"} & set(parts):
        known = " ".join(_PATTERNS)
        raise Misused(f"A time format is a strptime form with a year, made of {known}.", reason="time_format")
    return f"^{_pattern(form)}$"


def _pattern(form: str) -> str:
    return "".join(_PATTERNS.get(part) or re.escape(part) for part in re.split(r"(%-?.)", form))


def _iso(text: ir.StringValue) -> ir.Value:
    # DuckDB reads an offset only after seconds.
    with_seconds = text.re_replace(_ISO_WITHOUT_SECONDS, r"\1:00\2")
    return ibis.coalesce(text.try_cast("timestamp('UTC')"), with_seconds.try_cast("timestamp('UTC')"))


def _where(condition: ir.BooleanValue, value: ir.Value) -> ir.TimestampValue:
    return condition.ifelse(value, ibis.null(value.type()))
