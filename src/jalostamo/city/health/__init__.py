"""The register of the health services: visits, with their reasons, by a controller and in vocabularies of its own.

Handbook 2.2 (service events).
"""

from jalostamo.city.health.delivery import deliver_health
from jalostamo.city.health.description import HEALTH

__all__ = ["HEALTH", "deliver_health"]
