"""The command `closed-room profile`: what a register is like, field by field, without a value of it.

Handbook 2.2 (data descriptions) and 2.6 (recognising personal data).
"""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.managing.profiling import FieldProfile
    from jalostamo.managing.sensitive.retrieval import Survey

_HEADINGS: Final = ("field", "sensitivity", "missing", "distinct", "from-to", "looks like")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("register", metavar="DIR", type=Path, help="the folder of a register, with its register.toml")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.connection import open_engine
    from jalostamo.managing.sensitive.retrieval import survey

    progress.step("reading the register")
    with tempfile.TemporaryDirectory(prefix="jalostamo-") as folder, open_engine(workspace=Path(folder)) as engine:
        surveys = survey(engine, asked.register)
    sentences = tuple(line for found in surveys for line in _told(found))
    return Account(sentences, {"tables": [asdict(found) for found in surveys]})


def _told(found: Survey) -> list[str]:
    read = f"{found.table}: {found.loaded:,} of {found.records:,} records read as described."
    return [read, *found.rejections, *_columns([_HEADINGS, *(_row(field) for field in found.profile)])]


def _row(field: FieldProfile) -> tuple[str, ...]:
    share = field.missing / field.records if field.records else 0.0
    kind = field.sensitivity.value.replace("_", " ")
    looks = ", ".join(name.replace("_", " ") for name in field.suspected) or "-"
    return (field.field, kind, f"{share:.1%}", f"{field.distinct:,}", field.range or "-", looks)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


COMMAND: Final = Command(
    name="closed-room profile",
    purpose="Tell what a register is like, field by field, without showing a value of it.",
    example="jalostamo closed-room profile town/sources/population",
    add_arguments=_add_arguments,
    run=_run,
)
