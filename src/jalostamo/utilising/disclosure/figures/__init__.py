"""Figures beside the counts: reckoned from printed counts, with the noise accounted for.

Handbook 2.3.
"""
