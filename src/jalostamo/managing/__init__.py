"""Level 1, managing information: data is asked for, read, described and moved; only `sensitive` may see a person.

Handbook 2.3 (the three levels) and 2.6.
"""
