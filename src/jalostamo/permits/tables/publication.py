"""The table of one publication: drafted, looked at as its outputs ask, published, corrected, suspended, ended.

Printed cells pass the gate and need no person; a model or a chart of free form one checker; microdata two, each blind
to the other. The matrix of Appendix 1, section 6, governs opening and nothing else.

Handbook 2.6, phase 8; Appendix 1, section 6.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.machines import Machine, PublicationState
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.people import Automaton
from jalostamo.permits.transitions import Transition, each_of, one_of
from jalostamo.permits.work_papers import Clearance, Correction, GatePassed, PublicationDraft, SupportView

_S = PublicationState
_INI, _ANA, _OUT, _PUB = Role.INITIATOR, Role.ANALYST, Role.OUTPUT_CHECKER, Role.PUBLISHER
_DSP, _PRV, _SUP = Role.DATA_SECURITY_PERSON, Role.PRIVACY_PERSON, Role.SUPPORT_FUNCTION_EXPERT
_BRM, _RSK, _CTY = Role.BRANCH_MANAGER, Role.RISK_MANAGER, Role.CITY_MANAGER
_GATE = Automaton.GATE
_row = partial(Transition, machine=Machine.PUBLICATION)

ROWS: Final = (
    _row("P1", sources=(_S.NOT_YET, _S.REPORTING), command="draft_publication", to=_S.REPORTING,
         signatures=one_of(_ANA, _PUB), paper=PublicationDraft, event="PublicationDrafted",
         guards=("permit_in_force", "results_are_of_this_case")),
    _row("P2", sources=(_S.REPORTING,), command="refer_to_support", to=_S.CONSIDERING, signatures=one_of(_ANA, _PUB),
         paper=Note, event="ReferredToSupport", guards=("matrix_says_consider",), notifies=(_SUP,)),
    _row("P3", sources=(_S.CONSIDERING,), command="give_support_view", to=_S.REPORTING, signatures=one_of(_SUP),
         paper=SupportView, event="SupportViewGiven", guards=("text_written",), notifies=(_ANA, _PUB)),
    _row("P4", sources=(_S.REPORTING,), command="decide_against_matrix", to=None,
         signatures=one_of(_DSP, _BRM, _RSK, _CTY), paper=Reasoned, event="MatrixOverridden",
         guards=("reason_given", "body_of_the_level")),
    _row("P5", sources=(_S.REPORTING,), command="submit_for_clearance", to=_S.CLEARING, signatures=one_of(_ANA),
         paper=Note, event="ClearanceAsked",
         guards=("permit_in_force", "results_are_of_this_case", "exposure_covered", "matrix_respected"),
         notifies=(_OUT,)),
    _row("P6", sources=(_S.CLEARING,), command="pass_gate", to=_S.CLEARED, signatures=one_of(_GATE),
         paper=GatePassed, event="GatePassed", guards=("kind_is_printed_cells", "exact_outputs"), notifies=(_PUB,)),
    _row("P7", sources=(_S.CLEARING,), command="clear_output", to=_S.CLEARED, signatures=one_of(_OUT),
         paper=Clearance, event="OutputCleared",
         guards=("kind_is_model_or_chart", "exact_outputs", "checkers_trained"), notifies=(_PUB,)),
    _row("P8", sources=(_S.CLEARING,), command="clear_microdata", to=_S.CLEARED, signatures=each_of(_OUT, _OUT),
         paper=Clearance, event="MicrodataCleared",
         guards=("kind_is_microdata", "exact_outputs", "checkers_trained"), notifies=(_PUB,)),
    _row("P9", sources=(_S.CLEARING, _S.CLEARED), command="send_back", to=_S.REPORTING, signatures=one_of(_OUT, _INI),
         paper=Reasoned, event="PublicationSentBack", guards=("reason_given",), notifies=(_ANA,), protects=True),
    _row("P10", sources=(_S.CLEARED,), command="publish", to=_S.IN_USE, signatures=one_of(_PUB), paper=Note,
         event="Published", guards=("may_analyse", "sources_still_granted", "exposure_covered", "matrix_respected"), notifies=(_INI,)),
    _row("P11", sources=(_S.IN_USE,), command="refresh", to=None, signatures=one_of(_GATE), paper=GatePassed,
         event="PublicationRefreshed", guards=("may_analyse", "sources_still_granted", "kind_is_printed_cells", "outputs_of_a_rerun")),
    _row("P12", sources=(_S.IN_USE, _S.SUSPENDED), command="correct", to=_S.REPORTING,
         signatures=one_of(_ANA, _DSP, _PRV), paper=Correction, event="CorrectionOrdered", guards=("correction_told",),
         notifies=(_INI, _PUB, Role.SERVICE_UNIT_READER, Role.OUTSIDE_RESEARCHER), protects=True),
    _row("P13", sources=(_S.IN_USE,), command="suspend_publication", to=_S.SUSPENDED, signatures=one_of(_DSP, _PRV),
         paper=Reasoned, event="PublicationSuspended", guards=("reason_given",), notifies=(_INI, _PUB), protects=True),
    _row("P14", sources=(_S.SUSPENDED,), command="resume_publication", to=_S.IN_USE, signatures=each_of(_DSP, _PUB),
         paper=Reasoned, event="PublicationResumed", guards=("reason_given", "may_analyse")),
    _row("P15", sources=tuple(s for s in _S if s not in {_S.NOT_YET, _S.WITHDRAWN, _S.CLOSED}),
         command="withdraw_publication", to=_S.WITHDRAWN, signatures=one_of(_INI, _PUB, _DSP, _PRV), paper=Reasoned,
         event="PublicationWithdrawn", guards=("reason_given",), notifies=(_INI, _PUB), protects=True),
    _row("P16", sources=(_S.IN_USE,), command="close_publication", to=_S.CLOSED, signatures=one_of(_INI, _PUB),
         paper=Note, event="PublicationClosed"),
)  # fmt: skip
