"""Today's passages, one passage, and where an officer lands: right, for the wrong role, for the next county."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianfang.checkpoints.models import Checkpoint
from lianfang.kernel.ids import uuid7
from tests import factories
from tests.doors.desk import City, at_desk, text


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_passage_stands_in_the_list_masked(city: City) -> None:
    passage = city.register(people=2)
    page = text(city.haicheng.get("/desk/passages"))
    assert passage["plate"] in page
    assert f"/desk/passages/{passage['id']}" in page
    assert "登记放行" in page
    for person in passage["people"]:
        assert f"{person['name'][0]}**" in page
        assert person["name"] not in page
        assert person["document"]["number"] not in page
        assert person["phone"] not in page


def test_the_next_county_sees_neither_the_line_nor_the_passage(city: City) -> None:
    passage = city.register()
    assert passage["plate"] not in text(city.xiuyan.get("/desk/passages"))
    stranger = city.xiuyan.get(f"/desk/passages/{passage['id']}")
    nothing = city.xiuyan.get(f"/desk/passages/{uuid7()}")
    assert stranger.status_code == nothing.status_code == 404
    assert "辖区内没有这条通行记录" in text(stranger)
    assert passage["plate"] not in text(stranger)


def test_filters_are_links_and_leave_out_what_does_not_fit(city: City) -> None:
    passage = city.register(direction="OUT")
    assert "?direction=OUT" in text(city.haicheng.get("/desk/passages"))
    shown = {
        "?direction=OUT": True,
        "?direction=IN": False,
        "?checkpoint=GATE": True,
        "?checkpoint=ELSEWHERE": False,
        f"?day={factories.today()}": True,
        f"?day={factories.today() - timedelta(days=1)}": False,
        "?day=nonsense&before=nonsense&direction=SIDEWAYS": True,
    }
    for question, expected in shown.items():
        assert (passage["plate"] in text(city.haicheng.get(f"/desk/passages{question}"))) == expected, (
            question
        )


def test_older_passages_stand_on_the_next_page(city: City) -> None:
    earlier = factories.Generated(seed=3, at=city.generated.at - timedelta(minutes=1))
    first = earlier.passage()
    city.intake.send(earlier.parcel(first))
    parcel = city.generated.parcel(*(city.generated.passage() for _ in range(50)))
    city.intake.send(parcel)
    newest = text(city.haicheng.get("/desk/passages"))
    assert newest.count("data-row") == 50
    before = newest.split("before=")[1].split('"')[0]
    assert first["plate"] not in newest
    older = text(city.haicheng.get(f"/desk/passages?before={before}"))
    assert older.count("data-row") == 1
    assert "回到最新" in older


def test_an_empty_day_says_why_and_what_to_do(city: City) -> None:
    page = text(city.haicheng.get("/desk/passages"))
    assert "没有通行记录" in page
    assert reverse("invite-device") in page
    assert "没有符合所选条件" in text(city.haicheng.get("/desk/passages?direction=IN"))


def test_no_report_is_never_shown_as_zero(city: City) -> None:
    page = text(city.haicheng.get("/desk/passages"))
    assert "没有报告" in page
    assert '<div class="headline__number">—' in page


def test_local_posts_are_folded_away_under_the_border_checkpoints(city: City) -> None:
    factories.checkpoint("GATE2")
    Checkpoint.objects.create(
        code="L1", name="大孤山村东口", tier="LOCAL", kind="VILLAGE", division="210381101200",
        jurisdiction=210381101200000000, opened_at=city.generated.at,
    )  # fmt: skip
    page = text(city.haicheng.get("/desk/passages"))
    assert "1 个卡点" in page
    assert page.index("GATE2卡口") < page.index("<details") < page.index("大孤山村东口")


def test_one_passage_shows_its_people_and_what_they_were_told(city: City) -> None:
    ill = city.generated.person(
        temperatures=[{"celsius": 38.4, "site": "FOREHEAD", "state": "READ"}],
        from_code="420100",
        stays=[{"code": "420100", "from": "2020-02-01", "to": None}],
        symptoms=["COUGH"],
    )
    passage = city.register(people=[ill])
    page = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert ill["name"] in page
    assert ill["document"]["number"] not in page
    assert f"{ill['document']['number'][:6]}********{ill['document']['number'][-4:]}" in page
    assert ill["phone"] not in page
    assert "发热门诊" in page
    assert "由工作人员带您到发热门诊" in page
    assert "38.4 °C" in page
    assert "湖北省武汉市" in page
    assert "干咳" in page


def test_flags_are_said_in_words(city: City) -> None:
    passage = city.register(people=[city.generated.person(name=None)], plate="辽C1")
    page = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert "有必填内容没有填" in page
    assert "与常见号牌格式不同" in page
    assert "待补" in text(city.haicheng.get("/desk/passages"))


def test_a_passage_whose_day_was_destroyed_says_so(city: City) -> None:
    passage = city.register()
    city.intake.keys.path.joinpath(f"day-{factories.today()}.key").rename(
        city.intake.keys.path / "destroyed.key"
    )
    city.intake.keys.forget()
    try:
        assert "已按期销毁" in text(city.haicheng.get("/desk/passages"))
        page = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
        assert "个人信息已按期销毁" in page
        assert "更正其他栏目" not in page
    finally:
        city.intake.keys.path.joinpath("destroyed.key").rename(
            city.intake.keys.path / f"day-{factories.today()}.key"
        )
        city.intake.keys.forget()


def test_pages_with_people_are_not_kept_by_the_browser(city: City) -> None:
    passage = city.register()
    for address in ("/desk", "/desk/passages", f"/desk/passages/{passage['id']}", "/desk/search"):
        assert "no-store" in city.haicheng.get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["/desk", "/desk/passages"])
def test_three_rows_cost_as_many_questions_as_one(city: City, address: str) -> None:
    city.register()
    one = queries(city.haicheng, address)
    for _ in range(2):
        city.register(people=3)
    assert queries(city.haicheng, address) == one


def test_three_people_cost_as_many_questions_as_one(city: City) -> None:
    one, three = city.register(), city.register(people=3)
    asked = queries(city.haicheng, f"/desk/passages/{one['id']}")
    assert queries(city.haicheng, f"/desk/passages/{three['id']}") == asked


class TestMyWork:
    def test_a_silent_checkpoint_stands_there_with_its_age(self, city: City) -> None:
        hours_ago = factories.Generated(seed=2, at=city.generated.at - timedelta(hours=2))
        city.intake.received_at = hours_ago.at
        city.intake.send(hours_ago.parcel(hours_ago.passage()))
        page = text(city.haicheng.get("/desk"))
        assert "GATE卡口" in page
        assert "2 小时前" in page

    def test_a_checkpoint_that_never_reported_is_no_zero(self, city: City) -> None:
        assert "没有报告" in text(city.haicheng.get("/desk"))

    def test_reporting_checkpoints_are_not_listed(self, city: City) -> None:
        city.register()
        assert "都在正常上报" in text(city.haicheng.get("/desk"))

    def test_incomplete_records_of_today_are_one_click_away(self, city: City) -> None:
        passage = city.register(people=[city.generated.person(name=None)])
        assert f"/desk/passages/{passage['id']}" in text(city.haicheng.get("/desk"))

    def test_an_area_without_checkpoints_says_how_to_begin(self, city: City) -> None:
        page = text(city.township.get("/desk"))
        assert "辖区内还没有开放的卡口" in page
        assert reverse("open-post") in page

    def test_an_officer_is_offered_only_what_the_role_permits(self, city: City) -> None:
        page = text(city.township.get("/desk"))
        assert reverse("search") not in page
        assert reverse("wall") not in page
        assert reverse("devices") in page


def test_a_township_sees_its_own_posts_only(city: City) -> None:
    """The county's gate lies in the county, not in the township."""
    passage = city.register()
    assert passage["plate"] not in text(city.township.get("/desk/passages"))
    assert at_desk(factories.officer("TOWNSHIP_DESK", "210381101")).get("/desk").status_code == 200
