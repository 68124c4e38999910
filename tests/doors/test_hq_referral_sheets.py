"""A grid's doors on paper from the desk: printed twenty a page, typed back in one pass; the day on one page; what waits."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.ids import uuid7
from lianfang.referrals.models import Referral, ReferralEvent, ReferralSheet, WaitingFact
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.handed import BEYOND, OTHER_VILLAGE, VILLAGE, Handed, act, handed, kinds, stands  # noqa: F401 -- a fixture
from tests.factories import Json

SHEET, TYPE_IN, DAY, WAITING = (
    "/desk/referrals/sheet", "/desk/referrals/sheet/type-in", "/desk/referrals/day", "/desk/waiting",
)  # fmt: skip
HOT: list[Json] = [{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round takes place on one day, whenever the tests run."""
    monkeypatch.setattr(settings, "SCENARIO", timedelta())
    settings.SCENARIO = datetime.now(SHANGHAI).replace(hour=12, minute=0) - datetime.now(SHANGHAI)


def print_it(client: Client, division: str = VILLAGE, **said: str) -> str:
    response = client.post(SHEET, {"id": str(uuid7()), "division": division, **said})
    assert response.status_code == 200
    return text(response)


def type_in(client: Client, sheet: ReferralSheet, time: str = "12:30", **marks: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in marks.items()}
    return client.post(TYPE_IN, {"number": str(sheet.number), "time": time, **given})


def row_of(sheet: ReferralSheet, one: Referral) -> int:
    return sheet.referrals.index(one.id) + 1


class TestPrinting:
    def test_who_and_where_and_four_boxes_stand_on_it_and_it_is_noted(self, handed: Handed) -> None:  # noqa: F811
        handed.one(name="王小明", phone="13900001234")
        page = print_it(handed.city.township)
        sheet = ReferralSheet.objects.using("owner").get()
        for word in (
            "大孤山村上门清单",
            "王小明",
            "13900001234",
            "东区3号楼2单元",
            "隔离观察",
            "第 1 页，共 1 页",
            "打印",
        ):
            assert word in page, word
        assert page.count("□") == 4
        assert f'<p class="pad__label">{sheet.number}</p>' in page
        entry = AuditEntry.objects.using("owner").get(act="EXPORTED")
        assert (entry.subject, entry.count) == (f"REFERRAL_SHEET {sheet.id}", 1)
        assert entry.details["reference"] in page
        for secret in ("王小明", "13900001234", "东区"):
            assert secret not in str(entry.details)

    def test_twenty_stand_on_a_page(self, handed: Handed) -> None:  # noqa: F811
        handed.over(21)
        page = print_it(handed.city.township)
        assert page.count('data-testid="sheet-page"') == 2
        assert "第 2 页，共 2 页" in page

    def test_a_double_tap_prints_one_list(self, handed: Handed) -> None:  # noqa: F811
        handed.one()
        id = str(uuid7())
        assert print_it(handed.city.township, id=id).count("pad__label") == 1
        print_it(handed.city.township, id=id)
        assert ReferralSheet.objects.using("owner").count() == 1

    def test_who_was_found_needs_nobody_at_the_door(self, handed: Handed) -> None:  # noqa: F811
        one, other = handed.over(2)
        act(handed.city.township, one, "answer", kind="ARRIVED")
        print_it(handed.city.township)
        assert ReferralSheet.objects.using("owner").get().referrals == [other.id]

    @pytest.mark.parametrize(
        ("division", "status"),
        [(VILLAGE, 400), ("210381", 400), ("210323101200", 403), ("x", 400), ("", 400)],
    )
    def test_what_cannot_be_printed_is_told(self, handed: Handed, division: str, status: int) -> None:  # noqa: F811
        answered = handed.city.township.post(SHEET, {"id": str(uuid7()), "division": division})
        assert answered.status_code == status
        assert 'role="alert"' in text(answered)
        assert not ReferralSheet.objects.using("owner").exists()

    def test_it_says_where_there_is_something_to_print(self, handed: Handed) -> None:  # noqa: F811
        handed.one(name="王小明")
        page = text(handed.city.township.get(SHEET))
        assert f"?division={VILLAGE}" in page
        assert "王" not in page.partition("<main")[2]
        assert "打印清单" in page
        assert "打印清单" not in text(handed.city.haicheng.get(SHEET))

    def test_the_next_county_finds_no_list(self, handed: Handed) -> None:  # noqa: F811
        handed.one()
        print_it(handed.city.township)
        sheet = ReferralSheet.objects.using("owner").get()
        next_township = at_desk(factories.officer("TOWNSHIP_DESK", "210381102"))
        for client in (handed.city.xiuyan, next_township):
            assert client.get(f"{TYPE_IN}?number={sheet.number}").status_code == 404
            assert type_in(client, sheet, kind_1="ARRIVED").status_code == 404
        assert set(Referral.objects.using("owner").values_list("state", flat=True)) == {"SENT"}


def test_whom_one_list_does_not_hold_is_told(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    handed.over(3)
    said = "一张清单最多 2 人"
    assert said not in text(handed.city.township.get(f"{SHEET}?division={VILLAGE}"))
    monkeypatch.setattr("lianfang.doors.hq.referral_sheets.MOST_ROWS", 2)
    assert said in text(handed.city.township.get(f"{SHEET}?division={VILLAGE}"))


class TestTypingBack:
    def sheet(self, handed: Handed) -> ReferralSheet:  # noqa: F811
        """Printed at noon; it is one o'clock now."""
        print_it(handed.city.township)
        settings.SCENARIO += timedelta(hours=1)
        return ReferralSheet.objects.using("owner").latest("number")

    def test_everything_in_one_pass(self, handed: Handed) -> None:  # noqa: F811
        first, second, third = handed.over(3)
        sheet = self.sheet(handed)
        page = text(handed.city.township.get(f"{TYPE_IN}?number={sheet.number}"))
        assert page.count('type="radio"') == 12
        assert "东区3" not in page
        marks = {
            f"kind_{row_of(sheet, first)}": "ARRIVED", f"kind_{row_of(sheet, second)}": "NOT_HERE",
            f"note_{row_of(sheet, second)}": "邻居说去了医院",
        }  # fmt: skip
        done = text(type_in(handed.city.township, sheet, **marks))
        assert "录入 2 行" in done
        assert [stands(one).state for one in (first, second, third)] == ["ARRIVED", "NOT_HERE", "SENT"]
        assert "邻居说去了医院" in text(handed.city.township.get(f"/desk/referrals/{second.id}"))
        again = text(type_in(handed.city.township, sheet, **marks))
        assert "2 行早已录过" in again
        assert kinds(first) == ["SENT", "ARRIVED"]
        assert "已录 不在" in again

    def test_a_refused_row_says_why_and_hinders_no_other(self, handed: Handed) -> None:  # noqa: F811
        first, second = handed.over(2)
        sheet = self.sheet(handed)
        one, other = row_of(sheet, first), row_of(sheet, second)
        answered = type_in(
            handed.city.township, sheet, **{f"kind_{one}": "MOVED_ON", f"to_{one}": "没有这地方", f"kind_{other}": "ARRIVED"}
        )  # fmt: skip
        page = text(answered)
        assert answered.status_code == 409
        assert f"第 {one} 行：请选择去往的地方。" in page
        assert "1 行没有录入" in page
        assert 'value="没有这地方"' in page
        assert (stands(first).state, stands(second).state) == ("SENT", "ARRIVED")

    @pytest.mark.parametrize("to", ["小孤山村", OTHER_VILLAGE])
    def test_who_moved_on_goes_where_the_paper_says(self, handed: Handed, to: str) -> None:  # noqa: F811
        one = handed.one()
        sheet = self.sheet(handed)
        page = text(type_in(handed.city.township, sheet, kind_1="MOVED_ON", to_1=to))
        assert "录入 1 行" in page
        assert Referral.objects.using("owner").get(previous_id=one.id).destination == OTHER_VILLAGE

    def test_printed_in_the_evening_it_is_walked_and_typed_back_the_next_day(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        settings.SCENARIO += timedelta(hours=10)  # ten at night
        print_it(handed.city.township)
        sheet = ReferralSheet.objects.using("owner").get()
        settings.SCENARIO += timedelta(hours=14)  # noon
        assert "录入 1 行" in text(type_in(handed.city.township, sheet, time="09:30", kind_1="ARRIVED"))
        event = ReferralEvent.objects.using("owner").get(referral_id=one.id, kind="ARRIVED")
        assert event.occurred_at.astimezone(SHANGHAI).strftime("%H:%M") == "09:30"
        assert event.occurred_at > sheet.printed_at

    def test_what_was_answered_later_is_only_written_down(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        sheet = self.sheet(handed)
        settings.SCENARIO += timedelta(hours=2)
        act(handed.city.township, one, "answer", kind="ARRIVED")
        page = text(type_in(handed.city.township, sheet, time="12:30", kind_1="NOT_HERE"))
        assert "之后已有别的答复" in page
        assert stands(one).state == "ARRIVED"
        assert kinds(one)[-1] == "NOT_HERE"

    @pytest.mark.parametrize(
        ("time", "marks", "sentence"),
        [
            ("", {"kind_1": "ARRIVED"}, "请填写上门的时间"),
            ("25:00", {"kind_1": "ARRIVED"}, "请填写上门的时间"),
            ("03:00", {"kind_1": "ARRIVED"}, "上门时间应在打印之后"),
            ("23:59", {"kind_1": "ARRIVED"}, "上门时间应在打印之后"),
            ("12:30", {}, "还没有勾选任何一行"),
            ("12:30", {"kind_1": "DELETED", "kind_99": "ARRIVED"}, "还没有勾选任何一行"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_typed_is_lost(
        self, handed: Handed, time: str, marks: dict[str, str], sentence: str  # noqa: F811
    ) -> None:  # fmt: skip
        one = handed.one()
        sheet = self.sheet(handed)
        answered = type_in(handed.city.township, sheet, time=time, note_1="敲门没人", **marks)
        assert answered.status_code == 400
        page = text(answered)
        assert sentence in page
        assert 'value="敲门没人"' in page
        assert kinds(one) == ["SENT"]

    @pytest.mark.parametrize(
        ("number", "status"), [("", 200), ("x", 200), ("-1", 200), ("999999999", 404), ("9" * 30, 200)]
    )
    def test_a_number_that_is_none(self, handed: Handed, number: str, status: int) -> None:  # noqa: F811
        assert handed.city.township.get(f"{TYPE_IN}?number={number}").status_code == status
        assert handed.city.township.post(TYPE_IN, {"number": number}).status_code == status

    def test_three_rows_and_three_lists_ask_as_often_as_one(
        self, handed: Handed, django_assert_max_num_queries: Any  # noqa: F811
    ) -> None:  # fmt: skip
        asked = []
        for more in (1, 2):
            handed.over(more)
            for _ in range(more):
                sheet = self.sheet(handed)
            for address in (f"{TYPE_IN}?number={sheet.number}", SHEET):
                handed.city.township.get(address)
                with django_assert_max_num_queries(100) as counted:
                    handed.city.township.get(address)
                asked.append(len(counted))
        assert asked[:2] == asked[2:]


class TestTheDay:
    def late(self, *people: Referral) -> None:
        past = datetime.now(UTC) - timedelta(days=1)
        for one in people:
            Referral.objects.using("owner").filter(pk=one.pk).update(due_at=past, county_due_at=past)

    def test_it_says_who_is_late_who_has_not_reported_and_the_oldest(self, handed: Handed) -> None:  # noqa: F811
        late, fresh, taken = (
            handed.one(),
            handed.one(destination=OTHER_VILLAGE),
            handed.one(destination="210381101"),
        )
        self.late(late)
        act(handed.city.haicheng, taken, "answer", kind="ACCEPTED")
        page = text(handed.city.township.get(DAY))
        assert "孤山镇" in page
        assert '1<span class="headline__unit"> / 3 人' in page
        by_place = re.sub(
            r"<[^>]+>|\s+", " ", page.partition('data-testid="referral-day"')[2].partition("</table>")[0]
        )
        for line in ("大孤山村", "小孤山村", "没有说到更细的地方"):
            assert line in by_place
        silent = page.partition('data-testid="silent"')[2]
        assert "大孤山村" in silent
        assert "没有说到更细的地方" not in silent
        assert "没有责任人" in page.partition('data-testid="late-grids"')[2]
        assert fresh.id

    def test_every_figure_opens_to_its_list(self, handed: Handed) -> None:  # noqa: F811
        self.late(*handed.over(2))
        for client in (handed.city.township, handed.city.haicheng):
            page = text(client.get(DAY))
            address = page.partition('class="late" href="')[2].partition('"')[0].replace("&amp;", "&")
            assert text(client.get(address)).count("data-row href") == 2

    def test_the_county_opens_its_townships_and_nobody_elses(self, handed: Handed) -> None:  # noqa: F811
        handed.one()
        assert "?division=210381101" in text(handed.city.haicheng.get(DAY))
        assert "大孤山村" in text(handed.city.haicheng.get(f"{DAY}?division=210381101"))
        assert "海城市" in text(handed.city.headquarters.get(DAY))
        for other in ("210323", "210300", "420000", "210323101200"):
            assert handed.city.haicheng.get(f"{DAY}?division={other}").status_code == 404
        for none in ("x", "", "²", "999999"):
            assert handed.city.haicheng.get(f"{DAY}?division={none}").status_code == 200

    def test_a_quiet_day_says_so(self, handed: Handed) -> None:  # noqa: F811
        page = text(handed.city.township.get(DAY))
        for word in ("今天没有移交", "没有逾期的网格", "都有答复"):
            assert word in page


class TestWaiting:
    def test_fever_waits_until_somebody_accepts_and_closes_it(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one(temperatures=HOT, name="王小明")
        fact = WaitingFact.objects.using("owner").get()
        page = text(handed.city.township.get(WAITING))
        assert "王**" in page
        assert "发热门诊" in page
        assert handed.city.township.post(f"{WAITING}/{fact.id}/accept").status_code == 302
        assert "值班员" in text(handed.city.township.get(WAITING))
        assert handed.city.township.post(f"{WAITING}/{fact.id}/close", {"outcome": "SEEN"}).status_code == 302
        assert "没有在等的事" in text(handed.city.township.get(WAITING))
        acts = (
            AuditEntry.objects.using("owner")
            .filter(subject=f"REFERRAL {one.id}")
            .values_list("act", flat=True)
        )
        assert {"WAITING_ACCEPTED", "WAITING_CLOSED"} <= set(acts)

    def test_who_comes_second_is_told_and_without_an_outcome_it_stays(self, handed: Handed) -> None:  # noqa: F811
        handed.one(temperatures=HOT)
        fact = WaitingFact.objects.using("owner").get()
        assert handed.city.township.post(f"{WAITING}/{fact.id}/close", {"outcome": "GONE"}).status_code == 400
        handed.city.township.post(f"{WAITING}/{fact.id}/accept")
        answered = handed.city.haicheng.post(f"{WAITING}/{fact.id}/accept")
        assert answered.status_code == 409
        assert "已经有人接手或办结" in text(answered)

    def test_headed_beyond_the_city_fever_waits_with_whoever_registered_him(self, handed: Handed) -> None:  # noqa: F811
        handed.one(temperatures=HOT, destination=BEYOND, name="王小明")
        assert "王**" in text(handed.city.haicheng.get(WAITING))

    def test_the_next_county_closes_nothing(self, handed: Handed) -> None:  # noqa: F811
        handed.one(temperatures=HOT)
        fact = WaitingFact.objects.using("owner").get()
        for what in ("accept", "close"):
            assert (
                handed.city.xiuyan.post(f"{WAITING}/{fact.id}/{what}", {"outcome": "SEEN"}).status_code == 404
            )
        assert WaitingFact.objects.using("owner").get().accepted_at is None

    @pytest.mark.parametrize("room", ["CLINIC", "SUPERVISION", "x", ""])
    def test_a_room_narrows_the_list(self, handed: Handed, room: str) -> None:  # noqa: F811
        handed.one(temperatures=HOT, name="王小明")
        page = text(handed.city.township.get(f"{WAITING}?room={room}"))
        assert ("王**" in page) == (room != "SUPERVISION")


def test_the_auditor_reads_it_in_words(handed: Handed) -> None:  # noqa: F811
    one = handed.one()
    act(handed.city.township, one, "answer", kind="NOT_HERE")
    print_it(handed.city.township)
    page = text(at_desk(factories.officer("AUDITOR", "210300")).get("/desk/audit"))
    for word in ("答复移交", "移交", "种类</span> 不在", "上门清单"):
        assert word in page or word.replace("</span>", "") in re.sub(r"<[^>]+>", "", page), word
