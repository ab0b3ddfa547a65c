"""Running a notebook without Jupyter: its cells in order, in one process, with what they give written back into a copy.

Pictures and widgets are not kept; text, the value of a cell's last line, and the error that ends it are.

Handbook 2.6, phase 7.
"""

from __future__ import annotations

import ast
import io
import json
import traceback
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from jalostamo.concepts.errors import Misused


@dataclass(frozen=True, slots=True)
class Given:
    """What a cell gave: what it printed, its last value, and the error that ended it."""

    printed: str
    value: str | None
    error: tuple[str, str, str] | None


def run_notebook(path: Path, names: Mapping[str, object], *, into: Path) -> None:
    """Run a notebook (.ipynb), writing its copy with results into a folder, or a script (.py), whose words are printed."""
    if path.suffix == ".py":
        given = run_cell(path.read_text(encoding="utf-8"), {"__name__": "__main__", **names})
        print(given.printed + (given.error[2] if given.error else ""), end="")
        _refuse_failed(given)
        return
    notebook = _read(path)
    namespace: dict[str, object] = {"__name__": "__main__", **names}
    last: Given | None = None
    for count, cell in enumerate(_code(notebook), start=1):
        last = run_cell(_source(cell), namespace)
        cell["execution_count"], cell["outputs"] = count, _outputs(last, count)
        if last.error:
            break
    (into / path.name).write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    if last:
        _refuse_failed(last)


def run_cell(source: str, namespace: dict[str, object]) -> Given:
    """Run one cell in a namespace, and tell what it gave."""
    value: object = None
    with redirect_stdout(io.StringIO()) as printed:
        try:
            tree = ast.parse(source)
            ending = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "<cell>", "exec"), namespace)  # noqa: S102  # this is what the walls are for
            if isinstance(ending, ast.Expr):
                value = eval(compile(ast.Expression(ending.value), "<cell>", "eval"), namespace)  # noqa: S307  # as above
            told = None if value is None else repr(value)
        except MemoryError:
            raise
        except (Exception, SystemExit) as error:
            return Given(printed.getvalue(), None, (type(error).__name__, str(error), traceback.format_exc(limit=-3)))
    return Given(printed.getvalue(), told, None)


def _refuse_failed(given: Given) -> None:
    if given.error:
        raise Misused("A cell ended with an error: see what it gave.", reason="cell_failed")


def _read(path: Path) -> dict[str, object]:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if notebook["nbformat"] != 4 or not all(_source(cell) is not None for cell in _code(notebook)):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Misused(f"{path.name} is no notebook of format 4.", reason="notebook_form") from None
    return cast("dict[str, object]", notebook)


def _code(notebook: Mapping[str, object]) -> Iterator[dict[str, object]]:
    for cell in cast("list[dict[str, object]]", notebook["cells"]):
        if cell["cell_type"] == "code":
            yield cell


def _source(cell: Mapping[str, object]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(cast("list[str]", source))


def _outputs(given: Given, count: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    if given.printed:
        found.append({"output_type": "stream", "name": "stdout", "text": given.printed})
    if given.value is not None:
        value = {"text/plain": given.value}
        found.append({"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": value})
    if given.error:
        name, sentence, trace = given.error
        found.append({"output_type": "error", "ename": name, "evalue": sentence, "traceback": trace.splitlines()})
    return found
