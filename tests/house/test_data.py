"""docs/data.md says of every column what lies there and why; the database's catalogue agrees."""

import re
from typing import NamedTuple

import pytest
from django.db import connections

from lianfang.checkpoints.intake import shapes
from lianfang.machine.postgres import Database
from lianfang.messages.services import Reminder
from lianfang.people.facts import DoorTold, PersonTold
from lianfang.referrals.services import ReferralNote
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
KINDS = {"plain", "sealed", "index", "digest", "hash"}
RECORDS = ("passage", "registration", "correction", "conflict_item")

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relnamespace = current_schema()::regnamespace
"""
# What a person is known by. In the tables of records no plain column is called so, or holds so.
PERSONAL = {
    "name", "sex", "born_on", "document", "number", "phone", "plate", "address", "nationality", "occupation", "guardian",
    "guardian_id", "answers", "reason", "vehicle_note", "trip", "lane", "crew",
}  # fmt: skip


class Column(NamedTuple):
    kind: str
    why: str


def documented() -> dict[str, dict[str, Column]]:
    tables = {}
    for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        name = part.split(None, 1)[0]
        rows = re.findall(r"^\| (\w+) \| (\w+) \| (.+) \|$", part.split("\n## ")[0], flags=re.MULTILINE)
        tables[name] = {column: Column(kind, why) for column, kind, why in rows if column != "column"}
    return tables


@pytest.fixture
def catalogue(clean: Database) -> dict[str, dict[str, str]]:
    """Table → column → type."""
    tables: dict[str, dict[str, str]] = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column, kind in cursor.fetchall():
            tables.setdefault(table, {})[column] = kind
    return tables


def test_every_column_of_every_table_is_on_the_page_and_nothing_else(
    catalogue: dict[str, dict[str, str]],
) -> None:
    assert {table: set(columns) for table, columns in documented().items()} == {
        table: set(columns) for table, columns in catalogue.items()
    }


def test_every_column_has_a_known_kind_and_a_reason() -> None:
    for table, columns in documented().items():
        for name, column in columns.items():
            assert column.kind in KINDS, f"{table}.{name}"
            assert column.why.strip(), f"{table}.{name}"


# What argon2 makes of a secret is text.
ARGON2 = {("officer", "password"), ("roster_token", "pin_hash")}


def test_what_is_called_sealed_or_keyed_is_bytes_and_what_is_called_plain_is_not(
    catalogue: dict[str, dict[str, str]],
) -> None:
    for table, columns in documented().items():
        for name, column in columns.items():
            is_bytes = catalogue[table][name].removesuffix("[]") == "bytea"
            assert is_bytes == (column.kind != "plain") or (table, name) in ARGON2, f"{table}.{name}"


def test_what_a_person_is_known_by_is_plain_in_no_table_of_records() -> None:
    for table in RECORDS:
        plain = {name for name, column in documented()[table].items() if column.kind == "plain"}
        assert not plain & PERSONAL
        assert "sealed" in documented()[table]


def test_every_table_has_a_class_of_retention() -> None:
    classes = set(
        re.findall(
            r"^\| (\w+) \| .+ \| .+ \| .+ \|$", PAGE.split("## How long")[1].split("\n## ")[0], re.MULTILINE
        )
    )
    for table in documented():
        said = re.search(rf"^### {table}\b.*\n(.+)", PAGE, re.MULTILINE)
        assert said, table
        assert re.match(r"Class: (\w+)", said[1])[1] in classes, table  # type: ignore[index]


@pytest.mark.parametrize(
    ("record", "shape"),
    [
        ("passage", shapes.Header),
        ("registration", shapes.Person),
        ("correction", shapes.Correction),
        ("person", PersonTold),
        ("household", DoorTold),
        ("referral_event", ReferralNote),
        ("message", Reminder),
    ],
)
def test_the_page_names_every_field_that_is_sealed(record: str, shape: type) -> None:
    (named,) = re.findall(
        rf"^\| {record} \| (.+) \|$", PAGE.split("## What is sealed")[1].split("\n## ")[0], re.MULTILINE
    )
    fields = getattr(shape, "__struct_encode_fields__", None) or shape.__dataclass_fields__  # type: ignore[attr-defined]
    assert set(named.split(", ")) == set(fields)
