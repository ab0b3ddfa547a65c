"""The room of work, for Django.

Handbook 2.6.
"""

from __future__ import annotations

from django.apps import AppConfig


class Working(AppConfig):
    """The room of work that nobody waits for."""

    name = "townhall.working"
    label = "working"
