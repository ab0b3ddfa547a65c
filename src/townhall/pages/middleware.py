"""What surrounds every request: refusals become pages, and the log has a line of counts and names of pages alone.

Handbook 2.6.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, override

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

LOG: Final = logging.getLogger("townhall")


def answered(ask: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Log how each request was answered: by which page, how and how fast; never who asked, nor what of."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = ask(request)
        page = request.resolver_match.view_name if request.resolver_match else "-"
        took = round((time.perf_counter() - began) * 1000)
        if page != "-":
            LOG.info(
                "answered", extra={"page": page, "method": request.method, "status": response.status_code, "ms": took}
            )
        return response

    return answer


class SignedIn(LoginRequiredMiddleware):
    """Whoever is not signed in is led to the way in; a page that saves by itself is told so, and keeps what was typed."""

    @override
    def handle_no_permission(  # type: ignore[override]  # the stubs know of redirects alone
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Answer with the way in, or with 401 where the answer would be put into the page."""
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)
