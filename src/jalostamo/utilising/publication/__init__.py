"""The means of publishing: one result in several forms, each with the same numbers.

Handbook 2.3 (means of publishing the data by role).
"""
