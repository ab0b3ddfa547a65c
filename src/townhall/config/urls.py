"""The addresses of townhall: one list for each room, in the order of the handbook.

Handbook 2.6.
"""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("townhall.pages.urls")),
    path("", include("townhall.people.urls")),
    path("", include("townhall.permits.urls")),
    path("", include("townhall.managing.urls")),
    path("account/", include("allauth.urls")),
]

handler400 = "townhall.pages.views.bad_request"
handler403 = "townhall.pages.views.not_allowed"
handler404 = "townhall.pages.views.not_found"
handler500 = "townhall.pages.views.our_fault"
