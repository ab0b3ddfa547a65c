"""The addresses of signing in and out, and of the language.

Handbook 2.4.
"""

from __future__ import annotations

from django.urls import path

from townhall.people import access, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/cast/", views.sign_in_as, name="sign_in_as"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.choose_language, name="language"),
    path("accessibility/", access.accessibility, name="accessibility"),
    path("accessibility/feedback/", access.feedback, name="feedback"),
    path("accessibility/feedback/<int:number>/", access.answer, name="feedback_answer"),
]
