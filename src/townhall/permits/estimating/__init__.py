"""The estimate of benefit, risk and cost as a guided form: asked part by part, drawn as matrices, reviewed and handed in.

Handbook 2.6, phase 2; Appendix 1.
"""
