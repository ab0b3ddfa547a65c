"""What templates of permits may ask for.

Handbook 2.1 and 2.6.
"""
