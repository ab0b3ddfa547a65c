"""Customers: whom a city serves, and whom an analysis counts.

Handbook 2.1 (the five kinds of customer) and Concepts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from jalostamo.concepts.languages import Text


class CustomerKind(StrEnum):
    """A customer is one of these; the last two have relationships with a city, but no register of persons."""

    PERSON = "person"
    HOUSEHOLD = "household"
    BUSINESS = "business"
    COMMUNITY = "community"
    SOCIETY = "society"
    ENVIRONMENT = "environment"


KEY_SPACE: Final = 100_000_000
"""Record keys, which the noise of printed counts is made of, are whole numbers from 0 to this, which is left out."""

COUNTED_KINDS: Final = (CustomerKind.PERSON, CustomerKind.HOUSEHOLD, CustomerKind.BUSINESS, CustomerKind.COMMUNITY)
"""The kinds that can be the unit of an analysis: there is a key by which they are told apart."""

CUSTOMER_LABELS: Final[dict[CustomerKind, Text]] = {
    CustomerKind.PERSON: Text("henkilö", "person", "person"),
    CustomerKind.HOUSEHOLD: Text("kotitalous", "hushåll", "household"),
    CustomerKind.BUSINESS: Text("yritys", "företag", "business"),
    CustomerKind.COMMUNITY: Text("yhteisö", "sammanslutning", "community"),
    CustomerKind.SOCIETY: Text("yhteiskunta", "samhälle", "society"),
    CustomerKind.ENVIRONMENT: Text("ympäristö", "miljö", "environment"),
}
