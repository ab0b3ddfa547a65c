"""Each value of the corridor is made in its own room alone, so that who holds one knows what it has been through."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "jalostamo"
# The value, the module that says what it is, and the modules that make it.
HOMES = {
    "Extract": ("managing.sensitive.retrieval", {"managing.sensitive.retrieval"}),
    "Linked": ("managing.sensitive.linking", {"managing.sensitive.linking"}),
    "Prepared": ("managing.prepared", {"managing.sensitive.preparing.recipes"}),
    "ValidationReport": ("managing.sensitive.validation.prepared", {"managing.sensitive.validation.prepared"}),
    "Release": ("managing.nonsensitive.releases", {"managing.nonsensitive.releases"}),
    # Read back from its file by the module that says what it is.
    "CountedCube": ("producing.cubes.counted", {"producing.cubes.counting"}),
    "PrintedCube": ("utilising.disclosure.printed", {"utilising.disclosure.gate"}),
    "Result": ("producing.results", {"producing.results", "producing.questions"}),
}
# `replace` makes a value from another one, and its line does not tell of which kind; the city never sees one of these.
MAY_REPLACE = {
    "charts.flows": "at which step a stream is drawn",
    "concepts.registers": "a table's writing, when its lines' width follows from its fields",
    "doors.closed_room.confining": "walls, with what a command's words name besides",
    "doors.closed_room.counting_run": "a lane, so that what it opens first is noted",
    "doors.closed_room.registers": "a described field, when its values are names to look for",
    "producing.analyses.inside.comparable": "what is asked, when it is laid beside the same of other groups",
    "utilising.analysis_page.followed": "a chart, when its parts are followed one after the other",
    "doors.putting": "the facts of findings, when they are of a synthetic twin",
    "doors.separation.identities": "walls, entered as another user",
    "doors.walls": "walls, with the folders of a home",
    "doors.separation.forgeries": "an order and its events, to show that what was forged is refused",
    "doors.counting": "a request, when what an earlier cube was counted from is opened again",
    "managing.called": "a table's fields, called as a request calls them",
    "managing.quality.breaks": "a break told of a whole table",
    "managing.quality.deficiencies": "a deficiency's number, state and answer",
    "managing.sensitive.as_of": "the counts of an as-of join",
    "managing.sensitive.linking": "the counts of a match",
    "managing.sensitive.retrieval": "an engine's workspace, and a table's fields",
    "managing.sensitive.throughs": "a table's fields",
    "managing.twins.outlines": "a described table, and a field's domain, before anything is drawn",
    "producing.before_after": "the groups of one's own log, which is no release",
    "producing.cubes.assembling": "the empty arrays of its own counts",
    "producing.cubes.axes": "the strides of its own grid",
    "producing.paths": "the paths of one's own log, which is no release",
    "utilising.disclosure.answerability": "a plan of other sizes, or without noise",
    "utilising.disclosure.figures.comparisons": "a contrast told as an index",
    "utilising.disclosure.figures.asked": "a query of another measure, at another place",
    "utilising.disclosure.noise_left": "a definition with fewer dimensions, levels or measures, to advise it",
    "utilising.disclosure.printed": "the index of a cube's own cells",
    "utilising.survival_page.pictures": "a curve's points, told at the times that are named",
}

KNOWING_NONE = (
    *("city.", "permits.", "storage.", "leases.", "audit.", "confinement."),
    "managing.sensitive.preparing.anonymity.",
    "managing.sensitive.validation.attacks.",
)


@cache
def modules() -> dict[str, str]:
    """The text of every module of the package, by its name."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path.read_text("utf-8") for path in paths}


def uses_in(module: str, text: str) -> set[str]:
    """The corridor's values that a module does more with than to name them as a type: it calls them, or hands them on."""
    tree = ast.parse(text)
    names = _names_of_values(module, tree)
    types = {id(node) for place in _places_of_types(tree) for node in ast.walk(place)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in types:
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            found.add(names[node.id])
        if isinstance(node, ast.Attribute) and node.attr in HOMES and not _is_own_word(node):
            found.add(node.attr)
    return found


def _names_of_values(module: str, tree: ast.AST) -> dict[str, str]:
    """The names by which a module knows the values: imported, under another name too, or its own class."""
    names = {value: value for value, (home, _) in HOMES.items() if home == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            told = {value for value, (home, _) in HOMES.items() if node.module == f"jalostamo.{home}"}
            names |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in told}
    return names


def _places_of_types(tree: ast.AST) -> Iterator[ast.AST]:
    """Where a name is a type and makes nothing: annotations, what is cast to, and what is asked of `isinstance`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield node.returns
        if isinstance(node, ast.TypeAlias):
            yield node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"cast", "isinstance"}:
            yield from node.args[:1] if node.func.id == "cast" else node.args[1:]


def _is_own_word(node: ast.Attribute) -> bool:
    # `self.Release` would be an attribute of something else; a module's attribute is reached through a name.
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def makers(texts: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The modules that make each value."""
    found: dict[str, set[str]] = {value: set() for value in HOMES}
    for module, text in texts:
        for value in uses_in(module, text):
            found[value].add(module)
    return found


@cache
def makers_today() -> dict[str, set[str]]:
    """The modules that make each value, as the package is."""
    return makers(modules().items())


def replacers(texts: Iterable[tuple[str, str]]) -> set[str]:
    """The modules that make a value from another one of its kind."""
    return {module for module, text in texts if any(_replaces(node) for node in ast.walk(ast.parse(text)))}


def _replaces(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module in {"dataclasses", "copy"}:
        return bool({alias.name for alias in node.names} & {"replace", "copy", "deepcopy"})
    if not isinstance(node, ast.Attribute):
        return False
    module = node.value.id if isinstance(node.value, ast.Name) else ""
    return node.attr in {"__replace__", "__new__", "__setattr__"} or (
        module in {"dataclasses", "copy"} and node.attr in {"replace", "copy", "deepcopy"}
    )


@pytest.mark.requirement("S26-06")
@pytest.mark.parametrize("value", HOMES)
def test_a_value_of_the_corridor_is_made_in_its_own_room_alone(value: str) -> None:
    home, rooms = HOMES[value]
    assert f"class {value}" in modules()[home]
    assert makers_today()[value] == rooms


def test_no_value_is_made_from_another_one_unseen() -> None:
    """Some rooms know none of the corridor's values: they lie below it, or make one's own table coarser beside it."""
    seeing = {module: text for module, text in modules().items() if not module.startswith(KNOWING_NONE)}
    assert replacers(seeing.items()) == set(MAY_REPLACE)


PLANTED = {
    "called": "from jalostamo.managing.nonsensitive.releases import Release\nRelease(folder, manifest)",
    "under another name": "from jalostamo.managing.nonsensitive.releases import Release as R\nR(folder, manifest)",
    "through its module": "from jalostamo.managing.nonsensitive import releases\nreleases.Release(folder, manifest)",
    "through a long name": "import jalostamo.managing.nonsensitive.releases as r\nr.Release(folder, manifest)",
    "by a name given later": "from jalostamo.managing.nonsensitive.releases import Release\nmake = Release\nmake(a, b)",
    "by handing it on": "from jalostamo.managing.nonsensitive.releases import Release\nlist(map(Release, a, b))",
    "without its own start": "from jalostamo.managing.nonsensitive.releases import Release\nobject.__new__(Release)",
    "by a heir": "from jalostamo.managing.nonsensitive.releases import Release\nclass Own(Release): ...",
    "inside a function": (
        "def act() -> None:\n    from jalostamo.managing.nonsensitive.releases import Release\n    Release(a, b)"
    ),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=[name.replace(" ", "-") for name in PLANTED])
def test_a_value_made_elsewhere_is_found(planted: str) -> None:
    assert makers([("doors.breach", planted)])["Release"] == {"doors.breach"}


@pytest.mark.parametrize(
    "planted",
    [
        "from jalostamo.managing.nonsensitive.releases import Release\ndef act(release: Release) -> Release: ...",
        "from jalostamo.managing.nonsensitive.releases import Release, open_release\nfound: Release = open_release(a)",
        "from jalostamo.managing.nonsensitive.releases import Release\nassert isinstance(found, Release)",
        "from elsewhere import Release\nRelease(a, b)",
    ],
    ids=["signature", "variable", "question", "namesake"],
)
def test_a_value_that_is_only_named_is_not_taken_for_made(planted: str) -> None:
    assert uses_in("doors.breach", planted) == set()


@pytest.mark.parametrize(
    "planted",
    [
        "import dataclasses\ndataclasses.replace(release, folder=other)",
        "from dataclasses import replace\nreplace(release, folder=other)",
        "import copy\ncopy.copy(release)",
        "release.__replace__(folder=other)",
        "object.__setattr__(release, 'folder', other)",
    ],
)
def test_a_value_made_from_another_one_is_found(planted: str) -> None:
    assert replacers([("doors.breach", planted)]) == {"doors.breach"}
