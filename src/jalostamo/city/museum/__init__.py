"""The museum's live database: who visits and signs up for what, and a yearly survey of seven needs with five groups in it.

Handbook 3.1.2 (grouping of customers).
"""

from jalostamo.city.museum.delivery import deliver_museum
from jalostamo.city.museum.description import MUSEUM

__all__ = ["MUSEUM", "deliver_museum"]
