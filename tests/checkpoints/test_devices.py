"""Devices: invited, enrolled once and again, listed, revoked, wiped."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from lianfang.checkpoints import queries
from lianfang.checkpoints.models import Checkpoint, Device, Enrolment
from lianfang.checkpoints.services import (
    enrol,
    invite_device,
    issue_device,
    open_post,
    revoke_device,
)
from lianfang.checkpoints.services.paper import paper_device
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed
from lianfang.machine.postgres import Database
from tests.checkpoints.conftest import heard
from tests.factories import ANSHAN

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def refusal_of(code: str, at: datetime) -> tuple[str, int]:
    with pytest.raises(Refusal) as refused:
        enrol(code=code, device_name="手机", at=at)
    assert refused.value.zh
    assert refused.value.en
    return refused.value.code, refused.value.status


def local_post(by: Reach, at: datetime) -> Checkpoint:
    return open_post(by=by, name="东村", division="210381101", kind="VILLAGE", at=at)


def test_a_code_makes_a_phone_a_device_of_its_checkpoint(
    gate: Checkpoint, haicheng: Reach, now: datetime
) -> None:
    invitation = invite_device(by=haicheng, checkpoint=gate.code, at=now)
    assert invitation.expires_at == now + 15 * MINUTE
    enrolled = enrol(code=invitation.code, device_name="南口一号机", at=now + MINUTE)
    device = Device.objects.get(pk=enrolled.device_id)
    assert (device.name, device.checkpoint, enrolled.checkpoint) == ("南口一号机", gate, gate)
    assert device.expires_at == enrolled.expires_at == now + timedelta(days=30)
    assert (device.items_per_second, device.enrolled_by) == (200, haicheng.officer_id)


def test_neither_code_nor_token_is_stored_or_shown_by_accident(
    gate: Checkpoint, haicheng: Reach, now: datetime
) -> None:
    invitation = invite_device(by=haicheng, checkpoint=gate.code, at=now)
    enrolled = enrol(code=invitation.code, device_name="", at=now)
    assert bytes(Enrolment.objects.get().code_hash) == hashed(invitation.code)
    assert bytes(Device.objects.get().token_hash) == hashed(enrolled.token)
    assert invitation.code not in repr(invitation)
    assert enrolled.token not in repr(enrolled)


def test_a_code_may_be_typed_with_spaces_and_in_lower_case(
    gate: Checkpoint, haicheng: Reach, now: datetime
) -> None:
    code = invite_device(by=haicheng, checkpoint=gate.code, at=now).code
    enrol(code=f" {code[:5].lower()}-{code[5:]}\n", device_name="手机", at=now)


@pytest.mark.parametrize(
    ("hour", "lasts"),
    [
        ("23:59", timedelta(hours=4, minutes=1)),
        ("08:00", timedelta(hours=20)),
        ("00:10", timedelta(hours=24)),
    ],
)
def test_a_local_posts_token_lasts_until_four_in_the_morning_and_at_most_a_day(
    officer: Callable[..., Reach], hour: str, lasts: timedelta
) -> None:
    at = datetime.fromisoformat(f"2020-02-10T{hour}").replace(tzinfo=SHANGHAI)
    by = officer("TOWNSHIP_DESK", "210381101")
    invitation = invite_device(by=by, checkpoint=local_post(by, at).code, at=at)
    assert enrol(code=invitation.code, device_name="手机", at=at + 10 * MINUTE).expires_at == at + lasts


def test_a_shorter_token_can_be_asked_for_and_a_longer_one_is_not_given(
    gate: Checkpoint, haicheng: Reach, now: datetime
) -> None:
    def given(lasts: timedelta) -> timedelta:
        code = invite_device(by=haicheng, checkpoint=gate.code, at=now, lasts=lasts).code
        return enrol(code=code, device_name="手机", at=now).expires_at - now

    assert given(timedelta(hours=2)) == timedelta(hours=2)
    assert given(timedelta(days=365)) == timedelta(days=30)
    with pytest.raises(Refusal, match="TOO_SHORT"):
        given(15 * MINUTE)


def test_a_code_serves_once(gate: Checkpoint, haicheng: Reach, now: datetime) -> None:
    code = invite_device(by=haicheng, checkpoint=gate.code, at=now).code
    enrol(code=code, device_name="手机", at=now)
    assert refusal_of(code, now) == ("ENROLMENT_USED", 410)
    assert refusal_of(code, now + timedelta(days=1)) == ("ENROLMENT_USED", 410)
    assert Device.objects.count() == 1


def test_a_code_expires_after_a_quarter_of_an_hour(gate: Checkpoint, haicheng: Reach, now: datetime) -> None:
    code = invite_device(by=haicheng, checkpoint=gate.code, at=now).code
    assert refusal_of(code, now + 15 * MINUTE) == ("ENROLMENT_EXPIRED", 410)
    assert not Device.objects.exists()


@pytest.mark.parametrize("code", ["", "ABCDEFGHJK", "x" * 10_000, "\0", "🚗"])
def test_an_unknown_code_is_not_found(clean: Database, now: datetime, code: str) -> None:
    assert refusal_of(code, now) == ("ENROLMENT_UNKNOWN", 404)


def test_of_many_phones_with_one_code_exactly_one_gets_a_token(
    gate: Checkpoint, haicheng: Reach, now: datetime, clean: Database
) -> None:
    code = invite_device(by=haicheng, checkpoint=gate.code, at=now).code

    def race(number: int) -> str:
        try:
            enrol(code=code, device_name=f"手机{number}", at=now)
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "TOKEN"

    with psycopg.connect(**clean.parameters("owner")) as holder, ThreadPoolExecutor(8) as pool:
        holder.execute("SELECT FROM enrolment FOR UPDATE")  # the line behind which all of them gather
        answers = pool.map(race, range(8))
        wait_until(lambda: waiting(holder) == 8)
        holder.commit()
    assert sorted(answers) == ["ENROLMENT_USED"] * 7 + ["TOKEN"]
    assert Device.objects.count() == 1


def waiting(holder: psycopg.Connection) -> int:
    """How many sessions wait for a lock."""
    row = holder.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted").fetchone()
    return row[0] if row else 0


def wait_until(come_true: Callable[[], bool], *, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not come_true():
        assert time.monotonic() < until, "did not come true"
        time.sleep(0.02)


def test_a_name_that_cannot_be_stored_or_is_missing_does_not_stop_an_enrolment(
    gate: Checkpoint, haicheng: Reach, now: datetime
) -> None:
    for name, stored in (("一\0号\n机", "一号机"), (" ", "GATE卡口手机"), ("长" * 100, "长" * 60)):
        code = invite_device(by=haicheng, checkpoint=gate.code, at=now).code
        assert Device.objects.get(pk=enrol(code=code, device_name=name, at=now).device_id).name == stored


def test_the_stranger_of_the_next_county_invites_nobody_here(
    gate: Checkpoint, xiuyan: Reach, now: datetime
) -> None:
    with pytest.raises(NotFound, match="CHECKPOINT_UNKNOWN"):
        invite_device(by=xiuyan, checkpoint=gate.code, at=now)
    assert not Enrolment.objects.exists()


def test_nobody_is_invited_to_a_closed_checkpoint(gate: Checkpoint, haicheng: Reach, now: datetime) -> None:
    Checkpoint.objects.filter(pk=gate.pk).update(closed_at=now)
    with pytest.raises(NotFound, match="CHECKPOINT_UNKNOWN"):
        invite_device(by=haicheng, checkpoint=gate.code, at=now)


def test_devices_are_managed_by_those_whose_role_it_is(
    gate: Checkpoint, device: Device, officer: Callable[..., Reach], now: datetime
) -> None:
    wall = officer("WALL", ANSHAN)
    with pytest.raises(Forbidden):
        invite_device(by=wall, checkpoint=gate.code, at=now)
    with pytest.raises(Forbidden):
        revoke_device(by=wall, device_id=device.id, at=now)
    with reach(wall) as seen:
        for ask in (queries.devices, queries.invitable_checkpoints):
            with pytest.raises(Forbidden):
                ask(seen)


def test_a_script_gets_a_device_without_a_code(gate: Checkpoint, now: datetime) -> None:
    token, device = issue_device(
        checkpoint=gate.code, name="压测", at=now, lasts=timedelta(hours=1), items_per_second=None
    )
    assert Device.objects.get(token_hash=hashed(token)) == device
    assert (device.items_per_second, device.expires_at) == (None, now + timedelta(hours=1))
    with pytest.raises(NotFound, match="CHECKPOINT_UNKNOWN"):
        issue_device(checkpoint="NOWHERE", name="", at=now, lasts=timedelta(hours=1), items_per_second=None)


def test_a_revoked_device_is_marked_and_every_intake_hears_of_it(
    device: Device, haicheng: Reach, now: datetime, listening: psycopg.Connection
) -> None:
    revoke_device(by=haicheng, device_id=device.id, at=now)
    device.refresh_from_db()
    assert (device.revoked_at, device.revoked_by) == (now, haicheng.officer_id)
    assert heard(listening) == 1


def test_revoking_again_keeps_the_first_moment(device: Device, haicheng: Reach, now: datetime) -> None:
    revoke_device(by=haicheng, device_id=device.id, at=now)
    revoke_device(by=haicheng, device_id=device.id, at=now + MINUTE)
    device.refresh_from_db()
    assert device.revoked_at == now


def test_nothing_is_heard_of_a_revocation_that_did_not_commit(
    device: Device, haicheng: Reach, now: datetime, listening: psycopg.Connection
) -> None:
    with transaction.atomic():
        revoke_device(by=haicheng, device_id=device.id, at=now)
        transaction.set_rollback(True)
    device.refresh_from_db()
    assert (device.revoked_at, heard(listening)) == (None, 0)


def test_the_stranger_of_the_next_county_neither_sees_nor_revokes_a_device(
    device: Device, xiuyan: Reach, now: datetime
) -> None:
    with pytest.raises(NotFound, match="DEVICE_UNKNOWN"):
        revoke_device(by=xiuyan, device_id=device.id, at=now)
    with pytest.raises(NotFound, match="DEVICE_UNKNOWN"):
        revoke_device(by=xiuyan, device_id=uuid4(), at=now)
    with reach(xiuyan) as seen:
        assert (queries.devices(seen), queries.invitable_checkpoints(seen)) == ([], [])


def test_devices_are_listed_newest_first(
    gate: Checkpoint, device: Device, haicheng: Reach, now: datetime
) -> None:
    issue_device(checkpoint=gate.code, name="二号机", at=now, lasts=timedelta(hours=1), items_per_second=None)
    with reach(haicheng) as seen:
        found = queries.devices(seen)
    assert [(line.name, line.checkpoint, line.checkpoint_name) for line in found] == [
        ("二号机", "GATE", "GATE卡口"),
        ("一号机", "GATE", "GATE卡口"),
    ]


def test_the_device_as_which_paper_is_typed_in_is_not_among_the_phones(
    gate: Checkpoint, device: Device, haicheng: Reach
) -> None:
    paper_device(gate)
    with reach(haicheng) as seen:
        assert [line.id for line in queries.devices(seen)] == [device.id]
