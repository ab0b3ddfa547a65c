"""What townhall does by itself: letters that are sent, days that pass; under the library's leases, killed or not.

Handbook 2.6.
"""
