"""The quality of a source: what it is like by field and unit, where its recording changed, how late it comes, what to ask its owner.

It decides on counts of months and units; no record and no value of a person is in any of its values.

Handbook 2.2 (deficiencies found in the data) and 2.6 (recognising personal data).
"""
