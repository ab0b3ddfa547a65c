"""Who asks for a page.

Handbook 2.4.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from townhall.people.models import Person, roles_of


def held(request: HttpRequest) -> Mapping[str, object]:
    """The roles that she holds today, for templates; looked up where one asks for them."""
    person = request.user
    if not isinstance(person, Person):
        return {"roles_held": frozenset()}
    return {"roles_held": SimpleLazyObject(lambda: roles_of(person, timezone.localdate()))}


def asker(request: HttpRequest) -> Person:
    """The person who is signed in; pages that nobody needs to sign in for do not ask."""
    if isinstance(request.user, Person):
        return request.user
    raise PermissionDenied
