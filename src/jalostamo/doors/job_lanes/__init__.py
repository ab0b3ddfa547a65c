"""What a job of the open room can be: a definition, one SELECT, a notebook or script, or a script of R; all within walls.

Handbook 2.6 (the non-sensitive environment) and phase 7.
"""
