"""Synthetic twins: tables as the release of a request would have them, drawn from descriptions alone, and nobody's.

Handbook 2.2 (the analytic environment) and 2.6, phase 7.
"""
