"""The sports register of the Swedish-speaking department: passes, visits and courses; two changes are planted in its visits.

Handbook 2.2 (service events).
"""

from jalostamo.city.sports.delivery import deliver_sports
from jalostamo.city.sports.description import SPORTS

__all__ = ["SPORTS", "deliver_sports"]
