"""What an auditor sees: who opened what, whether every chain of events holds, and a chain to take along.

Handbook 2.6.
"""
