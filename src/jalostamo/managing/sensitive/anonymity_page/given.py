"""What the page is drawn from: the report of a table made coarser, and where there are some, its check and its evidence.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError, with_config

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sensitive.anonymity_page.reported import Digests, Model, Report, Risks
from jalostamo.managing.sensitive.preparing.anonymity.costs import AS_WRITTEN


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Check:
    """The independent reading of the written rows."""

    holds: bool
    rows: int
    classes: int
    smallest_class: int
    models: dict[str, Model]
    risks: Risks
    sha256: Digests = Digests()


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of a figure, where it comes from, and how that was read."""

    figure: str
    at_most: float | None
    at_least: float | None
    source: str
    read: str | None = None


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Criteria:
    """By which criteria attacks were judged."""

    dated: str
    recipient: str
    limits: tuple[Limit, ...] = ()


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Finding:
    """What an attack found."""

    figure: str
    of: str
    found: float
    low: float
    high: float
    outcome: str
    better_than_guessing: bool | None = None
    means: str = ""


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Evidence:
    """What the suite of attacks found."""

    suite: str
    criteria: Criteria
    withstood: bool
    findings: tuple[Finding, ...]
    beside: tuple[str, ...] = ()
    release: str = ""
    recipe: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """All that the page is drawn from; `name` is what the report's file is called."""

    name: str
    report: Report
    check: Check | None = None
    evidence: Evidence | None = None


def read_given(report: Path, *, check: Path | None = None, evidence: Path | None = None) -> Given:
    """Read the files; a check, and evidence, that are not of the report's rows are refused."""
    found = _read(report, Report, "jalostamo anonymise")
    checked = None if check is None else _read(check, Check, "jalostamo check-anonymity")
    if check is not None and checked is not None and not _are_alike(found, checked):
        raise Unfit(
            f"{check.name} is the check of other rows than those of {report.name}, or by another recipe: it has "
            f"{checked.rows:,} rows in {checked.classes:,} classes, the report {found.released_rows:,} in {found.classes:,}, and "
            "each names their sha256. Check what the report is of.",
            reason="other_release",
        )
    attacked = None if evidence is None else _read(evidence, Evidence, "jalostamo attack")
    if evidence is not None and attacked is not None and Digests(attacked.release, attacked.recipe) != found.sha256:
        raise Unfit(
            f"{evidence.name} is the evidence of other rows than those of {report.name}, or of another recipe, by their sha256: "
            "attack what the report is of.",
            reason="other_release",
        )
    return Given(report.name, found, checked, attacked)


def _are_alike(report: Report, check: Check) -> bool:
    told = (report.released_rows, report.classes, report.smallest_class, report.sha256)
    return told == (check.rows, check.classes, check.smallest_class, check.sha256)


def _read[Read](path: Path, kind: type[Read], command: str) -> Read:
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except OSError as error:
        raise Misused(
            f"{path.name} cannot be read ({error.strerror}): name what `{command}` wrote.", reason="file_unreadable"
        ) from None
    except ValidationError as error:
        # What was found stays out: only where, and what kind of fault.
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in wrong["loc"] if isinstance(step, str)) or "the whole"
        raise Unfit(
            f"{path.name} does not read as it should ({place}: {wrong['type']}): name what `{command}` wrote.",
            reason="file_form",
        ) from None
