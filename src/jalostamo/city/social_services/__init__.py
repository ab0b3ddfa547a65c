"""The register of the social services: what was decided of children, their contacts, and the notifications of them.

Handbook 2.2 (the example of child protective services).
"""

from jalostamo.city.social_services.records import deliver_social_services

__all__ = ["deliver_social_services"]
