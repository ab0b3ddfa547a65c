"""The addresses of ideas.

Handbook 2.1 (the operational models).
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.ideas import views

urlpatterns = [
    path("ideas/", views.ideas, name="ideas"),
    path("ideas/new/", views.new_idea, name="new_idea"),
    path("ideas/<str:idea_id>/", views.idea, name="idea"),
    path("ideas/<str:idea_id>/begin/", views.begin, name="begin_idea"),
    path("ideas/<str:idea_id>/act/<slug:act>/", views.idea_act, name="idea_act"),
]
