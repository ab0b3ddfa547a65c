"""Attacks on a written release: what somebody who has it, and knows what she may know, can really find out.

Its neighbours recount what was promised; this room tries what nobody promised away.
Handbook 2.6, phase 5 (the results of the processing are validated).
"""
