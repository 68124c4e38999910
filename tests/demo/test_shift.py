"""The demo city's shift: crews, phones and paper stand there when it opens, once, and move no figure of those who came."""

from datetime import UTC, datetime, timedelta

from lianfang.checkpoints.models import ClockIn, DeviceReport, PaperPad, ShiftHandover
from lianfang.checkpoints.queries.paper import pads
from lianfang.checkpoints.queries.pilot import pilot_day
from lianfang.command.services import worker_session
from lianfang.demo.checkpoints import GATES
from lianfang.demo.city import COUNTY_DESK, LEAD, counted, open_city, sign_ins
from lianfang.demo.crews import SHOWN
from lianfang.demo.shift import begin_shift
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.situation.fold import catch_up
from tests import factories
from tests.demo.conftest import Built

CLOCK = "2020-02-13T18:00+08:00"


def test_the_pages_of_paper_and_of_the_lead_have_something_to_show(built: Built) -> None:
    plan, _ = built(CLOCK, 1_400, 3_000, 2)
    sign_ins(at=datetime.now(UTC))
    devices = open_city(plan.at)
    for _ in range(2):  # a second start adds nothing
        begin_shift(devices, at=plan.at, giver=COUNTY_DESK, taker=LEAD)
    assert ClockIn.objects.filter(left_at=None).count() >= len(GATES)
    assert DeviceReport.objects.count() == len(devices)
    assert ShiftHandover.objects.filter(checkpoint=SHOWN).count() == 2
    handover = ShiftHandover.objects.get(accepted_at=None)
    assert {"UNSENT", "SET_ASIDE", "PILOT_OPEN"} <= {item["kind"] for item in handover.open_items}
    with reach(factories.officer()) as seen:
        pilot, register = pads(seen)
        day = pilot_day(seen, SHOWN, day=day_of(plan.at) - timedelta(days=1))
    assert PaperPad.objects.count() == 2
    assert (register.typed, register.checked, register.gaps) == ((1, 2, 3, 5, 6), 3, "4")
    assert len(pilot.typed) == day.paper > 3
    assert {"ONLY_PAPER", "ONLY_PHONE"} <= {pair.kind for pair in day.open}
    assert any(pair.kind == "MATCHED" for pair in day.pairs)
    catch_up(worker_session())
    assert (counted()["vehicles"], counted()["people"]) == (plan.vehicles, plan.people)


def test_a_city_without_its_officers_gets_no_paper(built: Built) -> None:
    plan, _ = built(CLOCK)
    begin_shift(open_city(plan.at), at=plan.at, giver="nobody", taker="nobody")
    assert not PaperPad.objects.exists()
    assert not ShiftHandover.objects.exists()
