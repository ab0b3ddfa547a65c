"""Sums, money and events as they may be printed: rounded, and hidden where one or two units make up nearly all of them.

The one room of the forms that sees true values: it runs inside the gate, and what it gives back is rounded or hidden.
After the Handbook on Statistical Disclosure Control (ESSnet), chapter 4.

Handbook 2.3; 2.6, phase 8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from jalostamo.concepts.errors import Broken
from jalostamo.utilising.disclosure.sums.lines import AmountCells as AmountCells
from jalostamo.utilising.disclosure.sums.lines import protected_lines as protected_lines
from jalostamo.utilising.disclosure.withheld import Withheld, fewest_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.utilising.disclosure.rules import Rule

_KNOWN_TOP: Final = 2
"""A counted cell tells of its two largest contributors, so no rule can ask for more of them."""

type Amounts = NDArray[np.float64]
type Marks = NDArray[np.bool_]


def printed_amounts(
    n_printed: NDArray[np.int64],
    amount: Amounts,
    largest: Amounts,
    second: Amounts,
    negative: Marks,
    *,
    rule: Rule,
    events: bool = False,
) -> tuple[Amounts, Marks]:
    """Amounts rounded to the rule's figures, events to its base, NaN where hidden; and which are hidden.

    Hidden is what rests on too few printed units, is dominated by its largest contributors, or has a negative part.
    """
    hidden = (n_printed < fewest_units(rule)) | negative | dominated(amount, largest, second, rule=rule)
    base = bases(amount, rule=rule, events=events)
    # Halves go up, whatever the number before them: 12.5 at base 5 is 15, and 7.5 is 10.
    values = np.floor(amount / base + 0.5) * base
    return np.where(hidden, np.nan, values), hidden


def dominated(amount: Amounts, largest: Amounts, second: Amounts, *, rule: Rule) -> Marks:
    """Whether the largest contributors bring the rule's share, or the second could tell the first to within p per cent."""
    if rule.top_k > _KNOWN_TOP:
        raise Broken("A cell tells of its two largest contributors; the rule asks for more.", reason="amount_rule")
    top = largest + second if rule.top_k == _KNOWN_TOP else largest
    rest = amount - largest - second
    # A cell of nothing but zeros tells what each of its units brought, and is hidden with them.
    marks: Marks = (top >= rule.top_share * amount) | (rest < rule.p_percent / 100 * largest) | np.isnan(top)
    return marks


def reasons(
    n_printed: NDArray[np.int64], cells: AmountCells, *, shown: Marks, rule: Rule
) -> tuple[Withheld | None, ...]:
    """Why each amount is hidden, the first reason that holds; for the people who review it, not for readers.

    A reader told which cells protect others would know which ones the others are.
    """
    few, dominant = n_printed < fewest_units(rule), dominated(cells.amount, cells.largest, cells.second, rule=rule)
    order = (
        (shown, None),
        (cells.negative, Withheld.NEGATIVE),
        (few, Withheld.FEW_UNITS),
        (dominant, Withheld.DOMINATED),
    )
    return tuple(
        next((why for marks, why in order if marks[place]), Withheld.PROTECTS_ANOTHER) for place in range(len(few))
    )


def bases(amount: Amounts, *, rule: Rule, events: bool = False) -> Amounts:
    """To multiples of what each amount is rounded: the rule's base for events, else one of its last figure kept."""
    if events:
        return np.full(amount.shape, float(rule.event_base))
    size = np.abs(np.where(np.isnan(amount) | (amount == 0), 1.0, amount))
    found: Amounts = 10.0 ** (np.floor(np.log10(size)) + 1 - rule.amount_figures)
    return found
