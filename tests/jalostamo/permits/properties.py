"""What must hold wherever a case goes: the safety properties of the process, each written without the rules it checks.

A property looks at one step and says what it finds wrong, in a word; None where nothing is.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from tests.jalostamo.permits.exploring import Step as Taken

from jalostamo.permits.estimates.risks import processing_risk
from jalostamo.permits.initiative import Publication
from jalostamo.permits.machines import ENDS, DatasetState, PermitState, PublicationState, RequestState, RunState
from jalostamo.permits.standing import allowed
from jalostamo.permits.terms import DataClass, DataSubjects, Lane, Level, Step
from jalostamo.permits.work_papers import OutputKind, RunKind, View

UNPROCESSED = {DataClass.IDENTIFIED, DataClass.PSEUDONYMISED_WITH_KEY, DataClass.ROW_LEVEL_KEY_DESTROYED}
MONTHS = {1: 12, 2: 6}
STOPPED = {
    *ENDS,
    *(PermitState.SUSPENDED, PermitState.OVERDUE, PermitState.REJECTED),
}

type Property = Callable[[Taken], str | None]


def _rank(level: Level) -> int:
    return {Level.LOW: 0, Level.UNCLEAR: 1, Level.MODERATE: 1, Level.HIGH: 2}[level]


def _may_analyse(taken: Taken) -> bool:
    return allowed(taken.after.initiative, taken.after.at).analysing


def s1_the_decided_level_covers(taken: Taken) -> str | None:
    """S1: while analysing is allowed, the decided level is at least the assessed one."""
    i = taken.after.initiative
    if not _may_analyse(taken) and i.state is not PermitState.ANALYSIS:
        return None
    covered = i.decided and i.assessed and _rank(i.decided.level) >= _rank(i.assessed.level)
    return None if covered else "level not covered"


def s1b_a_reassessment_is_young(taken: Taken) -> str | None:
    """S1b: while analysing is allowed above low risk, a reassessment younger than its interval exists."""
    i = taken.after.initiative
    if not _may_analyse(taken) or i.decided is None or _rank(i.decided.level) == 0:
        return None
    if i.reassessed is None:
        return "never reassessed"
    age = (taken.after.at - i.reassessed.at).days
    return None if age < MONTHS[_rank(i.decided.level)] * 31 - 3 else "reassessed too long ago"


def s1d_analysing_happens_only_while_allowed(taken: Taken) -> str | None:
    """S1: an analysis starts, is asked and ends only while analysing is allowed."""
    analyses = taken.command in {"start_analysis", "ask_ad_hoc", "finish_analysis"} and taken.fires
    before = taken.before
    return "not allowed" if analyses and not allowed(before.initiative, before.at).analysing else None


def s1c_what_runs_was_reassessed(taken: Taken) -> str | None:
    """S1b: what an analysis starts on is of the recipe that was reassessed, and of no worse class."""
    i = taken.after.initiative
    if taken.command != "start_analysis" or not taken.fires or i.reassessed is None:
        return None
    (run,) = [run for run in i.runs if run.state is RunState.ANALYSING and run.order][-1:]
    assert run.order is not None
    if run.order.recipe != i.reassessed.recipe:
        return "another recipe"
    worse = run.validated is not None and run.validated.data_class.exposure > i.reassessed.data_class.exposure
    return "a worse class" if worse else None


def s2_sources_are_delivered_and_validated(taken: Taken) -> str | None:
    """S2: an analysis starts on what was delivered whole and validated; a review begins with it."""
    i = taken.after.initiative
    ready = {DatasetState.VALIDATED, DatasetState.RELEASED, DatasetState.HELD}
    if taken.command == "start_analysis" and taken.fires:
        started = [run for run in i.runs if run.state is RunState.ANALYSING]
        return None if all(run.dataset in ready - {DatasetState.HELD} for run in started) else "not validated"
    if taken.command == "take_in" and taken.fires:
        asked = [r for r in i.requests if r.state is not RequestState.DROPPED]
        return None if asked and all(r.state is RequestState.DELIVERED for r in asked) else "not delivered"
    if taken.command == "open_review" and taken.fires:
        return None if any(run.dataset in ready for run in i.runs) else "nothing prepared"
    return None


def s3_nothing_is_in_use_without_its_record(taken: Taken) -> str | None:
    """S3: what is in use passed the gate, or was cleared by one or by two, in exactly these outputs."""
    return next(filter(None, map(_in_use, taken.after.initiative.publications)), None)


def _in_use(made: Publication) -> str | None:
    if made.state is not PublicationState.IN_USE or made.draft is None:
        return None
    if not made.cleared or made.cleared != made.draft.outputs:
        return "other outputs"
    if made.draft.kind is OutputKind.PRINTED_CELLS:
        return None if made.gate_record else "no record of the gate"
    return None if made.clearances >= (2 if made.draft.kind is OutputKind.MICRODATA else 1) else "too few checkers"


def s3b_the_matrix_is_respected(taken: Taken) -> str | None:
    """What is opened beyond the city follows the matrix, the support function's view, or a reasoned decision."""
    i = taken.after.initiative
    for made in i.publications:
        opened = made.state is PublicationState.IN_USE and made.draft and made.draft.audience.exposure > 2
        if not opened or made.overridden or i.assessed is None:
            continue
        cell = i.assessed.cell.value if i.assessed.cell else "consider_further"
        if cell == "do_not_open" or (cell == "consider_further" and made.view in {None, View.DO_NOT_OPEN}):
            return "opened against the matrix"
    return None


def s3c_only_own_results_are_published(taken: Taken) -> str | None:
    """What is in use are results of finished runs of this case, shown no wider than was assessed."""
    i = taken.after.initiative
    results = {result for run in i.runs for result in run.results}
    for made in i.publications:
        if made.state is not PublicationState.IN_USE or made.draft is None or i.decided is None:
            continue
        if not set(made.draft.outputs) <= results:
            return "results of another case"
        widest = max(audience.exposure for audience in i.decided.description.audiences)
        if made.draft.audience.exposure > widest:
            return "a wider audience"
    return None


def s3d_printed_cells_passed_the_gate(taken: Taken) -> str | None:
    """In the lane of cells nothing comes out of a run that has not passed the gate."""
    i = taken.after.initiative
    if i.decided is None or i.decided.description.lane is not Lane.CELLS:
        return None
    return "no record of the gate" if any(run.results and not run.gate_record for run in i.runs) else None


def s4_risk_is_never_below_its_floor(taken: Taken) -> str | None:
    """S4: what has the status of unprocessed data is of high risk, and high it is decided."""
    i = taken.after.initiative
    if i.assessed is None:
        return None
    if i.assessed.data_class in UNPROCESSED and i.assessed.level is not Level.HIGH:
        return "below the floor"
    plain = processing_risk(i.assessed.estimate, i.assessed.data_class, i.settings.floors).level
    if _rank(i.assessed.level) < _rank(plain):
        return "below the form"
    if _may_analyse(taken) and i.decided and i.decided.data_class in UNPROCESSED and i.decided.level is not Level.HIGH:
        return "decided too low"
    return None


def s4b_no_worse_class_leaves(taken: Taken) -> str | None:
    """What is released is of no worse class than was decided, and rows leave only in their lane."""
    i = taken.after.initiative
    if taken.command != "release" or not taken.fires or i.decided is None:
        return None
    if i.decided.description.lane is not Lane.ROWS:
        return "rows in the lane of cells"
    released = [run for run in i.runs if run.dataset is DatasetState.RELEASED and run.validated]
    worse = any(run.validated and run.validated.data_class.exposure > i.decided.data_class.exposure for run in released)
    return "a worse class left" if worse else None


def s5_the_commissioner_is_never_skipped(taken: Taken) -> str | None:
    """S5: where risk stays high after the measures, nothing goes on before the Commissioner has answered."""
    i = taken.after.initiative
    goes_on = taken.command in {"decide_to_continue", "continue_analysis", "reconfirm"} and taken.fires
    if not goes_on:
        return None
    stays_high = i.impact is not None and i.impact.residual_risk is not None and i.impact.residual_risk >= Step.HIGH
    return "not consulted" if stays_high and i.opinion is None else None


def s5b_an_impact_assessment_comes_first(taken: Taken) -> str | None:
    """L-03: a high decision, and a moderate one on children, has an impact assessment."""
    i = taken.after.initiative
    if taken.command != "decide_to_continue" or not taken.fires or i.decided is None:
        return None
    children = DataSubjects.CHILDREN in i.decided.description.subjects
    needed = i.decided.level is Level.HIGH or (i.decided.level is Level.MODERATE and children)
    return "no impact assessment" if needed and i.impact is None else None


def s6_ends_have_no_exits(taken: Taken) -> str | None:
    """S6: nothing moves a case that has ended."""
    before, after = taken.before.initiative, taken.after.initiative
    return "left an end" if before.state in ENDS and after.state is not before.state else None


def s7_owners_have_granted(taken: Taken) -> str | None:
    """Nothing is picked, prepared or analysed against an owner's answer."""
    i = taken.after.initiative
    if (
        taken.command not in {"pick", "take_in", "start_preparing", "start_analysis", "note_all_granted"}
        or not taken.fires
    ):
        return None
    no = {RequestState.DRAFT, RequestState.SENT, RequestState.FIELDS_AGREED, RequestState.REFUSED}
    return "not granted" if any(asked.state in no or asked.law is None for asked in i.requests) else None


def s7b_only_agreed_fields_travel(taken: Taken) -> str | None:
    """Fields that are agreed on, ordered and picked are among those decided."""
    i = taken.after.initiative
    if i.decided is None:
        return None
    asked = {
        f"{source.table}.{name}"
        for source in i.decided.description.sources
        for name in (*source.fields, *source.linking_fields)
    }
    agreed = {field for request in i.requests for field in request.fields}
    ordered = {field for run in i.runs if run.order for _, fields in run.order.fields for field in fields}
    return "fields beyond the decision" if not agreed | ordered <= asked else None


def s7c_validated_means_the_aims_are_met(taken: Taken) -> str | None:
    """A dataset is validated only where the three aims are met and the redactions made."""
    for run in taken.after.initiative.runs:
        v = run.validated
        if v and not (v.no_identification and v.no_connection and v.no_inference and v.redactions_made):
            return "aims unmet"
    return None


def s7d_people_prepare_first(taken: Taken) -> str | None:
    """The closed room acts by itself only in a rerun."""
    i, before = taken.after.initiative, taken.before.initiative
    handled = {"pick", "transfer", "receive", "take_in", "merge", "prepare", "validate", "release", "start_preparing"}
    if taken.command not in handled or not taken.fires or i.acts - before.acts or not i.runs:
        return None
    if taken.automaton and i.runs[-1].order and i.runs[-1].order.kind is not RunKind.RERUN:
        return "the closed room alone"
    return None


def s8_the_right_body_decides(taken: Taken) -> str | None:
    """What is permitted was decided by the body of its level."""
    i = taken.after.initiative
    if i.state is not PermitState.PERMITTED or i.decided is None or i.assessed is None:
        return None
    return None if _rank(i.decided.level) >= _rank(i.assessed.level) else "decided below its level"


def s9_the_privacy_person_is_asked(taken: Taken) -> str | None:
    """The inspection group goes on only after the privacy person's statement on this version, or when her time is over."""
    spoken = {"confirm_low", "escalate_to_management", "escalate_to_city", "continue_analysis", "reconfirm"}
    before = taken.before.initiative
    if taken.command not in spoken or not taken.fires or before.assessed is None:
        return None
    late = taken.before.at > before.asked_since + datetime.timedelta(days=7)
    return None if late or before.privacy_statement_on == before.assessed.version else "unheard"


def s10_nothing_is_allowed_out_of_force(taken: Taken) -> str | None:
    """After the last day, and in a case that is stopped or ended, nothing is retrieved, looked at or analysed."""
    i, now = taken.after.initiative, allowed(taken.after.initiative, taken.after.at)
    over = i.decided is None or taken.after.at.date() > i.decided.valid_until
    open_ = now.preparing or now.reviewing or now.analysing
    return "open out of force" if open_ and (over or i.state in STOPPED) else None


def s10b_nothing_is_published_out_of_force(taken: Taken) -> str | None:
    """Nothing is published or refreshed by a permit that is not in force, or that has to be reassessed first."""
    publishes = taken.command in {"publish", "refresh"} and taken.fires
    i, over = taken.before.initiative, taken.before.at
    late = i.decided is None or over.date() > i.decided.valid_until
    return "published out of force" if publishes and (late or i.state in STOPPED) else None


def s10c_nothing_is_handled_out_of_force(taken: Taken) -> str | None:
    """Nothing is picked, prepared or released by a permit that is not in force."""
    handled = {"order_run", "pick", "transfer", "receive", "start_preparing", "take_in", "merge", "prepare", "validate"}
    i = taken.before.initiative
    late = i.decided is None or taken.before.at.date() > i.decided.valid_until
    wrong = taken.command in {*handled, "release"} and taken.fires and (late or i.state in STOPPED)
    return "handled out of force" if wrong else None


def s11_held_data_is_not_looked_at(taken: Taken) -> str | None:
    """A dataset that came out worse than was decided is held: nobody looks at it before it has been decided on."""
    i, now = taken.after.initiative, allowed(taken.after.initiative, taken.after.at)
    held = any(r.dataset is DatasetState.HELD and r.state is RunState.PREPARING for r in i.runs)
    if held and now.reviewing:
        return "looked at"
    fit = taken.command == "confirm_fit" and taken.fires and held
    return "confirmed" if fit else None


def s12_rows_go_to_nobody_with_a_login(taken: Taken) -> str | None:
    """Rows are ordered only for analysts of whom every owner has said that they have no login."""
    i = taken.after.initiative
    if taken.command != "order_run" or not taken.fires or i.decided is None:
        return None
    if i.decided.description.lane is not Lane.ROWS:
        return None
    without = {(login.register, login.analyst) for login in i.logins if not login.has_login}
    users = {user for run in i.runs if run.order for user in run.order.users}
    known = all((asked.register, user) in without for asked in i.requests for user in users)
    return None if users and known else "a login, or nobody asked"


OF_SITUATIONS: tuple[Property, ...] = (
    s1_the_decided_level_covers,
    s1b_a_reassessment_is_young,
    s3_nothing_is_in_use_without_its_record,
    s3b_the_matrix_is_respected,
    s3c_only_own_results_are_published,
    s3d_printed_cells_passed_the_gate,
    s4_risk_is_never_below_its_floor,
    s7b_only_agreed_fields_travel,
    s7c_validated_means_the_aims_are_met,
    s8_the_right_body_decides,
    s10_nothing_is_allowed_out_of_force,
    s11_held_data_is_not_looked_at,
)
"""What can be seen of a situation alone, however it was reached: looked at once."""

OF_STEPS: tuple[Property, ...] = (
    s1c_what_runs_was_reassessed,
    s1d_analysing_happens_only_while_allowed,
    s2_sources_are_delivered_and_validated,
    s4b_no_worse_class_leaves,
    s5_the_commissioner_is_never_skipped,
    s5b_an_impact_assessment_comes_first,
    s6_ends_have_no_exits,
    s7_owners_have_granted,
    s7d_people_prepare_first,
    s9_the_privacy_person_is_asked,
    s10b_nothing_is_published_out_of_force,
    s10c_nothing_is_handled_out_of_force,
    s12_rows_go_to_nobody_with_a_login,
)
"""What is seen of what was done."""


def violation_in(taken: Taken) -> str | None:
    """The first property that a step breaks, by name, or None."""
    for holds in (*OF_STEPS, *(OF_SITUATIONS if taken.is_new else ())):
        wrong = holds(taken)
        if wrong is not None:
            return f"{holds.__name__}: {wrong} after {taken.command}"
    return None
