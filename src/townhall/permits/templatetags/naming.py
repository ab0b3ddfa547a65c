"""What acts on ideas, changes of roles, operating models and profiles are called, by their names in tables.

Handbook 2.1 and 2.4.
"""

from __future__ import annotations

from django import template

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import CompetenceProfile
from townhall.pages.templatetags.saying import called
from townhall.pages.words import say

register = template.Library()


@register.simple_tag
def idea_act_called(name: str) -> str:
    """An act on an idea, as a button says it."""
    return say(f"ideas.act_{name}")


@register.simple_tag
def idea_act_done(name: str) -> str:
    """An act on an idea, as a time line says it."""
    return say(f"ideas.did_{name}")


@register.simple_tag
def role_change(name: str) -> str:
    """What was done to a role, as a time line says it."""
    return say(f"roles.did_{name}")


@register.filter
def model_called(model: OperatingModel | str | None) -> str:
    """What an operating model is called."""
    return "–" if model is None else say(f"describe.model_{OperatingModel(model).value.lower()}")


@register.filter
def profile_called(profile: str) -> str:
    """What a competence profile is called."""
    return called(CompetenceProfile(profile))
