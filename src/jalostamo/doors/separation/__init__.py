"""Proving the separation: every forbidden act is really tried, as each of the identities, and what happened is told.

Handbook 2.6 (neither the right nor the technical opportunity to see unanonymised data).
"""
