"""The matrices as the handbook prints them, in words, and how its words are ours."""

from __future__ import annotations

from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.terms import Step

BENEFIT = """
    Very high     | Slight      | Moderate | Great    | Very great | Very great
    High          | Slight      | Moderate | Moderate | Great      | Very great
    Moderate      | Slight      | Slight   | Moderate | Moderate   | Great
    Low           | Very slight | Slight   | Slight   | Moderate   | Moderate
    Very low      | Very slight | Very slight | Slight | Slight    | Slight
    -             | Very slight | Slight   | Moderate | Great      | Very great
"""
DECISION = """
    Very great  | Open     | Open     | Limits   | Consider    | Consider
    Great       | Open     | Limits   | Limits   | Consider    | Consider
    Moderate    | Limits   | Limits   | Consider | Consider    | Do not open
    Slight      | Limits   | Consider | Consider | Do not open | Do not open
    Very slight | Consider | Consider | Do not open | Do not open | Do not open
    -           | Very slight | Slight | Moderate | High       | Very high
"""
STEPS = {
    **{"Very low": Step.VERY_LOW, "Low": Step.LOW, "Moderate": Step.MODERATE, "High": Step.HIGH},
    **{"Very high": Step.VERY_HIGH, "Very slight": Step.VERY_LOW, "Slight": Step.LOW, "Great": Step.HIGH},
    "Very great": Step.VERY_HIGH,
}
ADVICE = {
    "Open": DecisionCell.OPEN,
    "Limits": DecisionCell.OPEN_WITH_LIMITS,
    "Consider": DecisionCell.CONSIDER_FURTHER,
    "Do not open": DecisionCell.DO_NOT_OPEN,
}


def cells(drawn: str) -> list[tuple[Step, Step, str]]:
    """Every cell of a drawn matrix: the step of its row, of its column, and what stands in it."""
    *rows, (_, *columns) = [[word.strip() for word in line.split("|")] for line in drawn.strip().splitlines()]
    return [
        (STEPS[row], STEPS[column], said) for row, *words in rows for column, said in zip(columns, words, strict=True)
    ]
