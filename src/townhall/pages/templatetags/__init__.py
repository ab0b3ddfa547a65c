"""What templates may ask for.

Handbook 2.3.
"""
