"""Utilising information: someone receives what was found out, in the form that suits their need.

Handbook 2.3.
"""
