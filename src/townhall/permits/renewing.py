"""Making every projection again from the events: after an upgrade that adds one, or where somebody has written in them.

Handbook 2.6.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from townhall.permits.models import Case, PublicEntry
from townhall.permits.recording import initiative_of, project


def project_again(*, at: datetime.datetime) -> int:
    """Make what lists and the public register show again, case by case, and take out what has no case; how many cases."""
    numbers = list(Case.objects.values_list("pk", flat=True))
    for number in numbers:
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=number)
            project(case, initiative_of(case), at=at)
    PublicEntry.objects.exclude(pk__in=Case.objects.values("pk")).delete()
    return len(numbers)
