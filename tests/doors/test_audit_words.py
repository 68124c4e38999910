"""What the auditor reads: no code of ours where a word is known, and a word for all that the product notes."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from lianfang.command.services import worker_session
from lianfang.doors.hq.audit_words import CODES_OF, DETAILS, PAGES, SUBJECTS
from lianfang.doors.hq.quarantine.follow_ups import PAGES as PAGES_OF_FOLLOW_UPS
from lianfang.kernel.audit import Act, note
from lianfang.kernel.audit import acts as noted_acts
from tests import factories
from tests.doors.desk import City, at_desk
from tests.doors.test_hq_audit import lines
from tests.house.sources import nodes


@pytest.fixture
def auditor(city: City) -> Client:
    return at_desk(factories.officer("AUDITOR", name="审计员"))


@pytest.mark.parametrize(
    ("act", "subject", "details", "told"),
    [
        (Act.LIST_READ, "", {"page": "orders", "list": "TO_TELL"}, "页面 隔离观察 名单 待送达"),
        (Act.LIST_READ, "", {"page": "check-ins", "list": "NEITHER"}, "页面 隔离打卡 名单 未报"),
        (Act.LIST_READ, "", {"page": "referrals", "list": "UNACCEPTED"}, "页面 移交 名单 待接收"),
        (Act.QUARANTINE_CHANGED, "QUARANTINE_ORDER 7", {"kind": "TRANSFERRED"}, "隔离观察 7 1 种类 转移"),
        (Act.FOLLOW_UP_CLOSED, "QUARANTINE_ORDER 7", {"kind": "CALL", "outcome": "WELL"}, "种类 电话问询 结果 无异常"),
        (Act.CHECKED_IN, "QUARANTINE_ORDER 7", {"way": "GRID_DOOR", "verdict": "WELL"}, "结论 无异常 打卡方式 上门"),
        (Act.CHECKPOINT_OPENED, "CHECKPOINT HC01", {"kind": "TOLL_GATE"}, "种类 高速口"),
        (Act.FILE_AMENDED, "PERSON 7", {"fields": ["name", "phone"]}, "栏目 姓名、电话"),
        (Act.NOTICE_WRITTEN, "PLACE_NOTICE 7", {"division": factories.HAICHENG}, "辖区 辽宁省鞍山市海城市"),
        (Act.DUTY_PLANNED, "DUTY_SLOT 7", {"group": "STATISTICS", "part": "FULL"}, "工作组 数据统计组 班次 全天"),
        (Act.VILLAGE_CHECK_IN_OPENED, "VILLAGE_CHECK_IN 7", {"until": "2026-12-12T03:57:29.854+00:00"}, "到 12月12日 11:57"),
        (Act.REFUSED, "", {"page": "desk", "code": "NOT_PERMITTED"}, "页面 我的工作 原因 没有这个权限"),
        # What is no code of a closed list stands as it is.
        (Act.LIST_READ, "", {"page": "yonder", "list": ["A", {"b": 1}], "odd": 7}, "页面 yonder 名单 A、b 1 odd 7"),
        (Act.QUARANTINE_CHANGED, "QUARANTINE_ORDER 7", {"kind": ["X"], "from": ["Y"], "group": {}, "to": None}, "种类 X 从 Y 工作组 —"),
    ],
)  # fmt: skip
def test_details_are_told_in_words(
    city: City, auditor: Client, act: Act, subject: str, details: dict[str, Any], told: str
) -> None:
    note(act, by=factories.officer("COUNTY_DESK", factories.HAICHENG), subject=subject, details=details)
    line, *_before = lines(auditor, f"?act={act}")
    assert told in line


def test_what_the_background_program_does_has_its_name(city: City, auditor: Client) -> None:
    note(Act.FILE_CLOSED, by=worker_session(), subject="PERSON")
    (line,) = lines(auditor, "?act=FILE_CLOSED")
    assert "后台程序" in line


def test_what_an_auditor_asked_for_is_told_in_words(city: City, auditor: Client) -> None:
    worker = worker_session()
    auditor.get(f"/desk/audit?officer={worker.officer_id}&act=SIGNED_IN&result=DONE")
    (line,) = lines(auditor, "?act=AUDIT_READ")
    assert "事项 登录 操作人 后台程序 结果 完成" in line


def test_every_subject_has_a_word() -> None:
    assert set(noted_acts.SUBJECTS) <= set(SUBJECTS)


def test_every_page_of_names_has_a_word() -> None:
    calls = [call for _path, call in nodes(ast.Call) if named(call.func) in ("list_read", "note_read")]
    said = {one.value for call in calls for one in call.args if isinstance(one, ast.Constant)}
    assert {"orders", "doors"} < said <= set(PAGES)
    assert set(PAGES_OF_FOLLOW_UPS.values()) <= set(PAGES)


def named(called: ast.expr) -> str:
    return getattr(called, "id", getattr(called, "attr", ""))


def test_every_detail_that_is_noted_has_a_name() -> None:
    """As far as the names stand where the act is noted; those of events and of purged tables have pages of their own."""
    found = {key for path, call in nodes(ast.Call) if named(call.func) == "note" for key in keys(call)}
    assert {"page", "kind", "division"} <= found
    assert not found - set(DETAILS)


def keys(call: ast.Call) -> Iterator[str]:
    for given in call.keywords:
        if given.arg == "details" and isinstance(given.value, ast.Dict):
            yield from (key.value for key in given.value.keys if isinstance(key, ast.Constant))


def test_what_a_code_is_of_is_a_subject_an_act_or_a_page() -> None:
    assert set(CODES_OF) <= set(SUBJECTS) | set(PAGES) | set(Act)
    assert not [name for known in CODES_OF.values() for name in known if name not in DETAILS]


def test_a_moment_is_told_as_one(city: City, auditor: Client) -> None:
    at = datetime(2026, 12, 12, 3, 57, tzinfo=UTC)
    note(Act.DISPLAY_MADE, by=None, details={"expires_at": at.isoformat()})
    (line,) = lines(auditor, "?act=DISPLAY_MADE")
    assert re.search("有效到 12月12日 11:57", line)
