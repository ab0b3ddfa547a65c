"""Guided forms: one topic a screen, saved as it is typed, and never lost, whoever else writes and whatever line breaks.

A form that is shown so has a `Guide`, and extends `pages/guided.html`; `pages/saved.html` tells how a saving went.

Handbook 2.6, phases 1 and 2.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalostamo.concepts.languages import Text


@dataclass(frozen=True, slots=True)
class Stop:
    """A screen of a guided form as its list of steps shows it: where it is, and whether anything is left to do there."""

    title: Text
    address: str
    is_here: bool = False
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """What surrounds a screen of a guided form: the steps, the draft's version, and who else has saved it meanwhile.

    `other` is who has, and `theirs` the version that stands there now; nobody and 0 where nobody has.
    """

    stops: tuple[Stop, ...]
    version: int
    saved_at: datetime.datetime | None = None
    other: str = ""
    theirs: int = 0

    @property
    def number(self) -> int:
        """The number of this screen, from 1; 0 where none is at hand."""
        return next((number for number, stop in enumerate(self.stops, start=1) if stop.is_here), 0)

    @property
    def here(self) -> Stop | None:
        """This screen."""
        return self.stops[self.number - 1] if self.number else None

    @property
    def previous(self) -> Stop | None:
        """The screen before this one."""
        return self.stops[self.number - 2] if self.number > 1 else None

    @property
    def next(self) -> Stop | None:
        """The screen after this one."""
        return self.stops[self.number] if 0 < self.number < len(self.stops) else None

    @property
    def last(self) -> Stop:
        """The screen that shows everything before it is handed in."""
        return self.stops[-1]

    def onward(self, request: HttpRequest) -> str:
        """Where the button that was pressed leads, once all is saved."""
        if "previous" in request.POST and self.previous is not None:
            return self.previous.address
        if "next" in request.POST and self.next is not None:
            return self.next.address
        return self.here.address if self.here else request.path


def version_seen(request: HttpRequest) -> int:
    """The version of the draft that a page had seen when it was sent; another's, where she chose to save over it."""
    sent = request.POST.get("over") or request.POST.get("version") or "0"
    # A number that no draft has is one that was not seen.
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def is_saving(request: HttpRequest) -> bool:
    """Whether the page saves by itself what is being typed, and asks for no other page."""
    return request.headers.get("HX-Request") == "true"


def told_saved(
    request: HttpRequest, guide: Guide, *, template: str = "pages/saved.html", **shown: object
) -> HttpResponse:
    """What a page that saves by itself is told: saved when, or by whom else meanwhile; a template may add parts."""
    context: Mapping[str, object] = {"guide": guide, **shown}
    return render(request, template, context)
