"""Cases and ideas in counts, what the support function looks at, and how units share the work.

Handbook 2.1 and 2.4.
"""
