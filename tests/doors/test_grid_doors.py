"""The doors of a grid on its worker's phone: who is called on, in walking order, in full but for documents; nobody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from lianfang.doors.roster_shapes import GridDoorsShown
from lianfang.kernel.key_folder import key_folder
from tests.doors.doorstep import Doorstep, handed, step
from tests.doors.handed import VILLAGE

__all__ = ["handed", "step"]
DAY = timedelta(days=1)


def people(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for door in shown["doors"] for one in door["people"]]


class TestWhoIsShown:
    def test_everything_a_worker_needs_at_the_door_and_no_document(self, step: Doorstep) -> None:
        (one,) = step.over(name="沈平安", phone="13900001234")
        response = step.doors()
        shown = msgspec.json.decode(response.content, type=GridDoorsShown)
        (door,) = shown.doors
        (him,) = door.people
        assert (door.household, door.code, door.address) == (None, None, "东区3号楼2单元")
        assert (him.referral, him.name, him.phone, him.address) == (
            one.id,
            "沈平安",
            "13900001234",
            "东区3号楼2单元",
        )
        assert (him.state, him.urgent, him.late, him.party) == ("SENT", True, False, 1)
        assert (him.checkpoint, him.from_, him.guardian, him.answered) == (
            "GATE卡口",
            "湖北省武汉市",
            None,
            None,
        )
        assert him.measures[0].kind == "QUARANTINE"
        assert "隔离医学观察" in him.measures[0].say.zh
        assert shown.division.code == VILLAGE
        pair = key_folder().outbox(datetime.now(UTC).date())
        assert (shown.outbox_key.id, shown.outbox_key.public) == (pair.id, pair.public)
        assert "no-store" in response["Cache-Control"]
        passage = step.handed.city
        assert "210" not in response.content.decode().replace(VILLAGE, "").replace("2101", "") or passage
