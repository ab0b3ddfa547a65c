"""How results are shown and to whom, each ordered by exposure: what is less exposed than assessed is covered.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Means(StrEnum):
    """The means of publication, from the least exposed to the most."""

    MEETING = "meeting"
    STATIC_REPORT = "static_report"
    ALERT = "alert"
    INTERACTIVE_VIEW = "interactive_view"
    SELF_SERVICE = "self_service"
    INTEGRATION = "integration"
    TAILORED_DATA = "tailored_data"
    DATA_FEED = "data_feed"
    OPEN_DATA = "open_data"

    @property
    def exposure(self) -> int:
        """How far results travel by it, from 0 (shown in a meeting)."""
        return list(Means).index(self)


class Audience(StrEnum):
    """Those who receive results, from the nearest to the most distant."""

    COMMISSIONING_PARTY = "commissioning_party"
    SERVICE_UNITS = "service_units"
    CITY = "city"
    OTHER_PUBLIC_SECTOR = "other_public_sector"
    NAMED_RESEARCHERS = "named_researchers"
    BUSINESSES_AND_ASSOCIATIONS = "businesses_and_associations"
    MEDIA = "media"
    PUBLIC = "public"

    @property
    def exposure(self) -> int:
        """How far from the commissioning party they are, from 0."""
        return list(Audience).index(self)


def widest_of(assessed: Collection[Means] | Collection[Audience]) -> int:
    """The exposure of the most exposed among means, or among audiences; -1 where there is none."""
    return max((each.exposure for each in assessed), default=-1)


def is_covered(
    means: Means,
    audience: Audience,
    *,
    assessed_means: Collection[Means],
    assessed_audiences: Collection[Audience],
) -> bool:
    """Whether a publication is no more exposed, in its means and in its audience, than the assessed ones.

    Nothing assessed covers nothing.

    >>> city = {Audience.CITY}
    >>> is_covered(Means.MEETING, Audience.SERVICE_UNITS, assessed_means={Means.STATIC_REPORT}, assessed_audiences=city)
    True
    """
    return means.exposure <= widest_of(assessed_means) and audience.exposure <= widest_of(assessed_audiences)
