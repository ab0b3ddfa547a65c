"""Why two results of one definition differ: code lists, corrections, late records, real change, and what cannot be told.

Handbook 2.3 (repeatability) and 2.4 (the quality of source data).
"""
