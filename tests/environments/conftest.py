"""The same small town and the same demonstration as for the doors."""

from tests.jalostamo.doors.conftest import demonstrated, sources

__all__ = ["demonstrated", "sources"]
