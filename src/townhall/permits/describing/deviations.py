"""The defaults that a kind of analysis brings, and the reasons for which a description leaves one.

Handbook 2.6 (data protection and the ways of using the data).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.http import QueryDict

from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.permits.descriptions import Description
from jalostamo.permits.kinds import Default, Defaults, Deviation, defaults_of
from jalostamo.permits.terms import DataClass, title_of
from townhall.pages.asking import Kind, Question, text_in
from townhall.pages.words import WORDS
from townhall.permits.describing.entries import filled


def defaults_in_words(defaults: Defaults) -> Mapping[Default, Text]:
    """What a kind of analysis lays down, default by default."""
    classes = [title_of(each) for each in DataClass if each in defaults.data_classes]
    named = Text(*(", ".join(each.in_language(language) for each in classes) for language in LANGUAGES))
    return {
        Default.RETRIEVAL: title_of(defaults.retrieval),
        Default.ANONYMISATION: title_of(defaults.anonymisation),
        Default.DATA_CLASS: named,
        Default.CONNECTION_BACK: title_of(defaults.connection_back),
        Default.STORAGE: title_of(defaults.storage),
        Default.REUSE_OF_MODELS: WORDS[
            "describe.models_reused" if defaults.models_are_reused else "describe.models_once"
        ],
        Default.LENGTH: filled("describe.months", months=defaults.months),
    }


def deviation_questions(description: Description) -> tuple[Question, ...]:
    """A question for each default: why it is left, or nothing where it is kept; none before a kind is chosen."""
    if description.kind is None:
        return ()
    words = defaults_in_words(defaults_of(description.kind))
    reasons = {deviation.default: deviation.reason for deviation in description.deviations}
    return tuple(
        Question(
            f"d-{default.value}",
            Kind.TEXT,
            filled("describe.default", default=title_of(default), value=words[default]),
            answer=reasons.get(default, ""),
            optional=True,
        )
        for default in Default
    )


def take_deviations(sent: QueryDict, description: Description) -> Description:
    """The description with the reasons that were written; an empty one means that the default is kept."""
    if not any(name.startswith("d-") for name in sent):
        return description
    reasons = ((default, text_in(sent, f"d-{default.value}")) for default in Default)
    return replace(description, deviations=tuple(Deviation(default, reason) for default, reason in reasons if reason))
