"""The addresses that belong to no room: the style sheet, the health page, the living page of patterns.

Handbook 2.3.
"""

from __future__ import annotations

from django.urls import path

from townhall.pages import views
from townhall.pages.style import STYLE_NAME

urlpatterns = [
    path(STYLE_NAME, views.style, name="style"),
    path("health/", views.health, name="health"),
    path("patterns/", views.patterns, name="patterns"),
]
