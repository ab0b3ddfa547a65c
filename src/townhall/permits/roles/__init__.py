"""Roles on pages: given by one, confirmed by another, ended, and the history kept.

Handbook 2.4.
"""
