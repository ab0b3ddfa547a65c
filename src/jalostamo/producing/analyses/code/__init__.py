"""The code that gives the figures of an analysis without this product.

Handbook 2.3 (repeatability).
"""
