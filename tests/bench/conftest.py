"""Rounds and results as the bench would hand them over."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from lianfang.bench.figures import Paired, Results
from lianfang.bench.kills import Kills
from lianfang.bench.processes import Cost
from lianfang.bench.rounds import Round
from lianfang.bench.storm import Storm
from lianfang.kernel.ids import uuid7
from tests.doors.conftest import Phone, phone  # noqa: F401 -- the fixture of a device at the intake's door

MakeRound = Callable[..., Round]
Send = Callable[[int], Awaitable[tuple[list[UUID], int]]]


@pytest.fixture
def make_round() -> MakeRound:
    """A second in which 1,000 passages of two people were acknowledged, for 200 µs of server and 100 µs of PostgreSQL."""
    acknowledged = tuple(uuid7() for _ in range(1000))

    def make(**changes: Any) -> Round:
        cost = Cost(server=0.2, worker=0.01, postgresql=0.1, intake=0.06, fold=0.03, machine=0.4)
        usual = Round(1.0, 1000, 1000, 2000, 2.0, 9.0, {"200": 1000}, acknowledged, 2000, cost, 0.03)
        return replace(usual, **changes)

    return make


@pytest.fixture
def results(make_round: MakeRound) -> Results:
    """A run that reaches every bar."""
    usual = make_round()
    return Results(
        singles={1: [usual], 8: [usual], 256: [make_round(p99_ms=40.0)]},
        empty=[Paired(usual, 4000.0)] * 3,
        present=[Paired(usual, 4000.0)] * 3,
        batches=[Paired(make_round(people=20_000), 50_000.0)],
        storm=Storm(320, 20, 41),
        kills=Kills(40, 9_000, 0, 3.2, {"200": 9_000, "broken": 90}),
        people=263_239,
        lost=0,
        lost_at_256=0,
        versions={"lianfang": "0.1.0"},
    )


@pytest.fixture
def send(phone: Phone, now: datetime) -> Send:  # noqa: F811
    """Sends so many passages to the intake; answers their ids and how many people were in them."""

    async def sent(count: int) -> tuple[list[UUID], int]:
        passages = [phone.traffic.passage(checkpoint="HC01", at=now) for _ in range(count)]
        await phone.send(*({"kind": "PASSAGE", "passage": passage} for passage in passages))
        return [UUID(passage["id"]) for passage in passages], sum(len(p["people"]) for p in passages)

    return sent
