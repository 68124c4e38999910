"""A demo city is loaded through the intake itself, exactly, and can be asked as of any hour of its past."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from lianfang.checkpoints.models import Device
from lianfang.command.services import worker_session
from lianfang.demo.city import (
    counted,
    is_demo,
    open_city,
    require_demo_or_nothing,
    require_empty,
    settle_clock,
)
from lianfang.demo.living import made_up
from lianfang.demo.loading import load
from lianfang.demo.plan import Plan
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.machine.progress import Silent
from lianfang.situation.board import board
from lianfang.situation.models import ClerkPosition, DistinctPeople, SettledCell
from lianfang.situation.recount import recount
from tests.demo.conftest import Built
from tests.doors.conftest import make_checkpoint, make_device

CLOCK = "2020-02-13T18:00+08:00"


def known(as_of: datetime) -> tuple[int, int]:
    with reach(worker_session()) as seen:
        totals = board(seen, at=as_of, as_of=as_of)["totals"]
    return totals["vehicles"], totals["people"]


def test_the_board_shows_exactly_what_was_planned_and_the_recount_agrees(built: Built) -> None:
    plan, receipts = built(CLOCK)
    assert counted() == {"vehicles": 240, "people": 560, "checkpoints": 18}
    assert known(plan.at) == (240, 560)
    found = recount(worker_session())
    assert found.differences == []
    assert found.cells > 1_000
    with reach(worker_session()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM passage) + (SELECT count(*) FROM registration) + (SELECT count(*) FROM correction)"
        )
        assert receipts.accepted == cursor.fetchone()[0]
        cursor.execute("SELECT count(*), min(received_at), max(received_at) FROM passage")
        stored, first, last = cursor.fetchone()
    assert stored > 240
    assert first > plan.at - timedelta(days=3)
    assert plan.at - timedelta(hours=1) < last < plan.at
    assert ClerkPosition.objects.get(pk=1).settled_until == plan.listed_days[-1]


def test_dirt_shows_in_the_receipts_and_disturbs_no_total(built: Built) -> None:
    _, receipts = built(CLOCK, 1_400, 3_000, 2)
    assert (counted()["vehicles"], counted()["people"]) == (1_400, 3_000)
    assert receipts.duplicates > 0
    assert receipts.set_aside > 0
    with reach(worker_session()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM correction")
        assert cursor.fetchone()[0] > 0
        cursor.execute("SELECT count(*) FROM conflict_item")
        assert cursor.fetchone()[0] == receipts.conflicts
        cursor.execute("SELECT DISTINCT jsonb_array_elements_text(receipt::jsonb->'flags') FROM registration")
        assert {"INCOMPLETE", "DOCUMENT_CHECKSUM"} <= {flag for (flag,) in cursor.fetchall()}


def test_every_hour_of_the_past_can_be_asked_and_stays_as_it_was_known(built: Built) -> None:
    plan, _ = built(CLOCK)
    hours = [plan.at - timedelta(hours=n) for n in range(66, -1, -3)]
    figures = [known(hour) for hour in hours]
    assert figures == sorted(figures)
    assert len(set(figures)) > 12
    assert figures[-1] == (240, 560)
    for hour in (hours[3], hours[-4]):
        assert recount(worker_session(), as_of=hour).differences == []
    assert SettledCell.objects.exists()
    assert set(DistinctPeople.objects.filter(span="DAY").values_list("day", flat=True)) >= set(
        plan.listed_days
    )


def test_a_year_without_partitions_gets_its_months_before_anything_is_loaded(built: Built) -> None:
    built("2020-03-01T00:10+08:00", 60, 130)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('passage_202002'), to_regclass('registration_202003')")
        assert all(cursor.fetchone())
    with reach(worker_session()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE tableoid = 'passage_default'::regclass), count(*) FROM passage"
        )
        astray, all_ = cursor.fetchone()
    assert astray <= 2 < all_


def test_the_same_seed_and_clock_give_the_same_city(built: Built) -> None:
    plan, receipts = built(CLOCK, 120, 260)
    first = _ids()
    again = load_again(plan)
    assert _ids() == first
    assert again.accepted == 0
    assert again.duplicates == receipts.accepted + receipts.duplicates


def load_again(plan: Plan):
    from lianfang.demo.loading import steps  # noqa: PLC0415 -- used here only

    return load(steps(plan, Silent()), open_city(plan.at))


def _ids() -> set:
    with reach(worker_session()), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM passage UNION ALL SELECT id FROM registration")
        return {id_ for (id_,) in cursor.fetchall()}


def test_a_folder_with_records_takes_no_whole_volume_and_a_real_city_no_demo(built: Built) -> None:
    require_empty()
    require_demo_or_nothing()
    built(CLOCK, 40, 90)
    require_demo_or_nothing()
    with pytest.raises(Refusal) as refused:
        require_empty()
    assert refused.value.code == "NOT_EMPTY"
    Device.objects.update(name="1道手机")  # as if officers had registered all this
    assert not is_demo()
    with pytest.raises(Refusal) as refused:
        require_demo_or_nothing()
    assert refused.value.code == "NOT_A_DEMO"
    assert "真实" in refused.value.zh


def test_the_clock_moves_on_in_this_process_and_in_the_folder_and_never_back(built: Built) -> None:
    settle_clock(None)
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)
    settle_clock(datetime.fromisoformat("2020-02-13T18:00+08:00"))
    assert now().date().isoformat() == "2020-02-13"
    assert settings.DATA.scenario == settings.SCENARIO
    plan, _ = built(CLOCK, 40, 90)
    settle_clock(plan.at)
    settle_clock(plan.at + timedelta(days=1))
    with pytest.raises(Refusal) as refused:
        settle_clock(plan.at - timedelta(days=1))
    assert refused.value.code == "CLOCK_BACK"
    with pytest.raises(Refusal) as refused:
        settle_clock(datetime.fromisoformat("2019-11-01T00:00+08:00"))
    assert refused.value.code == "CLOCK_EARLY"


def test_what_a_pause_left_out_is_made_up_and_known_in_its_time(built: Built) -> None:
    plan, _ = built(CLOCK, 120, 260)
    at = plan.at + timedelta(hours=3)
    assert load(made_up(plan.at + timedelta(minutes=1), Silent()), open_city(at)).accepted == 0
    made = load(made_up(at, Silent()), open_city(at))
    assert made.accepted > 20
    figures = [known(plan.at + timedelta(hours=n)) for n in range(4)]
    assert figures == sorted(figures)
    assert len(set(figures)) == 4
    assert recount(worker_session()).differences == []
    assert load(made_up(at, Silent()), open_city(at)).accepted == 0


def test_phones_of_the_demo_are_those_it_has_until_they_expire(clean: object) -> None:
    at = datetime.fromisoformat(CLOCK)
    first = open_city(at)
    assert open_city(at + timedelta(days=3)) == first
    later = open_city(at + timedelta(days=500))
    assert not {device.pk for device in later.values()} & {device.pk for device in first.values()}
    gate = make_device(make_checkpoint("HC99"))
    assert gate
    assert len(first) == sum(gate.lanes for gate in _gates())


def _gates():
    from lianfang.demo.checkpoints import GATES  # noqa: PLC0415 -- used here only

    return GATES
