"""The lane of cells opened in the process of a test, so that true counts can be held beside what leaves."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jalostamo.concepts.customers import CustomerKind
from jalostamo.doors.home import Home
from jalostamo.engine.connection import open_engine
from jalostamo.managing.requests import read_request
from jalostamo.managing.sensitive.corridor import Counting, Rooms, opened_for_counting
from jalostamo.managing.sensitive.delivered import reader_of
from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
from jalostamo.managing.sensitive.retrieval import clock_for


@contextmanager
def counting(
    home: Home, request: Path, keys: RecordKeys, unit: CustomerKind = CustomerKind.PERSON
) -> Iterator[Counting]:
    """The lane of cells as the door opens it, in this process, with the keys at hand."""
    asked, rooms = read_request(request), Rooms(home.delivered(), home.private("vault"), home.releases)
    with open_engine(workspace=home.private("workspace"), timezone=clock_for(asked, rooms.sources)) as engine:
        reader_of(engine, environment=os.environ)
        today = datetime.datetime.now().astimezone().date()
        with opened_for_counting(
            engine, asked, rooms, keys=keys, unit=unit, progress=lambda _: None, today=today
        ) as opened:
            yield opened
