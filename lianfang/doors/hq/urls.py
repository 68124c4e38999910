"""Addresses of the desk and the wall. No address carries a name or a number of a person."""

from django.urls import path

from lianfang.doors.hq import (
    corrections,
    devices,
    finding,
    my_work,
    passages,
    places,
    quality,
    quality_tasks,
    signing,
    wall,
)

urlpatterns = [
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("set-up/<str:token>", signing.set_up, name="set-up"),
    path("desk", my_work.my_work, name="desk"),
    path("desk/passages", passages.passage_list, name="passages"),
    path("desk/passages/<uuid:passage_id>", passages.passage, name="passage"),
    path("desk/passages/<uuid:passage_id>/correct", corrections.correct_passage, name="correct-passage"),
    path(
        "desk/passages/<uuid:passage_id>/people/<uuid:person_id>/correct",
        corrections.correct_person,
        name="correct-person",
    ),
    path("desk/search", finding.search, name="search"),
    path("desk/devices", devices.device_list, name="devices"),
    path("desk/devices/new", devices.invite, name="invite-device"),
    path("desk/devices/arrived/<str:checkpoint>", devices.arrived, name="device-arrived"),
    path("desk/devices/<uuid:device_id>/revoke", devices.revoke, name="revoke-device"),
    path("desk/posts/new", devices.open_post, name="open-post"),
    path("desk/quality", quality.overview, name="quality"),
    path("desk/quality/tasks", quality_tasks.task_list, name="quality-tasks"),
    path("desk/quality/tasks/<uuid:task_id>/done", quality_tasks.done, name="quality-done"),
    path("desk/quality/<str:finding>", quality.finding_list, name="quality-findings"),
    path("desk/quality/<str:finding>/rows", quality.rows, name="quality-rows"),
    path("desk/quality/<str:finding>/assign", quality_tasks.assign, name="quality-assign"),
    path("places/found", places.places_found, name="places-found"),
    path("wall", wall.wall, name="wall"),
]
