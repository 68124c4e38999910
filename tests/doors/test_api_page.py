"""docs/api.md is true: its parcels are sent and answered as it says, its codes are those the code knows."""

import ast
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from asgiref.sync import sync_to_async

from lianfang.checkpoints.intake import shapes
from lianfang.doors.intake import IntakeDoor
from lianfang.doors.openapi import ROUTES
from lianfang.doors.shapes import Board
from lianfang.kernel.key_folder import KeyFolder
from lianfang.machine.postgres import Database
from tests.doors.conftest import Phone, connect_as, make_checkpoint, make_device
from tests.house.sources import ROOT, tree

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
RECEIVED = datetime(2020, 2, 13, 0, 31, 30, tzinfo=UTC)
SPOKEN = (
    "checkpoints/intake",
    "journeys/arrival.py",
    "doors/intake.py",
    "doors/phone/views.py",
    "doors/phone/declarations.py",
    "doors/public/declaring.py",
    "doors/structs.py",
    "doors/village_check_in.py",
    "checkpoints/services/declaring.py",
    "checkpoints/services/devices.py",
)
# Refusals of the desk that stand in the same files; the API never answers them.
AT_THE_DESK = {
    "CHECKPOINT_UNKNOWN",
    "TOO_SHORT",
    "DEVICE_UNKNOWN",
    "DEVICE_WIPED",
    "OUTBOX_CHOICE",
    "REASON_MISSING",
    "OUT_OF_REACH",
    "NAME_MISSING",
}


def blocks(kind: str) -> list[Any]:
    return [json.loads(block) for block in re.findall(rf"```json {kind}\n(.*?)```", PAGE, re.DOTALL)]


@pytest.fixture
async def phone(clean: Database, keys: KeyFolder) -> AsyncIterator[Phone]:
    """The phone of the page, in February 2020."""

    def furnish() -> str:
        return make_device(
            make_checkpoint("HC02"),
            enrolled_at=datetime(2020, 2, 10, tzinfo=UTC),
            expires_at=datetime(2020, 3, 11, tzinfo=UTC),
        )

    door = IntakeDoor(connect=connect_as(clean, "intake"), keys=keys, clock=lambda: RECEIVED)
    door.writer.start()
    yield Phone(door, await sync_to_async(furnish)(), None)  # type: ignore[arg-type]
    await door.writer.stop()
    door.registry.close()


async def test_the_parcels_of_the_page_get_the_answers_of_the_page(phone: Phone) -> None:
    parcels, answers = blocks("parcel"), blocks("receipts")
    assert len(parcels) == len(answers) >= 2
    for parcel, told in zip(parcels, answers, strict=True):
        answer = await phone.post(json.dumps(parcel).encode())
        assert answer.json == told


def test_the_board_of_the_page_has_the_fields_of_the_board() -> None:
    (shown,) = blocks("board")
    board = msgspec.convert(shown, Board)
    assert set(msgspec.to_builtins(board)) == set(shown)


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("parcel", shapes.Parcel),
        ("passage", shapes.Passage),
        ("person", shapes.Person),
        ("correction", shapes.Correction),
    ],
)
def test_every_field_of_a_record_is_on_the_page(line: str, shape: type[msgspec.Struct]) -> None:
    (text,) = re.findall(
        rf"^{line} +(\{{.*?\}})$", PAGE.split("### Fields")[1], flags=re.MULTILINE | re.DOTALL
    )
    outer = re.sub(
        r"(?<=.)[\[{][^\[\]{}]*[\]}]", "", text[1:-1]
    )  # fields of inner objects have lines of their own
    assert set(re.findall(r'"(\w+)"\??:?', re.sub(r'"[A-Z_]+"', "", outer))) >= set(
        shape.__struct_encode_fields__
    )


def test_every_code_that_the_api_answers_is_on_the_page() -> None:
    answered = {code for place in SPOKEN for path in files(place) for code in codes_in(path)} - AT_THE_DESK
    assert len(answered) > 10
    assert not {code for code in answered if not re.search(rf"\b{code}\b", PAGE)}


def files(place: str) -> list[Path]:
    path = ROOT / "lianfang" / place
    return [path] if path.suffix else sorted(path.rglob("*.py"))


def codes_in(path: Path) -> set[str]:
    """UPPER_CASE texts given first to whatever refuses or sets aside."""
    return {
        argument.value
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in ("Refusal", "NotFound", "Forbidden", "Unread")
        for argument in call.args[:2]
        if isinstance(argument, ast.Constant) and re.fullmatch("[A-Z_]+", str(argument.value))
    }


def test_every_address_of_the_description_is_on_the_page() -> None:
    assert not {route.path for route in ROUTES if route.path not in PAGE}
