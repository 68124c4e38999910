"""Affected areas as pages: what is in force, on a map and in words, and the list of a draft."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.services import worker_session
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import level, lineage, span
from lianfang.regions.models import Region
from lianfang.screening import services
from lianfang.screening.book import HEARD_AFTER
from lianfang.screening.models import RuleDraft
from lianfang.screening.queries import book
from lianfang.situation.fold import catch_up
from tests import factories
from tests.doors.desk import City, at_desk, text

Json = dict[str, Any]


def area(code: str, level: str = "HIGH", **more: str) -> Json:
    return {"code": code, "level": level, **more}


def drafted(now: datetime, *areas: Json) -> RuleDraft:
    """A draft with these areas, by an officer of headquarters."""
    by = factories.officer(name="起草人")
    draft = services.begin(by=by, at=now, from_="affected-areas")
    return services.change(
        by=by, at=now, id=draft.id, revision=1, content={**draft.content, "areas": list(areas)}
    )


def put_in_force(now: datetime, *areas: Json, days: int = 14) -> None:
    draft = drafted(now, *areas)
    services.propose(by=factories.officer(), at=now, id=draft.id, days=days, reason="试")
    services.approve(by=factories.officer(name="复核员"), at=now - HEARD_AFTER, id=draft.id)
    book(anew=True)


def region(code: str, name: str) -> None:
    """One more division of the register."""
    lo, hi = span(code)
    above = lineage(code)
    Region.objects.using("owner").create(
        code=code, level=level(code), name=name, short_name=name, pinyin="", lo=lo, hi=hi,
        parent_code=above[-2] if len(above) > 1 else None, valid_from=date(2019, 10, 31), edition="test",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def elsewhere(city: City) -> None:
    region("330000", "浙江省")
    for n in range(1, 12):
        region(f"33{n:02}00", f"浙{n}市")
    region("330106", "西湖区")


def areas_of(draft_id: UUID) -> list[Json]:
    return list(RuleDraft.objects.get(pk=draft_id).content["areas"])


def address(draft: RuleDraft, act: str = "") -> str:
    return f"/desk/rules/drafts/{draft.id}/areas{act}"


def post(client: Client, draft: RuleDraft, door: str, **given: Any) -> Any:
    return client.post(address(draft, door), {"revision": draft.revision, **given})


def lines(page: str) -> list[str]:
    """The table's rows as words."""
    table = re.search(r'data-testid="area-lines">(.*?)</table>', page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL) if table else []
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows[1:]]


def test_everybody_who_may_see_rules_sees_the_list_and_nobody_else(city: City) -> None:
    for client in (city.headquarters, city.haicheng, city.xiuyan, city.township):
        assert "湖北省" in text(client.get("/desk/areas"))
    for client in (city.screen, city.administrator):
        assert client.get("/desk/areas").status_code == 403
    assert Client().get("/desk/areas").status_code == 302
    assert city.headquarters.post("/desk/areas").status_code == 405


def test_each_area_says_until_when_and_who_came_from_there(city: City, now: datetime) -> None:
    today = day_of(now)
    last = today + timedelta(days=2)
    put_in_force(
        now, area("42", "LOW"), area("4201", "HIGH", **{"from": str(today), "to": str(last)}, source="第1号")
    )
    city.register(
        people=[city.generated.person(from_code=code) for code in ("420106", "420100", "421100", "420000")]
    )
    city.register(people=[city.generated.person(from_code="420106")], direction="OUT")
    catch_up(worker_session())
    wuhan, hubei = lines(text(city.headquarters.get("/desk/areas")))
    assert wuhan == f"湖北省武汉市 4201 与 湖北省 重叠 高风险 {today} {last} 2 天 2 人次 第1号"
    assert hubei.startswith("湖北省 42")
    assert "规则生效时 规则到期时 — 4 人次" in hubei
    page = text(city.haicheng.get("/desk/areas"))
    assert re.search(r"4<span class=\"headline__unit\">人次", page)  # each person once
    (wuhan, _) = lines(text(city.township.get("/desk/areas")))
    assert "人次" not in wuhan  # who sees no board sees no count


def test_what_changed_in_a_week_is_said(city: City, now: datetime) -> None:
    put_in_force(now - timedelta(minutes=9), area("3303", "MEDIUM"), area("42", "LOW"))
    page = text(city.headquarters.get("/desk/areas"))
    week = unescape(
        re.sub(r"<[^>]+>", " ", page.partition('data-testid="area-week">')[2].partition("</section>")[0])
    )
    assert [word for word in week.split() if word in ("新增", "浙江省浙3市", "中风险")] == [
        "新增",
        "浙江省浙3市",
        "中风险",
    ]
    assert "级别变了" in week
    assert "不再是" not in week
    put_in_force(now, area("4201"))
    assert "不再是" in text(city.headquarters.get("/desk/areas"))


def test_areas_that_begin_later_stand_apart_and_those_that_are_over_do_not_stand_there(
    city: City, now: datetime
) -> None:
    today = day_of(now)
    later, soon = str(today + timedelta(days=3)), str(today + timedelta(days=9))
    past, over = str(today - timedelta(days=9)), str(today - timedelta(days=1))
    put_in_force(
        now,
        area("3301", **{"from": later, "to": soon}),
        area("4201", **{"from": past, "to": over}),
        area("2103"),
    )
    page = text(city.headquarters.get("/desk/areas"))
    assert [line.split()[0] for line in lines(page)] == ["辽宁省鞍山市"]
    assert "还没开始的" in page
    assert "武汉市" not in page.partition("现行名单")[2]


def test_a_set_that_lapsed_holds_nobody_back_and_the_page_says_so(city: City, now: datetime) -> None:
    put_in_force(now - timedelta(days=2), area("42"), days=1)
    page = text(city.headquarters.get("/desk/areas"))
    assert "没有续期" in page
    assert "现在没有重点地区" in page
    assert not lines(page)


def test_the_map_shows_whole_provinces_and_parts_by_pattern_and_word(city: City, now: datetime) -> None:
    put_in_force(now, area("42"), area("3303", "MEDIUM"), area("330106", "LOW"), area("210381", "LOW"))
    page = text(city.headquarters.get("/desk/areas"))
    assert re.search(r'fill="url\(#area-HIGH\)" data-code="420000"><title>湖北：高风险', page)
    assert re.search(r'data-code="330000"><title>浙江：其中 2 处中风险', page)
    assert not re.search(r'fill="[^"]*" data-code="330000"', page)
    assert re.search(
        r'fill="url\(#area-LOW\)" data-code="210381"><title>海城市：低风险', page
    )  # the own counties
    assert re.search(r'data-code="370000"><title>山东：不在重点地区之列', page)
    for graded in ("HIGH", "MEDIUM", "LOW"):
        assert f'<pattern id="area-{graded}"' in page


def test_one_area_or_thirty_the_page_asks_as_often(city: City, now: datetime) -> None:
    def asked() -> int:
        city.headquarters.get("/desk/areas")
        book(anew=True)  # believed for two seconds
        with CaptureQueriesContext(connection) as queries:
            assert city.headquarters.get("/desk/areas").status_code == 200
        return len(queries)

    put_in_force(now - timedelta(minutes=9), area("42", "LOW"))
    few = asked()
    put_in_force(
        now,
        *(area(code) for code in ("42", "2101", "210381", *(f"33{n:02}" for n in range(1, 12)))),
    )
    assert asked() == few


def test_a_draft_s_list_is_seen_and_changed_by_headquarters_alone(city: City, now: datetime) -> None:
    draft = drafted(now, area("42"))
    for client in (city.haicheng, city.township, city.screen, city.administrator):
        assert client.get(address(draft)).status_code == 403
    assert Client().get(address(draft)).status_code == 302
    assert "加一个" in text(city.headquarters.get(address(draft)))
    for act in ("/add", "/change", "/paste"):
        assert post(city.haicheng, draft, act).status_code == 403
        assert city.headquarters.get(address(draft, act)).status_code == 405
    assert (
        city.headquarters.get("/desk/rules/drafts/01a20000-0000-7000-8000-000000000001/areas").status_code
        == 404
    )
    assert areas_of(draft.id) == [area("42")]


def add(client: Client, draft: RuleDraft, **given: str) -> Any:
    return post(
        client, draft, "/add", **{f"one-{name}": value for name, value in {"level": "HIGH", **given}.items()}
    )


def test_an_area_is_added_by_its_name_or_its_code(city: City, now: datetime) -> None:
    draft = drafted(now)
    assert (
        add(city.headquarters, draft, place="武汉", since="2020-02-01", source=" 第1号 ").status_code == 302
    )
    assert areas_of(draft.id) == [area("4201", **{"from": "2020-02-01", "to": "2020-03-01"}, source="第1号")]
    draft.refresh_from_db()
    assert add(city.headquarters, draft, place="210381", division="210381", level="LOW").status_code == 302
    assert area("210381", "LOW") in areas_of(draft.id)


def test_of_several_of_that_name_one_is_asked_and_none_is_guessed(city: City, now: datetime) -> None:
    draft = drafted(now)
    answer = add(city.headquarters, draft, place="孤山")
    assert answer.status_code == 400
    assert "请在找到的地名里选一个" in text(answer)
    assert "没有找到这个地名" in text(add(city.headquarters, draft, place="没这个地方"))
    assert add(city.headquarters, draft, place="湖北", level="NONE").status_code == 400
    assert add(city.headquarters, draft, place="湖北", since="20200-01-01").status_code == 400
    assert add(city.headquarters, draft, place="湖北", since="1020-01-01").status_code == 400
    assert areas_of(draft.id) == []


def test_whoever_changes_what_somebody_else_changed_meanwhile_is_told(city: City, now: datetime) -> None:
    draft = drafted(now, area("42"))
    assert add(city.headquarters, draft, place="武汉").status_code == 302
    stale = add(city.headquarters, draft, place="海城")
    assert stale.status_code == 400
    assert "改过这份草稿" in text(stale)
    assert 'value="海城"' in text(stale)  # nothing typed is lost
    assert post(city.headquarters, draft, "/change", act="REMOVE", place=0).status_code == 409
    assert [one["code"] for one in areas_of(draft.id)] == ["42", "4201"]


def test_an_area_is_renewed_ended_and_removed(city: City, now: datetime) -> None:
    today = day_of(now)
    first, last = today - timedelta(days=20), today + timedelta(days=9)
    draft = drafted(now, area("4201", **{"from": str(first), "to": str(last)}))
    assert post(city.headquarters, draft, "/change", act="RENEW", place=0).status_code == 302
    draft.refresh_from_db()
    following = last + timedelta(days=1)
    assert areas_of(draft.id)[1] == area(
        "4201", **{"from": str(following), "to": str(following + timedelta(days=29))}
    )
    assert post(city.headquarters, draft, "/change", act="END", place=0).status_code == 302
    draft.refresh_from_db()
    assert areas_of(draft.id)[0]["to"] == str(today)
    assert post(city.headquarters, draft, "/change", act="REMOVE", place=1).status_code == 302
    assert len(areas_of(draft.id)) == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"act": "REMOVE", "place": 7}, 404),
        ({"act": "BURN", "place": 0}, 400),
        ({"act": "END", "place": "-1"}, 400),
        ({}, 400),
    ],
)
def test_acts_that_are_none_change_nothing(city: City, now: datetime, given: Json, status: int) -> None:
    draft = drafted(now, area("42"))
    assert post(city.headquarters, draft, "/change", **given).status_code == status
    assert areas_of(draft.id) == [area("42")]


def test_what_is_proposed_is_looked_at_and_no_longer_changed(city: City, now: datetime) -> None:
    draft = drafted(now, area("42"))
    services.propose(by=factories.officer(), at=now, id=draft.id, days=7, reason="试")
    assert "现在只能看" in text(city.headquarters.get(address(draft)))
    draft.refresh_from_db()
    assert post(city.headquarters, draft, "/change", act="REMOVE", place=0).status_code == 409
    assert "已提交审批" in text(add(city.headquarters, draft, place="武汉"))


def test_days_that_are_swapped_or_too_far_apart_stand_beside_their_line(city: City, now: datetime) -> None:
    draft = drafted(
        now,
        area("4201", **{"from": "2020-02-20", "to": "2020-02-01"}),
        area("3303", **{"from": "2020-02-01", "to": "2020-06-01"}),
    )
    page = text(city.headquarters.get(address(draft)))
    assert "可能写反了" in page
    assert "超过 30 天" in page
    assert "Swapped" not in page
    english = at_desk(factories.officer(), **{"accept-language": "en"})
    assert "swapped" in text(english.get(address(draft)))


def paste(client: Client, draft: RuleDraft, pasted: str, **given: str) -> Any:
    return post(client, draft, "/paste", **{"many-pasted": pasted, "many-level": "HIGH", **given})


def test_a_pasted_list_is_shown_as_it_was_read_before_anything_is_added(city: City, now: datetime) -> None:
    draft = drafted(now, area("42"))
    page = text(paste(city.headquarters, draft, "湖北省武汉市、海城市 中\n孤山村\n没这个地方\n湖北省"))
    states = re.findall(r'<tr data-state="(\w+)">', page)
    assert states == ["READ", "READ", "NOT_FOUND", "NOT_FOUND", "READ"]
    assert re.findall(r'name="take-(\d)" value="\d+"( checked)?', page) == [
        ("0", " checked"),
        ("1", " checked"),
        ("4", ""),
    ]
    assert "草稿里已有" in page
    assert areas_of(draft.id) == [area("42")]


def test_what_is_chosen_of_a_pasted_list_is_added(city: City, now: datetime) -> None:
    draft = drafted(now)
    text_ = "湖北省武汉市 高 2020-02-01至2020-02-20\n海城市、湖北省 低"
    answer = paste(
        city.headquarters,
        draft,
        text_,
        add="1",
        **{"take-0": "420100", "take-1": "210381", "many-source": "第7号"},
    )
    assert answer.status_code == 302
    assert areas_of(draft.id) == [
        area("210381", "LOW", source="第7号"),
        area("4201", **{"from": "2020-02-01", "to": "2020-02-20"}, source="第7号"),
    ]


def test_codes_that_the_text_does_not_mean_are_not_added(city: City, now: datetime) -> None:
    draft = drafted(now)
    answer = paste(
        city.headquarters, draft, "湖北省武汉市", add="1", **{"take-0": "110000", "take-9": "420000"}
    )
    assert "没有选中任何地区" in text(answer)
    assert areas_of(draft.id) == []


def test_an_ambiguous_place_is_chosen_before_anything_is_added(city: City, now: datetime) -> None:
    region("210104", "沈河区")
    draft = drafted(now)
    page = text(paste(city.headquarters, draft, "沈河区、武汉市", add="1", **{"take-1": "420100"}))
    assert "还有 1 处没有选是哪里" in page
    assert areas_of(draft.id) == []
    chosen = {"take-0": "210104", "take-1": "420100"}
    assert paste(city.headquarters, draft, "沈河区、武汉市", add="1", **chosen).status_code == 302
    assert [one["code"] for one in areas_of(draft.id)] == ["210104", "4201"]
    draft.refresh_from_db()
    left_out = paste(
        city.headquarters, draft, "沈河区、海城市", add="1", **{"take-0": "NONE", "take-1": "210381"}
    )
    assert left_out.status_code == 302
    assert [one["code"] for one in areas_of(draft.id)] == ["210104", "210381", "4201"]


def test_reading_a_long_list_asks_as_often_as_a_short_one(city: City, now: datetime) -> None:
    draft = drafted(now)

    def asked(pasted: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert paste(city.headquarters, draft, pasted).status_code == 200
        return len(queries)

    asked("武汉市")
    assert asked("武汉市") == asked("武汉市、海城市、湖北省、没有\n" * 60)


def test_an_hostile_list_is_shown_as_it_was_typed(city: City, now: datetime) -> None:
    draft = drafted(now)
    page = text(paste(city.headquarters, draft, "<script>alert(1)</script>、武汉市"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert paste(city.headquarters, draft, "").status_code == 400
    assert paste(city.headquarters, draft, "\x00武汉市").status_code == 400
    assert paste(city.headquarters, draft, "武" * 20_001).status_code == 400
