import socket

import pytest
from django.db import connections
from django.test import Client

from lianfang.doors import guard
from lianfang.machine.postgres import Database


def test_all_is_well_while_the_database_answers(clean: Database) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "database": True})


def test_a_database_that_is_away_is_said_and_is_no_error_page(
    clean: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and nobody listens
        away = {**connections.databases["default"], "HOST": "127.0.0.1", "PORT": nobody.getsockname()[1]}
        monkeypatch.setitem(connections.databases, "away", {**away, "OPTIONS": {}})
        monkeypatch.setattr(guard, "connection", connections["away"])
        answer = Client().get("/healthz")
        del connections["away"]
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "database": False})
