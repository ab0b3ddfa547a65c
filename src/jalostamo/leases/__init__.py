"""Restartable work under leases: what is begun is ended once, by one worker, whatever is killed, paused or switched off.

It knows steps, digests and counts, never what the work is about; where jobs are kept and what time it is are handed in.

Handbook 2.6, phases 4 and 5.
"""
