"""What each kind of paper asks on its form, and the paper that the answers make; the description and the estimate have their own.

Handbook 2.6, phases 1 to 3.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

from jalostamo.permits import papers
from jalostamo.permits.decisions import (
    Attachment,
    Decision,
    DecisionEntry,
    PublicityClass,
    RetentionClass,
    deciding_body_for,
    latest_end,
)
from jalostamo.permits.guards.deciding import level_of_state
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome, ImpactAssessment, ImpactEntry
from jalostamo.permits.terms import KindOfAnalysis, Level, Step, title_of
from townhall.pages.asking import Kind, Question, day_in, lines_in, one_in, options_of, text_in
from townhall.pages.words import WORDS
from townhall.permits import assignments
from townhall.permits.sheets import YES_NO, Paper, Sheet, asked, choice, document, text, yes

_LINE: Final = 200

# --- Short papers -----------------------------------------------------------------------------------------------------


def _note(sheet: Sheet) -> tuple[Question, ...]:
    return (text("note", sheet, optional=True),)


def _reason(sheet: Sheet) -> tuple[Question, ...]:
    return (text("reason", sheet),)


def _statement(sheet: Sheet) -> tuple[Question, ...]:
    return (text("statement", sheet),)


def _suspension(sheet: Sheet) -> tuple[Question, ...]:
    label = WORDS["sheet.is_incident"]
    return (
        text("reason", sheet),
        Question("is_incident", Kind.TICK, label, answer=yes(sheet, "is_incident") is True),
    )


def _advice(sheet: Sheet) -> tuple[Question, ...]:
    return (choice("consult", sheet, YES_NO, "sheet.consult"), text("advice", sheet))


# --- The decision -----------------------------------------------------------------------------------------------------


def _decision_questions(sheet: Sheet) -> tuple[Question, ...]:
    entry, level = DecisionEntry, level_of_state(sheet.made, sheet.command)
    attached = () if level is Level.LOW else (document(entry.DECISION_DOCUMENT, sheet),)
    years = Question(
        "retention_years",
        Kind.NUMBER,
        title_of(entry.RETENTION_CLASS),
        WORDS["sheet.retention_years_help"],
        sheet.line("retention_years", "10"),
        unit=WORDS["sheet.years"],
    )
    return (
        asked(entry.REASONS, sheet, Kind.TEXT),
        asked(entry.CONDITIONS, sheet, Kind.TEXT),
        asked(entry.VALID_UNTIL, sheet, Kind.DAY, _last_day(sheet).isoformat()),
        asked(entry.DIARY_NUMBER, sheet),
        asked(entry.GROUND_OF_COMPETENCE, sheet),
        choice(
            "publicity_class",
            sheet,
            options_of(PublicityClass),
            "DecisionEntry.publicity_class",
            PublicityClass.PUBLIC.value,
        ),
        asked(entry.SECRECY_STATUTE, sheet),
        years,
        asked(entry.RETENTION_STATUTE, sheet),
        asked(entry.APPEAL_INSTRUCTIONS, sheet, Kind.TEXT),
        asked(entry.MATRIX_OVERRIDE_REASON, sheet, Kind.TEXT),
        *attached,
    )


def _last_day(sheet: Sheet) -> datetime.date:
    assessed = sheet.made.assessed
    kind = (assessed.description.kind if assessed else None) or KindOfAnalysis.ONE_OFF
    return latest_end(kind, sheet.day, sheet.made.settings.intervals)


def _decision(sheet: Sheet) -> Decision:
    """The decision as it was written; who decides, on what and at which level follows from where the case stands."""
    assessed = sheet.made.assessed
    level = level_of_state(sheet.made, sheet.command)
    digest = sheet.attached.get(DecisionEntry.DECISION_DOCUMENT.value)
    override = text_in(sheet.sent, "matrix_override_reason")
    return Decision(
        diary_number=text_in(sheet.sent, "diary_number"),
        ground_of_competence=text_in(sheet.sent, "ground_of_competence"),
        deciding_body=deciding_body_for(level),
        decided_on=sheet.day,
        reasons=text_in(sheet.sent, "reasons"),
        publicity_class=one_in(sheet.sent, "publicity_class", PublicityClass),
        retention_class=_retention(sheet),
        appeal_instructions=text_in(sheet.sent, "appeal_instructions"),
        valid_until=day_in(sheet.sent, "valid_until"),
        covers_estimate_version=assessed.version if assessed else 0,
        decided_class=assessed.data_class if assessed else None,
        decided_level=max(level, assessed.level, key=lambda each: each.rank) if assessed else level,
        secrecy_statute=text_in(sheet.sent, "secrecy_statute"),
        conditions=lines_in(sheet.sent, "conditions"),
        document_digest=digest,
        matrix_override_reason=override or None,
        other_information=tuple(
            Attachment(name, digest) for name, digest in sheet.attached.items() if name.startswith("other_")
        ),
    )


def _retention(sheet: Sheet) -> RetentionClass | None:
    written = text_in(sheet.sent, "retention_years")
    if written and not written.isdecimal():
        return None
    return RetentionClass(int(written) if written else None, text_in(sheet.sent, "retention_statute"))


# --- The inspection group, the impact assessment, the Commissioner ----------------------------------------------------


def _group_questions(sheet: Sheet) -> tuple[Question, ...]:
    found = sheet.made.assessed.level if sheet.made.assessed else Level.UNCLEAR
    level = choice("level", sheet, options_of(Level), "sheet.level", found.value)
    more = _decision_questions(sheet) if sheet.command == "confirm_low" else ()
    return (text("statement", sheet), level, *more)


def _group_statement(sheet: Sheet) -> papers.GroupStatement:
    return papers.GroupStatement(
        text_in(sheet.sent, "statement"),
        one_in(sheet.sent, "level", Level) or Level.UNCLEAR,
        _decision(sheet) if sheet.command == "confirm_low" else None,
    )


def _impact_questions(sheet: Sheet) -> tuple[Question, ...]:
    entry = ImpactEntry
    return (
        document(entry.DOCUMENT, sheet),
        asked(entry.MADE_ON, sheet, Kind.DAY),
        asked(entry.MEASURES, sheet, Kind.TEXT),
        choice("residual_risk", sheet, options_of(Step), "ImpactEntry.residual_risk"),
        asked(entry.PRIVACY_ADVICE, sheet, Kind.TEXT),
        asked(entry.ADVICE_GIVEN_BY, sheet),
        choice("consultation_advised", sheet, YES_NO, "ImpactEntry.consultation_advised"),
    )


def _impact(sheet: Sheet) -> papers.ImpactPaper:
    assessed = sheet.made.assessed
    return papers.ImpactPaper(
        ImpactAssessment(
            document_digest=sheet.attached.get(ImpactEntry.DOCUMENT.value, ""),
            made_on=day_in(sheet.sent, "made_on"),
            measures=text_in(sheet.sent, "measures"),
            residual_risk=one_in(sheet.sent, "residual_risk", Step),
            privacy_advice=text_in(sheet.sent, "privacy_advice"),
            advice_given_by=text_in(sheet.sent, "advice_given_by"),
            consultation_advised=yes(sheet, "consultation_advised"),
            covers_estimate_version=assessed.version if assessed else 0,
        )
    )


def _opinion_questions(sheet: Sheet) -> tuple[Question, ...]:
    entry = ImpactEntry
    return (
        document(entry.OPINION_DOCUMENT, sheet),
        asked(entry.RECEIVED_ON, sheet, Kind.DAY),
        asked(entry.DIARY_NUMBER, sheet),
        choice("outcome", sheet, options_of(ConsultationOutcome), "ImpactEntry.outcome"),
    )


def _opinion(sheet: Sheet) -> papers.OpinionPaper:
    return papers.OpinionPaper(
        ConsultationOpinion(
            sheet.attached.get(ImpactEntry.OPINION_DOCUMENT.value, ""),
            day_in(sheet.sent, "received_on"),
            text_in(sheet.sent, "diary_number"),
            one_in(sheet.sent, "outcome", ConsultationOutcome),
        )
    )


def _giving(sheet: Sheet) -> assignments.Giving:
    return assignments.giving_in(sheet.made, sheet.sent, sheet.day, sheet.by)


PAPERS: Final[Mapping[type, Paper]] = {
    papers.Note: Paper(_note, lambda sheet: papers.Note(text_in(sheet.sent, "note"))),
    papers.Reasoned: Paper(_reason, lambda sheet: papers.Reasoned(text_in(sheet.sent, "reason"))),
    papers.Statement: Paper(_statement, lambda sheet: papers.Statement(text_in(sheet.sent, "statement"))),
    papers.Suspension: Paper(
        _suspension,
        lambda sheet: papers.Suspension(text_in(sheet.sent, "reason"), is_incident=yes(sheet, "is_incident") is True),
    ),
    papers.PrivacyAdvice: Paper(
        _advice,
        lambda sheet: papers.PrivacyAdvice(yes(sheet, "consult") is not False, text_in(sheet.sent, "advice")),
    ),
    papers.GroupStatement: Paper(_group_questions, _group_statement),
    papers.DecisionPaper: Paper(_decision_questions, lambda sheet: papers.DecisionPaper(_decision(sheet))),
    papers.ImpactPaper: Paper(_impact_questions, _impact),
    papers.OpinionPaper: Paper(_opinion_questions, _opinion),
    papers.RoleGiven: Paper(
        lambda sheet: assignments.questions_of(_giving(sheet)),
        lambda sheet: assignments.given_paper(_giving(sheet)),
        lambda sheet: assignments.unanswered(_giving(sheet)),
    ),
    papers.RoleEnded: Paper(
        lambda sheet: assignments.ending_questions(sheet.made, sheet.sent),
        lambda sheet: assignments.ended_paper(sheet.made, sheet.sent),
        lambda sheet: assignments.unended(sheet.made, sheet.sent),
    ),
}
"""The papers that a form of one page makes; the description and the estimate have forms of their own."""
