"""Requests made before the clock starts: realistic parcels, whole HTTP requests as bytes, every id new.

A thousand generated passages are turned into templates once; each request then gets fresh ids, plates, telephones and
document numbers, since repeated ones would make the database's indexes smaller than life.
"""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from lianfang.bench.installation import BenchDevice
from lianfang.demo.numbers import SERIAL
from lianfang.demo.traffic import Traffic
from lianfang.kernel.resident_id import check_digit

TEMPLATES = 1_000
_HEAD = (
    "POST /api/v1/parcels HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    "Content-Type: application/json\r\nContent-Length: "
)
_ID, _PLATE, _PHONE, _DOCUMENT = "%(id)s", "%(plate)s", "%(phone)s", "%(document)s"


@dataclass(frozen=True, slots=True)
class Request:
    """A whole HTTP request, the ids of the passages in it, and how many records (passages and people) it carries."""

    raw: bytes
    passages: tuple[UUID, ...]
    people: int

    @property
    def records(self) -> int:
        return len(self.passages) + self.people


@dataclass(frozen=True, slots=True)
class _Template:
    """A passage item as JSON with gaps, and for each gap what kind of value it takes."""

    text: bytes
    gaps: tuple[tuple[str, str], ...]
    people: int


class Parcels:
    """Makes requests for a set of devices, the same passages for the same seed."""

    def __init__(self, devices: Sequence[BenchDevice], *, seed: int, at: datetime | None = None) -> None:
        self._random = random.Random(seed)
        self._at = at or datetime.now(UTC)
        self._heads = {
            device.checkpoint: _HEAD.format(token=device.token).encode("ascii") for device in devices
        }
        traffic = Traffic(seed)
        self._templates = {
            checkpoint: [self._template(traffic, checkpoint) for _ in range(TEMPLATES // len(self._heads))]
            for checkpoint in self._heads
        }

    def requests(self, count: int, *, passages: int = 1, spread_ms: int = 20_000) -> list[Request]:
        """`count` requests of so many passages each; their ids carry moments spread evenly over the time they will take."""
        checkpoints = list(self._heads)
        start = int(self._at.timestamp() * 1000)
        return [
            self._request(checkpoints[n % len(checkpoints)], passages, start + n * spread_ms // count)
            for n in range(count)
        ]

    def of_people(self, people: int, *, passages: int) -> Iterator[Request]:
        """Requests that carry exactly so many people together."""
        left = people
        while left > 0:
            for request in self.requests(20, passages=passages):
                if request.people > left:
                    yield from self._the_rest(left)
                    return
                left -= request.people
                yield request

    def _the_rest(self, people: int) -> Iterator[Request]:
        while people:
            request = self.requests(1)[0]
            if request.people <= people:
                people -= request.people
                yield request

    def _template(self, traffic: Traffic, checkpoint: str) -> _Template:
        passage = traffic.passage(checkpoint=checkpoint, at=self._at)
        gaps = [("id", "")]
        passage["id"] = _ID
        if "plate" in passage:
            gaps.append(("plate", passage["plate"][:2]))
            passage["plate"] = _PLATE
        for person in passage["people"]:
            gaps += self._open(person)
        item = msgspec.json.encode({"kind": "PASSAGE", "passage": passage}).replace(b"%", b"%%")
        for name in ("id", "plate", "phone", "document"):
            item = item.replace(f"%%({name})s".encode(), b"%b")
        return _Template(item, tuple(gaps), len(passage["people"]))

    def _open(self, person: dict[str, Any]) -> list[tuple[str, str]]:
        """Makes the gaps of one person, in the order in which they appear in its JSON."""
        given = person["document"]["number"]
        person["id"], person["phone"] = _ID, _PHONE
        person["document"] = {"type": "RESIDENT_ID", "number": _DOCUMENT}
        return [("id", ""), ("document", given[:14]), ("phone", "")]

    def _request(self, checkpoint: str, passages: int, millis: int) -> Request:
        ids: list[UUID] = []
        items = []
        people = 0
        for template in self._random.choices(self._templates[checkpoint], k=passages):
            values = [self._value(kind, stem, millis) for kind, stem in template.gaps]
            items.append(template.text % tuple(values))
            ids.append(UUID(values[0].decode()))
            people += template.people
        body = b'{"parcel_id":"%b","items":[%b]}' % (new_id(millis), b",".join(items))
        raw = b"%b%d\r\n\r\n%b" % (self._heads[checkpoint], len(body), body)
        return Request(raw, tuple(ids), people)

    def _value(self, kind: str, stem: str, millis: int) -> bytes:
        chance = self._random.random
        if kind == "id":
            return new_id(millis)
        if kind == "phone":
            return b"1390%07d" % int(chance() * 10_000_000)
        if kind == "plate":
            return f"{stem}{SERIAL[int(chance() * 24) + 10]}{int(chance() * 10_000):04d}".encode()
        body = f"{stem}{int(chance() * 1000):03d}"
        return (body + check_digit(body)).encode()


def new_id(millis: int) -> bytes:
    """The text of a UUIDv7 of that moment."""
    tail = os.urandom(10).hex()
    when = f"{millis:012x}"
    variant = "89ab"[int(tail[3], 16) & 3]
    return f"{when[:8]}-{when[8:]}-7{tail[:3]}-{variant}{tail[4:7]}-{tail[7:19]}".encode()
