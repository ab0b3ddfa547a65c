"""A reading desk on loopback: shows the pages of a home's publications to the browser of this machine, and nothing else.

Handbook 2.3 (publishing for users).
"""

from __future__ import annotations

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

LOOPBACK: Final = "127.0.0.1"
_NAMES: Final = {LOOPBACK, "localhost"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Desk(SimpleHTTPRequestHandler):
    """Shows files of one folder; lists no folder, and logs no reader."""

    server_version = "Jalostamo"
    sys_version = ""

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer only who asked for this machine by name: another site's name may be made to lead here."""
        if self.headers.get("Host", "").partition(":")[0] not in _NAMES:
            self.send_error(421)
            return None
        try:
            return super().send_head()
        except ValueError:
            # No file is called so: the name has a character that no name has.
            self.send_error(404)
            return None

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: who reads what is nobody's business."""


def desk(folder: Path, *, port: int) -> ThreadingHTTPServer:
    """A reading desk for a folder of pages; port 0 takes any that is free."""
    return ThreadingHTTPServer((LOOPBACK, port), partial(_Desk, directory=str(folder)))


def main() -> int:
    """Show the pages of a folder: the folder, the port, and the file in which to tell the address."""
    folder, port, told = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    with desk(folder, port=port) as server:
        half = told.with_suffix(".part")
        half.write_text(f"http://{LOOPBACK}:{server.server_port}/\n", encoding="ascii")
        half.replace(told)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
