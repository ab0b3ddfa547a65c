"""What every page shares: its frame, its words in three languages, its look, and what is said when something is wrong.

Handbook 2.3.
"""
