"""The register of costs and capacity: what a unit of each service costs in a year, and what units have and use.

Handbook 2.2 (costs of services).
"""

from jalostamo.city.costs.delivery import deliver_costs
from jalostamo.city.costs.description import COSTS

__all__ = ["COSTS", "deliver_costs"]
