"""The table of one dataset: received, merged, prepared, described, validated, and released or held.

In the lane of cells nothing is released: the prepared data stays inside, and its quality is confirmed instead.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.machines import DatasetState, Machine
from jalostamo.permits.papers import Note
from jalostamo.permits.people import Automaton
from jalostamo.permits.transitions import Transition, one_of
from jalostamo.permits.work_papers import Described, Failed, Prepared, Validated

_S = DatasetState
_ANO, _VAL, _ROOM = Role.ANONYMISATION_EXPERT, Role.VALIDATOR, Automaton.CLOSED_ROOM
_row = partial(Transition, machine=Machine.DATASET)

ROWS: Final = (
    _row("D1", sources=(_S.AWAITED,), command="take_in", to=_S.RECEIVED, signatures=one_of(_ANO, _ROOM), paper=Note,
         event="DatasetTakenIn", guards=("run_is_preparing", "every_source_delivered", "rule_set_was_validated")),
    _row("D2", sources=(_S.RECEIVED,), command="merge", to=_S.MERGED, signatures=one_of(_ANO, _ROOM),
         paper=Prepared, event="DatasetMerged", guards=("run_is_preparing", "rule_set_was_validated")),
    _row("D3", sources=(_S.MERGED, _S.FAILED), command="prepare", to=_S.PREPARED, signatures=one_of(_ANO, _ROOM),
         paper=Prepared, event="DatasetPrepared", guards=("run_is_preparing", "rule_set_was_validated")),
    _row("D4", sources=(_S.PREPARED,), command="describe_dataset", to=_S.DESCRIBED, signatures=one_of(_ANO, _ROOM),
         paper=Described, event="DatasetDescribed", guards=("run_is_preparing", "rule_set_was_validated")),
    _row("D5", sources=(_S.DESCRIBED,), command="validate", to=_S.VALIDATED, signatures=one_of(_VAL, _ROOM),
         paper=Validated, event="DatasetValidated",
         guards=("run_is_preparing", "lane_is_rows", "aims_met", "rule_set_was_validated")),
    _row("D5a", sources=(_S.DESCRIBED,), command="confirm_quality", to=_S.VALIDATED, signatures=one_of(_ANO, _ROOM),
         paper=Note, event="QualityConfirmed", guards=("run_is_preparing", "lane_is_cells", "rule_set_was_validated")),
    _row("D6", sources=(_S.DESCRIBED,), command="fail_validation", to=_S.FAILED, signatures=one_of(_VAL, _ROOM),
         paper=Failed, event="ValidationFailed", guards=("reason_given",), notifies=(_ANO,), protects=True),
    _row("D7", sources=(_S.VALIDATED, _S.HELD), command="release", to=_S.RELEASED, signatures=one_of(_VAL, _ROOM),
         paper=Note, event="DatasetReleased",
         guards=("run_is_preparing", "lane_is_rows", "class_not_worse", "validation_holds", "users_still_fit",
                 "rule_set_was_validated"),
         notifies=(Role.ANALYST,)),
    _row("D8", sources=(_S.VALIDATED,), command="hold", to=_S.HELD, signatures=one_of(_VAL, _ROOM), paper=Note,
         event="DatasetHeld", guards=("class_is_worse",), notifies=(Role.ANALYST, Role.DATA_SECURITY_PERSON),
         protects=True),
    _row("D9", sources=tuple(state for state in _S if state is not _S.DESTROYED), command="destroy_dataset",
         to=_S.DESTROYED, signatures=one_of(_ANO, _ROOM), paper=Prepared, event="DatasetDestroyed",
         guards=("certificate_given",), protects=True),
)  # fmt: skip
