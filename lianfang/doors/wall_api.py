"""The wall's JSON: one address a tile, so that each loads and fails alone, and the outlines its maps are drawn from."""

import gzip
import json
from functools import cache
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import View, permitted, public
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.regions.outlines import county_outlines, province_outlines
from lianfang.situation.wall.asking import asked
from lianfang.situation.wall.tiles import TILES, mark, tile

KEPT_FOR_EVER = "public, max-age=31536000, immutable"


def tile_view(name: str) -> View:
    """GET /api/v1/wall/<name>; 304 while the tile is the same as the one that was answered before."""

    @permitted("VIEW_WALL")
    @never_cache
    @answers("GET")
    def view(request: HttpRequest) -> HttpResponse:
        with reach(request.reach) as seen:  # type: ignore[attr-defined]
            what = asked(seen, at=now())
            tag = f'W/"{mark(name, what)}"'
            response: HttpResponse
            if request.headers.get("If-None-Match") == tag:
                response = HttpResponseNotModified()
            else:
                response = JsonResponse(tile(name, what), json_dumps_params={"ensure_ascii": False})
        response["ETag"] = tag
        return response

    return view


TILE_VIEWS = {name: tile_view(name) for name in TILES}


@public
@answers("GET")
def outlines(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/wall/outlines?edition= : public facts that never change under one edition."""
    edition, body, packed = _outlines()
    tag = f'W/"{edition}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(packed, content_type="application/json", headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = KEPT_FOR_EVER if request.GET.get("edition") == edition else "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def outlines_edition() -> str:
    """What the page puts into the address, so that new outlines are asked for under a new one."""
    return _outlines()[0]


@cache
def _outlines() -> tuple[str, bytes, bytes]:
    """The edition, the body, and the body compressed."""
    shown = {"provinces": province_outlines(), "counties": county_outlines()}
    body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    return sha256(body).hexdigest()[:12], body, gzip.compress(body, 6, mtime=0)
