"""Addresses of quarantine and check-in: an order stands in them by its own id."""

from django.urls import path

from lianfang.doors.hq.quarantine import acts, certificate, lists, ordering, page, pasted, slip, thresholds

urlpatterns = [
    path("desk/quarantine", lists.order_list, name="orders"),
    path("desk/quarantine/new", ordering.new_order, name="new-order"),
    path("desk/quarantine/<uuid:order_id>", page.order_page, name="order"),
    path("desk/quarantine/<uuid:order_id>/unmask", page.unmask, name="unmask-order"),
    path("desk/quarantine/<uuid:order_id>/answer", acts.answer_order, name="answer-order"),
    path("desk/quarantine/<uuid:order_id>/care", acts.care_for, name="care-for"),
    path("desk/quarantine/<uuid:order_id>/care/settle", acts.settle, name="settle-care"),
    path("desk/quarantine/<uuid:order_id>/reason", acts.further_reason, name="further-reason"),
    path("desk/quarantine/<uuid:order_id>/slip", slip.slip, name="slip"),
    path("desk/quarantine/<uuid:order_id>/certificate", certificate.certificate, name="certificate"),
    path("desk/check-in/pasted", pasted.pasted_list, name="pasted-check-ins"),
    path("desk/check-in/pasted/take", pasted.take_pasted, name="take-pasted-check-ins"),
    path("desk/check-in/thresholds", thresholds.thresholds_page, name="thresholds"),
    path("desk/check-in/thresholds/approve", thresholds.approve, name="approve-thresholds"),
]
