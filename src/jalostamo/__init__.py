"""The library of Jalostamo: the handbook's refining of customer information, without any web.

Handbook 2 and 3.
"""
