"""Disclosure control: what every figure passes before anyone outside the closed room sees it.

Handbook 2.3; 2.6, phase 6.
"""
