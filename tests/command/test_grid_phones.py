"""Grid workers' phones: a code once, a PIN always, a day, one grid; the database hands out nothing without a good token."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from lianfang.checkpoints.queries.arrivals import arrivals_in_grid
from lianfang.checkpoints.services import correct
from lianfang.command.models import OfficerNotice, RosterToken
from lianfang.command.queries import grid_phones
from lianfang.command.rules import is_pin
from lianfang.command.services import (
    GridPhone,
    break_glass,
    enrol_grid_phone,
    invite_grid_worker,
    open_grid_phone,
    revoke_grid_phone,
)
from lianfang.journeys.grid_roster import read_grid_roster
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import HAICHENG, XIUYAN, Generated, Intake, Json

GRID = "210381101200"
NEXT_GRID = "210381101201"
TOWNSHIP = "210381101"
PIN = "2580"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def township(clean: Database) -> Reach:
    return factories.officer("TOWNSHIP_DESK", TOWNSHIP, name="乡镇值班员")


@pytest.fixture
def phone(township: Reach, now: datetime) -> GridPhone:
    return enrolled(township, GRID, at=now)


@pytest.fixture
def gate(clean: Database) -> Intake:
    factories.checkpoint("GATE")
    return Intake(clean, factories.device("GATE"))


def enrolled(by: Reach, division: str, *, at: datetime, pin: str = PIN) -> GridPhone:
    invitation = invite_grid_worker(by=by, division=division, name="王网格", at=at)
    return enrol_grid_phone(code=invitation.code, pin=pin, at=at)


def arrive(gate: Intake, *, seed: int = 1, at: datetime | None = None, **person: Any) -> Json:
    """Somebody from an affected area, headed for the grid unless told otherwise."""
    generated = Generated(seed=seed, at=at)
    given = {"from_code": "420100", "destination": {"code": GRID, "address": "东区3号楼2单元"}, **person}
    car = generated.passage(people=[generated.person(**given)])
    Intake(gate.database, gate.device, received_at=at).send(generated.parcel(car))
    return car


def listed(phone: GridPhone, at: datetime) -> list[UUID]:
    return [one.id for one in read_grid_roster(token=phone.token, pin=PIN, at=at).arrivals]


def refused(act: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.code, found.value.status


def id_of(car: Json) -> UUID:
    return UUID(car["people"][0]["id"])


class TestTheList:
    def test_it_holds_who_is_headed_for_the_grid_with_a_measure_that_goes_on_masked(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        car = arrive(gate)
        (one,) = read_grid_roster(token=phone.token, pin=PIN, at=now).arrivals
        person = car["people"][0]
        assert one.id == id_of(car)
        assert (one.name, one.phone, one.address) == (
            f"{person['name'][0]}**",
            f"{person['phone'][:3]}****{person['phone'][-4:]}",
            "东区**",
        )
        assert [measure.kind for measure in one.measures] == ["QUARANTINE"]
        said = repr(one)
        for secret in (person["name"], person["phone"], person["document"]["number"], "3号楼", car["plate"]):
            assert secret not in said

    def test_nobody_of_another_grid_is_ever_on_it(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        for seed, code in enumerate(
            (NEXT_GRID, TOWNSHIP, HAICHENG, XIUYAN, "210381101199", "21038110120", "210300")
        ):
            arrive(gate, seed=seed + 10, destination={"code": code, "address": "1号"})
        arrive(gate, seed=30, destination=None)
        assert listed(phone, now) == []

    def test_a_village_sees_the_grids_within_it_and_a_grid_not_its_neighbours(
        self, gate: Intake, township: Reach, phone: GridPhone, now: datetime
    ) -> None:
        inside = arrive(gate, destination={"code": f"{GRID}003", "address": "1号"})
        assert listed(phone, now) == [id_of(inside)]
        assert listed(enrolled(township, f"{GRID}003", at=now), now) == [id_of(inside)]
        assert listed(enrolled(township, f"{GRID}004", at=now), now) == []
        assert listed(enrolled(township, f"{GRID}003001", at=now), now) == []

    def test_who_was_only_registered_or_goes_out_is_not_on_it(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        arrive(gate, from_code="210103")
        generated = Generated(seed=40)
        hot = [{"celsius": 38.6, "site": "FOREHEAD", "state": "READ"}]
        leaving = generated.passage(
            people=[generated.person(destination={"code": GRID, "address": "1号"}, temperatures=hot)],
            direction="OUT",
        )
        gate.send(generated.parcel(leaving))
        assert listed(phone, now) == []
        feverish = arrive(gate, seed=41, from_code="210103", temperatures=hot)
        assert listed(phone, now) == [id_of(feverish)]

    def test_it_goes_back_until_the_fourteenth_day_is_over(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        arrive(gate, seed=50, at=now - 15 * DAY)
        last = arrive(gate, seed=51, at=now - 14 * DAY)
        first = arrive(gate, seed=52)
        assert listed(phone, now) == [id_of(first), id_of(last)]

    def test_corrections_bring_people_into_the_grid_and_out_of_it(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        desk = factories.officer("COUNTY_DESK", HAICHENG)
        out, into = arrive(gate), arrive(gate, seed=60, destination={"code": NEXT_GRID, "address": "1号"})

        def moved(car: Json, code: str | None) -> None:
            said = {"code": code, "address": "5号"} if code else None
            correct(
                by=desk,
                of=id_of(car),
                fields={"destination": said},
                reason="说错了",
                at=datetime.now(now.tzinfo),
            )

        moved(out, NEXT_GRID)
        moved(into, GRID)
        assert listed(phone, now) == [id_of(into)]
        moved(into, None)
        assert listed(phone, now) == []
        moved(into, NEXT_GRID)
        moved(out, GRID)
        assert listed(phone, now) == [id_of(out)]

    def test_a_passage_that_was_corrected_to_go_out_is_no_arrival(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        car = arrive(gate)
        desk = factories.officer("COUNTY_DESK", HAICHENG)
        correct(by=desk, of=UUID(car["id"]), fields={"direction": "OUT"}, reason="看反了", at=now)
        assert listed(phone, now) == []

    def test_a_corrected_name_is_shown_corrected_and_masked(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        car = arrive(gate)
        desk = factories.officer("COUNTY_DESK", HAICHENG)
        correct(by=desk, of=id_of(car), fields={"name": "欧阳某"}, reason="听错了", at=now)
        (one,) = read_grid_roster(token=phone.token, pin=PIN, at=now).arrivals
        assert one.name == "欧阳**"

    def test_every_reading_is_noted_with_how_many(
        self, gate: Intake, phone: GridPhone, now: datetime
    ) -> None:
        arrive(gate)
        listed(phone, now)
        token = RosterToken.objects.get()
        assert noted("ROSTER_READ") == [(f"ROSTER {token.id}", 1, token.lo, "DONE")]
        assert (
            noted("ROSTER_INVITED")
            == noted("ROSTER_ENROLLED")
            == [(f"ROSTER {token.id}", 1, token.lo, "DONE")]
        )


class TestTheDatabase:
    """What the role that serves pages gets from the function by itself."""

    def asked(self, clean: Database, token: bytes, at: datetime) -> int:
        with psycopg.connect(**clean.parameters("app")) as app:  # type: ignore[arg-type]
            rows = app.execute("SELECT id FROM lianfang_roster(%s, %s)", [token, at]).fetchall()
            app.execute("SELECT id FROM lianfang_roster_corrections(%s, %s)", [token, at]).fetchall()
            return len(rows)

    def test_a_good_token_gets_its_rows_and_none_else(
        self, gate: Intake, township: Reach, phone: GridPhone, clean: Database, now: datetime
    ) -> None:
        arrive(gate)
        good = hashed(phone.token)
        assert self.asked(clean, good, now) == 1
        invited = invite_grid_worker(by=township, division=GRID, name="李", at=now)
        bad = [
            hashed(invited.code),
            b"",
            b"\0" * 32,
            hashed(""),
            hashed(enrolled(township, NEXT_GRID, at=now).token),
        ]
        assert [self.asked(clean, token, now) for token in bad] == [0] * 5
        assert self.asked(clean, good, now + DAY) == 0
        revoke_grid_phone(by=township, id=token_of(phone).id, at=now)
        assert self.asked(clean, good, now) == 0

    @pytest.mark.parametrize("role", ["intake", "purge"])
    def test_other_roles_may_not_even_ask(
        self, phone: GridPhone, clean: Database, role: str, now: datetime
    ) -> None:
        with psycopg.connect(**clean.parameters(role), autocommit=True) as other:  # type: ignore[arg-type]
            for function in ("lianfang_roster", "lianfang_roster_corrections", "lianfang_roster_grid"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    other.execute(f"SELECT * FROM {function}(%s, %s)", [hashed(phone.token), now])

    def test_a_grid_phone_s_token_is_no_session(
        self, gate: Intake, phone: GridPhone, clean: Database
    ) -> None:
        arrive(gate)
        with psycopg.connect(**clean.parameters("app"), autocommit=True) as app:  # type: ignore[arg-type]
            app.execute("SELECT set_config('lianfang.session', %s, false)", [phone.token])
            assert app.execute("SELECT count(*) FROM registration").fetchone() == (0,)


class TestInviting:
    @pytest.mark.parametrize("division", [NEXT_GRID, GRID, f"{GRID}003", f"{GRID}003001"])
    def test_a_village_or_grid_of_one_s_own(self, township: Reach, now: datetime, division: str) -> None:
        made = invite_grid_worker(by=township, division=division, name=" 王\0网格\n", at=now)
        kept = RosterToken.objects.get(pk=made.id)
        assert (kept.division, kept.name, kept.code_expires_at) == (division, "王网格", now + 15 * MINUTE)
        assert bytes(kept.code_hash) == hashed(made.code)
        assert made.code not in repr(made)

    @pytest.mark.parametrize(
        ("division", "code"),
        [
            ("210381102200", "OUT_OF_REACH"),
            ("210323101200", "OUT_OF_REACH"),
            (TOWNSHIP, "GRID_UNKNOWN"),
            (HAICHENG, "GRID_UNKNOWN"),
            ("", "GRID_UNKNOWN"),
            ("x", "GRID_UNKNOWN"),
        ],
    )
    def test_no_other_place(self, township: Reach, now: datetime, division: str, code: str) -> None:
        assert (
            refused(lambda: invite_grid_worker(by=township, division=division, name="王", at=now))[0] == code
        )
        assert not RosterToken.objects.exists()

    def test_not_through_broken_glass(self, township: Reach, now: datetime) -> None:
        factories.officer("COUNTY_DESK", HAICHENG)
        factories.officer("COUNTY_DESK", XIUYAN)
        factories.officer("HEADQUARTERS")
        break_glass(by=township, division="210323101", reason="邻县移交的密接车辆，需核对", at=now)
        held = factories.session_of(factories.Officer.objects.get(pk=township.officer_id))
        assert held.glass
        act = lambda: invite_grid_worker(by=held, division="210323101200", name="王", at=now)  # noqa: E731
        assert refused(act)[0] == "OUT_OF_REACH"

    @pytest.mark.parametrize("name", ["", " ", "\0", "\u200b"])
    def test_whoever_holds_it_has_a_name(self, township: Reach, now: datetime, name: str) -> None:
        assert (
            refused(lambda: invite_grid_worker(by=township, division=GRID, name=name, at=now))[0]
            == "NAME_MISSING"
        )

    @pytest.mark.parametrize(
        "role", ["CHECKPOINT_LEAD", "WALL", "ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR"]
    )
    def test_not_every_role(self, clean: Database, now: datetime, role: str) -> None:
        officer = factories.officer(role, TOWNSHIP)
        for act in (
            lambda: invite_grid_worker(by=officer, division=GRID, name="王", at=now),
            lambda: revoke_grid_phone(by=officer, id=uuid4(), at=now),
            lambda: grid_phones(officer, at=now),
        ):
            with pytest.raises(Forbidden):
                act()


class TestEnrolling:
    def test_a_code_is_good_once_and_typed_in_any_way(self, township: Reach, now: datetime) -> None:
        code = invite_grid_worker(by=township, division=GRID, name="王", at=now).code
        phone = enrol_grid_phone(code=f" {code[:5].lower()}-{code[5:]} ", pin=PIN, at=now)
        assert phone.token.startswith("roster_")
        assert phone.expires_at == now + DAY
        assert refused(lambda: enrol_grid_phone(code=code, pin=PIN, at=now)) == ("ROSTER_CODE_USED", 410)
        kept = RosterToken.objects.get()
        assert bytes(kept.token_hash) == hashed(phone.token)
        assert kept.pin_hash.startswith("argon2")

    def test_used_at_the_same_moment_by_two_phones_the_first_gets_it(
        self, township: Reach, now: datetime
    ) -> None:
        code = invite_grid_worker(by=township, division=GRID, name="王", at=now).code
        answers: list[str] = []

        def tap() -> None:
            try:
                answers.append(enrol_grid_phone(code=code, pin=PIN, at=now).token)
            except Refusal as refusal:
                answers.append(refusal.code)
            finally:
                connection.close()

        together(tap, 4)
        assert sorted(answers)[:3] == ["ROSTER_CODE_USED"] * 3
        assert sum(answer.startswith("roster_") for answer in answers) == 1

    def test_after_a_quarter_of_an_hour_it_is_good_no_more(self, township: Reach, now: datetime) -> None:
        code = invite_grid_worker(by=township, division=GRID, name="王", at=now).code
        late = lambda: enrol_grid_phone(code=code, pin=PIN, at=now + 15 * MINUTE)  # noqa: E731
        assert refused(late) == ("ROSTER_CODE_EXPIRED", 410)
        assert enrol_grid_phone(code=code, pin=PIN, at=now + 14 * MINUTE)

    def test_withdrawn_it_is_good_no_more(self, township: Reach, now: datetime) -> None:
        made = invite_grid_worker(by=township, division=GRID, name="王", at=now)
        revoke_grid_phone(by=township, id=made.id, at=now)
        assert refused(lambda: enrol_grid_phone(code=made.code, pin=PIN, at=now)) == (
            "ROSTER_CODE_EXPIRED",
            410,
        )

    @pytest.mark.parametrize("code", ["", "23456789AB", "\0", "x" * 5_000])
    def test_a_made_up_code_is_none(self, township: Reach, now: datetime, code: str) -> None:
        invite_grid_worker(by=township, division=GRID, name="王", at=now)
        assert refused(lambda: enrol_grid_phone(code=code, pin=PIN, at=now)) == ("ROSTER_CODE_UNKNOWN", 404)

    def test_a_weak_pin_leaves_the_code_as_good_as_it_was(self, township: Reach, now: datetime) -> None:
        code = invite_grid_worker(by=township, division=GRID, name="王", at=now).code
        assert refused(lambda: enrol_grid_phone(code=code, pin="1234", at=now)) == ("PIN_WEAK", 400)
        assert enrol_grid_phone(code=code, pin=PIN, at=now)


@pytest.mark.parametrize(
    ("pin", "good"),
    [
        ("2580", True),
        ("1212", True),
        ("19851024", True),
        ("1357", True),
        ("0000", False),
        ("1111", False),
        ("99999999", False),
        ("1234", False),
        ("12345678", False),
        ("4321", False),
        ("7890", False),
        ("0987", False),
        ("123", False),
        ("123456789", False),
        ("", False),
        ("12a4", False),
        ("２５８０", False),
        ("25 80", False),
        ("²⁵⁸⁰", False),
    ],
)
def test_a_pin_is_four_to_eight_digits_that_nobody_guesses_first(pin: str, good: bool) -> None:
    assert is_pin(pin) == good


class TestOpening:
    @pytest.mark.parametrize("token", ["", "roster_", "x" * 5_000, "\0", "roster_" + "ü" * 43])
    def test_a_made_up_token_opens_nothing(self, phone: GridPhone, now: datetime, token: str) -> None:
        assert refused(lambda: read_grid_roster(token=token, pin=PIN, at=now)) == ("ROSTER_UNKNOWN", 401)

    def test_a_token_changed_in_one_place_opens_nothing(self, phone: GridPhone, now: datetime) -> None:
        for changed in (phone.token[:-1], phone.token + "x", phone.token.upper(), hashed(phone.token).hex()):
            assert refused(lambda token=changed: read_grid_roster(token=token, pin=PIN, at=now))[1] == 401

    def test_it_ends_after_a_day(self, phone: GridPhone, now: datetime) -> None:
        assert read_grid_roster(token=phone.token, pin=PIN, at=now + DAY - MINUTE)
        ended = lambda: read_grid_roster(token=phone.token, pin=PIN, at=now + DAY)  # noqa: E731
        assert refused(ended) == ("ROSTER_EXPIRED", 401)

    def test_it_is_revoked_at_once_and_once(self, township: Reach, phone: GridPhone, now: datetime) -> None:
        token = token_of(phone)
        revoke_grid_phone(by=township, id=token.id, at=now)
        revoke_grid_phone(by=township, id=token.id, at=now + HOUR)
        assert refused(lambda: read_grid_roster(token=phone.token, pin=PIN, at=now)) == (
            "ROSTER_REVOKED",
            403,
        )
        assert token_of(phone).revoked_at == now
        assert len(noted("ROSTER_REVOKED")) == 1

    def test_only_its_own_area_revokes_it(self, phone: GridPhone, now: datetime) -> None:
        for stranger in (
            factories.officer("TOWNSHIP_DESK", "210381102"),
            factories.officer("COUNTY_DESK", XIUYAN),
        ):
            act = lambda by=stranger: revoke_grid_phone(by=by, id=token_of(phone).id, at=now)  # noqa: E731
            assert refused(act) == ("GRID_PHONE_UNKNOWN", 404)
        assert read_grid_roster(token=phone.token, pin=PIN, at=now)
        with pytest.raises(NotFound):
            revoke_grid_phone(by=factories.officer("COUNTY_DESK", HAICHENG), id=uuid4(), at=now)

    def test_five_wrong_pins_in_a_row_end_it_and_whoever_invited_is_told(
        self, township: Reach, phone: GridPhone, now: datetime
    ) -> None:
        answers = [refused(lambda: read_grid_roster(token=phone.token, pin="9631", at=now)) for _ in range(6)]
        assert answers == [("PIN_WRONG", 403)] * 4 + [("ROSTER_LOCKED", 403)] * 2
        assert refused(lambda: read_grid_roster(token=phone.token, pin=PIN, at=now)) == ("ROSTER_LOCKED", 403)
        (notice,) = OfficerNotice.objects.all()
        assert (notice.officer_id, notice.kind, notice.about) == (
            township.officer_id,
            "ROSTER_LOCKED",
            token_of(phone).id,
        )
        assert [entry[3] for entry in noted("ROSTER_READ")] == ["REFUSED"] * 5
        assert len(noted("ROSTER_LOCKED")) == 1

    def test_the_right_pin_forgives_the_wrong_ones(self, phone: GridPhone, now: datetime) -> None:
        for _ in range(3):
            for _ in range(4):
                refused(lambda: open_grid_phone(token=phone.token, pin="9631", at=now))
            assert open_grid_phone(token=phone.token, pin=PIN, at=now)

    def test_many_guesses_at_once_are_no_more_than_five(self, phone: GridPhone, now: datetime) -> None:
        answers: list[str] = []

        def guess() -> None:
            try:
                open_grid_phone(token=phone.token, pin="9631", at=now)
            except Refusal as refusal:
                answers.append(refusal.code)
            finally:
                connection.close()

        together(guess, 9)
        assert answers.count("PIN_WRONG") == 4
        assert answers.count("ROSTER_LOCKED") == 5
        assert token_of(phone).failures == 5

    def test_two_phones_of_one_grid_have_pins_of_their_own(
        self, township: Reach, phone: GridPhone, now: datetime
    ) -> None:
        other = enrolled(township, GRID, at=now, pin="1470")
        assert refused(lambda: open_grid_phone(token=other.token, pin=PIN, at=now))[0] == "PIN_WRONG"
        assert open_grid_phone(token=other.token, pin="1470", at=now)


class TestTheTownshipsList:
    def test_it_tells_how_each_stands(self, township: Reach, now: datetime) -> None:
        def states() -> list[str]:
            return [line.state for line in grid_phones(township, at=now)]

        invite_grid_worker(by=township, division=GRID, name="一", at=now)
        invite_grid_worker(by=township, division=GRID, name="二", at=now - HOUR)
        phone = enrolled(township, GRID, at=now - 2 * HOUR)
        enrolled(township, GRID, at=now - 25 * HOUR)
        assert states() == ["INVITED", "NOT_USED", "READING", "EXPIRED"]
        for _ in range(5):
            refused(lambda: open_grid_phone(token=phone.token, pin="9631", at=now))
        assert states()[2] == "LOCKED"
        revoke_grid_phone(by=township, id=grid_phones(township, at=now)[0].id, at=now)
        assert states()[0] == "REVOKED"

    def test_each_area_sees_its_own(self, township: Reach, phone: GridPhone, now: datetime) -> None:
        assert len(grid_phones(factories.officer("COUNTY_DESK", HAICHENG), at=now)) == 1
        assert grid_phones(factories.officer("TOWNSHIP_DESK", "210381102"), at=now) == []
        assert grid_phones(factories.officer("COUNTY_DESK", XIUYAN), at=now) == []


def test_the_list_asks_as_often_for_three_as_for_one(
    gate: Intake, phone: GridPhone, now: datetime, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        for seed in range(count):
            arrive(gate, seed=70 + 10 * count + seed)
        with django_assert_num_queries(2):
            assert len(arrivals_in_grid(phone.token, at=now)) >= count


def token_of(phone: GridPhone) -> RosterToken:
    return RosterToken.objects.get(token_hash=hashed(phone.token))


def noted(act: str) -> list[tuple[Any, ...]]:
    rows = AuditEntry.objects.using("owner").filter(act=act).order_by("number")
    return list(rows.values_list("subject", "count", "jurisdiction", "result"))


def together(act: Callable[[], None], times: int) -> None:
    threads = [Thread(target=act) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
