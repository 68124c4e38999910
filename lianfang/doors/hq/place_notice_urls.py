"""Addresses of notices of a place: one stands in them by its own id."""

from django.urls import path

from lianfang.doors.hq import place_notices, writing_notices

urlpatterns = [
    path("desk/place-notices", place_notices.place_notice_list, name="place-notices"),
    path("desk/place-notices/write", writing_notices.write_notice, name="write-place-notice"),
    path(
        "desk/place-notices/<uuid:place_notice_id>/approve",
        place_notices.approve_notice,
        name="approve-place-notice",
    ),
    path(
        "desk/place-notices/<uuid:place_notice_id>/withdraw",
        place_notices.withdraw_notice,
        name="withdraw-place-notice",
    ),
]
