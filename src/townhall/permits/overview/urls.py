"""The addresses of counts, units and the support function's queue.

Handbook 2.1 and 2.4.
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.overview import views

urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("units/", views.units, name="units"),
    path("support/", views.support, name="support"),
]
