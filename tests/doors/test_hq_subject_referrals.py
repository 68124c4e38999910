"""The subject's own file says to whom he was handed over, what was answered and written, in which household he is, who is kin."""

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianfang.people.facts import Call, DocumentTold, DoorTold, PersonTold
from lianfang.people.services import Door, join, open_file, open_households, tell_kinship
from tests import factories
from tests.doors.desk import text
from tests.doors.handed import VILLAGE, Handed, act, handed  # noqa: F401 -- a fixture
from tests.factories import HAICHENG, Generated

NUMBER = Generated(83).resident_id()
CARD = {"type": "RESIDENT_ID", "number": NUMBER}


def asked(handed: Handed, **said: str) -> str:  # noqa: F811
    return text(handed.city.haicheng.post("/desk/subjects", {"number": NUMBER, **said}))


def of(page: str) -> str:
    return page.partition('data-testid="subject-referral"')[2]


def test_he_is_told_where_to_and_what_was_answered_and_written(handed: Handed) -> None:  # noqa: F811
    one = handed.one(name="赵小满", document=CARD)
    act(handed.city.township, one, "answer", kind="WRONG_ADDRESS", address="西街8号", note="门牌写错了")
    act(handed.city.township, one, "move", kind="MOVED_ON", division="210381101201")
    page = asked(handed)
    assert page.count('data-testid="subject-referral"') == 2
    for word in (
        "孤山镇大孤山村",
        "小孤山村",
        "卡口登记",
        "由别处转来",
        "地址有误",
        "西街8号",
        "门牌写错了",
        "隔离观察",
        "待接收",
    ):
        assert word in of(page), word
    assert "值班员" not in of(page), "who acted is not told"


def test_nothing_of_anybody_else_is_told(handed: Handed) -> None:  # noqa: F811
    _mine, other = handed.one(document=CARD), handed.one()
    act(handed.city.township, other, "answer", kind="NOT_HERE", note="邻居的话")
    page = asked(handed)
    assert page.count('data-testid="subject-referral"') == 1
    assert "邻居的话" not in page


def test_to_take_along(handed: Handed) -> None:  # noqa: F811
    one = handed.one(document=CARD)
    act(handed.city.township, one, "answer", kind="NOT_HERE", note="家里没有人")
    client = handed.city.haicheng
    given = client.post("/desk/subjects/export", {"number": NUMBER, "format": "json"})
    (told,) = json.loads(given.content)["referrals"]
    assert told["to"].endswith("大孤山村")
    assert "家里没有人" in told["done"]
    book = load_workbook(BytesIO(client.post("/desk/subjects/export", {"number": NUMBER}).content))
    cells = {str(cell) for row in book["移交"].iter_rows(values_only=True) for cell in row if cell}
    assert any("家里没有人" in cell for cell in cells)


def test_three_referrals_ask_as_often_as_one(handed: Handed) -> None:  # noqa: F811
    counted: list[int] = []
    for _ in "123":
        one = handed.one(document=CARD)
        act(handed.city.township, one, "answer", kind="NOT_HERE", note="没有人")
        asked(handed)
        with CaptureQueriesContext(connection) as queries:
            asked(handed)
        counted.append(len(queries))
    assert counted[2] <= counted[0]


def test_his_household_and_kin_are_told_and_kin_only_masked(handed: Handed) -> None:  # noqa: F811
    desk, at = factories.officer("COUNTY_DESK", HAICHENG), datetime.now(UTC)
    made = Generated(7)
    told: list[dict[str, Any]] = [
        {"name": "赵小满", "number": NUMBER},
        {"name": "钱招弟", "number": made.resident_id()},
    ]
    me, child = (
        open_file(by=desk, at=at, call=Call("REFERRAL", one["name"]), division=VILLAGE,
                  facts=PersonTold(name=one["name"], document=DocumentTold("RESIDENT_ID", one["number"]))).id
        for one in told
    )  # fmt: skip
    (home,) = open_households(by=desk, at=at, doors=[Door(VILLAGE, DoorTold(address="丰台路1号"))])
    join(by=desk, at=at, person=me, household=home.id, relation="HEAD")
    tell_kinship(by=desk, at=at, person=me, other=child, kind="CHILD")
    page = asked(handed).partition('data-testid="subject-file"')[2]
    for word in ("丰台路1号", "在家", "亲属", "子女 钱*"):
        assert word in page, word
    assert "钱招弟" not in page
