"""The codes by which a city links its registers: the personal identity code and the business id, never repaired.

A code is compared on every one of its characters. A register that holds a wrong century sign holds another person's code.

Handbook 2.2 (combining by personal number).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength
from stdnum.fi import hetu, ytunnus

from jalostamo.concepts.errors import Unfit

# Thirteen signs: one for the 1800s, six each for the 1900s and the 2000s (government decree 690/2022).
CENTURY_SIGNS: Final[dict[str, int]] = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
CHECK_CHARACTERS: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
ARTIFICIAL_NUMBERS: Final = range(900, 1000)

_FORM = re.compile(r"\d{6}[-+YXWVUABCDEF]\d{3}[0-9A-Y]", re.ASCII)


class IdentityFault(StrEnum):
    """Why a recorded text is no personal identity code."""

    MISSING = "missing"
    FORM = "form"
    DATE = "date"
    CHECK_CHARACTER = "check_character"


def fault_in(recorded: str | None) -> IdentityFault | None:
    """Why `recorded` is no personal identity code, or None if it is one.

    The text is judged as it stands, eleven characters: small letters, spaces and other signs are faults, not to be mended.

    >>> fault_in("010190-900P") is None
    True
    >>> fault_in("010190-900p")
    <IdentityFault.FORM: 'form'>
    """
    if recorded is None or recorded == "":
        return IdentityFault.MISSING
    if not _FORM.fullmatch(recorded):
        return IdentityFault.FORM
    try:
        # python-stdnum upper-cases and trims before it looks, hence the form above; artificial numbers are "temporary" to it.
        hetu.validate(recorded, allow_temporary=True)
    except InvalidChecksum:
        return IdentityFault.CHECK_CHARACTER
    except InvalidComponent:
        return IdentityFault.DATE
    except (InvalidFormat, InvalidLength):
        return IdentityFault.FORM
    return None


@dataclass(frozen=True, slots=True, repr=False)
class PersonalIdentityCode:
    """A personal identity code is what the population register calls one person by.

    Its eleven characters are kept as recorded; anything that is not a code is refused, and no message repeats it.
    """

    text: str

    def __post_init__(self) -> None:
        fault = fault_in(self.text)
        if fault is not None:
            raise Unfit(
                f"A personal identity code is not valid ({fault.value}).", reason=f"identity_code_{fault.value}"
            )

    def __repr__(self) -> str:
        return "PersonalIdentityCode(hidden)"

    @property
    def birth_date(self) -> datetime.date:
        """The date of birth that the code tells, its century from the sign."""
        day, month, year = int(self.text[0:2]), int(self.text[2:4]), int(self.text[4:6])
        return datetime.date(CENTURY_SIGNS[self.text[6]] + year, month, day)

    @property
    def is_artificial(self) -> bool:
        """Whether the individual number is of the range that is never given to a person (900-999)."""
        return int(self.text[7:10]) in ARTIFICIAL_NUMBERS

    @property
    def without_sign(self) -> str:
        """The ten characters beside the century sign; two codes that share them are look-alikes."""
        return self.text[:6] + self.text[7:]


@dataclass(frozen=True, slots=True, repr=False)
class BusinessId:
    """A business id is what the trade register calls a business by: seven digits, a hyphen and a check digit.

    A sole trader's business id points at a natural person: it is personal data.

    >>> BusinessId("2077474-0").text
    '2077474-0'
    """

    text: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{7}-\d", self.text, re.ASCII) or not ytunnus.is_valid(self.text):
            raise Unfit("A business id is not valid: seven digits, a hyphen and a check digit.", reason="business_id")

    def __repr__(self) -> str:
        return "BusinessId(hidden)"


def check_character(digits: str) -> str:
    """The check character of the nine digits of a personal identity code (ddmmyynnn, the sign left out).

    >>> check_character("010190900")
    'P'
    """
    return CHECK_CHARACTERS[int(digits) % 31]
