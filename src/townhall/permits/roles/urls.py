"""The addresses of standing roles.

Handbook 2.4.
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.roles import entering, views

urlpatterns = [
    path("roles/", views.roles, name="roles"),
    path("roles/give/", views.give, name="give_role"),
    path("roles/people/new/", entering.enter, name="enter_person"),
    path("roles/people/<str:staff_id>/", views.holder, name="holder"),
    path("roles/people/<str:staff_id>/profiles/", views.profiles, name="profiles"),
    path("roles/<int:role_id>/confirm/", views.confirm, name="confirm_role"),
    path("roles/<int:role_id>/end/", views.end, name="end_role"),
]
