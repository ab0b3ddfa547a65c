"""What the SQL of an analysis says of itself: what it is of, what it needs, and what it leaves to whoever reads its answers.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings


def head_of(analysis: Analysis, findings: Findings, source: str) -> tuple[str, ...]:
    """The lines at the head of the script; `source` is the name of the log, or of the release's folder."""
    return (
        f"{analysis.name}: the questions that method {analysis.method.name} asks, in their order.",
        f"Definition {findings.definition}",
        f"Source {findings.source} ({source})",
        "For DuckDB 1.5, in the folder that holds the source's files. Nothing else is needed.",
        "What the questions need that is no count of the source (names, periods, bounds) stands in INSERTs.",
        "Each SELECT is one question; what it answers are counts, sums and medians. Times are microseconds in a log, months or",
        f"days in a release ({findings.time_unit} in the findings). Shares, intervals and tests are reckoned from these afterwards.",
    )
