"""Writes every generated page of the documentation but the coverage of the handbook, which has a script of its own."""

from __future__ import annotations

from pathlib import Path

from permits_page import documents
from reference_commands import commands_page
from reference_errors import errors_page
from reference_files import definition_page, register_page, request_page
from reference_methods import methods_page
from rooms_page import rooms_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "docs/reference/commands.md": commands_page,
    "docs/reference/errors.md": errors_page,
    "docs/reference/request.md": request_page,
    "docs/reference/definition.md": definition_page,
    "docs/reference/methods.md": methods_page,
    "docs/reference/register.md": register_page,
    "docs/handbook/rooms.md": rooms_page,
}

if __name__ == "__main__":
    for name, content in ({name: page() for name, page in PAGES.items()} | documents()).items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
