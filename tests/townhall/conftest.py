"""A townhall of its own for the tests: a home in a temporary folder, the example's municipality, the fixed cast."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.db import connection

from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, lay_out

if TYPE_CHECKING:
    from django.test import Client

EXAMPLE = Path(__file__).parents[2] / "examples" / "town" / "town.toml"


def _set_up() -> None:
    """Have Django set up for this process; no other process that a test starts inherits a word of it."""
    folder = Path(tempfile.mkdtemp(prefix="jalostamo-town-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    home = Home(folder)
    lay_out(home, Level.DEMO)
    # The same tests are run on PostgreSQL by a process that is given its address.
    database = os.environ.get("JALOSTAMO_TEST_DATABASE", "")
    town = EXAMPLE.read_text(encoding="utf-8").replace('database = ""', f'database = "{database}"')
    (home.townhall / EXAMPLE.name).write_text(town, encoding="utf-8")
    words = {
        "JALOSTAMO_HOME": str(folder),
        "JALOSTAMO_DEMONSTRATION": "1",
        "DJANGO_SETTINGS_MODULE": "townhall.config.settings",
    }
    os.environ.update(words)
    try:
        django.setup()
    finally:
        for word in words:
            del os.environ[word]
    assert connection.vendor == ("postgresql" if database else "sqlite")
    if not database:
        # In memory, SQLite locks whole tables among threads, as no database of an installation does.
        connection.settings_dict["TEST"]["NAME"] = str(home.townhall / "tests.sqlite3")


_set_up()


@pytest.fixture(scope="session", autouse=True)
def _beside_a_browser() -> Iterator[None]:
    """Let Django be asked in a process in which a browser was driven before: its loop is still there, and does nothing."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def cast(db: None) -> Callable[[str], Client]:
    """Sign a member of the cast in, in a browser's place; each has a client of her own."""
    from django.test import Client
    from django.utils import timezone

    from townhall.config.laying import seat_the_cast
    from townhall.people.models import Person

    seat_the_cast(timezone.localdate())

    def signed_in(staff_id: str, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(Person.objects.get(username=staff_id), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
