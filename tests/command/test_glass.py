"""Broken glass: read elsewhere for a reason and three hours, told at once, never written through; the database agrees."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, connections
from psycopg.errors import InsufficientPrivilege

from lianfang.checkpoints.queries import device, devices, passage_file, passages, search
from lianfang.checkpoints.services import correct, invite_device, open_post, revoke_device
from lianfang.command.models import Glass, Officer, OfficerNotice, Posting
from lianfang.command.queries import all_glass, my_glass, notices, session_reach, unread_notices
from lianfang.command.rules import Responsible, told_of_glass
from lianfang.command.services import break_glass, close_glass, read_notice
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import ANSHAN, HAICHENG, XIUYAN, Generated, Intake, Json

REASON = "邻县移交的密接车辆，需核对通行时间"
HOUR = timedelta(hours=1)
FAR_TOWNSHIP, TOWNSHIP = "210323101", "210381101"


@pytest.fixture
def me(clean: Database) -> Reach:
    """A county's duty officer, who looks at the next county."""
    return factories.officer("COUNTY_DESK", HAICHENG, name="海城值班员")


@pytest.fixture
def headquarters(clean: Database) -> Reach:
    return factories.officer("HEADQUARTERS", ANSHAN, name="指挥部值班员")


@pytest.fixture
def there(clean: Database) -> Reach:
    """The next county's own duty officer."""
    return factories.officer("COUNTY_DESK", XIUYAN, name="岫岩值班员")


@pytest.fixture
def car(clean: Database) -> Json:
    """Registered in the next county."""
    factories.checkpoint("FAR", division=XIUYAN)
    generated = Generated(seed=3)
    sent = generated.passage(checkpoint="FAR", people=2, plate="辽C12345")
    Intake(clean, factories.device("FAR")).send(generated.parcel(sent))
    return sent


def broken(by: Reach, division: str = XIUYAN, *, at: datetime | None = None, reason: str = REASON) -> Glass:
    return break_glass(by=by, division=division, reason=reason, at=at or datetime.now(UTC))


def again(of: Reach) -> Reach:
    """The same session as the next request finds it."""
    found = session_reach(of.session)
    assert found is not None
    return found


def seen_by(who: Reach) -> int:
    """How many passages row-level security shows the session, whatever a question says."""
    with reach(who), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM passage")
        return int(cursor.fetchone()[0])


def told(about: Glass) -> set[UUID]:
    return set(OfficerNotice.objects.filter(about=about.id).values_list("officer_id", flat=True))


class TestReading:
    def test_lists_files_and_searches_work_at_once_and_not_before(
        self, me: Reach, headquarters: Reach, car: Json
    ) -> None:
        def asked() -> tuple[int, bool, int]:
            with reach(again(me)) as seen:
                listed = passages(seen, day=factories.today()).lines
                file = passage_file(seen, UUID(car["id"]))
                found = search(seen, kind="PLATE", value="辽C12345").lines
            return len(listed), file is not None, len(found)

        assert asked() == (0, False, 0)
        broken(me)
        assert asked() == (1, True, 1)

    def test_only_its_own_place_is_seen_through_it(self, me: Reach, headquarters: Reach, car: Json) -> None:
        broken(me, FAR_TOWNSHIP)
        assert seen_by(again(me)) == 0, "the car stands at the county's own gate, beyond that township"

    def test_whoever_sits_beside_me_sees_nothing_through_mine(
        self, me: Reach, headquarters: Reach, car: Json
    ) -> None:
        beside = factories.officer("COUNTY_DESK", HAICHENG)
        broken(me)
        assert (seen_by(again(me)), seen_by(again(beside))) == (1, 0)

    def test_a_second_desk_of_mine_sees_it_and_a_token_for_scripts_does_not(
        self, me: Reach, headquarters: Reach, car: Json
    ) -> None:
        officer = Officer.objects.get(pk=me.officer_id)
        broken(me)
        desk, token = factories.session_of(officer), factories.session_of(officer, kind="TOKEN")
        assert (seen_by(desk), seen_by(token)) == (1, 0)
        assert token.glass == ()
        assert desk.glass

    def test_the_permissions_stay_those_of_the_role(
        self, headquarters: Reach, there: Reach, car: Json
    ) -> None:
        township = factories.officer("TOWNSHIP_DESK", TOWNSHIP)
        factories.officer("COUNTY_DESK", HAICHENG)
        broken(township)
        with reach(again(township)) as seen:
            assert passages(seen, day=factories.today()).lines
            with pytest.raises(Forbidden):
                search(seen, kind="PLATE", value="辽C12345")


class TestItsEnd:
    def test_it_ends_by_itself_in_the_database_too(self, me: Reach, headquarters: Reach, car: Json) -> None:
        glass = broken(me)
        assert glass.ends_at - glass.broken_at == 3 * HOUR
        held = again(me)
        Glass.objects.filter(pk=glass.pk).update(
            broken_at=glass.broken_at - 3 * HOUR, ends_at=glass.broken_at
        )
        assert seen_by(held) == 0, "although the request began while it was open"
        assert again(me).glass == ()

    def test_it_is_ended_early_and_once(self, me: Reach, headquarters: Reach, car: Json) -> None:
        glass, at = broken(me), datetime.now(UTC)
        close_glass(by=me, id=glass.id, at=at)
        close_glass(by=me, id=glass.id, at=at + HOUR)
        assert seen_by(again(me)) == 0
        glass.refresh_from_db()
        assert (glass.closed_at, glass.closed_by) == (at, me.officer_id)
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_entry WHERE act = 'GLASS_CLOSED'")
            assert cursor.fetchone() == (1,)

    def test_who_was_told_may_end_it_and_nobody_else(
        self, me: Reach, headquarters: Reach, there: Reach, car: Json
    ) -> None:
        glass, at = broken(me), datetime.now(UTC)
        for stranger in (
            factories.officer("COUNTY_DESK", HAICHENG),
            factories.officer("TOWNSHIP_DESK", FAR_TOWNSHIP),
            factories.officer("AUDITOR", ANSHAN),
        ):
            with pytest.raises(NotFound):
                close_glass(by=stranger, id=glass.id, at=at)
        assert seen_by(again(me)) == 1
        close_glass(by=there, id=glass.id, at=at)
        assert seen_by(again(me)) == 0
        glass.refresh_from_db()
        assert glass.closed_by == there.officer_id

    def test_whose_desk_was_taken_away_ends_nothing_any_more(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        glass = broken(me)
        Posting.objects.filter(officer=there.officer_id).update(role="AUDITOR")
        with pytest.raises(NotFound):
            close_glass(by=again(there), id=glass.id, at=datetime.now(UTC))

    def test_what_is_not_there_is_not_ended(self, me: Reach) -> None:
        with pytest.raises(NotFound):
            close_glass(by=me, id=uuid4(), at=datetime.now(UTC))

    def test_an_officer_who_left_sees_nothing(self, me: Reach, headquarters: Reach, car: Json) -> None:
        broken(me)
        Officer.objects.filter(pk=me.officer_id).update(left_at=datetime.now(UTC))
        assert (seen_by(me), session_reach(me.session)) == (0, None)

    def test_an_officer_whose_last_posting_ended_sees_nothing(
        self, me: Reach, headquarters: Reach, car: Json
    ) -> None:
        broken(me)
        held = again(me)
        Posting.objects.filter(officer=me.officer_id).update(until_at=datetime.now(UTC))
        assert seen_by(held) == 0
        assert again(me).glass == ()

    def test_a_session_that_was_closed_sees_nothing(self, me: Reach, headquarters: Reach, car: Json) -> None:
        broken(me)
        held = again(me)
        with connection.cursor() as cursor:
            cursor.execute("SELECT lianfang_close_session(%s)", [me.session])
        assert seen_by(held) == 0


class TestActs:
    def test_what_is_seen_through_it_is_not_corrected(
        self, me: Reach, headquarters: Reach, car: Json
    ) -> None:
        broken(me)
        at, of = datetime.now(UTC), [car["id"], car["people"][0]["id"]]
        for record, fields in zip(of, ({"plate": "辽C00000"}, {"phone": "13900000000"}), strict=True):
            with pytest.raises(Forbidden) as refused:
                correct(by=again(me), of=UUID(record), fields=fields, reason="看错了", at=at)
            assert refused.value.code == "GLASS_READS_ONLY"

    def test_a_record_of_my_own_is_not_corrected_to_a_place_beyond_it(
        self, me: Reach, headquarters: Reach, car: Json, clean: Database
    ) -> None:
        factories.checkpoint("GATE")
        generated = Generated(seed=4)
        mine = generated.passage()
        Intake(clean, factories.device("GATE")).send(generated.parcel(mine))
        broken(me)
        with pytest.raises(Refusal) as refused:
            correct(
                by=again(me),
                of=UUID(mine["id"]),
                fields={"checkpoint": "FAR"},
                reason="看错了",
                at=datetime.now(UTC),
            )
        assert refused.value.code == "UNKNOWN_CHECKPOINT"

    def test_the_database_takes_no_correction_through_it(
        self, me: Reach, headquarters: Reach, car: Json, clean: Database
    ) -> None:
        broken(me)
        copy = (
            "INSERT INTO correction (id, receipt, received_at, occurred_at, captured_on, captured_hour, checkpoint,"
            " jurisdiction, officer_id, of, target, facts) SELECT %s, '{}', now(), now(), captured_on, captured_hour,"
            " checkpoint, jurisdiction, %s, id, 'PASSAGE', '{}' FROM passage"
        )
        with psycopg.connect(**clean.parameters("app")) as app:  # type: ignore[arg-type]
            app.execute("SELECT set_config('lianfang.session', %s, false)", [me.session])
            assert app.execute("SELECT count(*) FROM passage").fetchone() == (1,)
            with pytest.raises(InsufficientPrivilege):
                app.execute(copy, [uuid4(), me.officer_id])

    def test_phones_and_posts_over_there_stay_out_of_my_hands(
        self, me: Reach, headquarters: Reach, car: Json
    ) -> None:
        broken(me)
        held, at = again(me), datetime.now(UTC)
        phone = factories.device("FAR", name="二号机")
        refused: list[Callable[[], object]] = [
            lambda: device(held, phone.id),
            lambda: revoke_device(by=held, device_id=phone.id, at=at),
            lambda: invite_device(by=held, checkpoint="FAR", at=at),
            lambda: open_post(by=held, name="村口", division=FAR_TOWNSHIP, kind="VILLAGE", at=at),
        ]
        for act in refused:
            with reach(held), pytest.raises((NotFound, Forbidden)):
                act()
        with reach(held) as seen:
            assert devices(seen) == []


class TestBreaking:
    def test_reason_place_and_moments_are_kept_and_the_act_is_noted_without_the_reason(
        self, me: Reach, headquarters: Reach
    ) -> None:
        at = datetime.now(UTC)
        glass = broken(me, at=at, reason=f"  {REASON}\n")
        assert (glass.division, glass.reason, glass.broken_at) == (XIUYAN, REASON, at)
        entry = noted("GLASS_BROKEN")
        assert entry == (me.officer_id, f"GLASS {glass.id}", int(XIUYAN) * 10**12, {"told": 1})

    @pytest.mark.parametrize("reason", ["", "   ", "查一下", "\u200b" * 20, "看看看看看看看看看", "\n" * 30])
    def test_a_reason_is_asked_for(self, me: Reach, headquarters: Reach, reason: str) -> None:
        assert refusal(me, reason=reason) == "REASON_SHORT"

    @pytest.mark.parametrize(
        "reason",
        ["查询 13900001234 的车什么时候来的", "查询 139 0000 1234 的车", "210381198001010015 的登记情况查询"],
    )
    def test_a_reason_names_no_number(self, me: Reach, headquarters: Reach, reason: str) -> None:
        assert refusal(me, reason=reason) == "REASON_PERSONAL"

    def test_a_reason_may_say_when(self, me: Reach, headquarters: Reach) -> None:
        assert broken(me, reason="核对 2020-02-10 08:30 起的通行")

    @pytest.mark.parametrize(
        ("division", "code"),
        [
            ("210000", "GLASS_TOO_WIDE"),
            ("21", "GLASS_TOO_WIDE"),
            (ANSHAN, "GLASS_TOO_WIDE"),
            ("2103", "GLASS_TOO_WIDE"),
            ("210103", "GLASS_OTHER_CITY"),
            (HAICHENG, "GLASS_NOT_NEEDED"),
            (TOWNSHIP, "GLASS_NOT_NEEDED"),
            ("", "DIVISION_UNKNOWN"),
            ("990000", "DIVISION_UNKNOWN"),
            ("210323' OR 1=1", "DIVISION_UNKNOWN"),
            ("２１０３２３", "DIVISION_UNKNOWN"),
        ],
    )
    def test_some_places_are_none(self, me: Reach, headquarters: Reach, division: str, code: str) -> None:
        assert refusal(me, division) == code

    def test_a_township_may_look_at_its_own_county(self, me: Reach, headquarters: Reach) -> None:
        township = factories.officer("TOWNSHIP_DESK", TOWNSHIP)
        assert broken(township, HAICHENG)

    def test_two_at_once_and_five_a_day(self, me: Reach, headquarters: Reach) -> None:
        at = datetime.now(UTC)
        first = broken(me, XIUYAN, at=at - 25 * HOUR)
        close_glass(by=me, id=first.id, at=at - 24.5 * HOUR)
        for division in (XIUYAN, "210321"):
            broken(me, division, at=at)
        assert refusal(me, "210302") == "GLASS_AT_ONCE"
        for division in ("210302", "210303", "210304"):
            close_glass(by=me, id=my_glass(me, at=at)[0].id, at=at)
            broken(me, division, at=at)
        close_glass(by=me, id=my_glass(me, at=at)[0].id, at=at)
        assert refusal(me, "210311") == "GLASS_TOO_OFTEN"

    def test_a_second_tap_breaks_nothing_more_and_tells_nobody_again(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        first = broken(me)
        assert broken(me).id == first.id
        assert broken(me, FAR_TOWNSHIP).id == first.id, "which lies within it"
        assert Glass.objects.count() == 1
        assert OfficerNotice.objects.count() == 2

    def test_two_taps_at_the_same_moment_break_once(self, me: Reach, headquarters: Reach) -> None:
        def tap() -> None:
            try:
                broken(me)
            finally:
                connection.close()

        taps = [Thread(target=tap) for _ in range(4)]
        for one in taps:
            one.start()
        for one in taps:
            one.join()
        assert Glass.objects.count() == 1

    @pytest.mark.parametrize(
        "role", ["CHECKPOINT_LEAD", "WALL", "ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR"]
    )
    def test_not_every_role_breaks_glass(self, headquarters: Reach, there: Reach, role: str) -> None:
        assert refusal(factories.officer(role, HAICHENG)) == "NOT_PERMITTED"

    def test_a_token_for_scripts_breaks_none(self, me: Reach, headquarters: Reach) -> None:
        token = factories.session_of(Officer.objects.get(pk=me.officer_id), kind="TOKEN")
        assert refusal(token) == "NOT_AT_A_DESK"


class TestTelling:
    def test_the_county_and_who_stands_above_are_told_and_not_the_next_desk(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        factories.officer("COUNTY_DESK", "210321")
        factories.officer("COUNTY_DESK", HAICHENG, name="海城另一人")
        factories.officer("AUDITOR", ANSHAN)
        assert told(broken(me)) == {there.officer_id, headquarters.officer_id}

    def test_where_nobody_answers_for_the_place_headquarters_is_told(
        self, me: Reach, headquarters: Reach
    ) -> None:
        assert told(broken(me)) == {headquarters.officer_id}

    def test_above_a_township_stands_its_own_county(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        township = factories.officer("TOWNSHIP_DESK", TOWNSHIP)
        assert told(broken(township)) == {there.officer_id, me.officer_id}

    def test_who_left_or_is_not_posted_any_more_is_not_told(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        gone = factories.officer("COUNTY_DESK", XIUYAN)
        Officer.objects.filter(pk=gone.officer_id).update(left_at=datetime.now(UTC))
        Posting.objects.filter(officer=there.officer_id).update(until_at=datetime.now(UTC))
        assert told(broken(me)) == {headquarters.officer_id}

    def test_unseen_by_anybody_it_is_not_broken(self, me: Reach) -> None:
        assert refusal(me) == "NOBODY_TO_TELL"
        assert not Glass.objects.exists()

    def test_a_notice_says_who_where_why_and_whether_it_goes_on(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        glass, at = broken(me), datetime.now(UTC)
        (line,), count = unread_notices(there, at=at, limit=3)
        assert (count, line.kind, line.who, line.place, line.reason) == (
            1,
            "GLASS_BROKEN",
            "海城值班员",
            XIUYAN,
            REASON,
        )
        assert line.is_open(at)
        assert not line.is_open(at + 3 * HOUR)
        close_glass(by=me, id=glass.id, at=at)
        (line,) = notices(there, at=at)
        assert (line.is_open(at), line.closed_by) == (False, "海城值班员")

    def test_a_notice_is_read_by_its_own_officer_only_and_once(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        broken(me)
        at = datetime.now(UTC)
        (line,), _ = unread_notices(there, at=at, limit=3)
        with pytest.raises(NotFound):
            read_notice(by=me, id=line.id, at=at)
        read_notice(by=there, id=line.id, at=at)
        read_notice(by=there, id=line.id, at=at + HOUR)
        assert OfficerNotice.objects.get(pk=line.id).read_at == at
        assert unread_notices(there, at=at, limit=3) == ([], 0)
        assert unread_notices(headquarters, at=at, limit=3)[1] == 1

    def test_the_auditor_sees_all_of_it_and_nobody_else_does(
        self, me: Reach, headquarters: Reach, there: Reach
    ) -> None:
        broken(me)
        at = datetime.now(UTC)
        (line,) = all_glass(factories.officer("AUDITOR", ANSHAN), at=at)
        assert (line.who, line.division, line.reason, line.told, line.seen) == (
            "海城值班员",
            XIUYAN,
            REASON,
            2,
            0,
        )
        for other in (me, headquarters, there):
            with pytest.raises(Forbidden):
                all_glass(other, at=at)


def test_the_nearest_desk_is_told_first_and_nobody_twice() -> None:
    near, wide, top, me = (uuid4() for _ in range(4))
    desks = [
        Responsible(top, "HEADQUARTERS", 0, 999),
        Responsible(wide, "COUNTY_DESK", 100, 299),
        Responsible(near, "COUNTY_DESK", 200, 299),
        Responsible(near, "COUNTY_DESK", 210, 219),
        Responsible(me, "COUNTY_DESK", 300, 399),
    ]
    found = told_of_glass((210, 219), breaker=me, roles=["COUNTY_DESK"], spans=[(300, 399)], desks=desks)
    assert found == [near, wide, top]
    alone = told_of_glass((210, 219), breaker=me, roles=["COUNTY_DESK"], spans=[(300, 399)], desks=desks[4:])
    assert alone == []


def refusal(by: Reach, division: str = XIUYAN, *, reason: str = REASON) -> str:
    with pytest.raises(Refusal) as refused:
        broken(by, division, reason=reason)
    return refused.value.code


def noted(act: str) -> tuple[object, ...]:
    rows = AuditEntry.objects.using("owner").filter(act=act)
    return rows.values_list("officer_id", "subject", "jurisdiction", "details").get()
