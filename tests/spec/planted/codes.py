"""Personal identity codes as Finland writes them: form, day of birth, check character.

Handbook 2.2, combinability.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

# A day from 40 or a month from 20 up does not even look like one: a fault of the form, not of the date.
FORM: Final = re.compile(r"([0-3]\d)([01]\d)(\d\d)([-+A-FU-Y])(\d{3})([0-9A-FHJ-NPR-Y])")
CHECK: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CENTURY: Final = {"+": 1800, **dict.fromkeys("-UVWXY", 1900), **dict.fromkeys("ABCDEF", 2000)}


def fault_of(code: str) -> str | None:
    """What is wrong with a code: its form, its date or its check character; None where it is valid."""
    parts = FORM.fullmatch(code)
    if parts is None:
        return "form"
    day, month, year, sign, number, check = parts.groups()
    try:
        date(CENTURY[sign] + int(year), int(month), int(day))
    except ValueError:
        return "date"
    return None if CHECK[int(day + month + year + number) % len(CHECK)] == check else "check_character"


def without_sign(code: str) -> str:
    """A code without its century sign: look-alikes have the same."""
    return code[:6] + code[7:]
