"""What of hand-over is left open stands in the note of duty in words, and a note that leaves it out is refused."""

import re
from datetime import datetime
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from lianfang.command.models import DutyHandover
from lianfang.command.services.duty_slots import sign_in_for_duty
from lianfang.situation.lead import OpenItem
from tests.doors.desk import text
from tests.doors.handed import Handed, handed  # noqa: F401 -- a fixture
from tests.doors.test_hq_duty import at, hq, of, officer, posted  # noqa: F401 -- fixtures
from tests.staffed import Staffed

WORDS = {
    OpenItem(
        "REFERRAL_URGENT", "孤山镇 210381101", 3
    ): "紧急移交没有接收，也没有打过电话 · 孤山镇 210381101：3 人",
    OpenItem(
        "REFERRAL_CALLED", "孤山镇 210381101", 1
    ): "紧急移交没有接收，已打过电话 · 孤山镇 210381101：1 人",
    OpenItem("REFERRAL_LATE", "", 12): "逾期没有接收的移交：12 人",
    OpenItem("REFERRAL_OUTSIDE", "", 2): "外地逾期没有答复的移交：2 人",
    OpenItem("WAITING_OPEN", "CLINIC", 4): "等待事项没有办结 · 发热门诊：4 件",
    OpenItem("WAITING_OPEN", "SUPERVISION", 1): "等待事项没有办结 · 督查：1 件",
}


@pytest.mark.parametrize(("item", "said"), WORDS.items())
def test_each_kind_is_told_with_its_unit(item: OpenItem, said: str) -> None:
    with translation.override("zh-hans"):  # whatever the test before was asked in
        page = render_to_string("hq/pieces/open_items.html", {"items": [item]})
    assert re.sub(r"<[^>]+>", "", page).strip() == said


def test_a_note_without_them_is_refused_and_with_them_is_taken(
    handed: Handed, hq: Staffed, officer: tuple[Client, UUID], at: datetime  # noqa: F811
) -> None:  # fmt: skip
    handed.over(2, at=at)
    client, person = officer
    slot = hq.slot(person)
    sign_in_for_duty(by=hq.keeper, id=slot.id, at=at)
    keys = re.findall(r'name="item" value="([^"]+)"', text(client.get(of(slot))))
    (urgent,) = [key for key in keys if key.startswith("REFERRAL_URGENT")]
    assert re.fullmatch(r"REFERRAL_URGENT .*孤山镇 210381\d+", urgent)
    refused = posted(client, of(slot, "/hand-over"), item=[key for key in keys if key != urgent])
    assert refused.status_code == 400
    assert "有 1 项未了的事没有列在交班里" in text(refused)
    assert "已交班" in text(posted(client, of(slot, "/hand-over"), item=keys))
    (item,) = [one for one in DutyHandover.objects.get().open_items if one["kind"] == "REFERRAL_URGENT"]
    assert item["amount"] == 2
