"""What each figure of the suite means, in words for whoever protects data and does not reckon.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import Final

MEANS: Final = {
    "singling_out.risk": "from the release alone, conditions can be made that fit exactly one person of the source",
    "singling_out.smallest_class": "rows that are alike in the smallest class",
    "singling_out.alone_in_release": "share of rows that no other is like",
    "singling_out.alone_in_source": "share of people whom nobody in the source is like",
    "singling_out.alone_with_value": "share of rows that are alone in their class with what they tell",
    "linkability.risk": "two lists that know different columns of the same people can be joined through the release",
    "inference.risk": "what is to be hidden is guessed better of people in the release than of people who are not",
    "insider.fewest_candidates": "rows among which the holder of the source must seek a person, at least",
    "insider.fewest_units": "different persons, or households, that the people of a class are, at least",
    "insider.share_below": "share of people with fewer candidates than are asked",
    "insider.certain": "share of people of whom the holder of the source learns a value for certain",
    "insider.mean_gain": "what the holder of the source learns of a person on average, in bits",
    "homogeneity.one_value": "share of rows in classes in which all have the same value",
    "homogeneity.likely": "share of rows in classes that make a value near to certain",
    "homogeneity.likelier": "share of rows in classes that make a value many times likelier than it was",
    "homogeneity.greatest_ratio": "how many times likelier a class makes a value, at most",
    "row_order.risk": "the order of the rows tells whose they are",
    "minimality.bits": "what the choice of this generalisation among all that there were can tell, in bits",
    "minimality.gain": "how much likelier a value of somebody becomes for who knows why nothing finer was released",
    "downcoding.risk": "the finer value of people is told from the rule that values are made no coarser than need be",
    "crossing.fewest_candidates": "people who are alike in this release and in the earlier one together, at least",
    "crossing.share_below": "share of people with fewer who are alike in both releases than are asked",
    "crossing.one_value": "share of people of whom only one value fits both releases",
    "crossing.changed": "share of people whose class tells other values than it did before",
    "crossing.left_over": "people who are told of by taking the rows of one release from those of the other",
    "differencing.small": "printed cells from which a few people are left when the rows of the release are taken away",
}
"""Every figure that the suite finds."""
