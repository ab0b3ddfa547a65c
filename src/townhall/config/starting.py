"""Bringing townhall up to date before its pages open: a process of its own, which ends when all is ready.

Handbook 2.6.
"""

from __future__ import annotations

import sys

import django


def main() -> int:
    """Lay townhall out; in a demonstration seat the cast, and play its cases."""
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from townhall.config.demonstration import play_cases
    from townhall.config.demonstration_ideas import play_ideas
    from townhall.config.laying import lay_out, seat_the_cast

    lay_out()
    if settings.DEMONSTRATION:
        seat_the_cast(timezone.localdate())
        play_cases(timezone.now())
        play_ideas(timezone.now())
    return 0


if __name__ == "__main__":
    sys.exit(main())
