"""The room of people, for Django.

Handbook 2.4.
"""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    """The people of the municipality."""

    name = "townhall.people"
    label = "people"
