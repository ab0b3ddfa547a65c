"""The addresses of the catalogue of registers.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from django.urls import path

from townhall.managing import views

urlpatterns = [
    path("registers/", views.registers, name="registers"),
    path("registers/<slug:name>/", views.register, name="register"),
]
