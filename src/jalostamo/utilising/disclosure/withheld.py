"""Why a figure or a comparison beside the counts is not shown: one reason each, with its sentence for the reader.

What is withheld is decided from printed numbers alone (amounts excepted, whose contributions the gate still sees).

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.languages import Text

if TYPE_CHECKING:
    from jalostamo.utilising.disclosure.rules import Rule

FEWEST_UNITS: Final = 10
"""Order statistics, curves, correlations and amounts need this many printed units even where counts alone need fewer."""


class Withheld(StrEnum):
    """Withheld is the reason why a figure, or a comparison of two that could be, is not shown."""

    FEW_UNITS = "few_units"
    BELOW_GRID = "below_grid"
    ABOVE_GRID = "above_grid"
    NOT_REACHED = "not_reached"
    FEW_FREE = "few_free"
    NO_VARIATION = "no_variation"
    DOMINATED = "dominated"
    NEGATIVE = "negative"
    PROTECTS_ANOTHER = "protects_another"
    UNBOUNDED = "unbounded"
    FEW_STRATA = "few_strata"


SENTENCES: Final[dict[Withheld, Text]] = {
    Withheld.FEW_UNITS: Text("Yksiköitä on liian vähän.", "Enheterna är för få.", "There are too few units."),
    Withheld.BELOW_GRID: Text(
        "Luku on ensimmäisessä ilmoitetussa pisteessä tai sitä pienempi.",
        "Talet är den första angivna punkten eller mindre.",
        "The figure is the first declared point, or less.",
    ),
    Withheld.ABOVE_GRID: Text(
        "Luku on suurempi kuin viimeinen ilmoitettu piste.",
        "Talet är större än den sista angivna punkten.",
        "The figure lies above the last declared point.",
    ),
    Withheld.NOT_REACHED: Text(
        "Puolella tapahtumaa ei ole vielä nähty.",
        "För hälften har händelsen ännu inte setts.",
        "Half have not yet been seen to have the event.",
    ),
    Withheld.FEW_FREE: Text(
        "Havaintoja on liian vähän luokkien määrään nähden.",
        "Observationerna är för få i förhållande till antalet klasser.",
        "There are too few observations for so many classes.",
    ),
    Withheld.NO_VARIATION: Text(
        "Kaikki ovat samassa luokassa, joten yhteyttä ei voi laskea.",
        "Alla finns i samma klass, och något samband kan inte beräknas.",
        "All are in one class, so that no association can be computed.",
    ),
    Withheld.DOMINATED: Text(
        "Yksi tai kaksi yksikköä muodostaa lähes koko summan.",
        "En eller två enheter står för nästan hela summan.",
        "One or two units make up nearly all of the sum.",
    ),
    Withheld.NEGATIVE: Text(
        "Summassa on negatiivisia osia: ihminen arvioi sen ennen julkaisemista.",
        "Summan har negativa delar: en människa granskar den före publicering.",
        "The sum has negative parts: a person reviews it before it is shown.",
    ),
    Withheld.PROTECTS_ANOTHER: Text(
        "Luku on piilotettu, jotta toista piilotettua lukua ei voi laskea vähentämällä.",
        "Talet är dolt för att ett annat dolt tal inte ska kunna räknas ut genom subtraktion.",
        "The figure is hidden so that another hidden one cannot be found by subtraction.",
    ),
    Withheld.UNBOUNDED: Text(
        "Vertailuryhmän luku voi olla nolla, joten suhteella ei ole ylärajaa: katso erotusta.",
        "Jämförelsegruppens tal kan vara noll, och kvoten saknar då övre gräns: se på skillnaden.",
        "The reference may be nought, so that the ratio has no upper end: look at the difference.",
    ),
    Withheld.FEW_STRATA: Text(
        "Liian moni luokka on liian pieni, jotta rakenteen voisi vakioida.",
        "För många klasser är för små för att strukturen ska kunna standardiseras.",
        "Too many strata are too small for standardising.",
    ),
}


def enough_units(printed: int, rule: Rule) -> bool:
    """Whether a base, as printed, carries a median, a curve, a correlation or an amount under a rule."""
    return printed >= fewest_units(rule)


def fewest_units(rule: Rule) -> int:
    """The printed units below which no median, curve, correlation or amount is shown under a rule."""
    return max(rule.least, FEWEST_UNITS)
