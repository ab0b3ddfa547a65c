"""Writes `docs/handbook/coverage.md`: for each requirement of the handbook the rooms and the tests that prove it.

A test names its rows with `@pytest.mark.requirement("S22-09")`: on a function, a class, a parameter or, as
`pytestmark`, a module. The tests are read, not imported, so the page can be written without anything they need.
"""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "docs/handbook/requirements.csv"
PAGE = ROOT / "docs/handbook/coverage.md"
PACKAGE = "jalostamo"
ROOM_DEPTH = {"managing": 3}  # parts of a module's name that make a room; elsewhere two
NO_TEST = "no live test yet"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the handbook that can be checked."""

    id: str
    section: str
    kind: str
    requirement: str
    check: str


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """A test that says it proves a row, and the rooms that its module imports."""

    requirement: str
    path: str
    test: str
    rooms: tuple[str, ...]


def read_requirements(path: Path = REQUIREMENTS) -> list[Requirement]:
    """Read the rows in the handbook's order."""
    with path.open(newline="", encoding="utf-8") as file:
        return [Requirement(**row) for row in csv.DictReader(file)]


def find_proofs(root: Path = ROOT) -> list[Proof]:
    """Find every test under `root`/tests that names a requirement."""
    modules = sorted((root / "tests").rglob("test_*.py"))
    return sorted(proof for module in modules for proof in _proofs_of_module(module, root))


def render(requirements: Iterable[Requirement], proofs: Iterable[Proof]) -> str:
    """Render the page as Markdown."""
    proofs_by_id: dict[str, list[Proof]] = defaultdict(list)
    for proof in proofs:
        proofs_by_id[proof.requirement].append(proof)
    sections = [(name, list(rows)) for name, rows in groupby(requirements, key=lambda row: row.section)]
    parts = [_opening(sections, proofs_by_id)]
    parts += [_section(name, rows, proofs_by_id) for name, rows in sections]
    return "\n\n".join(parts) + "\n"


def _opening(sections: list[tuple[str, list[Requirement]]], proofs: dict[str, list[Proof]]) -> str:
    rows = [row for _, section in sections for row in section]
    lines = [
        "# Coverage of the handbook",
        "",
        "Each row of the handbook that can be checked, the room that fulfils it and the test that proves it.",
        "A row without a live test counts as not done. Written by `make docs`; the tests name their rows.",
        "",
        f"**{_proved(rows, proofs)} of {len(rows)}** rows have a test.",
        "",
        "| section | rows | with a test |",
        "|---|---:|---:|",
        *(f"| {name} | {len(section)} | {_proved(section, proofs)} |" for name, section in sections),
    ]
    return "\n".join(lines)


def _section(name: str, rows: list[Requirement], proofs: dict[str, list[Proof]]) -> str:
    lines = [f"## {name}", "", "| id | requirement | room | proved by |", "|---|---|---|---|"]
    lines += [_row(row, proofs.get(row.id, [])) for row in rows]
    return "\n".join(lines)


def _row(row: Requirement, proofs: list[Proof]) -> str:
    rooms = sorted({room for proof in proofs for room in proof.rooms})
    tests = [f"[{proof.test}](../../{proof.path})" for proof in proofs] or [NO_TEST]
    cells = [row.id, row.requirement, "<br>".join(rooms), "<br>".join(tests)]
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _proved(rows: Iterable[Requirement], proofs: dict[str, list[Proof]]) -> int:
    return sum(1 for row in rows if proofs.get(row.id))


def _proofs_of_module(module: Path, root: Path) -> Iterator[Proof]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    rooms = tuple(sorted(_rooms(tree)))
    for_all = {id_ for statement in tree.body if _is_pytestmark(statement) for id_ in _ids_in(statement)}
    for test, ids in _marked_tests(tree.body, for_all):
        for id_ in ids:
            yield Proof(id_, module.relative_to(root).as_posix(), test.removeprefix("test_").replace("_", " "), rooms)


def _marked_tests(body: list[ast.stmt], inherited: set[str]) -> Iterator[tuple[str, set[str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _marked_tests(node.body, inherited | _ids_of_decorators(node))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, inherited | _ids_of_decorators(node)


def _ids_of_decorators(node: ast.ClassDef | ast.FunctionDef) -> set[str]:
    return {id_ for decorator in node.decorator_list for id_ in _ids_in(decorator)}


def _ids_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def _is_pytestmark(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in statement.targets
    )


def _rooms(tree: ast.Module) -> set[str]:
    return {_room_of(module) for module in _imported_modules(tree) if module.startswith(f"{PACKAGE}.")}


def _imported_modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from jalostamo.producing import paths` names a room too; a class or function does not start a room.
            yield from (f"{node.module}.{a.name}" if a.name.islower() else node.module for a in node.names)


def _room_of(module: str) -> str:
    parts = module.split(".")[1:]
    depth = ROOM_DEPTH.get(parts[0], 2)
    while parts and not _exists(parts[:depth]):
        parts = parts[:-1]
    return ".".join(parts[:depth])


def _exists(parts: list[str]) -> bool:
    place = ROOT.joinpath("src", PACKAGE, *parts)
    return place.is_dir() or place.with_suffix(".py").is_file()


if __name__ == "__main__":
    PAGE.write_text(render(read_requirements(), find_proofs()), encoding="utf-8")
