"""Writes the page of methods: what each answers, whom its findings ask for, its parameters and an example of its file."""

from __future__ import annotations

from jalostamo.producing.analyses.catalogue import Kind
from jalostamo.producing.analyses.entries import ASKED_OF, PURPOSES, Entry, entries


def methods_page() -> str:
    """Render the page as Markdown."""
    listed = entries()
    parts = [
        _OPENING,
        "| competence | whoever has it |\n|---|---|\n" + "\n".join(f"| {c} | {t} |" for c, t in ASKED_OF.items()),
    ]
    for kind in Kind:
        theirs = [entry for entry in listed if entry.method.kind is kind]
        parts += [f"## {kind.capitalize()} methods", f"These tell {PURPOSES[kind]}."]
        parts += [_section(entry) for entry in theirs] or ["There is none yet."]
    return "\n\n".join(parts) + "\n"


def _section(entry: Entry) -> str:
    method = entry.method
    rows = "\n".join(f"| `{key}` | {told} |" for key, told in entry.parameters.items())
    table = f"| key of [parameters] | what it is |\n|---|---|\n{rows}" if rows else "It has no parameters."
    return "\n\n".join(
        (
            f"### {method.name}",
            f"{method.title.en}; in Finnish {method.title.fi}, in Swedish {method.title.sv}. {entry.answers}",
            f"Asks for: {method.competence}. {entry.read_with}",
            f"Tables: {', '.join(f'`{name}`' for name in entry.tables)}.",
            table,
            f"```toml\n{entry.file}```",
        )
    )


_OPENING = """# Methods

What `jalostamo analyse` can do, as `jalostamo methods` tells it. Written by `make docs`; do not edit it by hand. How an analysis
is put: [put an analysis](../how-to/put-an-analysis.md). Tables called `shares` and `differences`, `medians` and `tests` are there
where groups are compared."""
