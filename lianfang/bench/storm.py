"""A storm: the same passage sent many times at once, over several server processes, as a phone on a bad line does."""

import contextlib
import json
import socket
from collections.abc import Sequence
from typing import Any, NamedTuple

from lianfang.bench.load import read_answer
from lianfang.bench.parcels import Request
from lianfang.bench.tables import Tables

TIMES = 16
PASSAGES = 20

Receipt = dict[str, Any]


class Storm(NamedTuple):
    """`successes` right answers (TIMES a passage), `rows` passages and `people` registrations in the tables."""

    successes: int
    rows: int
    people: int


def storm(requests: Sequence[Request], *, ports: Sequence[int], tables: Tables) -> Storm:
    """Each request TIMES over, all copies of it at the same moment."""
    successes = sum(right_answers(at_once(request, ports=ports)) for request in requests)
    ids = [id_ for request in requests for id_ in request.passages]
    return Storm(successes, tables.passages(ids), tables.people(ids))


def at_once(request: Request, *, ports: Sequence[int], times: int = TIMES) -> list[Receipt | None]:
    """The receipts; None where the answer was none."""
    with contextlib.ExitStack() as open_:
        lines = [
            open_.enter_context(socket.create_connection(("127.0.0.1", ports[n % len(ports)]), timeout=30.0))
            for n in range(times)
        ]
        for line in lines:
            line.sendall(request.raw)
        return [_receipt(line) for line in lines]


def _receipt(line: socket.socket) -> Receipt | None:
    received = b""
    try:
        while (answer := read_answer(received)) is None or len(received) < answer.length:
            chunk = line.recv(65_536)
            if not chunk:
                return None
            received += chunk
    except OSError:
        return None
    if answer.status != 200:
        return None
    receipt: Receipt = json.loads(received[received.index(b"\r\n\r\n") :])["receipts"][0]
    return receipt


def right_answers(receipts: Sequence[Receipt | None]) -> int:
    """How many are right: one says ACCEPTED, the others DUPLICATE and everything else exactly as the first."""
    accepted = next((r for r in receipts if r is not None and r["status"] == "ACCEPTED"), None)
    if accepted is None:
        return 0
    repeated = _with_status(accepted, "DUPLICATE")
    return 1 + sum(receipt == repeated for receipt in receipts)


def _with_status(receipt: Receipt, status: str) -> Receipt:
    people = [{**person, "status": status} for person in receipt["people"]]
    return {**receipt, "status": status, "people": people}
