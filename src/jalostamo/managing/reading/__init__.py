"""Reading sources by their declared schema: every record is loaded or rejected with its reason, and the two add up.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from jalostamo.managing.reading.fields import FAULT
from jalostamo.managing.reading.rejections import WAYS, Rejection
from jalostamo.managing.reading.tables import LINES_SHOWN, Reading, read_table, refuse_rejected

__all__ = ["FAULT", "LINES_SHOWN", "WAYS", "Reading", "Rejection", "read_table", "refuse_rejected"]
