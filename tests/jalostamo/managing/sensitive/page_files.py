"""A report, a check and evidence as their commands write them, of a table that nobody has."""

from __future__ import annotations

import json
from pathlib import Path

type Content = dict[str, object]


def estimate(value: float, rows: int = 100) -> Content:
    return {"value": value, "low": value - 0.05, "high": value + 0.05, "rows": rows}


def share(group: str, before: float, after: float, rows: int = 100) -> Content:
    found = {"before": estimate(before), "after": estimate(after, rows)}
    differences = {"difference_before": estimate(0.1), "difference_after": estimate(0.2)}
    return {"group": group, "small": not group, **found, **differences, "change": after - before}


def model(asked: object, found: object, *, holds: bool = True) -> Content:
    return {"asked": asked, "found": found, "holds": holds}


MODELS: Content = {
    "k_anonymity": model(5, 12),
    "l_diversity:service": model(3, 3),
    "t_closeness:service": model(0.2, 0.1875),
    "k_map": model(5, 9),
    "presence": model(0.3, 0.25),
    "presence:least": model(0.1, 0.2),
    "maximum_risk": model(0.09, 0.0833),
    "average_risk": model(0.05, 0.004),
    "sample_uniqueness": model(0.0, 0.0),
    "population_uniqueness": model(0.01, None),
}
LEFT_OUT: Content = {
    "column": "language",
    "level": 1,
    "told_apart": False,
    "groups": [
        {"group": "sv", "small": False, "rows": 40, "suppressed": 10, "share": 0.25},
        {"group": "", "small": True, "rows": 12, "suppressed": 1, "share": 1 / 12},
        {"group": "fi", "small": False, "rows": 948, "suppressed": 9, "share": 9 / 948},
    ],
}
COLUMN: Content = {
    "column": "language",
    "level": 1,
    "highest": 2,
    "values_before": 120,
    "values_after": 3,
    "loss": 0.125,
    "precision": 0.51,
    "entropy": 0.4,
    "entropy_share": 0.75,
}
CHOICE: Content = {
    "levels": {"language": 1, "age": 2},
    "loss": 0.25,
    "maximum_risk": 1 / 12,
    "suppressed_rows": 20,
    "suppressed_share": 0.02,
    "worst_group": {"column": "language", "group": "sv", "small": False, "share": 0.25},
    "classes": 40,
    "smallest_class": 12,
    "chosen": True,
    "beaten": False,
}
OTHER: Content = {
    **CHOICE,
    "levels": {"language": 2, "age": 2},
    "loss": 0.5,
    "suppressed_share": 0.0,
    "worst_group": None,
    "chosen": False,
}
REPORT: Content = {
    "rows": 1000,
    "released_rows": 980,
    "suppressed_rows": 20,
    "levels": {"language": 1, "age": 2},
    "loss": 0.25,
    "objective": {"metric": "loss", "value": 0.25},
    "classes": 40,
    "smallest_class": 12,
    "models": MODELS,
    "nodes": {"total": 9, "evaluated": 5},
    "proved_optimal": True,
    "gap": 0.0,
    "seconds": {"load": 0.5, "search": 0.25, "apply": 0.25},
    "cpu_seconds": {"load": 0.5, "search": 0.25, "apply": 0.25},
    "sha256": {"out": "0" * 64, "recipe": "1" * 64},
}
"""What commands.md promises, and no more."""
RICH: Content = {
    **REPORT,
    "allowed_rows": 50,
    "columns": {
        "quasi_identifiers": ["language", "age"],
        "sensitive": ["service"],
        "kept": ["year"],
        "units": ["person"],
        "unprotected": ["year"],
        "dropped": ["name"],
    },
    "risks": {"maximum": 1 / 12, "average": 0.04, "unique_share": 0.0},
    "utility": {
        "columns": [COLUMN, {**COLUMN, "column": "age", "loss": 0.5}],
        "class_sizes": [
            {"least": 10, "most": 19, "classes": 1, "rows": 12},
            {"least": 20, "most": 49, "classes": 39, "rows": 968},
        ],
        "left_out": [LEFT_OUT, {**LEFT_OUT, "column": "age", "groups": LEFT_OUT["groups"][1:]}],  # type: ignore[index]
        "differences": [
            {
                "column": "service",
                "value": "child protection",
                "by": "language",
                "told_apart": False,
                "groups": [share("fi", 0.3, 0.3), share("sv", 0.4, 0.5), share("", 0.2, 0.0, rows=0)],
                "largest_change": 0.1,
            }
        ],
    },
    "frontier": {
        "nodes": {"total": 9, "evaluated": 9, "feasible": 4},
        "whole": True,
        "choices": [CHOICE, OTHER, *({**OTHER, "loss": 0.5 + n / 100} for n in range(15))],
    },
    "catalogue": {"product": "Family services", "vectors": 8, "bits": 3.0, "choice": "first"},
    "as_before": {"since": "1", "left_out_before": 7},
    "together": {"attacked_with": ["2025.parquet"], "not_attacked_with": ["2024.parquet"], "findings": []},
}
"""All that a report can say."""
CHECK: Content = {
    "holds": True,
    "rows": 980,
    "classes": 40,
    "smallest_class": 12,
    "models": {"k_anonymity": model(5, 12)},
    "risks": {"maximum": 1 / 12, "average": 0.04, "unique_share": 0.0},
    "sha256": REPORT["sha256"],
}


def finding(figure: str, outcome: str = "withstood", of: str = "", *, better: bool | None = None) -> Content:
    high = 0.12 if figure.endswith(".risk") else 0.04
    return {
        "figure": figure,
        "of": of,
        "found": 0.04,
        "low": 0.04,
        "high": high,
        "outcome": outcome,
        "better_than_guessing": better,
    }


EVIDENCE: Content = {
    "suite": "2",
    "release": "0" * 64,
    "recipe": "1" * 64,
    "criteria": {
        "dated": "2026-11-23",
        "recipient": "outside",
        "limits": [
            {"figure": "inference.risk", "at_most": 0.09, "at_least": None, "source": "An agency", "read": "reported"},
            {"figure": "insider.fewest_units", "at_most": None, "at_least": 11, "source": "A city", "read": None},
        ],
    },
    "sample": {"seed": 1, "size": 2000},
    "control_group": "people not in the release",
    "withstood": False,
    "beside": ["cube.parquet"],
    "findings": [
        finding("singling_out.risk", "withstood", "several columns", better=True),
        finding("inference.risk", "succeeded", "service", better=True),
        finding("linkability.risk", "undecided", better=False),
        finding("minimality.bits", "told"),
    ],
}


def put(folder: Path, name: str, content: Content) -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
