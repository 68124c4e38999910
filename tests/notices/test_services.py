"""A notice takes two officers; what was approved never changes; and every place is told what concerns it, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from lianfang.command.queries import session_reach
from lianfang.command.services import break_glass
from lianfang.kernel.divisions import as_integer
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.machine.postgres import Database
from lianfang.notices.models import PlaceNotice
from lianfang.notices.queries import (
    PAGE,
    SHOWN,
    count_place_notices,
    in_force,
    place_notices,
    waiting_for_another,
)
from lianfang.notices.rules import NoticeState, NoticeText
from lianfang.notices.services import approve, withdraw, write
from tests import factories
from tests.factories import ANSHAN, HAICHENG, XIUYAN
from tests.noted import noted
from tests.notices.written import DAY, told, written

TOWNSHIP, VILLAGE, OTHER_VILLAGE = "210381101", "210381101200", "210381101201"
GRID, MICRO_GRID = f"{VILLAGE}001", f"{VILLAGE}001002"
NEXT_TOWNSHIP = "210381102"


@pytest.fixture
def one(clean: Database) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="甲")


@pytest.fixture
def other(clean: Database) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="乙")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def titles(place: str, at: datetime, *, limit: int = 9) -> list[str]:
    """What whoever has no session is told there."""
    return [notice.title for notice in in_force(as_integer(place), at, limit)]


def test_nobody_is_told_before_a_second_officer_agrees(one: Reach, other: Reach, now: datetime) -> None:
    draft = written(one, HAICHENG, at=now)
    assert titles(HAICHENG, now) == []
    assert refused(lambda: approve(by=one, at=now, id=draft.id)) == "SAME_OFFICER"
    assert titles(HAICHENG, now) == []
    approve(by=other, at=now, id=draft.id)
    (notice,) = in_force(as_integer(HAICHENG), now)
    assert notice == (
        draft.id, HAICHENG, "集市暂停", "周边集市暂停，超市照常营业。", "Market closed",
        "The market is closed; shops are open.", draft.valid_from, draft.valid_until,
    )  # fmt: skip
    written_down = [(row.act, row.officer_id, row.subject) for row in noted() if "NOTICE" in row.act]
    subject = f"PLACE_NOTICE {draft.id}"
    assert written_down == [
        ("NOTICE_WRITTEN", one.officer_id, subject),
        ("NOTICE_APPROVED", other.officer_id, subject),
    ]


def test_the_database_knows_two_officers_as_well(one: Reach, now: datetime) -> None:
    draft = written(one, HAICHENG, at=now)
    rows = PlaceNotice.objects.using("owner").filter(pk=draft.pk)
    with pytest.raises(IntegrityError, match="place_notice_is_approved_by_another_officer"):
        rows.update(approver=one.officer_id, approved_at=now)
    with pytest.raises(IntegrityError, match="place_notice_is_for_30_days_at_most"):
        rows.update(valid_until=draft.valid_from + 31 * DAY)
    with pytest.raises(IntegrityError, match="place_notice_is_withdrawn_by_somebody_who_says_why"):
        rows.update(withdrawn_by=one.officer_id, withdrawn_at=now)


@pytest.mark.parametrize("column", ["title", "body", "title_en", "body_en", "division"])
def test_what_it_says_is_written_once(one: Reach, now: datetime, column: str) -> None:
    draft = written(one, HAICHENG, at=now)
    with reach(one), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        PlaceNotice.objects.filter(pk=draft.pk).update(**{column: "210381101"})


def test_approving_again_changes_nothing_and_a_third_officer_comes_too_late(
    one: Reach, other: Reach, now: datetime
) -> None:
    draft = told(one, other, HAICHENG, "集市暂停", at=now)
    assert approve(by=other, at=now + DAY, id=draft.id).approved_at == now
    third = factories.officer("COUNTY_DESK", HAICHENG)
    assert refused(lambda: approve(by=third, at=now, id=draft.id)) == "NOTICE_DECIDED"


def test_one_officer_withdraws_it_and_says_why(one: Reach, other: Reach, now: datetime) -> None:
    draft, notice = written(one, HAICHENG, "未批准", at=now), told(one, other, HAICHENG, "已批准", at=now)
    assert refused(lambda: withdraw(by=one, at=now, id=notice.id, reason=" ")) == "REASON_MISSING"
    for id in (draft.id, notice.id):
        withdraw(by=one, at=now, id=id, reason="写错了日期")
        assert refused(lambda id=id: approve(by=other, at=now, id=id)) == "NOTICE_DECIDED"
        assert refused(lambda id=id: withdraw(by=one, at=now, id=id, reason="再来")) == "NOTICE_DECIDED"
    assert titles(HAICHENG, now) == []
    rows = [(row.officer_id, row.details) for row in noted("NOTICE_WITHDRAWN")]
    assert [officer for officer, _ in rows] == [one.officer_id] * 2
    assert "写错了日期" not in str(rows)


def test_it_begins_on_its_day_and_lapses_by_itself(one: Reach, other: Reach, now: datetime) -> None:
    notice = told(one, other, HAICHENG, "明天起", at=now, since=DAY)
    moments = (now, notice.valid_from, notice.valid_until - timedelta(seconds=1), notice.valid_until)
    assert [titles(HAICHENG, at) for at in moments] == [[], ["明天起"], ["明天起"], []]
    late = written(one, HAICHENG, "没人批准", at=now, lasts=DAY)
    assert refused(lambda: approve(by=other, at=now + DAY, id=late.id)) == "NOTICE_DECIDED"
    assert refused(lambda: withdraw(by=one, at=now + DAY, id=late.id, reason="过期")) == "NOTICE_DECIDED"


def test_a_place_is_told_what_concerns_it_or_what_lies_above(one: Reach, other: Reach, now: datetime) -> None:
    city, second = (factories.officer("HEADQUARTERS", ANSHAN) for _ in range(2))
    told(city, second, ANSHAN, "全市", at=now, since=-timedelta(minutes=5))
    for n, (division, title) in enumerate(
        [(HAICHENG, "全县"), (TOWNSHIP, "镇"), (VILLAGE, "村"), (GRID, "网格")]
    ):
        told(one, other, division, title, at=now, since=timedelta(minutes=n - 4))
    assert titles(MICRO_GRID, now) == titles(GRID, now) == ["网格", "村", "镇", "全县", "全市"]
    assert titles(VILLAGE, now) == ["村", "镇", "全县", "全市"]
    assert titles(OTHER_VILLAGE, now) == ["镇", "全县", "全市"]
    assert titles(NEXT_TOWNSHIP, now) == ["全县", "全市"]
    assert titles(HAICHENG, now) == ["全县", "全市"]
    assert titles(XIUYAN, now) == titles(ANSHAN, now) == ["全市"]
    assert titles("210700", now) == titles("210000", now) == []
    assert titles(MICRO_GRID, now, limit=SHOWN) == ["网格", "村", "镇"]


@pytest.mark.parametrize("role", ["app", "intake"])
async def test_what_is_public_is_answered_without_a_session(clean: Database, role: str) -> None:
    """To the pages' role and to the intake's, and drafts to neither."""
    from asgiref.sync import sync_to_async  # noqa: PLC0415 -- beside the one test that runs on a loop

    at = datetime.now(UTC)

    def furnish() -> None:
        by, second = (factories.officer("COUNTY_DESK", HAICHENG) for _ in range(2))
        told(by, second, HAICHENG, "已批准", at=at)
        written(by, HAICHENG, "草稿", at=at)
        connection.close()

    await sync_to_async(furnish)()
    asking = await factories.connect(clean, role)
    try:
        rows = await asking.fetch(
            "SELECT title FROM lianfang_place_notices($1, $2) LIMIT 3", as_integer(VILLAGE), at
        )
        assert [row["title"] for row in rows] == ["已批准"]
        assert await asking.fetchval("SELECT array_agg(title) FROM place_notice") == ["已批准"]
    finally:
        await asking.close()


@pytest.mark.parametrize("column", ["author_id", "approver_id", "withdrawn_by_id", "reason"])
def test_the_intake_does_not_read_whose_it_is(clean: Database, column: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT has_column_privilege('lianfang_intake', 'place_notice', %s, 'SELECT')", [column]
        )
        assert cursor.fetchone() == (False,)


def test_a_desk_writes_and_approves_within_its_own_postings(one: Reach, now: datetime) -> None:
    stranger = factories.officer("COUNTY_DESK", XIUYAN)
    township = factories.officer("TOWNSHIP_DESK", TOWNSHIP)
    for by, division in ((one, ANSHAN), (one, XIUYAN), (township, HAICHENG), (township, NEXT_TOWNSHIP)):
        assert refused(lambda by=by, division=division: written(by, division, at=now)) == "OUT_OF_REACH"
    draft = written(one, HAICHENG, at=now)
    for by in (stranger, township):
        assert refused(lambda by=by: approve(by=by, at=now, id=draft.id)) == "NOTICE_UNKNOWN"
        assert refused(lambda by=by: withdraw(by=by, at=now, id=draft.id, reason="不对")) == "NOTICE_UNKNOWN"
    assert refused(lambda: approve(by=one, at=now, id=uuid4())) == "NOTICE_UNKNOWN"
    # Who stands above approves what a township wrote.
    assert approve(by=one, at=now, id=written(township, VILLAGE, at=now).id).approver_id == one.officer_id


def test_through_broken_glass_nothing_is_approved(one: Reach, now: datetime) -> None:
    stranger = factories.officer("COUNTY_DESK", XIUYAN)
    draft = written(one, HAICHENG, at=now)
    break_glass(by=stranger, division=HAICHENG, reason="邻县移交的车辆，需核对", at=now)
    looking = session_reach(stranger.session)
    assert looking is not None
    assert looking.glass
    assert refused(lambda: approve(by=looking, at=now, id=draft.id)) == "NOTICE_UNKNOWN"
    assert refused(lambda: written(looking, HAICHENG, "玻璃", at=now)) == "OUT_OF_REACH"


@pytest.mark.parametrize("role", ["CHECKPOINT_LEAD", "ADMINISTRATOR", "AUDITOR", "WALL"])
def test_whoever_does_not_keep_notices_does_nothing_with_them(one: Reach, now: datetime, role: str) -> None:
    by, draft = factories.officer(role, HAICHENG), written(one, HAICHENG, at=now)
    assert refused(lambda: written(by, HAICHENG, "别的", at=now)) == "NOT_PERMITTED"
    assert refused(lambda: approve(by=by, at=now, id=draft.id)) == "NOT_PERMITTED"
    assert refused(lambda: withdraw(by=by, at=now, id=draft.id, reason="不对")) == "NOT_PERMITTED"
    with reach(by):
        assert refused(lambda: waiting_for_another(by, at=now)) == "NOT_PERMITTED"


def test_a_button_pressed_twice_makes_one_notice(one: Reach, other: Reach, now: datetime) -> None:
    written(one, HAICHENG, at=now)
    assert refused(lambda: written(one, HAICHENG, at=now)) == "NOTICE_TWICE"
    assert written(one, HAICHENG, "另一条", at=now)
    assert written(one, TOWNSHIP, at=now)
    assert written(other, HAICHENG, at=now)


def test_a_text_with_a_number_and_a_place_that_is_none_are_refused(one: Reach, now: datetime) -> None:
    phone = factories.Generated(seed=3).phone()

    def act(division: str, body: str) -> object:
        text = NoticeText("标题", body)
        return write(by=one, at=now, division=division, text=text, valid_from=now, valid_until=now + DAY)

    assert refused(lambda: act(HAICHENG, f"请联系 {phone}")) == "TEXT_NAMES_A_PERSON"
    assert refused(lambda: act("海城", "内容")) == "PLACE_UNKNOWN"
    draft = act(HAICHENG, "内容")
    assert isinstance(draft, PlaceNotice)
    named = refused(lambda: withdraw(by=one, at=now, id=draft.id, reason=phone))
    assert named == "TEXT_NAMES_A_PERSON"


def test_lists_say_how_each_stands_as_the_rule_does(one: Reach, other: Reach, now: datetime) -> None:
    ids: dict[NoticeState, UUID] = {
        NoticeState.WAITING: written(one, HAICHENG, "等", at=now).id,
        NoticeState.TO_COME: told(one, other, HAICHENG, "未到", at=now, since=DAY).id,
        NoticeState.IN_FORCE: told(one, other, TOWNSHIP, "生效", at=now).id,
        NoticeState.LAPSED: written(one, HAICHENG, "到期", at=now - 9 * DAY).id,
        NoticeState.WITHDRAWN: withdraw(
            by=one, at=now, id=written(one, HAICHENG, "撤", at=now).id, reason="错"
        ).id,
    }
    above, second = (factories.officer("HEADQUARTERS", ANSHAN) for _ in range(2))
    told(above, second, ANSHAN, "全市", at=now)
    with reach(one) as seen:
        listed = {state: place_notices(seen, at=now, state=state).notices for state in NoticeState}
        assert {state: [row.id for row in rows] for state, rows in listed.items()} == {
            state: [id] for state, id in ids.items()
        }
        assert set(count_place_notices(seen, at=now).values()) == {1}
        assert waiting_for_another(seen, at=now) == []
    with reach(other) as seen:
        assert [row.id for row in waiting_for_another(seen, at=now)] == [ids[NoticeState.WAITING]]
    township = factories.officer("TOWNSHIP_DESK", TOWNSHIP)
    with reach(township) as seen:
        assert sum(count_place_notices(seen, at=now).values()) == 1


def test_a_long_list_comes_page_by_page(one: Reach, now: datetime) -> None:
    made = [written(one, HAICHENG, f"第{n}条", at=now).id for n in range(PAGE + 2)]
    with reach(one) as seen:
        first = place_notices(seen, at=now, state=NoticeState.WAITING)
        rest = place_notices(seen, at=now, state=NoticeState.WAITING, before=first.before)
    assert len(first.notices) == PAGE
    assert rest.before is None
    assert {row.id for row in (*first.notices, *rest.notices)} == set(made)
