"""Analyses: one frozen definition in, one table of results out, the same on a release, on one's own log and inside.

Handbook 2.2 (modelling and analysing data) and 2.3 (methods of analysis).
"""
