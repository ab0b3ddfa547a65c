"""Keys: each in a file of its own, random, wrapped in a key-encryption key, and destroyed for good where it must be.

Handbook 2.6 (the sensitive environment).
"""

from jalostamo.managing.sensitive.keys.destroyed import Certificate, Destroyed, certificate_in
from jalostamo.managing.sensitive.keys.erasure import Erasure, verify_erasure
from jalostamo.managing.sensitive.keys.secret import Passphrase, Secret
from jalostamo.managing.sensitive.keys.store import KeyStore, opened_keys
from jalostamo.managing.sensitive.keys.unlocking import ByFile, ByPassphrase, Cost, Unlocking

__all__ = [
    "ByFile",
    "ByPassphrase",
    "Certificate",
    "Cost",
    "Destroyed",
    "Erasure",
    "KeyStore",
    "Passphrase",
    "Secret",
    "Unlocking",
    "certificate_in",
    "opened_keys",
    "verify_erasure",
]
