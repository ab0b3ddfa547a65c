"""Papers of a case to keep and to hand round: the form and the decision, as tagged PDF and as files for board papers.

Handbook 2.6, phase 3; Appendix 1.
"""
