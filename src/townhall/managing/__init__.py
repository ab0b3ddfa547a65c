"""Registers on pages: what each source holds, who answers for it and how sensitive it is, without a row of it.

Handbook 2.2 (data descriptions).
"""
