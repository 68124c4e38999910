"""The whole site as one ASGI application, asked without a socket: what a stranger on the network meets."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.db import connections

from lianfang.doors.guard import SESSION_COOKIE
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from lianfang.project.asgi import site
from tests.doors.asgi import Answer, ask

LOCAL = "localhost"


class House:
    """`as_` asks with an officer's cookie."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def ask(
        self, method: str, path: str, *, as_: Reach | None = None, body: bytes = b"", **headers: str
    ) -> Answer:
        cookie = {"cookie": f"{SESSION_COOKIE}={as_.session}"} if as_ else {}
        return await ask(self.app, method, path, body=body, **({"host": LOCAL} | cookie | headers))


@pytest.fixture
async def house(clean: Database) -> AsyncIterator[House]:
    app = site()
    app._intake.writer.start()
    app._check_in.start()
    yield House(app)
    await app._intake.writer.stop()
    await app._check_in.stop()
    app._intake.registry.close()
    app._village.close()
    app._django.pool.submit(connections.close_all).result()
    app._django.pool.shutdown(wait=True)
