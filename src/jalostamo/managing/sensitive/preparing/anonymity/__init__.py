"""Anonymising rows: the best full-domain generalisation of one table is searched on its counted combinations.

Handbook 2.6, phase 5.
"""
