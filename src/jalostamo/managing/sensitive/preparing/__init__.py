"""Preparing: linked data becomes data that may leave, its identifiers replaced, its fields made coarse, its rare people left out.

Handbook 2.6, phase 5.
"""
