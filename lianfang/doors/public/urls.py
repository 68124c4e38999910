"""Addresses that everybody may open."""

from django.urls import path

from lianfang.doors.public import views

urlpatterns = [
    path("", views.home, name="home"),
    path("start", views.start, name="start"),
    path("start/check.js", views.start_check, name="start-check"),
    path("authority.crt", views.authority_certificate, name="authority-crt"),
    path("authority.mobileconfig", views.authority_profile, name="authority-profile"),
    path("privacy", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("language", views.set_language, name="set-language"),
    path("phone/", views.phone, name="phone"),
    path("phone/<path:path>", views.phone, name="phone-file"),
]
