"""The addresses of cases: what waits, the list, a case, and what is done in it.

Handbook 2.6.
"""

from __future__ import annotations

from django.urls import include, path

from townhall.permits import acting, calendars, views

urlpatterns = [
    path("", views.home, name="home"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("cases/", views.cases, name="cases"),
    path("cases/new/", views.new_case, name="new_case"),
    path("cases/<str:case_id>/", views.case_page, name="case"),
    path("cases/<str:case_id>/act/<slug:command>/", acting.act, name="act"),
    path("cases/<str:case_id>/documents/<slug:digest>/", acting.document, name="document"),
    path("", include("townhall.permits.describing.urls")),
    path("", include("townhall.permits.estimating.urls")),
    path("", include("townhall.permits.printing.urls")),
    path("", include("townhall.permits.publicity.urls")),
    path("", include("townhall.permits.ideas.urls")),
    path("", include("townhall.permits.roles.urls")),
    path("", include("townhall.permits.auditing.urls")),
    path("", include("townhall.permits.overview.urls")),
]
