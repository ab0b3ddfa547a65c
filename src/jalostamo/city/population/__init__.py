"""The population register: who lives in the town, where, in which language, and who answers for whom.

Handbook 2.2 (the population register).
"""

from jalostamo.city.population.records import deliver_population

__all__ = ["deliver_population"]
