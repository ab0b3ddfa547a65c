"""Which entries of the form are shown; what is hidden is neither looked at nor kept.

Handbook Appendix 1.
"""

from __future__ import annotations

from jalostamo.permits.estimates.answers import Estimate, answer_to, said_in, with_answer
from jalostamo.permits.estimates.form import FORM, FormField

_EMPTY = Estimate()


def is_shown(field: FormField, estimate: Estimate) -> bool:
    """Whether an entry is asked, given the answers so far; a hidden answer shows nothing either."""
    return field.shown_if is None or any(
        said_in(answer_to(estimate, entry)) & options and is_shown(FORM.field(entry), estimate)
        for entry, options in field.shown_if.items()
    )


def tidied(estimate: Estimate) -> Estimate:
    """The estimate without the answers that nobody sees any more; it is what may be submitted."""
    for field in FORM.asked:
        if not is_shown(field, estimate):
            estimate = with_answer(estimate, field.id, answer_to(_EMPTY, field.id))
    return estimate
