"""What templates of the catalogue say: sensitivities and markings by their values, and days as they are written.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

import datetime

from django import template

from townhall.pages.templatetags.saying import day
from townhall.pages.words import say

register = template.Library()


@register.filter
def sensitivity_called(value: str) -> str:
    """What a sensitivity is called."""
    return say(f"registers.sensitivity_{value}")


@register.filter
def marking_called(value: str) -> str:
    """Of whom a register tells."""
    return say(f"registers.marking_{value}")


@register.filter
def iso_day(written: str) -> str:
    """A day of a description as the language writes it."""
    return day(datetime.date.fromisoformat(written))
