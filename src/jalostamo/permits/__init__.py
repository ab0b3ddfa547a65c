"""Whether an analysis may proceed: initiatives, estimates, the table of eight phases, duties, decisions and orders.

Values go in and values come out: no file, no database, no clock and no current user is known here.

Handbook 2.6; Appendix 1.
"""
