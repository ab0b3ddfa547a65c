"""Hierarchies of a code list whose codes name their parents: each level is one step nearer to the root.

Handbook 2.2 (master data) and 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.hierarchies.files import rows_of
from jalostamo.managing.hierarchies.shape import DEEPEST, TOP, Hierarchy, hierarchy_of


def read_parents(path: Path) -> Mapping[str, str]:
    """Read a list of codes and their parents: a file like a hierarchy's with two columns; a root has no parent."""
    rows = rows_of(path, what="List")
    if not rows:
        raise Unfit(f"List {path.name} is empty: expected a code and its parent on each line.", reason="file_empty")
    parents: dict[str, str] = {}
    for line, row in rows.items():
        if len(row) != 2 or not row[0]:
            raise Unfit(
                f"{path.name}, line {line}: expected a code, ';' and its parent (nothing after it for a root).",
                reason="list_form",
            )
        if row[0] in parents:
            raise Unfit(
                f"{path.name}, line {line}: the code stands on an earlier line already.", reason="hierarchy_doubled"
            )
        parents[row[0]] = row[1]
    return parents


def by_code_list(name: str, parents: Mapping[str, str]) -> Hierarchy:
    """Codes by their parents; one that nothing is said of is a root, and one that is not deep keeps its name for longer."""
    chains = _chains(name, parents)
    deepest = max(map(len, chains.values()), default=0)
    _refuse_top(name, parents)
    # Counted from the root, so that what is as near to it stands at one level.
    levels = ([chain[min(kept, len(chain)) - 1] for chain in chains.values()] for kept in range(deepest - 1, 0, -1))
    return hierarchy_of(name, list(chains), levels)


def _chains(name: str, parents: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """For each code, those above it and itself, the root first."""
    # Nobody walks further than a hierarchy may be deep: a long chain would be walked once for each of its codes.
    found = {code: _way_up(code, parents, most=DEEPEST) for code in parents}
    faulty = [entry for entry, way in enumerate(found.values(), 1) if way is None]
    if faulty:
        raise _fault(name, parents, faulty)
    return {code: way for code, way in found.items() if way is not None}


def _fault(name: str, parents: Mapping[str, str], faulty: Sequence[int]) -> Unfit:
    """The refusal of codes, by their places in the list, that are not within reach of a root."""
    where = f"the first one is code {faulty[0]} of the list: correct the parents."
    if _way_up(list(parents)[faulty[0] - 1], parents, most=len(parents) + 1) is None:
        return Unfit(
            f"{name}: {len(faulty)} codes lead back to themselves by their parents, {where}", reason="hierarchy_circle"
        )
    return Unfit(f"{name}: {len(faulty)} codes have {DEEPEST} or more above them, {where}", reason="hierarchy_deep")


def _way_up(code: str, parents: Mapping[str, str], *, most: int) -> Sequence[str] | None:
    """The code and those above it, the root first; None where there are more than `most`, or no root."""
    way = [code]
    while (above := parents.get(code, "")) not in {"", code, TOP}:
        if len(way) == most:
            return None
        way.append(above)
        code = above
    return way[::-1]


def _refuse_top(name: str, parents: Mapping[str, str]) -> None:
    if TOP in parents:
        raise Unfit(f"{name}: no code is called '{TOP}', which stands for all of them.", reason="hierarchy_top")
