"""The demonstration's cases, played once for a module of tests and taken away at its end; and a walk through pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

CASES = Path(__file__).parents[2] / "examples" / "town" / "cases.toml"
MOST = 300
"""More pages than one person has in the demonstration: a walk that does not end is told so."""


@contextmanager
def played_town() -> Iterator[None]:
    """The cast seated and its cases played; nothing of it is left."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from townhall.config.demonstration import play_cases
    from townhall.config.laying import seat_the_cast

    file = settings.HOME.townhall / CASES.name
    shutil.copy(CASES, file)
    seat_the_cast(timezone.localdate())
    play_cases(timezone.now())
    file.unlink()
    yield
    call_command("flush", interactive=False, verbosity=0)


def signed_in(staff_id: str, language: str = "en") -> Client:
    """A place in a browser, with a member of the cast signed in."""
    from django.test import Client

    from townhall.people.models import Person

    client = Client(headers={"accept-language": language})
    client.force_login(Person.objects.get(username=staff_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def walk(client: Client) -> Iterator[tuple[str, HttpResponse]]:
    """Every page, no file, that links lead to from the first, each once, with how it was answered."""
    pages = _walked(client)
    yield from islice(pages, MOST)
    assert next(pages, None) is None, "links lead on and on"


def _walked(client: Client) -> Iterator[tuple[str, HttpResponse]]:
    known, waiting = {"/"}, ["/"]
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        yield address, answer  # type: ignore[misc]  # the test client's answer is one of ours
        if answer.streaming:
            # An attached document: read to its end, so that its file is closed.
            b"".join(answer.streaming_content)
        for found in _links(answer, address):
            if found not in known:
                known.add(found)
                waiting.append(found)


def _links(answer: object, address: str) -> Iterator[str]:
    if "html" not in getattr(answer, "headers").get("content-type", ""):  # noqa: B009  # the client's answers have no type
        return
    for link in re.findall(r'href="([^"#]+)', getattr(answer, "content").decode()):  # noqa: B009  # as above
        found = link.replace("&amp;", "&")
        if found.startswith("?"):
            found = address.partition("?")[0] + found
        if found.startswith("/") and not found.startswith(("//", "/account/")) and "." not in found.partition("?")[0]:
            yield found
