"""The ledger of everything printed, and what it refuses.

Handbook 2.6, phase 8.
"""
