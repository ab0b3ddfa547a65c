"""People and their roles: who may sign in, and who holds which standing role, given by one and confirmed by another.

Handbook 2.1, 2.4 and 2.6.
"""
