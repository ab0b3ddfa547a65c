"""Cubes: a frozen definition in, every cell and margin of it counted; what they are printed as is decided elsewhere.

Handbook 2.3 (repeatability) and 2.6, phase 8.
"""
