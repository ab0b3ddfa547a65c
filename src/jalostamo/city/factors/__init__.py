"""The factors of child protection: thirty real ones among some three hundred candidates, families' records included.

Handbook 2.2 (the example of child protective services).
"""

from jalostamo.city.factors.candidates import Candidates, candidates
from jalostamo.city.factors.multiplying import multiplier_of
from jalostamo.city.factors.tallies import truth_of_factors

__all__ = ["Candidates", "candidates", "multiplier_of", "truth_of_factors"]
