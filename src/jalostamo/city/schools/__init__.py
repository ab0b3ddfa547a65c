"""The register of the schools: an old system of lines of fixed width, with enrolments, absences, welfare and support.

Handbook 2.2 (service events).
"""

from jalostamo.city.schools.delivery import deliver_schools
from jalostamo.city.schools.description import SCHOOLS

__all__ = ["SCHOOLS", "deliver_schools"]
