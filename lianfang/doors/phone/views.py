"""What a phone asks besides sending records: a code for a token, who it is, how it is, and the names of places."""

import gzip
import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.checkpoints.queries.enrolled import device_of_token
from lianfang.checkpoints.services import enrol, report_state
from lianfang.doors import choices
from lianfang.doors.guard import public
from lianfang.doors.guesses import Guesses, place_of
from lianfang.doors.methods import answers
from lianfang.doors.phone.keys import outbox_key, reading_keys
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import county_of, is_code
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.regions.queries import names, phone_register, villages_json
from lianfang.screening.queries import book

CODES = Guesses()
LONGEST_BODY = 4_096
LONGEST_STATE = 64 * 1024
REGISTER_KEPT = "public, max-age=3600"


@csrf_exempt
@public
@never_cache
@answers("POST")
def enrolments(request: HttpRequest) -> HttpResponse:
    """{"code", "device_name"?, "previous_token"?} → the token, shown here only."""
    place = place_of(request)
    CODES.check(place)
    code, name, previous = asked(request)
    at = now()
    try:
        enrolled = enrol(code=code, device_name=name, previous_token=previous, at=at)
    except Refusal:
        CODES.failed(place)
        raise
    device = described(enrolled.device_id, enrolled.checkpoint, enrolled.expires_at)
    return JsonResponse({"token": enrolled.token, **device, "outbox_key": outbox_key(at)}, status=201)


def asked(request: HttpRequest) -> tuple[str, str, str | None]:
    """The body of an enrolment: code, name, and the token the phone had; one that can be none is no reason to refuse."""
    body = object_in(request, LONGEST_BODY)
    code, name = body.get("code"), body.get("device_name") or ""
    if not isinstance(code, str) or not isinstance(name, str) or not code.strip():
        raise Refusal("CODE_MISSING", "请填写登记码。", "Give the enrolment code.")
    previous = body.get("previous_token")
    return code, name, previous if isinstance(previous, str) and previous.isascii() else None


def object_in(request: HttpRequest, longest: int) -> dict[str, Any]:
    """The JSON object a request carries. Refused when it is none, or too long to be one."""
    try:
        body = json.loads(request.body) if len(request.body) <= longest else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refusal("NOT_JSON", "请求不是 JSON 对象。", "The request is not a JSON object.")
    return body


@csrf_exempt
@public
@never_cache
@answers("GET")
def device(request: HttpRequest) -> HttpResponse:
    """Who the phone is, and the lists it needs. The token may add records and read nothing else."""
    return JsonResponse(told(sender_of(request), now()))


@csrf_exempt
@public
@never_cache
@answers("PUT")
def device_state(request: HttpRequest) -> HttpResponse:
    """How the phone is, told every minute; answered like `device`, so that it hears at once what is wanted of it."""
    found, at = sender_of(request), now()
    report_state(by=found, said=object_in(request, LONGEST_STATE), at=at)
    return JsonResponse(told(found, at))


def told(device: Device, at: datetime) -> dict[str, Any]:
    """All that a phone is told about itself."""
    return {
        **described(device.id, device.checkpoint, device.expires_at),
        "server_time": at.astimezone(UTC).isoformat(),
        "rule_set": book().at(at).rule_set.hash,
        "symptoms": [asdict(choice) for choice in choices.SYMPTOMS],
        "purposes": [asdict(choice) for choice in choices.PURPOSES],
        "pass_classes": [asdict(choice) for choice in choices.PASS_CLASSES],
        "outbox_key": outbox_key(at),
        "reading_keys": reading_keys(device, at),
        "wipe": wipe_of(device),
    }


def wipe_of(device: Device) -> dict[str, Any] | None:
    """What the desk asked: to erase keys and caches, and to keep or to drop what was not sent."""
    if device.wipe_asked_at is None:
        return None
    asked_at = device.wipe_asked_at.astimezone(UTC).isoformat()
    return {"asked_at": asked_at, "outbox": device.wipe_outbox, "reason": device.wipe_reason}


def sender_of(request: HttpRequest) -> Device:
    """The device whose token the request bears; refused like at the intake's door."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = device_of_token(token.strip(), at=now()) if kind.lower() == "bearer" else None
    if found is None:
        zh = "令牌无效或已过期，请重新登记本机。"
        raise Refusal("TOKEN_UNKNOWN", zh, "The token is unknown or has expired: enrol again.", status=401)
    if found.revoked_at is not None:
        zh = "本机已被停用，请联系指挥部。"
        raise Refusal("DEVICE_REVOKED", zh, "This device was revoked: call headquarters.", status=403)
    return found


def described(device_id: UUID, checkpoint: Checkpoint, expires_at: datetime) -> dict[str, Any]:
    """A device as phones know it."""
    county = county_of(checkpoint.division) or ""
    return {
        "device_id": str(device_id),
        "checkpoint": {
            "code": checkpoint.code,
            "name": checkpoint.name,
            "lanes": checkpoint.lanes,
            "tier": checkpoint.tier,
            "county": names([county], day_of(now())).get(county, ""),
        },
        "expires_at": expires_at.astimezone(UTC).isoformat(),
    }


@public
@answers("GET")
def divisions(request: HttpRequest) -> HttpResponse:
    """The country's register for the phone's picker, or with ?under= the villages of a township."""
    under, today = request.GET.get("under"), day_of(now())
    if under is not None and not is_code(under):
        raise NotFound("NO_SUCH_DIVISION", "没有这个区划代码。", "No division has this code.")
    body = villages_json(under, today) if under is not None else phone_register(today)
    return kept(request, body)


def kept(request: HttpRequest, body: bytes) -> HttpResponse:
    """The body with an ETag, compressed where the phone can read that; nothing but the headers when it has it."""
    tag, packed = _packed(body)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(packed, content_type="application/json", headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"], response["Cache-Control"] = tag, REGISTER_KEPT
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=4)
def _packed(body: bytes) -> tuple[str, bytes]:
    return f'W/"{sha256(body).hexdigest()[:24]}"', gzip.compress(body, 6, mtime=0)
