"""The demonstration city: a synthetic town whose registers hold differences that are known, because they were planted.

It writes register extracts as any source system does, and nothing reaches the closed room from here otherwise.

Handbook 2.2 (the example of child protective services).
"""

from jalostamo.city.generation import generate
from jalostamo.city.plan import Plan

__all__ = ["Plan", "generate"]
