"""The addresses of an auditor's pages.

Handbook 2.6.
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.auditing import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/chains/", views.chains, name="chains"),
    path("cases/<str:case_id>/events.json", views.export, name="events"),
]
