"""Putting files and folders in their places so that a crash, a kill or a full disk leaves the old or the new, never a torn one.

Everything that changes the disk goes through one small interface, so that a model can try every crash there is.

Handbook 2.6, phase 5.
"""
