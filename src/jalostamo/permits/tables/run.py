"""The table of one run: ordered, prepared for, analysed, finished; many under one permit.

A run that only repeats what was decided, or stays within it, needs nobody's signature; people see the exceptions.

Handbook 2.6, phases 5 and 7.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.machines import Machine, RunState
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.people import Automaton
from jalostamo.permits.transitions import Transition, one_of
from jalostamo.permits.work_papers import AdHocQuestion, Failed, Finished, HandedOver, RunOrdered

_S = RunState
_ANA, _ANO, _DSP = Role.ANALYST, Role.ANONYMISATION_EXPERT, Role.DATA_SECURITY_PERSON
_CLOCK, _ROOM, _PROCESS = Automaton.SCHEDULER, Automaton.CLOSED_ROOM, Automaton.PROCESS
_row = partial(Transition, machine=Machine.RUN)

ROWS: Final = (
    _row("U1", sources=(_S.NOT_YET,), command="order_run", to=_S.ORDERED, signatures=one_of(_ANA, _CLOCK),
         paper=RunOrdered, event="RunOrdered",
         guards=("run_may_be_ordered", "within_the_decision", "run_matches_its_kind", "logins_known", "model_fits",
                 "one_run_at_a_time"),
         notifies=(_ANO, _DSP)),
    _row("U1a", sources=(_S.NOT_YET,), command="ask_ad_hoc", to=_S.ANALYSING, signatures=one_of(_ANA),
         paper=AdHocQuestion, event="AdHocQuestionAsked",
         guards=("may_analyse", "sources_still_granted", "lane_is_cells", "material_is_there", "model_fits")),
    _row("U2", sources=(_S.ORDERED,), command="start_preparing", to=_S.PREPARING, signatures=one_of(_ANO, _ROOM),
         paper=Note, event="PreparingStarted", guards=("order_in_force", "every_source_delivered", "rule_set_was_validated")),
    _row("U3", sources=(_S.PREPARING,), command="report_prepared", to=_S.PREPARED, signatures=one_of(_PROCESS, _ROOM),
         paper=Note, event="RunPrepared", guards=("dataset_is_ready",), notifies=(_ANA,)),
    _row("U4", sources=(_S.ORDERED, _S.PREPARING), command="stop_run", to=_S.STOPPED, signatures=one_of(_ANO, _ROOM),
         paper=Failed, event="RunStopped", guards=("reason_given",), notifies=(_ANA, _ANO), protects=True),
    _row("U5", sources=(_S.STOPPED,), command="restart_run", to=_S.ORDERED, signatures=one_of(_ANO), paper=Reasoned,
         event="RunRestarted", guards=("reason_given", "order_in_force")),
    _row("U6", sources=(_S.PREPARED,), command="start_analysis", to=_S.ANALYSING, signatures=one_of(_ANA, _ROOM),
         paper=Note, event="AnalysisStarted",
         guards=("may_analyse", "dataset_is_ready", "validation_holds", "sources_still_granted", "users_still_fit",
                 "reassessed_for_this", "model_fits")),
    _row("U7", sources=(_S.ANALYSING,), command="finish_analysis", to=_S.FINISHED, signatures=one_of(_ANA, _ROOM),
         paper=Finished, event="AnalysisFinished", guards=("may_analyse", "sources_still_granted", "results_named", "gate_was_passed")),
    _row("U8", sources=(_S.ORDERED, _S.PREPARING, _S.STOPPED, _S.PREPARED, _S.ANALYSING), command="cancel_run",
         to=_S.CANCELLED, signatures=one_of(_ANA, _ANO, _DSP), paper=Reasoned, event="RunCancelled",
         guards=("reason_given",), notifies=(_ANA, _ANO), protects=True),
    _row("U9", sources=(_S.FINISHED,), command="hand_over", to=None, signatures=one_of(_ANA), paper=HandedOver,
         event="ResultsHandedOver", guards=("may_analyse", "to_the_commissioning_unit"), notifies=(Role.INITIATOR,)),
)  # fmt: skip
