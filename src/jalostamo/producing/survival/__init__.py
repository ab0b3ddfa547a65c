"""Time to event: how long it takes until something happens, where some are followed no further before it does.

Handbook 2.3 (methods of analysis).
"""
