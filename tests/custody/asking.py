"""Asked of a restored city, in a process of its own: what can still be found and opened there. One JSON object on stdout.

stdin: {"searches": [[kind, value]…], "officer": sign-in name}
"""

import json
import sys
from datetime import timedelta
from typing import Any

from lianfang.console.database import running


def main() -> None:
    asked = json.load(sys.stdin)
    with running():
        sys.stdout.write(json.dumps(answer(asked), ensure_ascii=False))


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    from django.db import connections  # noqa: PLC0415 -- after Django is set up

    from lianfang.checkpoints.queries.search import search  # noqa: PLC0415
    from lianfang.command.models import Officer  # noqa: PLC0415
    from lianfang.command.services import worker_session  # noqa: PLC0415
    from lianfang.kernel.reach import reach  # noqa: PLC0415
    from lianfang.situation.recount import recount  # noqa: PLC0415
    from tests.factories import session_of  # noqa: PLC0415

    desk = session_of(Officer.objects.get(sign_in_name=asked["officer"]), lasts=timedelta(minutes=5))
    with reach(desk) as seen:
        found = [len(search(seen, kind=kind, value=value).lines) for kind, value in asked["searches"]]
    with connections["owner"].cursor() as cursor:
        cells = cells_in(cursor)
        texts, bounds = _texts(cursor), _numbers(cursor)
    counted = recount(worker_session())
    return {
        "found": found,
        "texts": texts,
        "cells": cells,
        "numbers": bounds,
        "differing": len(counted.differences),
    }


def cells_in(cursor: Any) -> list[Any]:
    """What the board's cells add up to, whatever the quarter-hours they were counted in."""
    cursor.execute(
        "SELECT cube, day::text, hour, key, across, sum(passages), sum(vehicles), sum(people) FROM cell"
        " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"
    )
    return [list(row) for row in cursor.fetchall()]


def _texts(cursor: Any) -> list[str]:
    """Everything sealed that opens with a key that is there."""
    from lianfang.kernel.key_folder import key_folder  # noqa: PLC0415 -- after Django is set up
    from lianfang.kernel.sealing import Unreadable  # noqa: PLC0415

    tables = {"passage": "id", "registration": "id", "correction": "id", "conflict_item": "record_id"}
    each = [f"SELECT captured_on, {bound}, sealed FROM {table}" for table, bound in tables.items()]
    cursor.execute(" UNION ALL ".join(each))
    texts = []
    for day, id, sealed in cursor.fetchall():
        for name in (f"day-{day}.key", f"kept-{day}.key"):
            key = key_folder().key_in(name)
            try:
                texts += [key.unseal(bytes(sealed), id.bytes).decode()] if key and sealed else []
            except Unreadable:
                continue
    return texts


def _numbers(cursor: Any) -> list[int]:
    """The next transaction's number, and the highest that is stored."""
    cursor.execute(
        "SELECT next, (SELECT max(tx) FROM (SELECT tx FROM passage UNION ALL SELECT tx FROM registration) r)"
        " FROM lianfang_tx_bounds()"
    )
    return list(cursor.fetchone())


if __name__ == "__main__":
    main()
