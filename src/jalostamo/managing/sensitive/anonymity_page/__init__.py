"""The page of one table made coarser, for whoever looks after data protection; it is drawn from files, never from rows.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""
