"""The addresses of the papers of a case.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.printing import views

urlpatterns = [
    path("cases/<str:case_id>/papers/", views.papers, name="papers"),
    path("cases/<str:case_id>/papers/decision.<slug:kind>", views.decision, name="decision_file"),
    path("cases/<str:case_id>/papers/form-<int:number>.<slug:kind>", views.form, name="form_file"),
]
