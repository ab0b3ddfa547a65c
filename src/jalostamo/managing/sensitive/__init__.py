"""The sensitive environment: the only rooms that may see a person. Only the closed room's door reaches them.

Handbook 2.6.
"""
