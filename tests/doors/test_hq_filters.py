"""The address of a list: what a table's cell links to, what the page makes of it, and what it says in words."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory

from lianfang.checkpoints.queries import COUNTED_TO, Counted, Wanted, lists
from lianfang.command.roles import ROLES
from lianfang.command.services import worker_session
from lianfang.doors.hq import heads
from lianfang.doors.hq.filters import Filters
from lianfang.kernel.days import SHANGHAI
from lianfang.situation.fold import catch_up
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.doors.test_hq_passages import queries

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI)
DAY = date(2026, 11, 25)


def asked(question: str) -> Filters:
    return Filters.of(RequestFactory().get(f"/desk/passages?{question}"), NOW)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("", Wanted(DAY, DAY)),
        ("day=2026-11-20", Wanted(date(2026, 11, 20), date(2026, 11, 20))),
        ("from=2026-11-20&to=2026-11-24", Wanted(date(2026, 11, 20), date(2026, 11, 24))),
        ("from=2026-11-20&to=2026-11-24&day=2026-11-01", Wanted(date(2026, 11, 20), date(2026, 11, 24))),
        ("from=all&day=2026-11-01", Wanted()),
        ("from=2026-11-24&to=2026-11-20", Wanted(DAY, DAY)),
        ("from=2026-11-24", Wanted(DAY, DAY)),
        ("from=ALL&to=all", Wanted(DAY, DAY)),
        ("checkpoint=HC01&hour=7", Wanted(DAY, DAY, checkpoint="HC01", hour=7)),
        ("hour=07", Wanted(DAY, DAY, hour=7)),
        ("hour=24", Wanted(DAY, DAY)),
        ("hour=-1", Wanted(DAY, DAY)),
        ("hour=７", Wanted(DAY, DAY)),
        ("direction=OUT&transport=TRUCK", Wanted(DAY, DAY, direction="OUT", transport="TRUCK")),
        ("direction=-&transport=ROCKET&measure=JAIL&purpose=FUN", Wanted(DAY, DAY)),
        ("vehicles=1", Wanted(DAY, DAY, vehicles=True)),
        ("vehicles=yes", Wanted(DAY, DAY)),
        ("purpose=MEDICAL", Wanted(DAY, DAY, purpose="MEDICAL")),
        ("purpose=-", Wanted(DAY, DAY, purpose="")),
        ("purpose=", Wanted(DAY, DAY)),
        ("measure=QUARANTINE", Wanted(DAY, DAY, measure="QUARANTINE")),
        ("origin=420000", Wanted(DAY, DAY, origin="42")),
        ("origin=42", Wanted(DAY, DAY, origin="42")),
        ("origin=4201", Wanted(DAY, DAY, origin="4201")),
        ("origin=420100", Wanted(DAY, DAY, origin="4201")),
        ("origin=420106", Wanted(DAY, DAY, origin="420106")),
        ("origin=420000-", Wanted(DAY, DAY, origin="420000")),
        ("origin=-", Wanted(DAY, DAY, origin="")),
        ("origin=210381101", Wanted(DAY, DAY)),
        ("origin=99", Wanted(DAY, DAY)),
        ("origin=--", Wanted(DAY, DAY)),
        ("origin=%25", Wanted(DAY, DAY)),
        ("destination=210381", Wanted(DAY, DAY, destination="210381")),
        ("destination=210381101", Wanted(DAY, DAY, destination="210381101")),
        ("destination=210381000", Wanted(DAY, DAY, destination="210381")),
        ("destination=210381000-", Wanted(DAY, DAY, destination="210381000")),
        ("destination=210300-", Wanted(DAY, DAY, destination="210300")),
        ("destination=-", Wanted(DAY, DAY, destination="")),
        ("destination=210381101200", Wanted(DAY, DAY)),
    ],
)
def test_an_address_is_read_and_what_cannot_be_read_is_not_asked_for(question: str, wanted: Wanted) -> None:
    assert asked(question).wanted == wanted


def test_a_chip_takes_its_own_filter_away_and_goes_back_to_the_newest() -> None:
    assert asked("day=2026-11-24&checkpoint=HC01&direction=IN").chips() == []
    found = asked("from=all&hour=7&vehicles=1&purpose=-&transport=CAR&checkpoint=HC01&before=1")
    chips = {chip.name: chip for chip in found.chips()}
    assert {name: chip.value for name, chip in chips.items()} == {
        "日期": "全部日子",
        "钟点": "07:00–07:59",
        "车辆": "只看机动车",
        "交通方式": "小客车",
        "事由": "没有填写",
    }
    left = QueryDict(chips["钟点"].without.removeprefix("?")).dict()
    assert left == {"from": "all", "vehicles": "1", "purpose": "-", "transport": "CAR", "checkpoint": "HC01"}
    assert "from" not in chips["日期"].without


@pytest.fixture
def told(city: City) -> dict[str, str]:
    """A lorry of two (one from Wuhan) and a bus that left, folded: plates by what they are."""
    ill = city.generated.person(from_code="420106")
    lorry = city.register(people=[city.generated.person(), ill], transport="TRUCK", purpose="FREIGHT")
    bus = city.register(transport="BUS", direction="OUT", purpose=None)
    catch_up(worker_session())
    return {"lorry": lorry["plate"], "bus": bus["plate"]}


def shown(city: City, question: str, told: dict[str, str]) -> set[str]:
    page = text(city.haicheng.get(f"/desk/passages?{question}"))
    return {name for name, plate in told.items() if plate in page}


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("from=all", {"lorry", "bus"}),
        ("vehicles=1&direction=IN", {"lorry"}),
        ("purpose=-", {"bus"}),
        ("purpose=FREIGHT&transport=TRUCK", {"lorry"}),
        ("from=all&origin=420000", {"lorry"}),
        ("origin=420000-", set()),
        ("measure=QUARANTINE&from=all", {"lorry"}),
        ("destination=210381", {"lorry", "bus"}),
        ("destination=210381101&direction=OUT", {"bus"}),
        ("destination=-", set()),
    ],
)
def test_a_page_lists_what_its_address_asks_for(
    city: City, told: dict[str, str], question: str, fits: set[str]
) -> None:
    assert shown(city, question, told) == fits


def numbers(page: str) -> list[str]:
    found = re.findall(r'headline__number">([^<]+)<span class="headline__unit">([^<]+)<', page)
    return [f"{number} {unit}" for number, unit in found]


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("", ["2 条", "1 台次", "2 人次"]),
        ("from=all&checkpoint=GATE", ["2 条", "1 台次", "2 人次"]),
        ("direction=IN", ["1 台次", "2 人次"]),
        ("direction=OUT", ["1 条"]),
        ("transport=TRUCK", ["1 条", "1 台次", "2 人次"]),
        ("origin=420106", ["1 条", "1 台次", "1 人次"]),
        ("purpose=-", ["1 条", "0 台次", "0 人次"]),
        ("day=2020-01-01", ["— 条", "— 台次", "— 人次"]),
    ],
)
def test_the_head_counts_what_is_listed(
    city: City, told: dict[str, str], question: str, figures: list[str]
) -> None:
    assert numbers(text(city.haicheng.get(f"/desk/passages?{question}"))) == figures


def test_the_persons_that_fit_are_named_by_their_place(city: City, told: dict[str, str]) -> None:
    page = text(city.haicheng.get("/desk/passages?origin=42"))
    assert "第 2 人" in page
    assert "湖北省" in page
    assert "第 2 人" not in text(city.haicheng.get("/desk/passages?vehicles=1"))


def test_places_that_are_known_no_better_are_named_so(city: City) -> None:
    page = text(city.haicheng.get("/desk/passages?origin=420000-&destination=210381101-"))
    assert "湖北省，没有更细的" in page
    assert "孤山镇，没有更细的" not in page
    assert "孤山镇" in page


def test_more_than_can_be_counted_and_what_took_too_long_is_said(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "counted", lambda *_: Counted(COUNTED_TO + 1, COUNTED_TO, None))
    page = text(city.haicheng.get("/desk/passages?vehicles=1"))
    assert numbers(page) == ["100,000 以上 条", "100,000 台次", "— 人次"]
    assert "太多，没有数完" in page
    assert "没有报告" not in page


def test_a_list_cut_short_says_how_far_it_looked_and_offers_to_go_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_before = lists.Selection.passages
    turns = iter([True, False])

    def passages(selection: lists.Selection, each: str) -> str:
        waits = "SELECT pg_sleep(9)" if next(turns, False) else "SELECT 1"
        return (
            f"WITH w AS MATERIALIZED ({waits}) SELECT p.* FROM w, LATERAL ({asked_before(selection, each)}) p"
        )

    monkeypatch.setattr(lists.Selection, "passages", passages)
    monkeypatch.setattr(lists, "PATIENCE", timedelta(milliseconds=150))
    page = text(city.haicheng.get("/desk/passages?from=all&transport=BUS"))
    assert "记录太多，这里只翻到" in page
    assert "继续往前找" in page
    assert "before=" in page


def test_what_takes_too_long_even_so_is_answered_with_a_sentence(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists.Selection, "passages", lambda *_: "SELECT p.* FROM passage p, pg_sleep(9)")
    monkeypatch.setattr(lists, "PATIENCE", timedelta(milliseconds=50))
    city.register()
    answer = city.haicheng.get("/desk/passages?from=all")
    assert answer.status_code == 503
    assert "请缩短日期" in text(answer)


def test_the_next_county_finds_nothing_by_any_filter(city: City, told: dict[str, str]) -> None:
    for question in ("from=all", "origin=42", "measure=QUARANTINE", "vehicles=1", "purpose=-"):
        page = text(city.xiuyan.get(f"/desk/passages?{question}"))
        assert not any(plate in page for plate in told.values())
        assert not any(number[0] in "123456789" for number in numbers(page))


def test_every_role_is_let_in_or_refused_and_a_stranger_asked_to_sign_in(city: City) -> None:
    address = "/desk/passages?from=all&origin=42"
    for code, role in ROLES.items():
        expected = 200 if "VIEW_PASSAGES" in role.permissions else 403
        if code != "WORKER":
            assert at_desk(factories.officer(code, "210381101")).get(address).status_code == expected, code
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("question", ["vehicles=1", "from=all&origin=21&measure=REGISTER", "from=all"])
def test_three_rows_cost_as_many_questions_as_one(city: City, question: str) -> None:
    city.register()
    one = queries(city.haicheng, f"/desk/passages?{question}")
    for _ in range(2):
        city.register(people=3)
    assert queries(city.haicheng, f"/desk/passages?{question}") == one
