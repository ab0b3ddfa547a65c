"""Playing: the fixed, fictional cast decides a permit in townhall's place, at the level of a demonstration alone.

Handbook 2.6.
"""
