"""A case that the cast has played up to some act, as the demonstration plays its own."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from townhall.permits.models import Case


def played(
    level: str = "low", data_class: str = "printed_cells", until: str = "confirm_low", subjects: str = "others"
) -> Case:
    """The one case, played up to the act `until`; there must be none before it."""
    from django.utils import timezone

    from townhall.config.demonstration import Story, play
    from townhall.permits.models import Case

    story = Story(
        name="Use of libraries by language",
        need="Collections are bought without knowing who reads.",
        question="Who uses the library, and in which language?",
        hypothesis="Children of other languages use other branches.",
        register="library",
        table="loans",
        fields=["branch", "language"],
        links=["identity_code"],
        subjects=subjects,
        level=level,
        data_class=data_class,
        until=until,
        days=20,
    )
    play(story, timezone.now() - datetime.timedelta(days=story.days))
    return Case.objects.get()
