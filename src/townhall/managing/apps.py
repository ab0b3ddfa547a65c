"""The room of managing, for Django.

Handbook 2.6.
"""

from __future__ import annotations

from django.apps import AppConfig


class Managing(AppConfig):
    """The room of managing."""

    name = "townhall.managing"
    label = "managing"
