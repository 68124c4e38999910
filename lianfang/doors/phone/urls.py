"""Addresses that phones ask, besides the intake (doors/intake.py)."""

from django.urls import path

from lianfang.doors.phone import declarations, grid, grid_doors, grid_observed, rules, views

urlpatterns = [
    path("api/v1/enrolments", views.enrolments, name="api-enrolments"),
    path("api/v1/device", views.device, name="api-device"),
    path("api/v1/device/state", views.device_state, name="api-device-state"),
    path(
        "api/v1/device/declarations/<str:short_code>", declarations.declaration, name="api-device-declaration"
    ),
    path("api/v1/device/rosters/<str:code>", declarations.roster, name="api-device-roster"),
    path("api/v1/roster-enrolments", grid.roster_enrolments, name="api-roster-enrolments"),
    path("api/v1/roster", grid.grid_roster, name="api-grid-roster"),
    path("api/v1/roster/doors", grid_doors.doors, name="api-grid-doors"),
    path("api/v1/roster/households", grid_doors.households, name="api-grid-households"),
    path("api/v1/roster/observed", grid_observed.observed, name="api-grid-observed"),
    path("api/v1/roster/answers", grid_doors.answers_sent, name="api-grid-answers"),
    path("api/v1/divisions", views.divisions, name="api-divisions"),
    path("api/v1/rules", rules.rules, name="api-rules"),
]
