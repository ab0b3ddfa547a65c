"""The public register of analyses: what anybody may know of what was decided, by the publicity of each decision.

Handbook 2.6, phase 3 (transparency towards residents).
"""
