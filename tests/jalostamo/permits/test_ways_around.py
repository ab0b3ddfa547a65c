"""Ways around the process that were once found, each closed: what was tried, and what answers it now."""

from __future__ import annotations

from dataclasses import replace

from tests.jalostamo.permits.cases import (
    DIGEST,
    PUBLICATION,
    REGISTER,
    RUN,
    START,
    WHY,
    Kind,
    opening_of,
)
from tests.jalostamo.permits.played import (
    HIGH,
    HIGH_ROWS,
    LOW,
    MODERATE,
    ROWS,
    after,
    along,
    before,
    by,
    done,
    in_days,
    opened_with,
    paper_of,
    refused,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers
from jalostamo.permits.applying import applied
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.machines import DatasetState, RunState
from jalostamo.permits.moves import Command
from jalostamo.permits.people import Actor, Assignment, Automaton, automaton
from jalostamo.permits.performing import objections_to, perform
from jalostamo.permits.settings import MoreSignature, Settings
from jalostamo.permits.standing import allowed
from jalostamo.permits.terms import Level, Step
from jalostamo.permits.work_papers import Described, Prepared, RunKind

STAYS_HIGH = replace(HIGH, residual=Step.HIGH)


def test_a_prohibition_outlasts_a_return_and_a_milder_impact_assessment() -> None:
    """City management may ask again; it may not decide before the answer."""
    opinion = ConsultationOpinion(DIGEST, START.date(), "2/2026", ConsultationOutcome.PROHIBITED)
    case = done(STAYS_HIGH, before(STAYS_HIGH, "record_opinion"), "record_opinion", paper=papers.OpinionPaper(opinion))
    case = done(HIGH, case, "return_for_completion")
    for command in ("submit_assessment", "attach_impact_assessment", "give_privacy_statement", "escalate_to_city"):
        case = done(HIGH, case, command)
    case = done(HIGH, case, "advise_on_consultation")
    assert "consultation_prohibited" in refused(HIGH, case, "decide_to_continue")
    answered = done(HIGH, done(HIGH, case, "consult_commissioner"), "record_opinion")
    assert refused(HIGH, answered, "decide_to_continue") == set()


def test_data_of_a_cancelled_run_travels_no_further() -> None:
    case = done(LOW, after(LOW, "pick"), "cancel_run", RUN)
    case = done(LOW, case, "order_run", "run-2")
    assert refused(LOW, case, "transfer", REGISTER) == {"no_order"}


def test_what_an_owner_has_withdrawn_is_not_published() -> None:
    case = done(LOW, before(LOW, "publish"), "withdraw_access", REGISTER)
    assert refused(LOW, case, "publish", PUBLICATION) == {"sources_not_granted"}
    running = done(LOW, before(LOW, "finish_analysis"), "withdraw_access", REGISTER)
    assert refused(LOW, running, "finish_analysis", RUN) == {"sources_not_granted"}


def test_what_is_certified_as_destroyed_is_not_analysed() -> None:
    case = done(LOW, before(LOW, "start_analysis"), "record_destruction")
    assert refused(LOW, case, "start_analysis", RUN) == {"dataset_not_ready"}


def test_rows_are_analysed_by_those_they_were_ordered_for() -> None:
    case = before(ROWS, "start_analysis")
    (hers,) = (given for given in case.people if given.role is Role.ANALYST)
    joined = replace(case, people=(*case.people, replace(hers, person="another analyst")))
    command = Command("start_analysis", (Actor("another analyst", Role.ANALYST),), papers.Note(), RUN)
    codes = {getattr(found, "code", "") for found in objections_to(joined, command, at=START)}
    assert codes == {"user_not_of_the_order"}


def test_a_login_stated_after_the_order_keeps_the_rows_in() -> None:
    case = before(ROWS, "release")
    stated = papers.LoginStatement(REGISTER, Role.ANALYST.value, has_login=True)
    late = done(ROWS, case, "state_login", paper=stated)
    assert refused(ROWS, late, "release", RUN) == {"login_held"}


def test_a_role_that_has_ended_gets_no_rows() -> None:
    ended = papers.RoleEnded(Role.ANALYST.value, "analyst", WHY)
    case = done(ROWS, before(ROWS, "release"), "end_role", paper=ended)
    assert refused(ROWS, case, "release", RUN) == {"user_is_no_analyst"}


def test_one_administrator_alone_ends_nobodys_role() -> None:
    ended = papers.RoleEnded(Role.PRIVACY_PERSON.value, "privacy_person", WHY)
    case = after(LOW, "submit_assessment")
    command = Command("end_role", (Actor(Role.ADMINISTRATOR.value, Role.ADMINISTRATOR),), ended)
    from_one = after_one_signature(case, command)
    assert any(given.role is Role.PRIVACY_PERSON for given in from_one.people)


def after_one_signature(case: Initiative, command: Command) -> Initiative:
    return applied(case, perform(case, command, at=START))


def test_a_signed_class_that_has_expired_releases_nothing() -> None:
    case = before(ROWS, "release")
    (run,) = case.runs
    assert run.validated is not None
    over = replace(case, runs=(replace(run, validated=replace(run.validated, expires=START.date())),))
    assert refused(ROWS, over, "release", RUN, on=1) == {"validation_expired"}


def test_a_case_does_not_close_on_what_was_delivered() -> None:
    """A run that was cancelled leaves its deliveries behind, and they are destroyed with a certificate."""
    case = done(LOW, after(LOW, "receive"), "cancel_run", RUN)
    case = done(LOW, case, "record_follow_up")
    assert refused(LOW, case, "close") == {"data_left"}
    assert refused(LOW, case, "destroy_dataset", RUN, paper=Prepared(DIGEST, "")) == {"certificate_unsound"}
    assert refused(LOW, done(LOW, case, "destroy_dataset", RUN), "close") == set()


def test_nothing_is_prepared_after_an_interval_that_nobody_has_noted() -> None:
    case = after(Kind(Level.HIGH, kind=MODERATE.kind), "start_analysis")
    assert allowed(case, in_days(100)).preparing
    assert not allowed(case, in_days(200)).preparing
    assert not allowed(case, in_days(200)).showing


def test_whoever_signed_already_is_told_so() -> None:
    case = after(MODERATE, "give_privacy_statement")
    statement = papers.GroupStatement(WHY, Level.MODERATE)
    command = Command("escalate_to_management", (Actor("data_security_person", Role.DATA_SECURITY_PERSON),), statement)
    codes = [
        getattr(found, "code", "") for found in objections_to(after_one_signature(case, command), command, at=START)
    ]
    assert codes == ["signed_already"]


def test_a_substitute_stands_in_for_somebody() -> None:
    case = after(LOW, "describe")
    given = Assignment(
        "somebody",
        Role.VALIDATOR,
        START.date(),
        START.date(),
        Role.ADMINISTRATOR.value,
        Role.DATA_SECURITY_PERSON.value,
        substitute_for="nobody",
    )
    command = Command("give_role", (Actor("administrator", Role.ADMINISTRATOR),), papers.RoleGiven(given))
    assert [getattr(found, "code", "") for found in objections_to(case, command, at=START)] == ["substitute_for_nobody"]


def test_an_added_signature_can_be_given() -> None:
    """On giving a role, and on deciding against the matrix, whoever else a town asks to sign."""
    more = (
        MoreSignature("give_role", Role.PRIVACY_PERSON),
        MoreSignature("decide_against_matrix", Role.PRIVACY_PERSON),
    )
    opening = opening_of(LOW)
    case = opened_with(LOW, Opening(Settings(more_signatures=more), opening.people))
    given = paper_of(LOW, case, "give_role")
    for role in (Role.ADMINISTRATOR, Role.DATA_SECURITY_PERSON, Role.PRIVACY_PERSON):
        case = after_one_signature(case, Command("give_role", by(role), given))
    assert any(given.person == "somebody" for given in case.people)
    drafted = along(LOW, case, until="submit_for_clearance")
    for role in (Role.DATA_SECURITY_PERSON, Role.PRIVACY_PERSON):
        command = Command("decide_against_matrix", by(role), papers.Reasoned(WHY), PUBLICATION)
        drafted = after_one_signature(drafted, command)
    assert drafted.publications[0].overridden


def test_the_closed_room_does_not_prolong_its_own_validation() -> None:
    """A rerun's own paper is not a person's signature."""
    case = before(HIGH_ROWS, "validate")
    (run,) = case.runs
    assert run.order is not None
    alone = replace(run, order=replace(run.order, kind=RunKind.RERUN))
    earlier = replace(run, id="run-0", state=RunState.FINISHED, validated=None, signed=False)
    command = "describe_dataset"
    stands = replace(before(HIGH_ROWS, command), runs=(earlier, replace(alone, dataset=DatasetState.PREPARED)))
    asked = Command(command, (automaton(Automaton.CLOSED_ROOM),), Described(DIGEST, "schema"), RUN)
    assert "validation_expired" in {getattr(found, "code", "") for found in objections_to(stands, asked, at=START)}
