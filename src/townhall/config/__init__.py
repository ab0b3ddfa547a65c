"""How townhall is set up: settings from one file of an installation, addresses, and the way in for a web server.

Handbook 2.6.
"""
