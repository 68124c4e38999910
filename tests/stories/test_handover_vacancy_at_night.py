"""A village whose responsible person resigns at eleven at night, and a traveller with fever: the night's duty loses neither."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from lianfang.kernel.days import SHANGHAI
from tests.stories.conftest import Site, start_site, trust
from tests.stories.handed_over import Picture, ReferralDesk, Traveller, Visit, masked, register
from tests.stories.officer import stand
from tests.stories.test_phone_shift import CLOCK

pytestmark = pytest.mark.story

TONIGHT = datetime.combine(datetime.now(SHANGHAI) + timedelta(days=1), time(22, 55), tzinfo=SHANGHAI)
IN_THE_MORNING = TONIGHT + timedelta(hours=8, minutes=55)  # ten to eight
VILLAGE = "210381112215"  # 西柳镇后古村
FEVERISH = Traveller(
    "亓满囤",
    born_on="19750808",
    phone="15400008401",
    to=VILLAGE,
    address="前街4号",
    from_="210100",
    temperature="38.6",
)
NOTE = "西柳镇后古村责任人空缺，一名发热人员已打电话给镇里，还没有接收"

RANG = re.compile(r"紧急移交没有接收，已打过电话 · \S*西柳镇")  # as the program lists it by itself


class Night:
    """A city of its own, since nobody resigns in those of the other stories; its clock is put forward by starting it anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = self._started(TONIGHT)

    def sleep_until(self, moment: datetime) -> None:
        self.site.end(within=30)
        self.site = self._started(moment)

    def _started(self, moment: datetime) -> Site:
        return start_site(self.folder, "--demo", "--still", "--clock", moment.isoformat())


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    begun = Night(tmp_path / "city")
    yield begun
    begun.site.stop()


def by_its_clock(visit: Visit, **said: object) -> BrowserContext:
    """A phone whose clock goes as the city's."""
    context = visit(**said)
    context.add_init_script(CLOCK % int((TONIGHT - datetime.now(SHANGHAI)).total_seconds() * 1000))
    return context


def resigns(desk: ReferralDesk) -> None:
    """Whoever answers for the village is dismissed, deputies too, and nobody follows."""
    desk.goto(f"/desk/responsibility/{VILLAGE}")
    dismissed = desk.page.get_by_test_id("responsible-people").locator("details", has_text="确认免去")
    for _ in range(dismissed.count()):
        dismissed.first.locator("summary").click()
        dismissed.first.get_by_role("button", name="确认免去").click()
        expect(desk.page.locator(".notice--good")).to_contain_text("已免去")


def hands_over(desk: ReferralDesk) -> str:
    """The duty that ends at eight, with the note and everything that the program finds open; the address of the hand-over."""
    desk.goto("/desk/duty")
    desk.page.locator(".my-duty a").first.click()
    form = desk.page.get_by_test_id("hand-over")
    expect(form).to_contain_text(RANG)
    expect(form).to_contain_text("等待事项没有办结 · 发热门诊")
    form.locator("[name=note]").fill(NOTE)
    form.get_by_role("button", name="看过了，交班").click()
    expect(desk.page.locator(".notice--good")).to_contain_text("已交班")
    link = desk.page.locator("a.button[href*='/desk/duty/handovers/']")
    return str(link.get_attribute("href"))


def closed_by_hand(desk: ReferralDesk, name: str) -> None:
    """The fact that waits for the clinic: somebody has it in hand, and says how it ended."""
    desk.goto("/desk/waiting?room=CLINIC")
    line = desk.page.get_by_test_id("waiting").locator("tbody tr", has_text=masked(name))
    line.get_by_role("button", name="接手").click()
    expect(desk.page.locator(".notice--good")).to_contain_text("已接手")
    desk.goto("/desk/waiting?room=CLINIC")
    line.locator("[name=outcome]").select_option("SEEN")
    line.get_by_role("button", name="办结").click()
    expect(desk.page.locator(".notice--good")).to_contain_text("已办结")
    expect(line).to_have_count(0)


def test_a_handover_of_a_fever_at_night_into_a_village_without_anybody(
    night: Night, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    # Given a night in which whoever answers for a village resigns: the place is red at once
    home = tmp_path / "home"
    home.mkdir()
    visit = partial(visit, home=trust(night.site, home))
    barrier = stand(night.site, partial(by_its_clock, visit), tmp_path, "HC02")
    township, duty = ReferralDesk(night.site, visit, "xiliu"), ReferralDesk(night.site, visit, "haicheng")
    resigns(township)
    expect(township.page.locator(".headline__number.is-over")).to_have_text("空缺")
    picture(township.page, "handover-vacancy")

    # When somebody with fever is registered who is headed there
    assert register(barrier.page, "辽A40001", [FEVERISH]) == ["FEVER_CLINIC"]

    # Then he has no two hours: he stands with the township as late at once, and on the list of whom to ring tonight
    township.open("LATE", FEVERISH.name)
    expect(township.page.get_by_text("当地没有责任人，已直接列入上级名单")).to_be_visible()
    page = duty.open("CALL", FEVERISH.name)
    duty.goto("/desk/referrals?list=CALL")
    picture(duty.page, "handover-call")

    # When the duty officer rings, he is on that list no longer, and still nobody has taken him over
    duty.goto(page)
    duty.answer("CALLED", note="已打镇里值班电话，马上派人")
    expect(duty.lines("CALL", FEVERISH.name)).to_have_count(0)
    expect(duty.lines("UNACCEPTED", FEVERISH.name)).to_contain_text("已电话催办")

    # And in the morning the duty is handed over with what is open, and taken over by a colleague who reads it
    night.sleep_until(IN_THE_MORNING)
    duty, next_one = ReferralDesk(night.site, visit, "haicheng"), ReferralDesk(night.site, visit, "fuhe")
    handover = hands_over(duty)
    next_one.goto(handover)
    expect(next_one.page.locator("main")).to_contain_text(NOTE)
    expect(next_one.page.locator("main")).to_contain_text(RANG)
    picture(next_one.page, "handover-duty")
    next_one.page.get_by_test_id("accept").get_by_role("button", name="看过了，接班").click()
    expect(next_one.page.locator(".notice--good")).to_contain_text("已接班")

    # And what waits for the clinic is accepted and closed by hand
    closed_by_hand(next_one, FEVERISH.name)
    picture(next_one.page, "handover-waiting")
