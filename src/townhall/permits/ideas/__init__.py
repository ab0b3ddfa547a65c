"""The backlog of ideas on pages: proposed, weighed, handed to a unit, and grown into an initiative or laid aside.

Handbook 2.1 (the operational models).
"""
