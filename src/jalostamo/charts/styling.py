"""The style of a page, written into it: Inter, what every page shares, the page's own rules, and drawings on dark paper.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jalostamo.charts.inks import Ink
from jalostamo.charts.paging import FRAME_PAGES
from jalostamo.charts.typesetting import font_file

_LICENCE: Final = "/* Inter, (c) The Inter Project Authors, OFL 1.1. */"
_CHARACTERS: Final = {
    "latin-ext": "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB",
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212",
}


def page_style(
    own: Path, *, assets: Path, inks: Iterable[Ink], fonts: Iterable[str] = ("latin",), parts: Iterable[str] = ()
) -> str:
    """The rules of one page: `parts` of others first, then those of every page, then those of the file `own`.

    `fonts` are the files of Inter that the page's letters need, `inks` the colours that its drawings are made of.
    """
    faces = [_font_face(assets, subset) for subset in fonts]
    shared, its_own = (file.read_text(encoding="utf-8") for file in (FRAME_PAGES / "page.css", own))
    return "\n".join([*parts, _LICENCE, *faces, shared, its_own, _dark_drawings(inks)])


def tables_part() -> str:
    """The rules of tables, as a part of the style of a page that has any."""
    return (FRAME_PAGES / "table.css").read_text(encoding="utf-8")


def _font_face(assets: Path, subset: str) -> str:
    coded = base64.b64encode(font_file(assets, subset).read_bytes()).decode("ascii")
    return (
        '@font-face{font-family:"Inter";font-style:normal;font-weight:100 900;'
        f'src:url(data:font/woff2;base64,{coded}) format("woff2");unicode-range:{_CHARACTERS[subset]}}}'
    )


def _dark_drawings(inks: Iterable[Ink]) -> str:
    rules = [f'.drawing [{part}="{ink.light}"]{{{part}:{ink.dark}}}' for ink in inks for part in ("fill", "stroke")]
    return "@media screen and (prefers-color-scheme:dark){" + "".join(rules) + "}"
