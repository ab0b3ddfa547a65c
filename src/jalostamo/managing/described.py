"""Descriptions of registers as their owners lay them beside their files: read by whoever may know what is described.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.descriptions import register_from
from jalostamo.concepts.errors import Misused, Unfit

if TYPE_CHECKING:
    from jalostamo.concepts.registers import Register

DESCRIPTION: Final = "register.toml"


def read_register(folder: Path) -> Register:
    """Read a register's own description from its folder."""
    path = folder / DESCRIPTION
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Misused(
            f"{folder.name}/{DESCRIPTION} is missing: every source is described before it is read.",
            reason="file_missing",
        ) from None
    except OSError as error:
        raise Misused(
            f"{folder.name}/{DESCRIPTION} cannot be read: {error.strerror}. Check its permissions.",
            reason="file_unreadable",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unfit(f"{folder.name}/{DESCRIPTION} is not a TOML file: {error}.", reason="description_form") from None
    return register_from(content, place=f"{folder.name}/{DESCRIPTION}")
