"""The addresses of the form: filling it part by part, reviewing, joining, and its versions.

Handbook 2.6, phase 2; Appendix 1.
"""

from __future__ import annotations

from django.urls import path

from townhall.permits.estimating import handing, versions, views

urlpatterns = [
    path("cases/<str:case_id>/estimate/", views.estimate, name="estimate"),
    path("cases/<str:case_id>/estimate/review/", handing.estimate_review, name="estimate_review"),
    path("cases/<str:case_id>/estimate/<slug:name>/", views.estimate_part, name="estimate_part"),
    path("cases/<str:case_id>/join/<slug:command>/", handing.join, name="join"),
    path("cases/<str:case_id>/versions/<int:number>/", versions.version, name="version"),
    path("cases/<str:case_id>/versions/<int:before>/<int:after>/", versions.versions, name="versions"),
]
