"""The same engine, city and pilot as for the rooms that may see persons."""

from tests.jalostamo.managing.sensitive.conftest import city, engine, pilot

__all__ = ["city", "engine", "pilot"]
