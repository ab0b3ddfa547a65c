"""A process that publishes on a small file system of its own until it is full, then with room again; it asserts alone."""

import sys

sys.path[:0] = sys.argv[1:3]

from pathlib import Path  # noqa: E402 - the library is found by the line above

from tests.jalostamo.storage.small_releases import (  # noqa: E402
    files_of,
    name_of,
    publication_of,
    releases_in,
)

from jalostamo.concepts.errors import Misused  # noqa: E402
from jalostamo.storage.publishing import publish  # noqa: E402

place = Path(sys.argv[3])
published = 0
try:
    for number in range(1000):
        publish(publication_of(files_of(number, size=2000), place / "releases"))
        published += 1
except Misused as refused:
    assert refused.sentence.endswith("No space left on device."), refused.sentence
assert 0 < published < 1000
assert set(releases_in(place / "releases").values()) == {"whole"}
assert len(releases_in(place / "releases")) == published
assert not list((place / "releases").rglob(".*"))
(place / "ballast").unlink()
publish(publication_of(files_of(published, size=2000), place / "releases"))
assert releases_in(place / "releases")[name_of(files_of(published, size=2000))] == "whole"
