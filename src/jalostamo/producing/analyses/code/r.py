"""The R of an analysis of a log of one's own: what is asked as a list of R, and a script that reads it.

There is R of step maps. It needs no package but base R, and the package arrow where the log is Parquet.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings

WITH_R: Final = ("step_map",)
"""The methods that there is R of."""

_SCRIPT: Final = Path(__file__).parent / "step_map.r.txt"


def r_script(analysis: Analysis, findings: Findings, source: str) -> str | None:
    """The script of an analysis that was put to the log of a name; None where there is no R of its method, or of its days."""
    groups = analysis.setting.groups
    # A log knows no ages, by which its shares would be told; and R no working days.
    is_told_otherwise = analysis.setting.working_days or (groups is not None and bool(groups.age_bands))
    if analysis.method.name not in WITH_R or analysis.log is None or is_told_otherwise:
        return None
    head = (
        f"# {analysis.name}: the tables steps, services and shares of method {analysis.method.name}, reckoned in R.",
        f"# Definition {findings.definition}",
        f"# Source {findings.source} ({source})",
        "# Needs base R alone, and the package arrow where the log is Parquet. Times of a text are read by its declared form, or",
        "# as ISO 8601 without an offset, or with Z. Durations are in seconds. Rscript THIS.R [FOLDER] writes three .csv files.",
        "# Shares are crude: intervals, tests and shares as if ages were the same are in the findings alone.",
        "",
        f"asked <- {_r(_asked(analysis, source), depth=0)}",
        "",
    )
    return "\n".join(head) + "\n" + _SCRIPT.read_text(encoding="utf-8")


def _asked(analysis: Analysis, source: str) -> dict[str, object]:
    log, groups = analysis.log, analysis.setting.groups
    assert log is not None
    return {
        "name": analysis.name,
        "file": source,
        "delimiter": log.writing.delimiter,
        "encoding": log.writing.encoding,
        "timezone": log.writing.timezone,
        "time_format": log.time_format,
        "case": log.case,
        "activity": log.activity,
        "time": log.time,
        "group": log.group,
        "from": analysis.first_day and analysis.first_day.isoformat(),
        "to": analysis.last_day and analysis.last_day.isoformat(),
        "tie": analysis.setting.tie.value,
        "services": analysis.services,
        "groups": dict(groups.values) if groups else {},
        "filters": [asdict(rule) for rule in analysis.filters],
    }


def _r(value: object, *, depth: int) -> str:
    """A value as R writes it: names and lists of texts as they are, mappings and lists of mappings as lists."""
    within = "\n" + "  " * (depth + 1)
    match value:
        case None:
            return "NULL"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            entries = [f"{json.dumps(str(k), ensure_ascii=False)} = {_r(v, depth=depth + 1)}" for k, v in value.items()]
            return f"list({within}{f',{within}'.join(entries)})" if entries else "list()"
        case list():
            return f"list({', '.join(_r(each, depth=depth + 1) for each in value)})"
        case tuple():
            return f"c({', '.join(_r(each, depth=depth + 1) for each in value)})"
    return str(value)
