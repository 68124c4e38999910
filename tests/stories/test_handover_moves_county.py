"""The worker who moves county on day 3 and then leaves the city: nobody is lost between two desks, nor behind a letter."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, ReferralDesk, Traveller, Visit, number, register
from tests.stories.officer import stand

pytestmark = pytest.mark.story

HERE, NEXT_COUNTY = "210381112209", "210323101207"  # 海城市西柳镇大道村, 岫岩县三家子镇三家子村
BEYOND, THERE_AFTER_ALL = "211303", "211302"  # 朝阳市龙城区, 双塔区
WORKER = Traveller(
    "仝铁柱", number("moves", date(1991, 10, 2)), "15400008301", to=HERE, address="工地宿舍3栋"
)
AT_THE_DOOR = "本人在工地宿舍，体温正常"
WENT = "工地停工，去三家子村岳父家"


def test_a_handover_follows_a_worker_into_the_next_county_and_beyond_the_city(
    site: Site, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    # Given a worker from Wuhan who arrived where he was headed, and three desks
    barrier = stand(site, visit, tmp_path, "HC15")
    assert register(barrier.page, "鄂A30001", [WORKER]) == ["QUARANTINE"]
    sender, receiver = ReferralDesk(site, visit, "xiliu"), ReferralDesk(site, visit, "xiuyan")
    sender.open("UNACCEPTED", WORKER.name)
    sender.answer("ARRIVED", note=AT_THE_DOOR)
    expect(sender.state()).to_have_text("已到")
    expect(receiver.lines("UNACCEPTED", WORKER.name)).to_have_count(0)

    # When he goes on to the next county
    sender.send("MOVED_ON", NEXT_COUNTY, note=WENT)

    # Then both desks have him: here among those who were sent away until he is taken over, there among those to take over
    expect(sender.state()).to_have_text("已转走")
    expect(sender.lines("UNACCEPTED", WORKER.name, "&sent=1")).to_have_count(1)
    picture(sender.page, "handover-moves-sent")
    page = receiver.open("UNACCEPTED", WORKER.name)
    picture(receiver.page, "handover-moves-received")

    # And here he is only seen: he is answered where he is headed, and of what was written only what goes with him is read there
    sender.goto(page)
    expect(sender.state()).to_have_text("待接收")
    assert sender.offers() == []
    steps = receiver.page.get_by_test_id("referral-steps")
    expect(steps).to_contain_text(WENT)
    expect(steps).not_to_contain_text(AT_THE_DOOR)

    # When the next county takes him over and finds him
    receiver.answer("ACCEPTED")
    receiver.answer("ARRIVED", note="在岳父家，已告知")
    for which in ("UNACCEPTED", "ACCEPTED"):
        expect(sender.lines(which, WORKER.name, "&sent=1")).to_have_count(0)
    expect(sender.lines("ARRIVED", WORKER.name, "&sent=1")).to_have_count(1)

    # And he goes on beyond the city, where nobody has a desk: he is asked for by letter, sent back, and taken over by another
    receiver.goto(page)
    receiver.send("MOVED_ON", BEYOND, note="去朝阳市龙城区工地")
    asked = receiver.open("OUTSIDE", WORKER.name, "&sent=1")
    assert asked != page
    by_letter(receiver, asked, picture)

    # Then headquarters reads the whole way, from the barrier on
    headquarters = ReferralDesk(site, visit, "zhihuibu")
    headquarters.goto(asked)
    assert headquarters.steps() == [
        *("移交", "已到", "已转走"),
        *("移交", "接收", "已到", "已转走"),
        *("移交", "发协查函", "对方退回"),
        *("改派", "发协查函", "对方接收"),
    ]
    picture(headquarters.page, "handover-whole-way")


def by_letter(desk: ReferralDesk, asked: str, picture: Picture) -> None:
    """The first district does not take him: he comes back to the list of who sent him. The second does."""
    letter = desk.page.get_by_test_id("letter")
    desk.letter("LETTER_SENT")
    for said in (WORKER.name, WORKER.document, WORKER.phone, "隔离观察"):
        expect(letter).to_contain_text(said)
    expect(letter.locator(".letter__to")).to_contain_text("龙城区疫情防控指挥部")
    expect(letter.locator(".letter__from")).to_contain_text("鞍山市疫情防控指挥部")
    picture(desk.page, "handover-letter")
    desk.goto(asked)
    desk.letter("LETTER_RETURNED", note="龙城区来电：查无此人")
    expect(desk.lines("OUTSIDE", WORKER.name, "&sent=1")).to_have_count(0)
    assert desk.open("UNACCEPTED", WORKER.name) == asked

    desk.send("PLACED", THERE_AFTER_ALL)
    expect(desk.state()).to_have_text("等外地接收")
    desk.letter("LETTER_SENT")
    expect(letter.locator(".letter__to")).to_contain_text("双塔区疫情防控指挥部")
    desk.goto(asked)
    desk.letter("LETTER_ANSWERED", note="双塔区指挥部，值班员来电接收")
    expect(desk.state()).to_have_text("已接收")
