"""Addresses of quarantine and check-in."""

from django.urls import path

from lianfang.doors.hq.quarantine import pasted, thresholds

urlpatterns = [
    path("desk/check-in/pasted", pasted.pasted_list, name="pasted-check-ins"),
    path("desk/check-in/pasted/take", pasted.take_pasted, name="take-pasted-check-ins"),
    path("desk/check-in/thresholds", thresholds.thresholds_page, name="thresholds"),
    path("desk/check-in/thresholds/approve", thresholds.approve, name="approve-thresholds"),
]
