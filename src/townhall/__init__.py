"""Townhall: where people click and where things are kept; pages over the library, which knows no web.

Handbook 2.6.
"""
