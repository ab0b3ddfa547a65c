"""The addresses of a description: as it stands, and screen by screen while it is written.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.describing import views

urlpatterns = [
    path("cases/<str:case_id>/description/", views.description, name="describe"),
    path("cases/<str:case_id>/description/<slug:step>/", views.describe, name="describe"),
]
