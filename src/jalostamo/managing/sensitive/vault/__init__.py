"""The vault: sealed documents and tables, each with a key of its own, and destroyed with it when its day has come.

Handbook 2.6 (the sensitive environment).
"""

from jalostamo.managing.sensitive.vault.containers import Label
from jalostamo.managing.sensitive.vault.shelf import Vault, openers

__all__ = ["Label", "Vault", "openers"]
