"""Telling people what has happened and is asked of them: one letter each, in the reader's language, with its context.

Letters are kept before they are sent, so that none is lost or sent twice; what they say names no person of a register.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Sequence

from jalostamo.permits.notices import Notice
from townhall.permits.models import Case, Letter


def tell(case: Case, notices: Sequence[Notice]) -> None:
    """Put a letter for each who is to hear into the outbox."""
    Letter.objects.bulk_create(
        Letter(
            case=case,
            staff_id=notice.person,
            role=notice.role.value,
            event=notice.event,
            subject=notice.subject,
            answer_by=notice.answer_by,
        )
        for notice in notices
    )
