"""The register of early education: placements of children under school age, and their attendance month by month.

Handbook 2.2 (service events).
"""

from jalostamo.city.early_education.delivery import deliver_early_education
from jalostamo.city.early_education.description import EARLY_EDUCATION

__all__ = ["EARLY_EDUCATION", "deliver_early_education"]
