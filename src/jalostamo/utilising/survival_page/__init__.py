"""A page and a picture of the time to event in one table of one's own: exact, for whoever may see the table.

Handbook 2.2 (visualising, understanding and assessing the results).
"""
