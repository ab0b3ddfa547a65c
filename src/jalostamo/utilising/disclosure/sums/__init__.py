"""Sums, money and events: rounded, and hidden where a few bring most of them, or where another one would be told.

Handbook 2.6, phase 8.
"""
