"""The library's register: who has a card, and every loan; tastes that last are planted in it.

Handbook 2.2 (service events) and 3.3.1 (recommendation by group and history).
"""

from jalostamo.city.library.delivery import deliver_library
from jalostamo.city.library.description import LIBRARY

__all__ = ["LIBRARY", "deliver_library"]
