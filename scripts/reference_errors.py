"""Writes the page of exit codes and reasons, read from the source: each place that refuses names its reason there."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jalostamo.concepts import errors
from jalostamo.concepts.identifiers import IdentityFault

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/jalostamo"
GAP = "…"
UNTOLD = "The message says why."
# Functions that make an error for their module: which, and the sentence around the words that they are given.
HELPERS = {
    "_unfit": ("Unfit", f"{GAP}, line {GAP}: the file {{}}."),
    "NoLongerHolds": ("Refused", "{}"),
}
# Faults of single records: the table that words them, and the sentence around the words.
TABLES = (
    ("managing/reading/rejections.py", "WAYS", f"{GAP}, line {GAP}: {GAP} {{}} ({GAP} records)."),
    ("managing/logs.py", "_FAULTS", f"{GAP}, line {GAP}: the event {{}} ({GAP} events)."),
    ("managing/durations.py", "_FAULTS", f"{GAP}, line {GAP}: the row {{}} ({GAP} rows)."),
)


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """A reason code, the exit code that goes with it, one sentence that comes with it, and the module that says it."""

    code: str
    exit_code: int
    sentence: str
    module: str


# What the doors' frame tells without an error of its own.
OF_THE_FRAME = (
    Reason("child_ended", 5, "a step of it ended without an account.", "doors.children"),
    Reason("our_fault", 5, f"something went wrong that is our fault, not yours ({GAP}).", "doors.terminal"),
)


def errors_page() -> str:
    """Render the page as Markdown."""
    found: dict[tuple[str, int], set[Reason]] = {}
    for reason in find_reasons():
        found.setdefault((reason.code, reason.exit_code), set()).add(reason)
    rows = [_row(code, exit_code, reasons) for (code, exit_code), reasons in sorted(found.items())]
    return "\n".join([_OPENING, *map(_exit_row, exit_codes()), _ABOUT_REASONS, *rows]) + "\n"


def exit_codes() -> list[tuple[int, str]]:
    """Every exit code with what it means; those of errors from the first line of their classes."""
    classes = sorted(errors.JalostamoError.__subclasses__(), key=lambda error: error.exit_code)
    meant = [(error.exit_code, f"`{error.__name__}`: {_first_line(error)}") for error in classes]
    return [(0, "Done."), *meant, (128, "and above: stopped by a signal, 128 and its number; the reason is `stopped`.")]


def find_reasons() -> list[Reason]:
    """Find every reason in the source, with the sentence that comes with it."""
    codes = {error.__name__: error.exit_code for error in errors.JalostamoError.__subclasses__()}
    found = set(OF_THE_FRAME)
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            found |= {
                Reason(reason, codes[error], sentence, _module(path))
                for error, reason, sentence in _raised_in(function)
                if error in codes
            }
    return sorted(found | set(_of_tables()) | set(_of_codes()))


def _raised_in(function: ast.FunctionDef) -> Iterator[tuple[str, str, str]]:
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        for keyword in call.keywords:
            if keyword.arg == "reason" and isinstance(keyword.value, ast.Constant) and call.args:
                name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
                error, around = HELPERS.get(name, (name, "{}"))
                sentences = " ".join(_sentences(call.args[0], function))
                yield error, str(keyword.value.value), around.replace("{}", sentences) if sentences else UNTOLD


def _of_tables() -> Iterator[Reason]:
    for file, name, sentence in TABLES:
        tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
        table = next(s.value for s in tree.body if isinstance(s, ast.AnnAssign | ast.Assign) and _target(s) == name)
        for code, way in ast.literal_eval(table or ast.Dict([], [])).items():
            yield Reason(code, errors.Unfit.exit_code, sentence.format(way), _module(PACKAGE / file))


def _of_codes() -> Iterator[Reason]:
    for fault in IdentityFault:
        sentence = f"A personal identity code is not valid ({fault.value})."
        yield Reason(f"identity_code_{fault.value}", errors.Unfit.exit_code, sentence, "concepts.identifiers")


def _target(statement: ast.AnnAssign | ast.Assign) -> str:
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    return ast.unparse(target)


def _sentences(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """The texts that a message is made of: its own, those of its objections, or those of the name that holds it."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else GAP for v in values)
        case ast.List(elts=objections):
            for objection in objections:
                yield from _sentences(objection, function)
        case ast.ListComp(elt=objection):
            yield from _sentences(objection, function)
        case ast.Call(func=ast.Name(id="Objection"), args=[sentence, *_]):
            yield from _sentences(sentence, function)
        case ast.Name(id=name):
            for value in _assigned(name, function):
                yield from _sentences(value, function)


def _assigned(name: str, function: ast.FunctionDef) -> list[ast.expr]:
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and _target(node) == name]
    return [node.value for node in assigned[-1:]]


def _row(code: str, exit_code: int, reasons: Iterable[Reason]) -> str:
    says = "<br>".join(dict.fromkeys(_escaped(reason.sentence) for reason in sorted(reasons)))
    modules = ", ".join(dict.fromkeys(f"`{reason.module}`" for reason in sorted(reasons)))
    return f"| `{code}` | {exit_code} | {says} | {modules} |"


def _exit_row(meant: tuple[int, str]) -> str:
    code, meaning = meant
    return f"| {code} | {meaning} |"


def _first_line(error: type[errors.JalostamoError]) -> str:
    return (inspect.getdoc(error) or "").splitlines()[0]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def _escaped(sentence: str) -> str:
    return sentence.replace("|", r"\|").replace("<", "&lt;").replace("{{", "{").replace("}}", "}").replace("*", r"\*")


_OPENING = """# Exit codes and reasons

Written by `make docs` from the source; do not edit it by hand. Messages name files, fields, lines, counts and thresholds,
never a value from the data.

## Exit codes

| exit code | meaning |
|---:|---|"""

_ABOUT_REASONS = f"""
With exit code 3 the JSON also lists the `objections`, each with its sentence and the section of the handbook that asks
for it.

## Reasons

With `--json` a command that fails gives one of these as `reason`. {GAP} stands for a name, a count or a threshold.

| reason | exit code | says | said in |
|---|---:|---|---|"""
