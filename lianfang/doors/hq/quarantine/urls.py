"""Addresses of quarantine and check-in."""

from django.urls import path

from lianfang.doors.hq.quarantine import villages

urlpatterns = [
    path("desk/check-in/villages", villages.village_list, name="village-check-ins"),
    path("desk/check-in/villages/new", villages.open_one, name="open-village-check-in"),
    path("desk/check-in/villages/<uuid:village_id>/close", villages.close, name="close-village-check-in"),
]
