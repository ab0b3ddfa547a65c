"""The one style sheet: what is taken of HDS, then our own look over it, put together once when the process starts.

Its name has its digest in it, so that a browser keeps it for ever and never shows an old one.

Handbook 2.3.
"""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from typing import Final

from django.conf import settings

_TAKEN: Final = (
    *("base", "components/button/button", "components/text-input/text-input", "components/checkbox/checkbox"),
    *("components/radio-button/radio-button", "components/selection-group/selection-group"),
    *("components/fieldset/fieldset", "components/notification/notification", "components/table/table"),
    *("components/error-summary/error-summary", "components/status-label/status-label", "components/tag/tag"),
    *("components/pagination/pagination", "components/breadcrumb/breadcrumb"),
)
_FACES: Final = re.compile(r"@font-face\s*\{[^}]*\}|/\*#.*?\*/|@charset[^;]*;", re.DOTALL)


def _style() -> bytes:
    hds = settings.ASSETS / "hds-core" / "lib"
    # Its own typeface is not ours, and would be asked for from where it does not lie.
    taken = [_FACES.sub("", (hds / f"{part}.min.css").read_text(encoding="utf-8")) for part in _TAKEN]
    shared = files("jalostamo.charts").joinpath("pages/page.css").read_text(encoding="utf-8")
    own = files("townhall.pages").joinpath("look.css").read_text(encoding="utf-8")
    return "\n".join([*taken, shared, own]).encode("utf-8")


STYLE: Final = _style()
STYLE_NAME: Final = f"look-{hashlib.sha256(STYLE).hexdigest()[:12]}.css"
