"""Addresses of the work lists and of what is followed up."""

from django.urls import path

from lianfang.doors.hq.quarantine import follow_ups, number, told_by_telephone

urlpatterns = [
    path("desk/quarantine/number", number.the_number, name="check-in-number"),
    path("desk/quarantine/calls", follow_ups.calls, name="calls"),
    path("desk/quarantine/calls/sheet", follow_ups.call_sheet, name="call-sheet"),
    path("desk/quarantine/visits", follow_ups.visits, name="visits"),
    path("desk/quarantine/symptomatic", follow_ups.symptomatic, name="symptomatic"),
    path("desk/quarantine/supervision", follow_ups.supervision, name="quarantine-supervision"),
    path("desk/quarantine/follow-ups/<uuid:follow_up_id>/close", follow_ups.close, name="close-follow-up"),
    path("desk/quarantine/<uuid:order_id>/check-in", told_by_telephone.tell_check_in, name="tell-check-in"),
]
