"""The feedback register: what people say of the services in their own words, and a short survey after visits.

Handbook 3.1.2 (qualitative and tacit information; feedback).
"""

from jalostamo.city.feedback.delivery import deliver_feedback
from jalostamo.city.feedback.description import FEEDBACK

__all__ = ["FEEDBACK", "deliver_feedback"]
