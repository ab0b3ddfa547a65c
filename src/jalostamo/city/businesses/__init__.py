"""The trade register: businesses, the persons behind sole traders, and what businesses have to do with the city.

Handbook 2.2 (business customers).
"""

from jalostamo.city.businesses.records import deliver_businesses

__all__ = ["deliver_businesses"]
