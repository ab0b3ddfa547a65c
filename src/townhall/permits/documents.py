"""Documents that papers name by their digest: kept as they were sent, beside the database, and never changed.

What is kept is looked at for its kind and size alone; nobody here opens it.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from jalostamo.storage.places import write_whole
from townhall.people.models import Person
from townhall.permits.models import Case, Document

MOST_MEGABYTES: Final = 20
_MEGABYTE: Final = 1_000_000
_KINDS: Final[Mapping[str, str]] = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".txt": "text/plain; charset=utf-8",
}
_LONGEST_NAME: Final = 150


class NotKept(Exception):
    """A file that is not kept, with the name of the sentence that says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def keep_document(case: Case, file: UploadedFile[bytes], person: Person) -> str:
    """Keep a file that was sent along, and return its sha256; the same file is kept once."""
    if (file.size or 0) > MOST_MEGABYTES * _MEGABYTE:
        raise NotKept("form.too_big")
    content = file.read()
    kind = _kind_of(file.name or "", content)
    digest = hashlib.sha256(content).hexdigest()
    place = place_of(digest)
    if not place.is_file():
        place.parent.mkdir(mode=0o700, exist_ok=True)
        write_whole(place, content, force=True)
    name = Path(file.name or "").name[-_LONGEST_NAME:]
    Document.objects.get_or_create(
        case=case,
        digest=digest,
        defaults={
            "name": name,
            "kind": kind,
            "size": len(content),
            "kept_by": person.staff_id,
            "kept_at": timezone.now(),
        },
    )
    return digest


def place_of(digest: str) -> Path:
    """Where a document lies."""
    return Path(settings.HOME.townhall) / "documents" / digest


def _kind_of(name: str, content: bytes) -> str:
    """What a file is, by its name and its beginning, which must agree."""
    if not content:
        raise NotKept("form.empty_file")
    suffix = Path(name).suffix.lower()
    if suffix not in _KINDS or not _LOOKS[suffix](content):
        raise NotKept("form.wrong_kind")
    return _KINDS[suffix]


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


_LOOKS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    ".pdf": lambda content: content.startswith(b"%PDF-"),
    ".docx": lambda content: content.startswith(b"PK\x03\x04"),
    ".odt": lambda content: content.startswith(b"PK\x03\x04"),
    ".txt": _is_text,
}
