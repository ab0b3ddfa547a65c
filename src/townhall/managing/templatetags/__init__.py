"""What templates of the catalogue may ask for.

Handbook 2.2 (data descriptions).
"""
