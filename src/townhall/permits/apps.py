"""The room of permits, for Django.

Handbook 2.6.
"""

from __future__ import annotations

from django.apps import AppConfig


class Permits(AppConfig):
    """The room of permits."""

    name = "townhall.permits"
    label = "permits"
