"""The demonstration's backlog: ideas that the fixed cast has proposed, weighed, taken up or refused; and what it can do.

Handbook 2.1 (the operational models) and 2.4.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.conf import settings

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import CompetenceProfile
from jalostamo.permits.ideas import Idea, Origin
from townhall.people.actions import note_profiles
from townhall.people.models import Person
from townhall.permits import models
from townhall.permits.ideas.actions import carry_out, propose
from townhall.permits.ideas.acts import ACTS

FILE: Final = "ideas.toml"
_PROPOSES, _WEIGHS = "f-ana", "f-brn"
_UNIT: Final = "branch"
_CAN: Final = {
    "f-brn": (CompetenceProfile.SPONSOR,),
    "f-sup": (CompetenceProfile.EXPERT,),
    "f-ana": (CompetenceProfile.ANALYST, CompetenceProfile.EXPERT),
    "f-ano": (CompetenceProfile.DATA_ARCHITECT,),
}
"""What the cast can do; nobody of it makes figures, so that a lack can be seen."""


def play_ideas(now: datetime.datetime) -> int:
    """Fill the backlog with the ideas of the file; nothing where there are ideas. How many were played."""
    path = Path(settings.HOME.townhall) / FILE
    if models.Idea.objects.exists() or not path.is_file():
        return 0
    told = tomllib.loads(path.read_text(encoding="utf-8"))["idea"]
    for staff_id, profiles in _CAN.items():
        note_profiles(Person.objects.get(username=staff_id), profiles)
    for entry in sorted(told, key=lambda each: -each["days"]):
        _play(entry, now - datetime.timedelta(days=entry["days"], minutes=len(entry["text"])))
    return len(told)


def _play(entry: Mapping[str, str], at: datetime.datetime) -> None:
    proposes, weighs = (Person.objects.get(username=each) for each in (_PROPOSES, _WEIGHS))
    idea = Idea(
        id="",
        name=entry["name"],
        text=entry["text"],
        origin=Origin(entry["origin"]),
        operating_model=OperatingModel(entry["operating_model"]),
        need=entry["need"],
        proposed_by=proposes.staff_id,
    )
    kept = propose(idea, proposes, at=at)
    answers = {"handed_to": _UNIT, "reason": entry.get("reason", ""), "outcome": entry.get("outcome", "")}
    for act in (each for each in ACTS if each.name in entry["acts"]):
        at += datetime.timedelta(days=1, hours=3, minutes=11)
        asked = {name: answers[name] for name in act.asks}
        kept = carry_out(kept.pk, weighs, act, asked, seen=kept.version, at=at)
