"""What is done to an SVG after it is drawn: names of its own, a title and a description, nothing that moves.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from jalostamo.charts.typesetting import SOFT_HYPHEN

_RUNNING_NAME: Final = re.compile(r"zr\d+-[a-z]+-?\d+")
# ECharts writes marks for its own script and rules for a pointer that hovers: a still drawing has neither.
_FOR_A_SCRIPT: Final = re.compile(r' (?:ecmeta_\w+|pointer-events|xml:space|class)="[^"]*"')
_HOVER_RULES: Final = re.compile(r"<style\b[^>]*>.*?</style>\s*", re.DOTALL)
_BACKDROP: Final = re.compile(r'<rect [^>]*fill="none"></rect>\n?')
_NUMBER: Final = re.compile(r"<text (?=[^>]*>(?:n\W)?[+\u2212]?\d)")
_HEAD: Final = re.compile(r"<svg [^>]*viewBox=\"(?P<box>[^\"]*)\">")


def finished(drawn: str, *, title: str, description: str, prefix: str) -> str:
    """The drawing as it may stand among others on one page, named for those who do not see it."""
    still = _BACKDROP.sub("", _HOVER_RULES.sub("", _FOR_A_SCRIPT.sub("", drawn)), count=1)
    # Numbers stand in columns; words do not, and a tabular hyphen tears them apart.
    named = _with_own_names(_NUMBER.sub('<text class="figures" ', still), prefix)
    return _HEAD.sub(
        lambda head: _named_head(head["box"], title=title, description=description, prefix=prefix), named, count=1
    ).strip()


def _with_own_names(svg: str, prefix: str) -> str:
    # The engine numbers names over its whole life; counted from this drawing's first one, they repeat.
    own: dict[str, str] = {}
    return _RUNNING_NAME.sub(lambda name: own.setdefault(name[0], f"{prefix}-{len(own)}"), svg)


def _named_head(box: str, *, title: str, description: str, prefix: str) -> str:
    _, _, width, height = box.split(" ")
    named = f'role="img" aria-labelledby="{prefix}-title" aria-describedby="{prefix}-description"'
    sized = f'width="{width}" height="{height}" viewBox="{box}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{prefix}" {sized} {named}>\n'
        f'<title id="{prefix}-title">{_spoken(title)}</title>\n'
        f'<desc id="{prefix}-description">{_spoken(description)}</desc>'
    )


def _spoken(text: str) -> str:
    return escape(text.replace(SOFT_HYPHEN, ""))
