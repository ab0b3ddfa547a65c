"""The frame of every page: where one can go, by the handbook's three levels, and what stands above and below.

Handbook 2.3 and chapter 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from jalostamo.concepts.roles import Role
from townhall.pages.style import STYLE_NAME


@dataclass(frozen=True, slots=True)
class Way:
    """A way through the pages: its words, where it leads, which pages are on it, and who is shown it.

    It is no wall: whoever may not see a page is refused there.
    """

    words: str
    page: str
    pages: frozenset[str]
    roles: frozenset[Role] = frozenset(Role)

    @property
    def is_for_all(self) -> bool:
        """Whether it is shown whatever role one holds, or none."""
        return self.roles == frozenset(Role)


@dataclass(frozen=True, slots=True)
class Part:
    """A level of the handbook, with the ways that belong to it."""

    words: str
    ways: tuple[Way, ...]


_AT_WORK: Final = frozenset(Role) - {Role.SERVICE_UNIT_READER, Role.OUTSIDE_RESEARCHER}
_GIVING_ROLES: Final = frozenset(
    {Role.ADMINISTRATOR, Role.DATA_SECURITY_PERSON, Role.BRANCH_MANAGER, Role.AUDITOR},
)
_SUPPORT: Final = frozenset({Role.SUPPORT_FUNCTION_EXPERT, Role.AUDITOR})
_OF_THE_FORM: Final = frozenset({"estimate_part", "estimate_review", "version"})
PARTS: Final = (
    Part(
        "frame.part_permits",
        (
            Way("frame.home", "home", frozenset({"home"})),
            Way(
                "frame.cases",
                "cases",
                frozenset(
                    {"cases", "case", "describe", "estimate", "act", "join", "versions", "papers"} | _OF_THE_FORM
                ),
                _AT_WORK,
            ),
            Way("frame.ideas", "ideas", frozenset({"ideas", "idea", "new_idea", "idea_act"}), _AT_WORK),
            Way("frame.support", "support", frozenset({"support"}), _SUPPORT),
            Way("frame.overview", "overview", frozenset({"overview", "units"}), _AT_WORK),
        ),
    ),
    Part("frame.part_managing", (Way("frame.registers", "registers", frozenset({"registers", "register"}), _AT_WORK),)),
    Part("frame.part_utilising", (Way("frame.public", "analyses", frozenset({"analyses", "analysis"})),)),
    Part(
        "frame.part_oversight",
        (
            Way(
                "frame.roles",
                "roles",
                frozenset({"roles", "holder", "give_role", "confirm_role", "end_role", "enter_person"}),
                _GIVING_ROLES,
            ),
            Way("frame.audit", "audit", frozenset({"audit", "chains"}), frozenset({Role.AUDITOR})),
        ),
    ),
)
"""Level 1, managing data, has its registers; the permissions process goes through all three, and comes first."""


def frame(request: HttpRequest) -> Mapping[str, object]:
    """What every template may show."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "town": settings.TOWN.name,
        "is_demonstration": settings.DEMONSTRATION,
        "parts": _shown(page or ""),
        "style_name": STYLE_NAME,
        "languages": settings.LANGUAGES,
    }


def _shown(page: str) -> Sequence[Mapping[str, object]]:
    return [
        {"words": part.words, "ways": [{"way": way, "is_here": page in way.pages} for way in part.ways]}
        for part in PARTS
    ]
