"""Reads from a module's source which keys it asks of the sections of a file, of what kind, and whether they must be there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src/jalostamo"
# How a section is asked for a key: the kind of value, and whether the key must be there.
WAYS = {
    "word": ("a text", False),
    "words": ("a list of names", True),
    "share": ("a share from 0 to 1", False),
    "text": ("a text in three languages", True),
    "names": ("a table of names", False),
    "truth": ("true or false", False),
    "section": ("a section", True),
    "maybe": ("a section", False),
    "sections": ("a list of sections", False),
}
KINDS = {"str": "a text", "int": "a whole number", "list": "a list", "datetime.date": "a date"}
# What is made of a key where it is read from a plain mapping.
MADE = {"str": "a text", "int": "a whole number", "_words": "a list of names", "CustomerKind": "a word of CustomerKind"}
TEXT_FROM = "text_from"

type Row = tuple[str, str, bool]
type Asked = tuple[str, str, bool, int]


def keys_asked(module: str) -> dict[tuple[str, str], list[Row]]:
    """The keys by the function that asks for them and the name that it gives to the section it asks."""
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    found: dict[tuple[str, str], dict[str, Asked]] = {}
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for section, asked in _asked_in(function):
            found.setdefault((function.name, section), {}).setdefault(asked[0], asked)
    return {place: [row[:3] for row in sorted(keys.values(), key=lambda row: row[3])] for place, keys in found.items()}


def _asked_in(function: ast.FunctionDef) -> Iterator[tuple[str, Asked]]:
    """Each asking: the section, and the key with its kind, whether it is needed, and its place among those known."""
    unsure = {node.left.value for node in ast.walk(function) if _asks_whether_there(node)}  # type: ignore[attr-defined]
    for section, key, kind, needed, line in (*_from_sections(function), *_from_mappings(function)):
        known = _known(function, section)
        place = known.index(key) if key in known else len(known) + line
        yield section, (key, kind, needed and key not in unsure, place)


def _known(function: ast.FunctionDef, section: str) -> list[str]:
    """The keys that a section says it knows, in its order."""
    for node in ast.walk(function):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="refuse_unknown"),
                args=[ast.Constant(value=str() as keys)],
            ) if name == section:
                return keys.split()
    return []


def _from_sections(function: ast.FunctionDef) -> Iterator[tuple[str, str, str, bool, int]]:
    loops = dict(loop for node in ast.walk(function) if isinstance(node, ast.comprehension) for loop in _loop(node))
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=section), attr="one"), args=[key, kind]):
                for name in loops.get(ast.unparse(key), [ast.unparse(key).strip("'")]):
                    yield section, name, KINDS[ast.unparse(kind)], True, node.lineno
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=section), attr=way), args=[ast.Constant(value=str() as name)]
            ) if way in WAYS:
                yield section, name, *WAYS[way], node.lineno


def _from_mappings(function: ast.FunctionDef) -> Iterator[tuple[str, str, str, bool, int]]:
    """Keys of plain mappings: what is made of one stands around it, and the outermost says the most."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {*MADE, TEXT_FROM}:
            made = node.func.id
            for section, key, needed, line in (found for part in node.args for found in _read_in(part)):
                is_text = made == TEXT_FROM
                yield section, key, WAYS["text"][0] if is_text else MADE[made], needed or is_text, line
    for section, key, needed, line in _read_in(function):
        yield section, key, "", needed, line


def _read_in(tree: ast.AST) -> Iterator[tuple[str, str, bool, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=section), attr="get"), args=[ast.Constant(value=str() as key), *_]
            ):
                yield section, key, False, node.lineno
            case ast.Subscript(value=ast.Name(id=section), slice=ast.Constant(value=str() as key)):
                yield section, key, True, node.lineno


def _loop(loop: ast.comprehension) -> Iterator[tuple[str, list[str]]]:
    if isinstance(loop.iter, ast.Tuple):
        yield ast.unparse(loop.target), [ast.unparse(element).strip("'") for element in loop.iter.elts]


def _asks_whether_there(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In) and isinstance(node.left, ast.Constant)
