"""Entering a person: who may sign in, and does nothing before another has given her a role and a third confirmed it.

Handbook 2.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jalostamo.concepts.languages import Text
from townhall.pages.asking import Kind, Question, text_in
from townhall.pages.views import asked
from townhall.pages.words import WORDS, say
from townhall.people import actions
from townhall.permits.assignments import GIVERS
from townhall.permits.views import at_work

_STAFF_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
# An identity code in its place would stand in every event for ever.
_IDENTITY_CODE: Final = re.compile(r"[0-9]{6}[-+a-fu-y][0-9]{3}[0-9a-y]")
_LONGEST_NAME: Final = 120


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a person."""
    _, roles = at_work(request)
    if not roles & GIVERS:
        raise PermissionDenied
    staff_id, name = text_in(request.POST, "staff_id"), text_in(request.POST, "name")
    wrong = _wrong(staff_id, name) if request.method == "POST" else {}
    if request.method == "POST" and not wrong:
        if actions.enter(staff_id, name) is not None:
            messages.success(request, say("roles.was_entered"))
            return redirect("holder", staff_id)
        wrong = {"staff_id": WORDS["roles.staff_id_taken"]}
    questions = [
        _question("staff_id", staff_id, wrong, longest=64),
        _question("name", name, wrong, longest=_LONGEST_NAME),
    ]
    return asked(request, "permits/roles/enter.html", questions)


def _wrong(staff_id: str, name: str) -> Mapping[str, Text]:
    wrong: dict[str, Text] = {}
    if not _STAFF_ID.fullmatch(staff_id) or _IDENTITY_CODE.fullmatch(staff_id) or staff_id == "new":
        wrong["staff_id"] = WORDS["roles.staff_id_wrong"]
    if not 0 < len(name) <= _LONGEST_NAME:
        wrong["name"] = WORDS["roles.name_missing"]
    return wrong


def _question(name: str, answer: str, wrong: Mapping[str, Text], *, longest: int) -> Question:
    help_ = WORDS.get(f"roles.{name}_help")
    return Question(name, Kind.LINE, WORDS[f"roles.{name}"], help_, answer, error=wrong.get(name), longest=longest)
