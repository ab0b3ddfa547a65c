"""The command `methods`: which methods there are, what each answers, and whom its findings ask for.

Handbook 2.3 (descriptive, diagnostic, predictive and recommending methods).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jalostamo.producing.analyses.entries import Entry


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "method", metavar="METHOD", nargs="?", help="tell of this one alone, with an example of its file"
    )


def _run(asked: Namespace, _progress: Progress) -> Account:
    from jalostamo.producing.analyses.entries import entries, entry_of

    if asked.method is not None:
        entry = entry_of(asked.method)
        return Account(tuple(_of_one(entry)), entry.as_mapping())
    listed = entries()
    return Account(tuple(_of_all(listed)), {"methods": [entry.as_mapping() for entry in listed]})


def _of_all(listed: tuple[Entry, ...]) -> Iterator[str]:
    from jalostamo.producing.analyses.catalogue import Kind
    from jalostamo.producing.analyses.entries import PURPOSES

    width = max(len(entry.method.name) for entry in listed)
    for kind in Kind:
        yield f"{kind.value.capitalize()} ({PURPOSES[kind]}):"
        theirs = [entry for entry in listed if entry.method.kind is kind]
        yield from (f"  {entry.method.name:{width}}  {entry.answers} [{entry.method.competence}]" for entry in theirs)
        if not theirs:
            yield "  none"
    yield "jalostamo methods METHOD tells of one, with an example; in brackets stands whom its findings ask for."


def _of_one(entry: Entry) -> Iterator[str]:
    from jalostamo.producing.analyses.entries import ASKED_OF, PURPOSES

    method = entry.method
    yield f"{method.name}: {entry.answers}"
    yield f"Kind: {method.kind}, {PURPOSES[method.kind]}. Asks for: {method.competence}, who {ASKED_OF[method.competence]}."
    yield f"When reading: {entry.read_with}"
    yield f"Tables: {', '.join(entry.tables)}."
    width = max(map(len, entry.parameters), default=0)
    yield "Parameters:" if entry.parameters else "Parameters: none."
    yield from (f"  {key:{width}}  {told}" for key, told in entry.parameters.items())
    yield f"Example:\n\n{entry.file}"


COMMAND: Final = Command(
    name="methods",
    purpose="See which methods of analysis there are, what each answers, and whom its findings ask for.",
    example="jalostamo methods step_map",
    add_arguments=_add_arguments,
    run=_run,
)
