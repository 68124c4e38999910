"""The desk's pages of check-in: a pasted list in two steps, thresholds by two officers; and the household's own page."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from lianfang.journeys.observing.keeping_up import keep_up
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import span
from lianfang.quarantine.models import CheckIn, CheckInThresholds, FollowUp, QuarantineOrder
from lianfang.quarantine.queries.thresholds import forget_thresholds
from lianfang.quarantine.services import close_follow_up
from lianfang.regions.models import Region
from tests import factories
from tests.doors.desk import at_desk, text
from tests.people.town import GRID, NEXT_COUNTY
from tests.quarantine.ward import Ward

TOWNSHIP, NEXT_TOWNSHIP = GRID[:9], NEXT_COUNTY[:9]
PASTED, TAKE = "/desk/check-in/pasted", "/desk/check-in/pasted/take"
THRESHOLDS = "/desk/check-in/thresholds"
NEW = {"fever": "37.0", "morning_by": "09:30", "evening_by": "20:00", "symptoms": ["FEVER", "COUGH"]}


@pytest.fixture(autouse=True)
def townships(ward: Ward) -> None:
    for code, name in ((TOWNSHIP, "测试镇"), (NEXT_TOWNSHIP, "邻县镇")):
        lo, hi = span(code)
        Region.objects.using("owner").create(
            code=code, level="TOWNSHIP", name=name, short_name=name, pinyin="ceshizhen", parent_code=code[:6], lo=lo, hi=hi,
            valid_from=date(2019, 10, 31), edition="2019-10-31",
        )  # fmt: skip


def observed(ward: Ward, name: str) -> QuarantineOrder:
    since = datetime.now(UTC) - timedelta(days=1)
    return ward.in_place(person=ward.person(name=name), at=since, day0=since.date())


def with_last_day_yesterday(ward: Ward, name: str) -> QuarantineOrder:
    since = datetime.now(UTC) - timedelta(days=15)
    return ward.in_place(person=ward.person(name=name), at=since, day0=day_of(since))


def half(page: str) -> str:
    """The half-day that is running, as the form offers it first."""
    found = re.search(r'name="half" value="([^"]+)"', page)
    assert found
    return found[1]


def paste(client: Client, pasted: str, division: str = TOWNSHIP) -> str:
    given = {"division": division, "half": half(text(client.get(PASTED))), "pasted": pasted}
    answer = client.post(PASTED, given)
    assert answer.status_code == 200, re.findall(r'role="alert">([^<]*)', answer.content.decode())
    return text(answer)


def fields(page: str) -> dict[str, str]:
    """The preview's form as a browser sends it untouched."""
    form = page[page.index(f'action="{TAKE}"') :]
    form = form[: form.index("</form>")]
    told = dict(re.findall(r'<input[^>]*? name="(celsius-\d+|half|read)" value="([^"]*)"', form))
    chosen = re.findall(r'name="(order-\d+)"[^>]*><option value="([^"]*)"', form)
    return told | dict(chosen)


def kept() -> list[CheckIn]:
    return list(CheckIn.objects.using("owner").order_by("id"))


class TestAPastedList:
    def test_every_line_is_shown_and_what_was_read_is_taken_once(self, ward: Ward) -> None:
        one, other, silent = (observed(ward, name) for name in ("测一甲", "测二乙", "测三丙"))
        client = at_desk(ward.desk)
        page = paste(
            client, "#接龙\n1. 测一甲 36.5 无异常\n2. 测二乙 37.8 咳嗽\n3. 测三丙 正常\n5. 测无名 36.5\n"
        )
        for word in ("测无名 36.5", "编号不连续", "没有认出人，不登记", "标题或示例", "干咳"):
            assert word in page, word
        given = fields(page)
        assert given["order-4"] == "NONE"
        for _ in range(2):
            assert client.post(TAKE, given).status_code == 302
        taken = {row.order_id: (str(row.celsius), row.verdict, row.by) for row in kept()}
        assert taken == {one.id: ("36.5", "WELL", "PASTED"), other.id: ("37.8", "SYMPTOMATIC", "PASTED")}
        assert silent.id not in taken
        read = AuditEntry.objects.using("owner").filter(act="LIST_READ", details__page="pasted")
        assert read.get().count == 3

    def test_a_list_that_has_grown_is_pasted_again_and_nobody_is_sent_to_a_clinic_twice(
        self, ward: Ward
    ) -> None:
        ill, other = observed(ward, "测一甲"), observed(ward, "测二乙")
        client, worker = at_desk(ward.desk), ward.town.worker
        client.post(TAKE, fields(paste(client, "1. 测一甲 38.0")))
        keep_up(worker, at=datetime.now(UTC))
        trips = FollowUp.objects.using("owner").filter(order_id=ill.id, kind="CLINIC")
        close_follow_up(
            by=ward.desk,
            at=datetime.now(UTC),
            id=trips.get().id,
            order=ill.id,
            kind="CLINIC",
            outcome="NOT_ILL",
        )
        grown = fields(paste(client, "1. 测一甲 38.0\n2. 测二乙 36.5"))
        page = text(client.post(TAKE, grown, follow=True))
        assert "已登记 1 份打卡" in page
        assert "1 份以前登记过，没有重复登记" in page
        assert {row.order_id: str(row.celsius) for row in kept()} == {ill.id: "38.0", other.id: "36.5"}
        keep_up(worker, at=datetime.now(UTC))
        assert trips.get().outcome == "NOT_ILL"

    def test_who_is_ill_on_the_morning_after_his_last_day_is_taken(self, ward: Ward) -> None:
        one = with_last_day_yesterday(ward, "测一甲")
        client = at_desk(ward.desk)
        client.post(TAKE, fields(paste(client, "1. 测一甲 38.2 咳嗽")))
        assert [(row.order_id, row.verdict) for row in kept()] == [(one.id, "SYMPTOMATIC")]

    def test_another_reading_of_the_same_half_day_is_another_report(self, ward: Ward) -> None:
        observed(ward, "测一甲")
        client = at_desk(ward.desk)
        for told in ("36.5", "38.0", "36.5 咳嗽", "36.5 咳嗽"):
            client.post(TAKE, fields(paste(client, f"1. 测一甲 {told}")))
        assert sorted((str(row.celsius), row.symptoms) for row in kept()) == [
            ("36.5", []), ("36.5", ["COUGH"]), ("38.0", []),
        ]  # fmt: skip

    def test_everybody_of_a_long_list_is_registered_as_a_browser_sends_it(self, ward: Ward) -> None:
        kept_of = {observed(ward, name).id: name for name in ("测一甲", "测二乙", "测三丙")}
        client = at_desk(ward.desk)
        many = ["1. 测一甲 36.5", *(f"{n}. 测二乙 36.{n % 10}" for n in range(2, 450)), "450. 测三丙 38.2"]
        given = fields(paste(client, "\n".join(many)))
        assert len(given) < 1_000
        assert client.post(TAKE, given).status_code == 302
        assert {row.order_id for row in kept()} == set(kept_of)

    def test_however_many_lines_are_refused_all_of_them_are_told_of(self, ward: Ward) -> None:
        observed(ward, "测一甲")
        client = at_desk(ward.desk)
        given = fields(paste(client, "测一甲 36.5\n" * 400))
        page = text(
            client.post(
                TAKE, {name: "85" if "celsius" in name else told for name, told in given.items()}, follow=True
            )
        )
        assert "40 等 400 行没有登记：体温看不懂" in page
        assert page.count("notice--warn") == 1

    def test_what_is_too_long_is_said_and_no_line_of_it_is_dropped_unseen(self, ward: Ward) -> None:
        observed(ward, "测一甲")
        client = at_desk(ward.desk)
        form = {"division": TOWNSHIP, "half": half(text(client.get(PASTED)))}
        for many, why in (
            ("测一甲 36.5\n" * 451, "一次最多核对 450 人"),
            ("大家好\n" * 500 + "测一甲 38.5", "一次最多读 500 行"),
        ):
            answer = client.post(PASTED, {**form, "pasted": many})
            assert answer.status_code == 400
            assert why in answer.content.decode()

    def test_two_of_one_name_are_chosen_from_and_never_guessed(self, ward: Ward) -> None:
        twins = [observed(ward, "测同名") for _ in range(2)]
        client = at_desk(ward.desk)
        page = paste(client, "1. 测同名 36.5")
        assert "请选是谁" in page
        given = fields(page)
        client.post(TAKE, given)
        assert kept() == []
        client.post(TAKE, {**given, "order-1": str(twins[1].id)})
        assert [row.order_id for row in kept()] == [twins[1].id]

    def test_a_name_within_anothers_is_not_taken_as_it_stands(self, ward: Ward) -> None:
        observed(ward, "测一甲")
        client = at_desk(ward.desk)
        page = paste(client, "3. 测一甲民 36.5 无异常")
        assert "可能是别人" in page
        assert "没有选中任何一行" in text(client.post(TAKE, fields(page), follow=True))
        assert kept() == []

    def test_a_fever_beside_another_reading_is_chosen_by_an_officer_and_stands_first(
        self, ward: Ward
    ) -> None:
        one = observed(ward, "测一甲")
        client = at_desk(ward.desk)
        page = paste(client, "1. 测一甲 35岁 早36.5 晚38.2")
        assert "不止一个体温" in page
        assert "写着 36.5、38.2" in page
        given = fields(page)
        assert (given["order-1"], given["celsius-1"]) == ("NONE", "38.2")
        client.post(TAKE, {**given, "order-1": str(one.id)})
        assert [(str(row.celsius), row.verdict) for row in kept()] == [("38.2", "SYMPTOMATIC")]

    @pytest.mark.parametrize("typed", ["38。5", "385", "３８．５"])
    def test_a_reading_that_is_corrected_is_read_as_it_is_typed(self, ward: Ward, typed: str) -> None:
        observed(ward, "测一甲")
        client = at_desk(ward.desk)
        given = fields(paste(client, "1. 测一甲 36.5"))
        client.post(TAKE, {**given, "celsius-1": typed})
        assert [(str(row.celsius), row.verdict) for row in kept()] == [("38.5", "SYMPTOMATIC")]

    @pytest.mark.parametrize(
        ("typed", "why"), [("385度8", "体温看不懂"), ("85", "体温看不懂"), ("", "请填体温")]
    )
    def test_a_reading_that_cannot_be_read_is_said_and_not_taken(
        self, ward: Ward, typed: str, why: str
    ) -> None:
        observed(ward, "测一甲")
        client = at_desk(ward.desk)
        given = fields(paste(client, "#接龙\n1. 测一甲 36.5"))
        page = text(client.post(TAKE, {**given, "celsius-2": typed}, follow=True))
        assert "第 2 行没有登记" in page
        assert why in page
        assert "已登记" not in page
        assert kept() == []

    def test_only_people_of_the_officers_own_area_are_found(self, ward: Ward) -> None:
        observed(ward, "测一甲")
        stranger = at_desk(ward.town.stranger)
        assert "测一甲" not in paste(stranger, "1. 甲 36.5", NEXT_TOWNSHIP)
        form = {"division": TOWNSHIP, "half": half(text(stranger.get(PASTED))), "pasted": "1. 测一甲 36.5"}
        assert stranger.post(PASTED, form).status_code == 400
        given = fields(paste(at_desk(ward.desk), "1. 测一甲 36.5"))
        assert "没有登记" in text(stranger.post(TAKE, given, follow=True))
        assert kept() == []

    def test_what_is_no_row_of_the_page_is_left_out(self, ward: Ward) -> None:
        client = at_desk(ward.desk)
        running = half(text(client.get(PASTED)))
        for given in (
            {},
            {"read": "1 1 ", "order-1": "x"},
            {"read": "1 1 ", "order-1": "NONE"},
            {"read": ";x; ;1", "order-1": ""},
        ):
            answer = client.post(TAKE, {"half": running, **given}, follow=True)
            assert "没有选中任何一行" in text(answer)
        assert client.post(TAKE, {"half": "yesterday"}).status_code == 400

    def test_nothing_that_was_pasted_stands_in_the_log(self, ward: Ward) -> None:
        observed(ward, "测一甲")
        paste(at_desk(ward.desk), "1. 测一甲 36.5")
        assert "测一甲" not in repr(
            list(AuditEntry.objects.using("owner").values_list("details", "subject", "purpose"))
        )


class TestThresholds:
    @pytest.fixture(autouse=True)
    def asked_anew(self) -> None:
        forget_thresholds()

    def test_one_proposes_and_another_approves(self, ward: Ward) -> None:
        one, other = (at_desk(factories.officer("HEADQUARTERS")) for _ in range(2))
        assert "37.3" in text(one.get(THRESHOLDS))
        assert one.post(THRESHOLDS, NEW).status_code == 302
        page = text(one.get(THRESHOLDS))
        assert "等另一位负责人" in page
        assert 'data-testid="approve"' not in page
        made = CheckInThresholds.objects.using("owner").get(from_at=None)
        assert one.post(f"{THRESHOLDS}/approve", {"hash": made.hash}).status_code == 403
        assert other.post(f"{THRESHOLDS}/approve", {"hash": made.hash}).status_code == 302
        assert re.search(r"现行.*37\.0.*09:30 / 20:00.*用过.*37\.3", text(one.get(THRESHOLDS)), re.DOTALL)

    @pytest.mark.parametrize(
        "odd", [{"fever": "35"}, {"fever": "x"}, {"morning_by": "25:00"}, {"symptoms": []}]
    )
    def test_odd_ones_are_said_to_be_odd(self, ward: Ward, odd: dict) -> None:
        client = at_desk(factories.officer("HEADQUARTERS"))
        assert client.post(THRESHOLDS, {**NEW, **odd}).status_code == 400
        assert not CheckInThresholds.objects.using("owner").filter(from_at=None).exists()


class TestTheHouseholdsPage:
    def test_it_is_the_same_for_everybody_and_holds_nothing(self, client: Client) -> None:
        answer = client.get("/k/")
        assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
        assert "no-store" in answer["Cache-Control"]
        assert answer.cookies == {}
        assert "健康打卡" in text(answer)
        assert client.get("/k")["Location"] == "/k/"
