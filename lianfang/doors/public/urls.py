"""Addresses that everybody may open."""

from django.urls import path

from lianfang.doors.public import checking_in, declaring, grid, views, village

urlpatterns = [
    path("", views.home, name="home"),
    path("start", views.start, name="start"),
    path("start/check.js", views.start_check, name="start-check"),
    path("authority.crt", views.authority_certificate, name="authority-crt"),
    path("authority.mobileconfig", views.authority_profile, name="authority-profile"),
    path("privacy", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("language", views.set_language, name="set-language"),
    path("d/<str:checkpoint>", declaring.page, name="declare"),
    path("k", checking_in.without_slash, name="check-in-bare"),
    path("k/", checking_in.page, name="check-in"),
    path("v/", village.page, name="village-page"),
    path("grid", grid.without_slash, name="grid-bare"),
    path("grid/", grid.page, name="grid"),
    path("grid/<str:part>", grid.file, name="grid-file"),
    path("api/v1/declaring/<str:checkpoint>", declaring.declaring, name="api-declaring"),
    path("api/v1/declarations", declaring.declarations, name="api-declarations"),
    path("api/v1/rosters", declaring.rosters, name="api-rosters"),
    path("api/v1/rosters/<str:code>", declaring.roster, name="api-roster"),
    path("phone/", views.phone, name="phone"),
    path("phone/<path:path>", views.phone, name="phone-file"),
]
