"""The street map: every address of the site and the door behind it. Intake and stream stand in doors/site.py."""

from django.urls import URLPattern, URLResolver, include, path

from lianfang.doors import api, wall_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lianfang.doors.public.urls")),
    path("", include("lianfang.doors.hq.urls")),
    path("", include("lianfang.doors.phone.urls")),
    path("api/v1/board", api.board, name="board"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/wall/outlines", wall_api.outlines, name="wall-outlines"),
    *(path(f"api/v1/wall/{name}", view, name=f"wall-{name}") for name, view in wall_api.TILE_VIEWS.items()),
]
handler400 = "lianfang.doors.public.errors.bad_request"
handler403 = "lianfang.doors.public.errors.permission_denied"
handler404 = "lianfang.doors.public.errors.page_not_found"
handler500 = "lianfang.doors.public.errors.server_error"
