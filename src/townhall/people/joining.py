"""Who may come in: people whom the municipality has entered, and nobody by signing up.

Handbook 2.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.shortcuts import redirect

from townhall.people.models import Person

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest


class NobodyJoins(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by the municipality."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class OnlyTheKnown(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The city's own login lets in whom it knows by the staff id; who has none here is told so."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take the login for the person who bears its staff id."""
        if sociallogin.is_existing:
            return
        told = sociallogin.account.extra_data
        staff_id = str(told.get("preferred_username") or told.get("sub") or "")
        person = Person.objects.filter(username=staff_id, is_active=True).first()
        if person is None:
            raise ImmediateHttpResponse(redirect("sign_in"))
        sociallogin.connect(request, person)
