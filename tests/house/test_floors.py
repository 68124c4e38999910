"""Down by call, across by journey, up by fact: the floors of HOUSE.md, asked of the code and of the database."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connections, models

from lianfang.machine.postgres import Database
from tests.house.sources import PRODUCT, ROOT, floor_of, floors, nodes, place, room_of

RECORDS = {"passage", "registration", "correction", "conflict_item"}
# Tables made in SQL, whose room no model tells.
ROOMS_OF_TABLES = {"officer_session": "command"}


def test_no_room_imports_from_a_room_above_or_beside_it() -> None:
    """As a process of its own: called here, it would silence every logger there is for the tests after it."""
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_every_room_stands_on_a_floor_and_every_floor_has_its_rooms() -> None:
    rooms = {path.name for path in PRODUCT.iterdir() if (path / "__init__.py").exists()}
    assert rooms - {"migrations"} == set().union(*floors())


def test_no_foreign_key_of_a_model_points_upwards_or_sideways() -> None:
    """import-linter cannot see a foreign key given as text; the model registry does."""
    wrong = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in apps.get_app_config("lianfang").get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and not points_down(room_of(model.__module__), room_of(field.related_model.__module__))
    ]
    assert not wrong


def points_down(room: str, to: str) -> bool:
    return room == to or floor_of(room) < floor_of(to)


def test_no_foreign_key_of_the_database_points_upwards_or_at_a_record(clean: Database) -> None:
    """Records of people are referred to by value: a key would lock their partitions and outlive a purge."""
    rooms = ROOMS_OF_TABLES | {
        model._meta.db_table: room_of(model.__module__)
        for model in apps.get_app_config("lianfang").get_models()
    }
    keys = list(foreign_keys())
    assert keys
    assert not [key for key in keys if not points_down(rooms[key[0]], rooms[key[1]])]
    assert not [key for key in keys if key[1] in RECORDS]


def foreign_keys() -> Iterator[tuple[str, str]]:
    """(table, table it points at), from the catalogue."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        )
        yield from cursor.fetchall()


def test_a_room_has_only_the_files_a_room_has() -> None:
    """Every room of the trade has the same small set of files; other names are folders or say what they know."""
    journeys = {path.stem for path in (PRODUCT / "journeys").glob("*.py")} - {"__init__"}
    assert journeys
    for room in ("screening", "checkpoints", "command", "regions"):
        stray = {"views", "forms", "signals", "admin", "serializers", "tasks", "managers"}
        assert not {path.stem for path in (PRODUCT / room).rglob("*.py")} & stray


def test_no_signal_is_sent_or_heard_and_no_model_saves_itself_in_a_way_of_its_own() -> None:
    heard = [
        place(path, node)
        for path, node in nodes(ast.ImportFrom)
        if (node.module or "").startswith(
            ("django.dispatch", "django.db.models.signals", "django.core.signals")
        )
    ]
    own_ways = [
        place(path, method)
        for path, node in nodes(ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and path.name == "models.py"
        and method.name in ("save", "delete", "clean")
    ]
    assert not heard
    assert not own_ways
