"""The words of the pages, one file for each room, in Finnish, Swedish and English.

Handbook 2.3.
"""
