"""The addresses of the public register.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.publicity import views

urlpatterns = [
    path("analyses/", views.analyses, name="analyses"),
    path("analyses/all.<slug:kind>", views.analyses_file, name="analyses_file"),
    path("analyses/<str:number>/", views.analysis, name="analysis"),
]
