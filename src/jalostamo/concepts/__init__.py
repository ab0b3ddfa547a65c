"""The handbook's Concepts as values: words with a meaning, and nothing that is done to data.

Handbook, Concepts.
"""
