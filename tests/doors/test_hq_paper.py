"""Paper at the desk: pads printed, rows typed in, looked at again, compared with the phone; each role, and the next county."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import PaperLine, PaperPad, Passage, PilotExplanation, Registration
from lianfang.command.services import worker_session
from lianfang.kernel.reach import reach
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, SHANGHAI, Generated

AT = datetime.now(SHANGHAI).replace(second=0, microsecond=0)
EARLIER = AT - timedelta(hours=3)
NUMBER = Generated(7).resident_id()


def make(client: Client, purpose: str = "ENTRY", rows: int = 40, checkpoint: str = "GATE") -> HttpResponse:
    return client.post("/desk/paper", {"checkpoint": checkpoint, "purpose": purpose, "rows": rows})


@pytest.fixture
def pad(city: City) -> int:
    made = make(city.haicheng)
    assert made.status_code == 302, text(made)
    return PaperPad.objects.get().number


def row(row: int = 3, **changes: Any) -> dict[str, Any]:
    """A row with one person, as the form sends it."""
    typed = {
        "row": row,
        "day": EARLIER.date().isoformat(),
        "clock": f"{EARLIER:%H%M}",
        "plate": "辽C12345",
        "direction": "IN",
        "transport": "CAR",
        "purpose": "COMMUTE",
        "officer": "王警官",
        "people_typed": 1,
        "p1-name": "张三",
        "p1-type": "RESIDENT_ID",
        "p1-number": NUMBER,
        "p1-phone": "13900000001",
        "p1-from-place": "武汉",
        "p1-to-place": "孤山镇",
        "p1-address": "大孤山村 8 号",
        "p1-celsius": "36.5",
        "p1-symptoms": "",
        "p1-contact": "NO",
    }
    return typed | changes


def type_in(client: Client, pad: int, given: dict[str, Any] | None = None, **changes: Any) -> HttpResponse:
    return client.post(f"/desk/transcribe/{pad}", given or row(**changes), follow=True)


def counts() -> tuple[int, int]:
    with reach(worker_session()):
        return Passage.objects.count(), Registration.objects.count()


class TestPads:
    def test_a_sheet_has_twenty_numbered_rows_a_code_and_its_page(self, city: City, pad: int) -> None:
        page = text(city.haicheng.get(f"/desk/paper/{pad}/print"))
        assert page.count('<article class="pad">') == 2
        assert page.count("data:image/svg+xml") == 2
        assert f"P{pad}-001" in page
        assert f"P{pad}-040" in page
        assert f"P{pad}-041" not in page
        assert "第 2 页，共 2 页" in page
        assert "不传笔" in page

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"rows": 30}, "20 的倍数"),
            ({"rows": 0}, "20"),
            ({"rows": 2000}, "1000"),
            ({"checkpoint": "NOWHERE"}, "NOWHERE"),
        ],
    )
    def test_what_is_wrong_with_a_pad_is_said(self, city: City, given: dict[str, Any], said: str) -> None:
        response = make(city.haicheng, **given)
        assert response.status_code == 400
        assert said in text(response)
        assert not PaperPad.objects.exists()

    @pytest.mark.parametrize(
        ("asked", "leads"),
        [
            ("{pad}", "/desk/transcribe/{pad}"),
            ("P{pad}-021", "/desk/transcribe/{pad}?row=21"),
            ("登记簿", None),
        ],
    )
    def test_a_pad_is_found_by_what_stands_on_it(
        self, city: City, pad: int, asked: str, leads: str | None
    ) -> None:
        response = city.haicheng.get("/desk/transcribe", {"pad": asked.format(pad=pad)})
        if leads is None:
            assert "编号写成" in text(response)
        else:
            assert response["Location"] == leads.format(pad=pad)


class TestTyping:
    def test_a_row_is_kept_and_the_next_one_offered_with_what_stays_the_same(
        self, city: City, pad: int
    ) -> None:
        page = text(type_in(city.haicheng, pad))
        assert f"P{pad}-003 已保存。" in page
        assert 'name="row" value="4"' in page
        assert 'value="王警官"' in page
        assert "1, 2 行未录入" in page
        assert counts() == (1, 1)
        shown = text(city.haicheng.get(f"/desk/transcribe/{pad}/3"))
        for word in ("辽C12345", "张三", "武汉市", "孤山镇", "大孤山村**", "36.5 °C"):
            assert word in shown
        assert NUMBER not in shown
        with reach(worker_session()):
            assert Passage.objects.get().source == "PAPER"
            person = Registration.objects.get()
        assert (person.from_code, person.destination_code, person.case_contact) == (
            "420100",
            "210381101",
            False,
        )
        assert "QUARANTINE" in person.measures

    def test_sent_again_it_shows_what_stands(self, city: City, pad: int) -> None:
        type_in(city.haicheng, pad)
        again = type_in(city.haicheng, pad, plate="辽C99999")
        assert again.redirect_chain[-1][0] == f"/desk/transcribe/{pad}/3"  # type: ignore[attr-defined]
        assert "已经录入过" in text(again)
        assert "辽C99999" not in text(again)
        assert counts() == (1, 1)

    def test_several_people_are_typed_before_the_vehicle_is_saved(self, city: City, pad: int) -> None:
        page = text(city.haicheng.post(f"/desk/transcribe/{pad}", row(more="1")))
        assert counts() == (0, 0)
        assert 'name="people_typed" value="2"' in page
        assert 'name="p2-row" value="4"' in page
        assert 'value="张三"' in page
        assert "field__error" not in page
        second = {
            name.replace("p1-", "p2-"): value for name, value in row().items() if name.startswith("p1-")
        }
        type_in(city.haicheng, pad, row(people_typed=2, **second | {"p2-row": 4, "p2-number": ""}))
        assert counts() == (1, 2)
        assert list(PaperLine.objects.order_by("row").values_list("row", "people")) == [(3, 1), (4, 1)]

    def test_the_same_car_on_the_next_row_joins_it(self, city: City, pad: int) -> None:
        type_in(city.haicheng, pad)
        page = text(type_in(city.haicheng, pad, row=4, plate="同上"))
        assert f"P{pad}-004 已保存" in page
        assert counts() == (1, 2)
        assert "3, 4" in text(city.haicheng.get(f"/desk/transcribe/{pad}/4"))

    def test_what_is_odd_is_said_and_kept(self, city: City, pad: int) -> None:
        odd = {
            "plate": "辽C1",
            "p1-number": "210381199001010010",
            "p1-from-place": "不知何处",
            "p1-symptoms": "头疼得厉害",
        }
        page = text(type_in(city.haicheng, pad, **odd))
        assert "号牌少见" in page
        assert "证件校验不符" in page
        assert "待补" in page
        assert counts() == (1, 1)
        assert "不知何处" in text(city.haicheng.get(f"/desk/transcribe/{pad}/3"))
        with reach(worker_session()):
            assert Registration.objects.get().symptoms == ["OTHER"]

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"clock": "25:00"}, "时间写成"),
            ({"clock": ""}, "必填"),
            ({"day": "昨天"}, "日期"),
            ({"row": 41}, "1–40"),
            ({"row": ""}, "必填"),
            ({"p1-celsius": "很高"}, "体温写成"),
            ({"day": (AT.date() - timedelta(days=40)).isoformat()}, "最近 30 天"),
            ({"day": (AT.date() + timedelta(days=2)).isoformat()}, "最近 30 天"),
        ],
    )
    def test_what_cannot_be_kept_is_said_and_nothing_is_lost(
        self, city: City, pad: int, given: dict[str, Any], said: str
    ) -> None:
        response = type_in(city.haicheng, pad, row(**given))
        assert response.status_code == 400
        assert said in text(response)
        assert 'value="张三"' in text(response)
        assert counts() == (0, 0)

    @pytest.mark.parametrize(
        ("written", "facts"),
        [
            ("36.5", (365, "READ")), ("365", (365, "READ")), ("37", (370, "READ")), ("36。8", (368, "READ")),
            ("低", (None, "LOW")), ("过低", (None, "LOW")), ("未测", (None, "NOT_TAKEN")), ("", (None, None)),
        ],
    )  # fmt: skip
    def test_a_temperature_is_read_as_people_write_it(
        self, city: City, pad: int, written: str, facts: tuple[int | None, str | None]
    ) -> None:
        type_in(city.haicheng, pad, row(**{"p1-celsius": written}))
        with reach(worker_session()):
            person = Registration.objects.get()
        assert (person.celsius_tenths, person.temperature_state) == facts

    def test_a_row_that_was_lost_is_named(self, city: City, pad: int) -> None:
        PaperLine.objects.create(
            pad_id=pad, row=9, passage_id=Generated(1).id(), occurred_at=AT, people=1,
            typed_by=factories.officer().officer_id, typed_at=AT,
        )  # fmt: skip
        assert "第 9 行上次没有存上" in text(city.haicheng.get(f"/desk/transcribe/{pad}"))
        assert city.haicheng.get(f"/desk/transcribe/{pad}/9").status_code == 404

    def test_three_rows_cost_as_many_questions_as_one(self, city: City, pad: int) -> None:
        def asked(address: str) -> int:
            with CaptureQueriesContext(connection) as questions:
                assert city.haicheng.get(address).status_code == 200
            return len(questions)

        addresses = [
            f"/desk/transcribe/{pad}",
            f"/desk/transcribe/{pad}/rows",
            "/desk/transcribe",
            "/desk/paper",
        ]
        type_in(city.haicheng, pad)
        one = [asked(address) for address in addresses]
        for n in (4, 5):
            type_in(city.haicheng, pad, row=n)
        assert [asked(address) for address in addresses] == one


class TestTheSecondLook:
    @pytest.fixture
    def second(self, city: City) -> Client:
        return at_desk(factories.officer("COUNTY_DESK", HAICHENG, name="核对员"))

    def look(self, client: Client, pad: int, **given: Any) -> HttpResponse:
        seen = {"plate": "辽C12345", "people_typed": 1, "s1-number": NUMBER, "s1-celsius": "36.5"} | given
        return client.post(f"/desk/transcribe/{pad}/3/look", seen, follow=True)

    def test_shows_nothing_of_the_first(self, city: City, pad: int, second: Client) -> None:
        type_in(city.haicheng, pad)
        page = text(second.get(f"/desk/transcribe/{pad}/3/look"))
        assert "辽C12345" not in page
        assert "张三" not in page
        assert NUMBER[:6] not in page

    def test_the_same_is_checked_and_counted(self, city: City, pad: int, second: Client) -> None:
        type_in(city.haicheng, pad)
        assert f"P{pad}-003 已核对。" in text(self.look(second, pad))
        assert "核对员" in text(second.get(f"/desk/transcribe/{pad}/rows"))
        assert "没有待核对的行" in text(second.get(f"/desk/transcribe/{pad}/rows?open=1"))

    def test_what_differs_is_shown_side_by_side_and_the_right_one_chosen(
        self, city: City, pad: int, second: Client
    ) -> None:
        type_in(city.haicheng, pad)
        differs = {"plate": "辽C54321", "s1-celsius": "38.1"}
        page = text(self.look(second, pad, **differs))
        for reading in ("辽C12345", "辽C54321", "36.5 °C", "38.1 °C"):
            assert reading in page
        assert not PaperLine.objects.exclude(checked_at=None).exists()
        half = text(self.look(second, pad, **differs, **{"choose-PLATE-0": "SECOND"}))
        assert "两遍不一样" in half
        done = self.look(
            second, pad, **differs, **{"choose-PLATE-0": "SECOND", "choose-TEMPERATURE-1": "FIRST"}
        )
        assert "已核对" in text(done)
        assert "辽C54321" in text(done)
        assert "36.5 °C" in text(done)

    def test_whoever_typed_it_is_asked_why(self, city: City, pad: int) -> None:
        type_in(city.haicheng, pad)
        refused = self.look(city.haicheng, pad)
        assert refused.status_code == 400
        assert "您自己录入的" in text(refused)
        assert "已核对" in text(self.look(city.haicheng, pad, reason="夜班一人值守"))
        assert "夜班一人值守" in text(city.haicheng.get(f"/desk/transcribe/{pad}/3"))

    def test_another_person_is_added_without_judging(self, city: City, pad: int, second: Client) -> None:
        type_in(city.haicheng, pad)
        page = text(self.look(second, pad, more="1"))
        assert 'name="people_typed" value="2"' in page
        assert f'value="{NUMBER}"' in page
        missing = self.look(
            second, pad, people_typed=2, **{"s2-number": "", "s2-celsius": "", "choose-PEOPLE-0": "SECOND"}
        )
        assert "少录了人" in text(missing)


class TestThePilot:
    @pytest.fixture
    def pilot(self, city: City) -> int:
        make(city.haicheng, "PILOT")
        return PaperPad.objects.get().number

    def write(self, client: Client, pad: int, n: int, plate: str, people: int = 1) -> HttpResponse:
        given = {
            "row": n,
            "day": AT.date().isoformat(),
            "clock": f"{AT:%H%M}",
            "plate": plate,
            "people": people,
        }
        return client.post(f"/desk/transcribe/{pad}", given, follow=True)

    @pytest.fixture
    def both(self, city: City, pilot: int) -> int:
        city.generated.at = AT
        city.register(plate="辽C11111", people=2)
        city.register(plate="辽C22222")
        for n, plate in enumerate(("辽C11111", "辽C33333"), 1):
            assert "已保存" in text(self.write(city.haicheng, pilot, n, plate, people=2))
        return pilot

    PAGE = f"/desk/pilot/GATE?day={AT.date()}"

    def test_says_how_many_are_to_be_explained_until_none_is(self, city: City, both: int) -> None:
        page = text(city.haicheng.get(self.PAGE))
        assert "手机 2 / 纸质 2，2 条待说明。" in page
        assert "只有手机" in page
        assert "只有纸质" in page
        for of in re.findall(r'name="of" value="([0-9a-f-]+)"', page):
            given = {"day": AT.date().isoformat(), "of": of, "reason": "OTHER", "note": "雪天看不清"}
            page = text(city.haicheng.post("/desk/pilot/GATE/explain", given, follow=True))
        assert "手机 2 / 纸质 2，0 条待说明。" in page
        assert "这一天对上了" in page
        assert "雪天看不清" in page

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({"reason": "OTHER"}, 400),
            ({"reason": "FUN"}, 400),
            ({"of": "nothing"}, 400),
            ({"of": Generated(1).id()}, 404),
        ],
    )
    def test_without_a_reason_nothing_is_explained(
        self, city: City, both: int, given: dict[str, Any], status: int
    ) -> None:
        (of, *_) = re.findall(r'name="of" value="([0-9a-f-]+)"', text(city.haicheng.get(self.PAGE)))
        sent = {"day": AT.date().isoformat(), "of": of, "reason": "PHONE_MISSED"} | given
        assert city.haicheng.post("/desk/pilot/GATE/explain", sent).status_code == status
        assert not PilotExplanation.objects.exists()

    def test_a_pilot_row_makes_no_passage_and_is_typed_once(self, city: City, pilot: int) -> None:
        self.write(city.haicheng, pilot, 1, "辽C11111")
        assert counts() == (0, 0)
        assert "已经录入过" in text(self.write(city.haicheng, pilot, 1, "辽C22222"))

    def test_a_day_without_paper_offers_a_pad(self, city: City) -> None:
        assert "没有对照用的纸质登记" in text(city.haicheng.get(self.PAGE))

    def test_more_rows_cost_no_more_questions(self, city: City, both: int) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as questions:
                assert city.haicheng.get(self.PAGE).status_code == 200
            return len(questions)

        two = asked()
        for n in (3, 4, 5):
            self.write(city.haicheng, both, n, f"辽C4444{n}")
        assert asked() == two


class TestWhoMayComeIn:
    def test_the_next_county_finds_no_pad_and_no_row(self, city: City, pad: int) -> None:
        type_in(city.haicheng, pad)
        for address in (
            "/desk/paper/{}/print",
            "/desk/transcribe/{}",
            "/desk/transcribe/{}/rows",
            "/desk/transcribe/{}/3",
        ):
            for number in (pad, pad + 1):
                response = city.xiuyan.get(address.format(number))
                assert response.status_code == 404
                assert "GATE卡口" not in text(response)
        assert city.xiuyan.get(f"/desk/transcribe/{pad}/3/look").status_code == 404
        assert city.xiuyan.get("/desk/pilot/GATE").status_code == 404
        assert type_in(city.xiuyan, pad, row=9).status_code == 404
        assert make(city.xiuyan).status_code == 400
        assert f"P{pad}-" not in text(city.xiuyan.get("/desk/transcribe"))
        assert f"/desk/transcribe/{pad}" not in text(city.xiuyan.get("/desk/transcribe"))
        assert counts() == (1, 1)

    def test_a_lead_types_and_checks_without_seeing_passages(self, city: City, pad: int) -> None:
        lead = at_desk(factories.officer("CHECKPOINT_LEAD", HAICHENG))
        assert "已保存" in text(type_in(lead, pad))
        assert lead.get(f"/desk/transcribe/{pad}/3").status_code == 200
        assert "看这条通行记录" not in text(lead.get(f"/desk/transcribe/{pad}/3"))
        assert lead.get("/desk/passages").status_code == 403
        assert lead.get("/")["Location"] == "/desk/checkpoints"

    def test_a_form_without_its_token_types_nothing(self, city: City, pad: int) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = city.haicheng.cookies
        assert strict.post(f"/desk/transcribe/{pad}", row()).status_code == 403
        assert counts() == (0, 0)


def test_the_pages_are_in_english_too(city: City, pad: int) -> None:
    type_in(city.haicheng, pad)
    city.haicheng.cookies["django_language"] = "en"
    page = text(city.haicheng.get(f"/desk/transcribe/{pad}"))
    assert "Save this vehicle" in page
    assert "rows 1, 2 not typed in" in page
    for address in (
        "/desk/paper",
        f"/desk/transcribe/{pad}/3",
        f"/desk/transcribe/{pad}/3/look",
        "/desk/pilot/GATE",
    ):
        assert not re.search(r"[录核]", re.sub(r"<[^>]+>", "", text(city.haicheng.get(address)))), address
