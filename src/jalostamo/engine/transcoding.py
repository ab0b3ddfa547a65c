"""The bytes of a delimited file as UTF-8, whichever encoding was declared; nothing is guessed, and nothing replaced.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Writing
    from jalostamo.engine.connection import Engine

BYTE_ORDER_MARK: Final = "\ufeff"
REPLACED: Final = "\ufffd"
"""What stands for bytes that are no character, where a decoder is asked to go on."""

_UTF_8: Final = "utf-8-sig"
_CHUNK: Final = 2**20
# Python calls these encodings too, but they rewrite ordinary characters.
_NO_CHARACTER_SETS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})


class Transcript:
    """A file without a name, on no disk, in which a source is written down in UTF-8; the limit of what is written holds for it.

    A process that confines itself makes it before: afterwards none can be made.
    """

    __slots__ = ("_descriptor", "_taken")

    def __init__(self) -> None:
        self._descriptor = os.memfd_create("transcript", os.MFD_CLOEXEC)
        self._taken = False

    @contextmanager
    def taken(self) -> Iterator[int]:
        """The file, empty, for one source at a time; one that is read beside it has another."""
        if self._taken:
            other = Transcript()
            try:
                with other.taken() as descriptor:
                    yield descriptor
            finally:
                other.close()
            return
        self._taken = True
        try:
            yield self._descriptor
        finally:
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            self._taken = False

    def close(self) -> None:
        """Give it back to memory."""
        os.close(self._descriptor)


@contextmanager
def in_utf8(engine: Engine, path: Path, writing: Writing) -> Iterator[Path]:
    """The file itself where it is declared UTF-8, else a copy in UTF-8 that lies in memory alone, gone with the block."""
    if is_utf_8(writing.encoding):
        yield path
        return
    with engine.company(Transcript, Transcript).taken() as descriptor:
        _copied(path, descriptor, writing)
        yield Path(f"/proc/self/fd/{descriptor}")


def python_name(encoding: str) -> str:
    """What Python calls a declared encoding; a byte order mark before UTF-8 is no part of the header."""
    try:
        found = codecs.lookup(encoding).name
        b"a".decode(encoding, errors="replace")
    except (LookupError, ValueError):
        found = "undefined"
    if found in _NO_CHARACTER_SETS:
        raise Unfit(
            "An encoding is not known: name it as Python does, such as utf-8 or iso-8859-1.", reason="encoding_unknown"
        )
    return _UTF_8 if found in {"utf-8", _UTF_8} else found


def is_utf_8(encoding: str) -> bool:
    """Whether a declared encoding is UTF-8, with or without a byte order mark."""
    return python_name(encoding) == _UTF_8


def check_encoding(path: Path, writing: Writing) -> None:
    """Refuse a file that has bytes which are not of the declared encoding, with the line of the first."""
    for _ in _texts(path, writing):
        pass


def wrong_encoding(path: Path, writing: Writing, *, line: int) -> Unfit:
    """The refusal of bytes that are not of the declared encoding."""
    return Unfit(
        f"{path.name}, line {line} or soon after: bytes that are not {writing.encoding}. Declare the encoding in which it was written.",
        reason="encoding",
    )


def _copied(path: Path, descriptor: int, writing: Writing) -> None:
    with os.fdopen(descriptor, "wb", closefd=False) as target:
        for text in _texts(path, writing):
            target.write(text.encode("utf-8"))


def _texts(path: Path, writing: Writing) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(python_name(writing.encoding))()
    line = 1
    with path.open("rb") as source:
        while True:
            chunk = source.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                sound = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
                raise wrong_encoding(path, writing, line=line + sound.count(b"\n")) from None
            line += text.count("\n")
            yield text
            if not chunk:
                return
