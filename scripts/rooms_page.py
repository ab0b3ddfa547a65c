"""Writes `docs/handbook/rooms.md`: for each section of the handbook, the modules that say they are made from it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/jalostamo"
_SECTION = re.compile(r"\d(?:\.\d)+|Concepts|Appendix 1")
_OPENING = """# From the handbook to the code

Which module is made from which section of the handbook, as the last line of each module says. Written by `make docs`;
do not edit it by hand. What of the handbook is proved by tests is in [coverage.md](coverage.md)."""


@dataclass(frozen=True, slots=True, order=True)
class Module:
    """A module, what it is for, and the handbook line at the end of its docstring."""

    name: str
    path: str
    purpose: str
    handbook: str

    @property
    def sections(self) -> list[str]:
        """The sections that the handbook line names, once each."""
        return list(dict.fromkeys(_SECTION.findall(self.handbook)))


def modules() -> Iterator[Module]:
    """Every module of the library; one that names no section of the handbook is a fault."""
    for path in sorted(PACKAGE.rglob("*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        *_, last = doc.splitlines() or [""]
        handbook = next((line for line in doc.splitlines() if line.startswith("Handbook")), last)
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        module = Module(".".join(parts).removesuffix(".__init__"), _posix(path), _purpose(doc), handbook)
        if module.name == "__init__":
            continue
        if not module.sections:
            raise SystemExit(f"{module.path} names no section of the handbook in its docstring.")
        yield module


def rooms_page() -> str:
    """Render the page as Markdown."""
    by_section: dict[str, list[Module]] = defaultdict(list)
    for module in modules():
        for section in module.sections:
            by_section[section].append(module)
    parts = [_OPENING]
    for section in sorted(by_section):
        rows = [f"| [{m.name}](../../{m.path}) | {m.purpose} |" for m in sorted(by_section[section])]
        parts.append("\n".join([f"## {section}", "", "| module | what it is for |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _purpose(doc: str) -> str:
    first = " ".join(doc.split("\n\n")[0].split())
    return first.replace("|", r"\|")


def _posix(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
