"""Addresses of the desk and the wall. No address carries a name or a number of a person."""

from django.urls import path

from lianfang.doors.hq import (
    closing,
    closing_sheets,
    corrections,
    devices,
    displays,
    finding,
    my_work,
    passages,
    places,
    signing,
    tables,
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
    path("desk/displays", displays.display_list, name="displays"),
    path("desk/displays/new", displays.new_display, name="new-display"),
    path("desk/displays/<uuid:display_id>/revoke", displays.revoke_display, name="revoke-display"),
    path("desk/closing", closing.overview, name="closing"),
    path("desk/closing.xlsx", closing_sheets.overview_as_xlsx, name="closing-xlsx"),
    path("desk/closing/<str:checkpoint>", closing.checkpoint_day, name="closing-day"),
    path("desk/closing/<str:checkpoint>/close", closing.close, name="close-shift"),
    path("desk/closing/<str:checkpoint>/sheet", closing_sheets.printed, name="closing-sheet"),
    path("desk/closing/<str:checkpoint>/sheet.xlsx", closing_sheets.as_xlsx, name="closing-sheet-xlsx"),
    path("places/found", places.places_found, name="places-found"),
    path("tables", tables.tables, name="tables"),
    path("tables.xlsx", tables.tables_sheet, name="tables-sheet"),
    path("wall", wall.wall, name="wall"),
    path("wall/open", displays.open_wall, name="open-wall"),
]
