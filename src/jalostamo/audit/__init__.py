"""The audit log: who did what to which object, on the disk before it is done, and changed by nobody unseen.

Tamper-evident up to the last exported checkpoint, and no further: what follows it, whoever holds the log's key can
still leave out or write anew. Nothing in it is about a customer, so that erasure and a log that only grows do not fight.

Handbook 2.6 (data protection by design; separate environments).
"""
