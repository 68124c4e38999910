"""A desk that asks: pages and answers over one connection that is kept alive, signed in, timed to the last byte."""

import http.client
import json
import re
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from lianfang.bench.parcels import Request

BOARD = "/api/v1/board"
SEARCH = "/desk/search"
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_BEFORE = re.compile(rb"before=([0-9a-f-]{36})")


class Reply(NamedTuple):
    """`ms` from the first byte sent to the last one read."""

    status: int
    body: bytes
    ms: float


class BenchQuestion(NamedTuple):
    """What is asked; `kind` says in which figure it counts. A form is posted where there is one."""

    kind: str
    path: str
    form: tuple[tuple[str, str], ...] = ()


class Desk:
    """Signed in by a session's cookie."""

    def __init__(self, port: int, session: str) -> None:
        self._cookies = {"lianfang_session": session}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60.0)
        self._token = ""

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def ask(self, question: BenchQuestion) -> Reply:
        headers, body, method = {"Cookie": self.cookie, "Accept-Language": "zh-hans"}, None, "GET"
        if question.form:
            method, body = "POST", urlencode([*question.form, ("csrfmiddlewaretoken", self._csrf())]).encode()
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        begun = time.perf_counter()
        self._connection.request(method, question.path, body=body, headers=headers)
        answer = self._connection.getresponse()
        read = answer.read()
        ms = (time.perf_counter() - begun) * 1000
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return Reply(answer.status, read, ms)

    def _csrf(self) -> str:
        if not self._token:
            found = _TOKEN.search(self.ask(BenchQuestion("", SEARCH)).body)
            self._token = found[1].decode() if found else "none"
        return self._token

    def close(self) -> None:
        self._connection.close()


def lists(desk: Desk, *, today: date) -> Iterator[BenchQuestion]:
    """A day, a day at a checkpoint, and older pages of both."""
    days = [today, *(today - timedelta(days=back) for back in (1, 7, 30, 55))]
    for day in days:
        for place in ("", "&checkpoint=HC01", "&checkpoint=HC14"):
            path = f"/desk/passages?day={day}{place}"
            for _ in range(3):
                yield BenchQuestion("list", path)
                before = _BEFORE.search(desk.ask(BenchQuestion("list", path)).body)
                if before is None:
                    break
                path = f"/desk/passages?day={day}{place}&before={before[1].decode()}"


def filtered(*, today: date) -> list[BenchQuestion]:
    """What a table's cells link to, from a day's hour to everything there is."""
    day, month = today - timedelta(days=1), today - timedelta(days=30)
    week = f"from={today - timedelta(days=7)}&to={day}"
    asked = (
        f"day={day}&direction=IN",
        f"day={day}&hour=8&checkpoint=HC01",
        f"day={day}&vehicles=1&direction=IN&checkpoint=HC02",
        f"day={month}&transport=TRUCK",
        f"day={day}&purpose=MEDICAL&direction=IN",
        f"day={day}&purpose=-",
        f"day={day}&origin=420000&direction=IN",
        f"day={month}&destination=210381&direction=IN",
        f"day={day}&measure=QUARANTINE",
        f"day={month}&measure=FEVER_CLINIC&checkpoint=HC14",
        f"{week}&checkpoint=HC05",
        f"{week}&transport=COACH&direction=IN",
        f"{week}&origin=-&direction=IN",
        f"{week}&measure=FEVER_CLINIC",
        "from=all&checkpoint=HC01",
        "from=all&vehicles=1&direction=IN",
        "from=all&purpose=MEDICAL&transport=TRUCK",
        "from=all&origin=420000&direction=IN",
        "from=all&measure=FEVER_CLINIC&checkpoint=HC18&transport=MOTORCYCLE",
    )
    return [BenchQuestion("filtered", f"/desk/passages?{question}") for question in asked]


def tables(*, today: date) -> list[BenchQuestion]:
    """Single dimensions, pairs, today and all, now and as it was known."""
    then = f"{today - timedelta(days=9)}T18:00:00%2B08:00"
    pairs = (
        ("CHECKPOINT", "PURPOSE"),
        ("ORIGIN", "MEASURE"),
        ("DESTINATION", "CHECKPOINT"),
        ("HOUR", "TRANSPORT"),
    )
    asked = [f"rows={rows}" for rows in ("CHECKPOINT", "ORIGIN", "MEASURE", "DESTINATION")]
    asked += [f"rows={rows}&columns={columns}" for rows, columns in pairs]
    spans = ("span=today", "span=all", f"span=all&as_of={then}")
    return [BenchQuestion("tables", f"/tables?{question}&{span}") for question in asked for span in spans]


def searches(requests: Sequence[Request]) -> list[BenchQuestion]:
    """Plates, documents and telephones that stand in these requests."""
    found = []
    for request in requests:
        passage = json.loads(request.raw.partition(b"\r\n\r\n")[2])["items"][0]["passage"]
        person = passage["people"][0]
        numbers = {
            "PLATE": passage.get("plate"),
            "DOCUMENT": person["document"]["number"],
            "PHONE": person["phone"],
        }
        found += [(kind, number) for kind, number in numbers.items() if number]
    return [BenchQuestion("search", SEARCH, (("kind", kind), ("value", number))) for kind, number in found]
