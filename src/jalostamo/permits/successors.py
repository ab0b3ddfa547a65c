"""Cases that follow others: an amendment, a renewal, a case after an appeal that succeeded; each names the older one.

A renewal is a new linked case and never a longer old one: an end has no exit.

Handbook 2.6.
"""

from __future__ import annotations

import datetime

from jalostamo.concepts.errors import Objection
from jalostamo.permits.appeals import opens_a_new_case
from jalostamo.permits.initiative import Initiative, Link, LinkKind
from jalostamo.permits.law_book import said
from jalostamo.permits.machines import PermitState
from jalostamo.permits.objections import objection
from jalostamo.permits.standing import in_force
from jalostamo.permits.times import delete_by


def link_to(old: Initiative, kind: LinkKind) -> Link:
    """The link by which a new case names an older one as it stood."""
    return Link(old.id, kind, old.head)


def objections_to_following(old: Initiative, kind: LinkKind, *, at: datetime.datetime) -> tuple[Objection, ...]:
    """Why a new case of this kind cannot follow an older one now."""
    if kind is LinkKind.AFTER_APPEAL:
        decided = old.appeal_outcome is not None and opens_a_new_case(old.appeal_outcome)
        return () if decided else (objection("appeal_not_upheld"),)
    if kind is LinkKind.AMENDMENT:
        return () if in_force(old, at) else (objection("permit_not_in_force"),)
    if old.decided is None or old.state in {PermitState.REJECTED, PermitState.WITHDRAWN, PermitState.REVOKED}:
        return (objection("nothing_to_renew"),)
    # Whether or not a scheduler has noted the end.
    until = delete_by(old, at=at)
    return () if until is None or old.local_day(at) <= until else (objection("renewal_too_late", day=said(until)),)
