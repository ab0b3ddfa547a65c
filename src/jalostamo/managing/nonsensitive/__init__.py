"""What may leave the sensitive environment, and how it is found and read there where analysts are.

Handbook 2.6.
"""
