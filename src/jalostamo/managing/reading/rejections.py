"""Why records of a source are turned away, told with file, line, column and count, and never with what was recorded.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.registers import RegisterTable

WAYS: Final = {
    "missing": "is empty, but the field is required",
    "not_integer": "is not a whole number",
    "not_decimal": "is not a number of at most 14 digits and 4 decimals, written as declared",
    "not_boolean": "is neither of the two words declared",
    "not_date": "is not a date in the declared format",
    "not_datetime": "is not a time in the declared format",
    "unknown_code": "is not in the field's code list",
    "duplicate_key": "repeats the key of an earlier record",
    "too_few_columns": "has too few columns",
    "too_many_columns": "has too many columns",
    "unclosed_quote": "has a quote that is not closed, or text after it",
    "record_too_long": "is longer than a record can be",
    "record_form": "has not the form of a record",
    "line_too_short": "is shorter than its line is declared to be",
    "line_too_long": "is longer than its line is declared to be",
    "control_character": "has a tab, or a character that is not written",
    "not_json": "is not one JSON object",
    "key_twice": "has a key twice",
    "nested_value": "holds an object or a list, not one value",
    "number_in_text": "holds a number, a date or a truth value where a text is declared: noughts in front may be lost",
    "number_rounded": "holds a number of more digits than a workbook keeps",
    "day_uncertain": "holds a day before March 1900, which programs count in two ways: write it as a text",
    "no_text": "holds characters that no text has",
    "formula": "holds a formula, not a value",
    "error_cell": "holds an error, not a value",
    "empty_row": "is empty, with filled rows below",
    "bytes": "holds bytes, not a text",
}
"""Why a record is turned away, in words for a sentence that names the record or the column."""

_IN_LINES: Final = frozenset({"csv", "fixed_width", "json_lines"})
"""The formats of which a place is a line; of the others it is a row."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Records rejected for one reason in one field: how many, and the lines of the first few.

    Lines are those on which the records begin, the header being line 1; in workbooks, Parquet and databases they are rows.
    """

    reason: str
    field: str | None
    records: int
    first_lines: tuple[int, ...]

    def sentence(self, table: RegisterTable) -> str:
        """The rejection in words, with file, lines, column and count; never with what was recorded."""
        lines = ", ".join(str(line) for line in self.first_lines) + (
            " ..." if self.records > len(self.first_lines) else ""
        )
        unit = "line" if table.writing.format in _IN_LINES else "row"
        where = f"{table.file or table.writing.relation}, {unit}{'s' if self.records > 1 else ''} {lines}"
        what = f"column '{table.field_named(self.field).column}'" if self.field else "the record"
        return f"{where}: {what} {WAYS[self.reason]} ({self.records} record{'s' if self.records != 1 else ''})."
