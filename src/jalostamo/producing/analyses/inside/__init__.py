"""Inside: an analysis as cells that the closed room counts and prints, one cell for each link, node and pair of services.

Handbook 2.6, phases 5 and 8.
"""
