"""What is said between who asks for a table to be read and the process that reads it: one line of JSON each way.

The answer comes from a process that has had foreign bytes in its hands, so that its form is taken strictly: counts, lines,
reasons and names that are known, and of a refusal one sentence.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.concepts.registers import RegisterTable
from jalostamo.managing.reading.rejections import WAYS, Rejection
from jalostamo.managing.reading.tables import LINES_SHOWN, Reading

LONGEST_ANSWER: Final = 2**20
"""Bytes; an answer is some thousand at most."""

_LONGEST_SENTENCE: Final = 2_000

Count = Annotated[int, Field(ge=0, le=2**62)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Job(_Strict):
    """A job names one declared table, the folder of its file, and the folder in which alone something may be written.

    `key` is made for this one job: what is written there is sealed with it, and nothing else.
    """

    declared: RegisterTable
    code_lists: tuple[CodeList, ...]
    folder: Path
    out: Path
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$", repr=False)]

    @property
    def extract(self) -> Path:
        """Where the typed records are written."""
        return self.out / "typed.parquet"


class RejectionTold(_Strict):
    """A rejection as the reading process tells it."""

    reason: str
    field: str | None
    records: Annotated[int, Field(ge=1, le=2**62)]
    first_lines: Annotated[tuple[Count, ...], Field(max_length=LINES_SHOWN)]


class Answer(_Strict):
    """An answer tells how the reading went: counts and rejections, or why the file is refused."""

    records: Count = 0
    loaded: Count = 0
    rejections: tuple[RejectionTold, ...] = ()
    refused: Literal["misused", "unfit", ""] = ""
    reason: Annotated[str, Field(pattern=r"^[a-z_]{0,40}$")] = ""
    sentence: Annotated[str, Field(max_length=_LONGEST_SENTENCE)] = ""


_JOBS: Final = TypeAdapter(Job)


def job_in(line: bytes) -> Job:
    """The job that a line asks for."""
    return _JOBS.validate_json(line)


def written(told: Job | Answer) -> bytes:
    """A job or an answer as its line."""
    return told.model_dump_json().encode() + b"\n"


def answer_of(reading: Reading) -> Answer:
    """A reading as it is told."""
    told = [
        RejectionTold(reason=r.reason, field=r.field, records=r.records, first_lines=r.first_lines)
        for r in reading.rejections
    ]
    return Answer(records=reading.records, loaded=reading.loaded, rejections=tuple(told))


def refusal_of(error: JalostamoError) -> Answer:
    """A refusal as it is told: a header that it repeats may be long, and hold what no terminal should be given."""
    sentence = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in error.sentence)
    if len(sentence) > _LONGEST_SENTENCE:
        sentence = f"{sentence[: _LONGEST_SENTENCE - 4]} ..."
    kind: Literal["misused", "unfit"] = "misused" if isinstance(error, Misused) else "unfit"
    return Answer(refused=kind, reason=error.reason, sentence=sentence)


def answer_in(line: bytes, declared: RegisterTable) -> Answer | None:
    """The answer that a line tells about a table, None where it is none: of another form, or of what the table has not."""
    try:
        answer = Answer.model_validate_json(line)
    except (ValidationError, ValueError):
        return None
    names = {None, *(field.name for field in declared.fields)}
    known = all(told.reason in WAYS and told.field in names for told in answer.rejections)
    whole = bool(answer.refused) == bool(answer.sentence) == bool(answer.reason)
    return answer if known and whole and answer.sentence.isprintable() else None


def refusal_in(answer: Answer) -> JalostamoError:
    """The refusal that an answer tells."""
    kind = Misused if answer.refused == "misused" else Unfit
    return kind(answer.sentence, reason=answer.reason)


def rejections_in(answer: Answer) -> tuple[Rejection, ...]:
    """The rejections that an answer tells."""
    return tuple(Rejection(told.reason, told.field, told.records, told.first_lines) for told in answer.rejections)
