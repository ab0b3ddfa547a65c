"""The table of one data request: what is asked of one source, what its owner answers, and how its data is delivered.

If personal data is expected, the analyst has no command here once the fields are agreed.

Handbook 2.6, phase 4.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.machines import Machine, RequestState
from jalostamo.permits.papers import AccessGranted, FieldsAgreed, Note, Reasoned
from jalostamo.permits.people import Automaton
from jalostamo.permits.transitions import Transition, each_of, one_of, together
from jalostamo.permits.work_papers import Picked, Received, Transferred

_S = RequestState
_INI, _ANA, _OWN, _BRM = Role.INITIATOR, Role.ANALYST, Role.SOURCE_SYSTEM_OWNER, Role.BRANCH_MANAGER
_SYS, _ANO, _ROOM = Role.SYSTEMS_EXPERT, Role.ANONYMISATION_EXPERT, Automaton.CLOSED_ROOM
_row = partial(Transition, machine=Machine.REQUEST)

ROWS: Final = (
    _row("Q1", sources=(_S.DRAFT,), command="send_request", to=_S.SENT, signatures=one_of(_ANA), paper=Note,
         event="RequestSent", guards=("permit_is_requesting",), notifies=(_OWN, _BRM, _SYS)),
    _row("Q2", sources=(_S.SENT,), command="agree_fields", to=_S.FIELDS_AGREED, signatures=together(_ANA, _SYS),
         paper=FieldsAgreed, event="FieldsAgreed", guards=("permit_is_requesting", "fields_within_decision"),
         notifies=(_OWN, _BRM)),
    _row("Q2a", sources=(_S.FIELDS_AGREED,), command="reopen_fields", to=_S.SENT, signatures=one_of(_SYS, _OWN),
         paper=Reasoned, event="FieldsReopened", guards=("permit_is_requesting", "reason_given"), notifies=(_ANA,)),
    _row("Q3", sources=(_S.FIELDS_AGREED,), command="grant_access", to=_S.GRANTED, signatures=each_of(_BRM, _OWN),
         paper=AccessGranted, event="AccessGranted", guards=("permit_is_requesting", "law_allows"),
         notifies=(_ANA, _SYS)),
    _row("Q4", sources=(_S.SENT, _S.FIELDS_AGREED), command="refuse_access", to=_S.REFUSED,
         signatures=one_of(_BRM, _OWN), paper=Reasoned, event="AccessRefused", guards=("reason_given",),
         notifies=(_INI, _ANA), protects=True),
    _row("Q4a", sources=(_S.GRANTED, _S.PICKED, _S.TRANSFERRED, _S.DELIVERED), command="withdraw_access",
         to=_S.REFUSED, signatures=one_of(_BRM, _OWN), paper=Reasoned, event="AccessWithdrawn",
         guards=("reason_given",), notifies=(_INI, _ANA, _ANO), protects=True),
    _row("Q5", sources=(_S.GRANTED, _S.DELIVERED), command="pick", to=_S.PICKED, signatures=one_of(_SYS, _ROOM),
         paper=Picked, event="FieldsPicked", guards=("order_in_force", "only_agreed_fields", "law_still_allows", "rule_set_was_validated")),
    _row("Q6", sources=(_S.PICKED,), command="transfer", to=_S.TRANSFERRED, signatures=one_of(_SYS, _ROOM),
         paper=Transferred, event="DataTransferred", guards=("order_in_force", "technique_as_agreed", "rule_set_was_validated")),
    _row("Q7", sources=(_S.TRANSFERRED,), command="receive", to=_S.DELIVERED, signatures=one_of(_ANO, _ROOM),
         paper=Received, event="DataReceived", guards=("order_in_force", "checksum_agrees", "rule_set_was_validated")),
    _row("Q7a", sources=(_S.PICKED, _S.TRANSFERRED), command="reject_delivery", to=_S.GRANTED,
         signatures=one_of(_ANO, _ROOM), paper=Reasoned, event="DeliveryRejected", guards=("reason_given",),
         notifies=(_SYS,), protects=True),
)  # fmt: skip
