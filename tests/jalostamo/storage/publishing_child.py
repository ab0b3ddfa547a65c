"""A process that publishes one release, or replaces one file, and ends: with 0, or with 2 where it was told why not.

As a twin it writes the release where readers look, file by file.
"""

import sys

sys.path.insert(0, sys.argv[1])

from pathlib import Path  # noqa: E402 - the library is found by the line above

from jalostamo.concepts.errors import Misused  # noqa: E402
from jalostamo.storage.places import write_whole  # noqa: E402
from jalostamo.storage.publishing import Publication, publish  # noqa: E402

act, place, files = sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
try:
    if act == "publish":
        content = {path.name: path for path in sorted(files.iterdir())}
        publish(Publication(place / "shelf" / files.name, content, place))
    elif act == "in the open":
        (place / "shelf" / files.name).mkdir()
        for path in files.iterdir():
            write_whole(place / "shelf" / files.name / path.name, path.read_bytes())
    else:
        write_whole(place / "out", files.read_bytes(), force=True)
except Misused:
    sys.exit(2)
