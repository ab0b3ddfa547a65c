"""Signing in and out, and the language in which one reads.

In a demonstration the fixed, fictional cast is signed in with one click; in any other set-up that page does not exist.

Handbook 2.4.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jalostamo.concepts.languages import LANGUAGES
from jalostamo.doors.playing.cast import CAST
from townhall.pages.words import say
from townhall.people.models import Person

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_YEAR = 31_536_000


@login_not_required
@require_safe
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The way in: the city's own login, or, in a demonstration, the cast."""
    cast = CAST if settings.DEMONSTRATION else ()
    return render(
        request,
        "people/sign_in.html",
        {
            "cast": cast,
            "next": _safe(request, request.GET.get("next", "/")),
            "by_city": settings.TOWN.login is not None,
        },
    )


@login_not_required
@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast; only in a demonstration."""
    if not settings.DEMONSTRATION:
        raise Http404
    person = get_object_or_404(Person, username=request.POST.get("person", ""), is_fictional=True)
    login(request, person, backend=_BACKEND)
    messages.info(request, say("people.signed_in", name=person.name))
    return redirect(_safe(request, request.POST.get("next", "/")))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("sign_in")


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Read on in another language; a person's choice is kept for her letters too."""
    chosen = request.POST.get("language", "")
    answer = HttpResponseRedirect(_safe(request, request.POST.get("next", "/")))
    if chosen in LANGUAGES:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        if isinstance(request.user, Person):
            Person.objects.filter(pk=request.user.pk).update(language=chosen)
        translation.activate(chosen)
    return answer


def _safe(request: HttpRequest, address: str) -> str:
    """An address of ours; anything else leads to the first page."""
    fits = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if fits else "/"
