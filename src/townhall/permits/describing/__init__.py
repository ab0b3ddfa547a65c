"""The description of an analysis as a guided form: from a need to exactly the data that its hypotheses ask for.

Handbook 2.6, phase 1; 2.2.
"""
