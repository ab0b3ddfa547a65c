"""The page of an analysis: what a method found, drawn and told in one language, with all that it rests on.

Handbook 2.2 (visualising, understanding and assessing the results).
"""
