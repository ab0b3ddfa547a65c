"""The benefit, risk and cost estimate: the form as data, its answers, and what follows from them.

It differs from the description of an analysis, which says what is asked for; here is said what it is worth and may harm.

Handbook 2.6, phase 2; Appendix 1.
"""
