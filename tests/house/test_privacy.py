"""Whatever a phone says about people, none of it lies anywhere in the database as it was said, and no log repeats it."""

import json
import logging
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import asyncpg
import msgspec
import pytest

from lianfang.checkpoints.intake import shapes
from lianfang.kernel.ids import uuid7
from tests.doors.conftest import Phone, connect_as

MARK = "私密MARK"
TABLES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'
"""
# The officer at the barrier, by the code the phone knows him by: no traveller, and plain by decision.
STAFF = {"officer", "crew"}


def marked(hint: Any, name: str = "") -> Any:
    """A value of that type in which every text says who somebody is."""
    if get_origin(hint) is UnionType:
        return marked(next(part for part in get_args(hint) if part is not NoneType), name)
    if get_origin(hint) is list:
        return [marked(get_args(hint)[0], name)]
    if get_origin(hint) is dict:
        return {f"{MARK} key": {f"{MARK} inner": [f"{MARK} answer"]}}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return filled(hint)
    return {str: f"{MARK} {name}", int: 7, float: 36.5, bool: True, UUID: str(uuid7())}[hint]


def filled(shape: type[msgspec.Struct], **fixed: Any) -> dict[str, Any]:
    """Every field of the shape, each text marked."""
    hints = get_type_hints(shape)
    names = zip(shape.__struct_fields__, shape.__struct_encode_fields__, strict=True)
    values = {encoded: marked(hints[field], encoded) for field, encoded in names if encoded not in fixed}
    return {name: value for name, value in values.items() if name not in STAFF} | fixed


def correction_of(record: dict[str, Any], fields: dict[str, Any], at: str) -> dict[str, Any]:
    item = {
        "id": str(uuid7()),
        "of": record["id"],
        "fields": fields,
        "reason": f"{MARK} reason",
        "occurred_at": at,
    }
    return {"kind": "CORRECTION", "correction": item}


async def everything_in(connection: asyncpg.Connection) -> str:
    """Every row of every table as text, and every stored byte read as text."""
    rows = []
    for table in [row[0] for row in await connection.fetch(TABLES)]:
        for record in await connection.fetch(f"SELECT * FROM {table}"):  # a name from the catalogue
            for value in record.values():
                rows.append(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))
    return "\n".join(rows)


async def test_nothing_that_was_said_about_a_person_can_be_read_in_the_database_or_a_log(
    phone: Phone, clean: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    plain = phone.passage()["passage"]
    person = filled(shapes.Person, id=plain["people"][0]["id"])
    passage = filled(shapes.Passage, id=plain["id"], occurred_at=plain["occurred_at"], people=[person])
    fields = {
        name: passage[name] for name in shapes.PassageFields.__struct_encode_fields__ if name in passage
    }
    about_person = {name: person[name] for name in shapes.PersonFields.__struct_encode_fields__}
    other = {
        **passage,
        "vehicle_note": f"{MARK} another note",
        "people": [{**person, "name": f"{MARK} other"}],
    }
    receipts = await phone.send(
        {"kind": "PASSAGE", "passage": passage},
        {"kind": "PASSAGE", "passage": other},
        correction_of(passage, fields, plain["occurred_at"]),
        correction_of(person, about_person, plain["occurred_at"]),
        {"kind": "PASSAGE", "passage": {**passage, "id": MARK}},
        {
            "kind": "PASSAGE",
            "passage": {**passage, "id": str(uuid7()), "people": [{"id": MARK, "name": MARK}]},
        },
    )
    statuses = [receipt["status"] for receipt in receipts]
    assert statuses == ["ACCEPTED", "CONFLICT", "ACCEPTED", "ACCEPTED", "SET_ASIDE", "ACCEPTED"]
    connection = await connect_as(clean, "owner")()
    try:
        stored = await everything_in(connection)
        counts = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM registration), (SELECT count(*) FROM correction), (SELECT count(*) FROM conflict_item)"
        )
    finally:
        await connection.close()
    assert tuple(counts) == (1, 2, 2)
    assert "MARK" not in stored
    assert "MARK" not in caplog.text
    assert "MARK" not in json.dumps(receipts, ensure_ascii=False)


async def test_the_marks_would_be_found_if_they_were_there(phone: Phone, clean: Any) -> None:
    """The search above is worth something only if it finds what does lie there."""
    item = phone.passage(officer=f"{MARK} officer")
    await phone.send(item)
    connection = await connect_as(clean, "owner")()
    try:
        assert f"{MARK} officer" in await everything_in(connection)
    finally:
        await connection.close()
