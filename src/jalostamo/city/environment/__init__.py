"""The register of the operating environment: indicators of the districts month by month, and the weather.

Handbook 3.1.2 (the kinds of information used in grouping).
"""

from jalostamo.city.environment.delivery import deliver_environment
from jalostamo.city.environment.description import ENVIRONMENT

__all__ = ["ENVIRONMENT", "deliver_environment"]
