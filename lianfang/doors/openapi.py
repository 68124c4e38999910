"""The description of the API (OpenAPI 3.1), made from the structs the doors read and one table of routes.

docs/openapi.json is what this module prints: python -m lianfang.doors.openapi > docs/openapi.json
"""

import json
import re
import sys
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from lianfang import __version__
from lianfang.checkpoints.intake.shapes import Parcel
from lianfang.doors.check_in_shapes import CheckInPage, ReportsSent, ReportsTaken
from lianfang.doors.declaring_shapes import (
    DeclarationAsked,
    DeclarationFetched,
    DeclarationKept,
    Declaring,
    RosterAsked,
    RosterCounted,
    RosterFetched,
    RosterOpened,
)
from lianfang.doors.observed_shapes import GridObservedShown
from lianfang.doors.roster_shapes import (
    GridAnswersSent,
    GridDoorsShown,
    GridHouseholdsAsked,
    GridHouseholdsShown,
    GridReceipts,
    GridRosterAsked,
    GridRosterShown,
    RosterEnrolled,
    RosterEnrolmentAsked,
)
from lianfang.doors.rule_shapes import RuleSetShown
from lianfang.doors.shapes import (
    Board,
    DeviceShown,
    DeviceState,
    Divisions,
    Enrolled,
    EnrolmentAsked,
    ErrorAnswer,
    Health,
    News,
    Receipts,
)
from lianfang.doors.village_shapes import VillagePage, VillageReceipt, VillageReported
from lianfang.doors.wall_shapes import TILE_SHAPES, Outlines


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Route:
    """One address: what it takes, what it answers, who may ask.

    `kept`: the answer has an ETag, and 304 says it has not changed. `failing`: the shape of its errors.
    """

    method: str
    path: str
    summary: str
    answer: type[Struct]
    errors: tuple[int, ...] = ()
    takes: type[Struct] | None = None
    security: str | None = None
    query: tuple[Parameter, ...] = ()
    status: int = 200
    media: str = "application/json"
    kept: bool = False
    failing: type[Struct] = ErrorAnswer


ROUTES = (
    Route("post", "/api/v1/parcels", "上报记录 / send records", Receipts, (400, 401, 403, 408, 413, 429, 503), Parcel, "device"),
    Route(
        "get", "/api/v1/board", "看板数字 / the board", Board, (400, 401, 403), None, "officer",
        (Parameter("as_of", "ISO 8601; what was known then, in whole quarter-hours"),),
    ),
    Route(
        "get", "/api/v1/board/stream", "看板的新消息 / the board's news, as Server-Sent Events `board`", News, (401,), None,
        "officer", media="text/event-stream",
    ),
    *(
        Route("get", f"/api/v1/wall/{name}", f"大屏：{summary}", shape, (401, 403), None, "officer", kept=True)
        for name, (summary, shape) in TILE_SHAPES.items()
    ),
    Route(
        "get", "/api/v1/wall/outlines", "大屏：地图轮廓 / outlines of provinces and counties, as GeoJSON", Outlines, (), None, None,
        (Parameter("edition", "the edition of the outlines; with it the answer may be kept for ever"),), kept=True,
    ),
    Route(
        "post", "/api/v1/enrolments", "登记设备 / enrol a device", Enrolled, (400, 404, 410, 429), EnrolmentAsked,
        status=201,
    ),
    Route("get", "/api/v1/device", "本设备 / this device", DeviceShown, (401, 403), None, "device"),
    Route("get", "/api/v1/declaring/{checkpoint}", "旅客申报：公钥和告知 / what a traveller's page needs", Declaring, (404,)),
    Route(
        "post", "/api/v1/declarations", "旅客申报 / leave a sealed declaration", DeclarationKept,
        (400, 404, 409, 413, 429, 503), DeclarationAsked, status=201,
    ),
    Route(
        "post", "/api/v1/rosters", "开乘客名单 / open a coach's roster", RosterOpened, (400, 404, 413, 429, 503),
        RosterAsked, status=201,
    ),
    Route("get", "/api/v1/rosters/{code}", "乘客名单人数 / how a coach fills", RosterCounted, (404, 429)),
    Route(
        "get", "/api/v1/device/declarations/{short_code}", "按号取申报 / a sealed declaration by its short code",
        DeclarationFetched, (401, 403, 404, 429), None, "device",
    ),
    Route(
        "get", "/api/v1/device/rosters/{code}", "取乘客名单 / a coach's sealed declarations by seat", RosterFetched,
        (401, 403, 404, 429), None, "device",
    ),
    Route(
        "put", "/api/v1/device/state", "本设备状况 / how this device is", DeviceShown, (400, 401, 403), DeviceState, "device",
    ),
    Route(
        "post", "/api/v1/check-in/page", "打卡页：告知书上几个人、第几天、报了没有 / a household's slip: days, and what is reported",
        CheckInPage, (401, 408, 410, 413, 429, 503), None, "link",
    ),
    Route(
        "post", "/api/v1/check-in", "健康打卡 / report temperature and symptoms", ReportsTaken,
        (400, 401, 408, 410, 413, 429, 503), ReportsSent, "link",
    ),
    Route(
        "post", "/api/v1/roster-enrolments", "登记网格手机 / enrol a grid worker's phone", RosterEnrolled,
        (400, 404, 410, 413, 429), RosterEnrolmentAsked, status=201,
    ),
    Route(
        "post", "/api/v1/roster", "本网格来人 / who is on the way into the grid", GridRosterShown,
        (400, 401, 403, 413, 429), GridRosterAsked, "roster",
    ),
    Route(
        "post", "/api/v1/roster/doors", "网格员：要上门的人 / whom to call on, door by door", GridDoorsShown,
        (400, 401, 403, 413, 429), GridRosterAsked, "roster",
    ),
    Route(
        "post", "/api/v1/roster/households", "网格员：本网格住户 / the grid's households", GridHouseholdsShown,
        (400, 401, 403, 413, 429), GridHouseholdsAsked, "roster",
    ),
    Route(
        "post", "/api/v1/roster/observed", "网格员：本网格隔离观察 / who is observed in the grid", GridObservedShown,
        (400, 401, 403, 413, 429), GridRosterAsked, "roster",
    ),
    Route(
        "post", "/api/v1/roster/answers", "网格员：上门答复 / answers from the doors", GridReceipts,
        (400, 401, 403, 413, 429), GridAnswersSent, "roster",
    ),
    Route(
        "post", "/api/v1/village-check-in/page", "村级自愿打卡：页面 / what a village's page shows", VillagePage,
        (400, 401, 408, 413, 429, 503), None, "village",
    ),
    Route(
        "post", "/api/v1/village-check-in", "村级自愿打卡：一户自报 / a household's figures", VillageReceipt,
        (400, 401, 408, 409, 413, 429, 503), VillageReported, "village",
    ),
    Route(
        "get", "/api/v1/divisions", "行政区划 / divisions", Divisions, (400, 404), None, None,
        (Parameter("under", "a division code: its villages and communities"),), kept=True,
    ),
    Route("get", "/api/v1/rules", "现行规则 / the rules in force", RuleSetShown, kept=True),
    Route("get", "/healthz", "健康检查 / health", Health, (503,), failing=Health),
)  # fmt: skip

_WORDS = {
    400: "无法识别 / cannot be read",
    401: "未登记或已过期 / unknown or expired",
    403: "已停用或无权限 / revoked or not permitted",
    404: "没有 / not found",
    408: "迟迟不到 / does not arrive",
    409: "已满 / full",
    410: "已用过或已过期 / used or expired",
    413: "过大 / too large",
    429: "过快，见 Retry-After / too fast, see Retry-After",
    503: "正忙，见 Retry-After / busy, see Retry-After",
}
_PLACE_IN_PATH = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{name}"


def description() -> dict[str, Any]:
    """The OpenAPI document."""
    structs = [t for route in ROUTES for t in (route.answer, route.takes) if t is not None] + [ErrorAnswer]
    _, components = msgspec.json.schema_components(structs, ref_template=_REF)
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "联防 Lianfang",
            "version": __version__,
            "description": "Sentences for people come in zh and en. Names and meanings are fixed; unknown fields are ignored.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer", "description": "a device's write token"},
                "roster": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "a grid worker's token, good for a day and with its PIN only",
                },
                "village": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "the token of a village's poster",
                },
                "link": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "a household's link, from its slip: for these two and nothing else",
                },
                "officer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "an officer's read-only token",
                },
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": route.path.removeprefix("/api/v1/").strip("/").replace("/", "-"),
        "responses": {str(route.status): _content(route.answer, "好 / ok", route.media)},
    }
    if route.kept:
        operation["responses"]["304"] = {"description": "没有变化 / not changed"}
    for status in route.errors:
        operation["responses"][str(status)] = _content(route.failing, _WORDS[status])
    if route.takes is not None:
        operation["requestBody"] = {"required": True, **_content(route.takes, None)}
    if route.security is not None:
        operation["security"] = [{route.security: []}]
    parameters = [_in_path(name) for name in _PLACE_IN_PATH.findall(route.path)] + [
        _in_query(p) for p in route.query
    ]
    if parameters:
        operation["parameters"] = parameters
        # Whatever stands in an address may hold what no text does (doors/legible.py).
        operation["responses"].setdefault("400", _content(ErrorAnswer, _WORDS[400]))
    return operation


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _in_query(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": {"type": "string"},
    }


def _content(struct: type[Struct], words: str | None, media: str = "application/json") -> dict[str, Any]:
    content: dict[str, Any] = {"content": {media: {"schema": {"$ref": _REF.format(name=struct.__name__)}}}}
    return content if words is None else {"description": words, **content}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(description(), ensure_ascii=False, indent=1) + "\n")
