"""Addresses of quarantine: an order stands in them by its own id."""

from django.urls import path

from lianfang.doors.hq.quarantine import ends, facilities, releasing

urlpatterns = [
    path("desk/quarantine/release", releasing.release_due, name="release-due"),
    path("desk/quarantine/corrections", releasing.corrections, name="corrections"),
    path("desk/quarantine/<uuid:order_id>/end", ends.end_order, name="end-order"),
    path("desk/facilities", facilities.facility_list, name="facilities"),
    path("desk/facilities/new", facilities.new_facility, name="new-facility"),
    path("desk/facilities/<uuid:facility_id>", facilities.facility_page, name="facility"),
    path("desk/facilities/<uuid:facility_id>/change", facilities.change_facility, name="change-facility"),
    path("desk/facilities/<uuid:facility_id>/rooms", facilities.facility_rooms, name="facility-rooms"),
    path("desk/facilities/<uuid:facility_id>/close", facilities.end_facility, name="close-facility"),
]
