"""Permits on pages: cases as signed events, what waits for whom, and the papers of the eight phases.

Handbook 2.6; Appendix 1.
"""
