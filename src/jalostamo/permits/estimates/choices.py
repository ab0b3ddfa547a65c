"""The options of the form's questions, as closed lists; what they are called lies in the words of the permits.

Handbook Appendix 1, sections 3 and 4.
"""

from __future__ import annotations

from enum import StrEnum


class YesNo(StrEnum):
    """The answers to whether the raw data holds personal data: its owner knows."""

    YES = "yes"
    NO = "no"


class YesNoUnable(StrEnum):
    """The answers to whether analysed data or results hold personal data; `unable` asks for further assessment."""

    YES = "yes"
    NO = "no"
    UNABLE = "unable"


class LikelyUsers(StrEnum):
    """The parties that are likely to make use of the analysis and its results."""

    UNITS_OF_THE_CITY = "units_of_the_city"
    OTHER_PUBLIC_SECTOR = "other_public_sector"
    RESIDENTS = "residents"
    BUSINESSES = "businesses"
    NON_PROFITS = "non_profits"
    RESEARCH = "research"
    MEDIA = "media"
    OTHER = "other"


class PersonalHarm(StrEnum):
    """The harms that identification may cause to natural persons."""

    SERIOUS = "serious"
    LOCATION = "location"
    ECONOMIC = "economic"
    PSYCHOLOGICAL = "psychological"
    OTHER = "other"


class OtherHarm(StrEnum):
    """The damage that publishing may cause even where nothing tells of persons."""

    CITY_IMAGE = "city_image"
    CITY_OPERATION = "city_operation"
    THIRD_PARTY_DATA = "third_party_data"
    GENERAL_SAFETY = "general_safety"
    RESIDENTS_WITHHOLD = "residents_withhold"
    FELT_INAPPROPRIATE = "felt_inappropriate"
