"""The description of the API (OpenAPI 3.1), made from the structs the doors read and one table of routes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from lianfang import __version__
from lianfang.checkpoints.intake.shapes import Parcel

BOTH_LANGUAGES = "zh / en"


class Say(Struct):
    zh: str
    en: str


class MeasureShown(Struct, omit_defaults=True):
    kind: str
    row: str
    say: Say
    place: str | None = None
    days: int | None = None


class Error(Struct, omit_defaults=True):
    code: str
    zh: str
    en: str
    retry_after: int | None = None


class ErrorAnswer(Struct):
    error: Error


class PersonReceipt(Struct, omit_defaults=True):
    id: UUID | None
    status: str
    flags: list[str]
    measures: list[MeasureShown]
    error: Error | None = None


class Receipt(Struct, omit_defaults=True):
    id: UUID | None
    status: str
    flags: list[str]
    received_at: str
    people: list[PersonReceipt]
    error: Error | None = None


class Receipts(Struct):
    receipts: list[Receipt]
    parcel_id: Any = None


class Figures(Struct):
    passages: int
    vehicles: int
    people: int


class Today(Figures):
    day: str


class CheckpointFigures(Figures, kw_only=True):
    code: str
    name: str
    tier: str | None
    today: Figures
    last_record_at: str | None = None
    open_now: bool | None = None


class Origin(Struct):
    code: str | None
    name: str | None
    people: int
    today: int


class MeasureFigures(Struct):
    kind: str
    people: int
    today: int


class PurposeFigures(Figures, kw_only=True):
    purpose: str
    today: Figures


class Hour(Figures, kw_only=True):
    hour: int


class Day(Figures, kw_only=True):
    day: str


class Board(Struct):
    as_of: str
    watermark: str | None
    final: bool
    totals: Figures
    today: Today
    by_checkpoint: list[CheckpointFigures]
    by_origin: list[Origin]
    by_measure: list[MeasureFigures]
    by_purpose: list[PurposeFigures]
    by_hour: list[Hour]
    by_day: list[Day]


class EnrolmentAsked(Struct, omit_defaults=True):
    code: str
    device_name: str | None = None


class CheckpointShown(Struct):
    code: str
    name: str
    lanes: int
    tier: str
    county: str | None


class Enrolled(Struct):
    token: str
    device_id: UUID
    checkpoint: CheckpointShown
    expires_at: str


class Choice(Struct):
    code: str
    zh: str
    en: str


class DeviceShown(Struct):
    device_id: UUID
    checkpoint: CheckpointShown
    expires_at: str
    server_time: str
    rule_set: str
    symptoms: list[Choice]
    purposes: list[Choice]


class DivisionShown(Struct):
    code: str
    name: str
    parent: str | None
    level: str


class Divisions(Struct):
    edition: Any
    divisions: list[DivisionShown]


class Health(Struct):
    ok: bool
    database: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Route:
    """One address: what it takes, what it answers, who may ask."""

    method: str
    path: str
    summary: str
    answer: type[Struct]
    errors: tuple[int, ...] = ()
    takes: type[Struct] | None = None
    security: str | None = None
    query: tuple[Parameter, ...] = ()


ROUTES = (
    Route("post", "/api/v1/parcels", "上报记录 / send records", Receipts, (400, 401, 403, 413, 429, 503), Parcel, "device"),
    Route(
        "get", "/api/v1/board", "看板数字 / the board", Board, (400, 401, 403), None, "officer",
        (Parameter("as_of", "ISO 8601; what was known then, in whole quarter-hours"),),
    ),
    Route("post", "/api/v1/enrolments", "登记设备 / enrol a device", Enrolled, (400, 404, 410, 429), EnrolmentAsked),
    Route("get", "/api/v1/device", "本设备 / this device", DeviceShown, (401, 403), None, "device"),
    Route(
        "get", "/api/v1/divisions", "行政区划 / divisions", Divisions, (400, 404), None, None,
        (Parameter("under", "a division code: its villages and communities"),),
    ),
    Route("get", "/healthz", "健康检查 / health", Health),
)  # fmt: skip

_WORDS = {
    400: "无法识别 / cannot be read",
    401: "未登记或已过期 / unknown or expired",
    403: "已停用或无权限 / revoked or not permitted",
    404: "没有 / not found",
    410: "已用过或已过期 / used or expired",
    413: "过大 / too large",
    429: "过快，见 Retry-After / too fast, see Retry-After",
    503: "正忙，见 Retry-After / busy, see Retry-After",
}
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
        "operationId": route.path.rsplit("/", 1)[-1],
        "responses": {"200": _content(route.answer, "好 / ok")},
    }
    for status in route.errors:
        operation["responses"][str(status)] = _content(ErrorAnswer, _WORDS[status])
    if route.takes is not None:
        operation["requestBody"] = {"required": True, **_content(route.takes, None)}
    if route.security is not None:
        operation["security"] = [{route.security: []}]
    if route.query:
        operation["parameters"] = [
            {
                "name": p.name,
                "in": "query",
                "required": False,
                "description": p.description,
                "schema": {"type": "string"},
            }
            for p in route.query
        ]
    return operation


def _content(struct: type[Struct], words: str | None) -> dict[str, Any]:
    content: dict[str, Any] = {
        "content": {"application/json": {"schema": {"$ref": _REF.format(name=struct.__name__)}}}
    }
    return content if words is None else {"description": words, **content}
