"""The doors: what is called from a command line, looks at the clock, reads settings and prints; nothing else does.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""
