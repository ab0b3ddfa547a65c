"""Validating by reading written files afresh: what preparing claims is recounted by code of other hands.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from jalostamo.managing.sensitive.validation.prepared import ValidationReport, validate

__all__ = ["ValidationReport", "validate"]
