"""The room of pages, for Django.

Handbook 2.6.
"""

from __future__ import annotations

from django.apps import AppConfig


class Pages(AppConfig):
    """The room of pages."""

    name = "townhall.pages"
    label = "pages"
