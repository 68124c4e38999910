"""A phone that comes back is the device it was; one that is to be wiped is none any more from that moment on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.checkpoints.services import (
    Enrolled,
    enrol,
    invite_device,
    issue_device,
    revoke_device,
    wipe_device,
)
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed
from tests import factories
from tests.checkpoints.conftest import heard
from tests.factories import Generated, Intake

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OUTSIDE = ["CAPTURED_OUTSIDE_ENROLMENT"]


class TestEnrollingAgain:
    """A phone that shows the token it had stays the device it was; what it captured while enrolled is authorised."""

    def enrolled(
        self, by: Reach, at: datetime, *, lasts: timedelta | None = None, **more: object
    ) -> Enrolled:
        code = invite_device(by=by, checkpoint="GATE", at=at, lasts=lasts).code
        return enrol(code=code, **({"device_name": "手机", "at": at} | more))

    def flags(self, device_id: UUID, occurred_at: datetime, intake: Intake) -> list[str]:
        """The flags of a passage that this phone captured then."""
        generated = Generated(seed=device_id.int + int(occurred_at.timestamp()), at=occurred_at)
        parcel = generated.parcel(generated.passage())
        (receipt,) = intake.send_from(Device.objects.get(pk=device_id), parcel)["receipts"]
        assert receipt["status"] == "ACCEPTED"
        return receipt["flags"]

    def test_it_stays_the_same_device_and_the_old_token_ends(
        self, gate: Checkpoint, haicheng: Reach, now: datetime, listening: psycopg.Connection
    ) -> None:
        first = self.enrolled(haicheng, now - 5 * DAY)
        again = self.enrolled(haicheng, now, device_name="", previous_token=first.token)
        device = Device.objects.get()
        assert again.device_id == first.device_id == device.id
        assert again.token != first.token
        assert bytes(device.token_hash) == hashed(again.token)
        assert (device.name, device.enrolled_at, device.expires_at) == ("手机", now, again.expires_at)
        assert [(span.lower, span.upper) for span in device.earlier] == [(now - 5 * DAY, now)]
        assert heard(listening) == 1

    def test_what_was_captured_while_enrolled_is_authorised_and_the_gap_is_not(
        self, gate: Checkpoint, haicheng: Reach, now: datetime, intake: Intake
    ) -> None:
        first = self.enrolled(haicheng, now - 6 * DAY, lasts=DAY)
        second = self.enrolled(haicheng, now - 3 * DAY, lasts=DAY, previous_token=first.token)
        third = self.enrolled(haicheng, now - HOUR, previous_token=second.token)
        assert third.device_id == first.device_id
        ends = [(now - 6 * DAY, now - 5 * DAY), (now - 3 * DAY, now - 2 * DAY)]
        assert [(span.lower, span.upper) for span in Device.objects.get(pk=third.device_id).earlier] == ends
        for days, flags in ((6.1, OUTSIDE), (5.5, []), (4, OUTSIDE), (2.5, []), (1, OUTSIDE), (0, [])):
            assert self.flags(third.device_id, now - days * DAY, intake) == flags, days

    def test_a_revoked_a_wiped_or_an_unknown_one_becomes_a_new_device(
        self, gate: Checkpoint, haicheng: Reach, now: datetime
    ) -> None:
        lost, wiped = self.enrolled(haicheng, now - DAY), self.enrolled(haicheng, now - DAY)
        revoke_device(by=haicheng, device_id=lost.device_id, at=now)
        wipe_device(by=haicheng, device_id=wiped.device_id, outbox="KEEP", reason="", at=now)
        seen = {lost.device_id, wiped.device_id}
        for token in (lost.token, wiped.token, "device_made-up", "", None):
            again = self.enrolled(haicheng, now, previous_token=token)
            assert again.device_id not in seen
            seen.add(again.device_id)
        assert not Device.objects.exclude(earlier=[]).exists()

    def test_two_phones_with_copies_of_one_token_do_not_become_one(
        self, gate: Checkpoint, haicheng: Reach, now: datetime
    ) -> None:
        first = self.enrolled(haicheng, now - DAY)
        again = self.enrolled(haicheng, now, previous_token=first.token)
        copied = self.enrolled(haicheng, now, previous_token=first.token)
        assert again.device_id == first.device_id != copied.device_id

    def test_it_may_move_to_another_checkpoint_with_what_it_still_holds(
        self, gate: Checkpoint, haicheng: Reach, now: datetime, intake: Intake
    ) -> None:
        first = self.enrolled(haicheng, now - DAY)
        factories.checkpoint("SOUTH")
        code = invite_device(by=haicheng, checkpoint="SOUTH", at=now).code
        again = enrol(code=code, device_name="", at=now, previous_token=first.token)
        assert (again.device_id, again.checkpoint.code) == (first.device_id, "SOUTH")
        assert self.flags(first.device_id, now - HOUR, intake) == ["OTHER_CHECKPOINT"]

    def test_a_script_without_a_budget_has_one_once_it_is_enrolled_with_a_code(
        self, gate: Checkpoint, haicheng: Reach, now: datetime
    ) -> None:
        token, device = issue_device(
            checkpoint="GATE", name="压测", at=now - DAY, lasts=HOUR, items_per_second=None
        )
        assert self.enrolled(haicheng, now, previous_token=token).device_id == device.id
        device.refresh_from_db()
        assert device.items_per_second == 200

    def test_a_revocation_ends_the_span_and_so_does_a_wish_to_wipe(
        self, gate: Checkpoint, haicheng: Reach, now: datetime, intake: Intake
    ) -> None:
        lost, wiped = self.enrolled(haicheng, now - DAY), self.enrolled(haicheng, now - DAY)
        revoke_device(by=haicheng, device_id=lost.device_id, at=now - HOUR)
        wipe_device(by=haicheng, device_id=wiped.device_id, outbox="KEEP", reason="", at=now - HOUR)
        for device_id in (lost.device_id, wiped.device_id):
            assert self.flags(device_id, now - 2 * HOUR, intake) == []
            assert self.flags(device_id, now - HOUR / 2, intake) == OUTSIDE


class TestWiping:
    def test_it_is_asked_for_and_every_intake_hears_of_it(
        self, device: Device, haicheng: Reach, now: datetime, listening: psycopg.Connection
    ) -> None:
        wipe_device(by=haicheng, device_id=device.id, outbox="KEEP", reason=" ", at=now)
        device.refresh_from_db()
        assert (device.wipe_asked_at, device.wipe_asked_by) == (now, haicheng.officer_id)
        assert (device.wipe_outbox, device.wipe_reason, device.wiped_at) == ("KEEP", "", None)
        assert (device.revoked_at, heard(listening)) == (None, 1)

    def test_dropping_what_was_not_sent_needs_a_reason(
        self, device: Device, haicheng: Reach, now: datetime
    ) -> None:
        def refused(outbox: str, reason: str) -> str:
            with pytest.raises(Refusal) as refusal:
                wipe_device(by=haicheng, device_id=device.id, outbox=outbox, reason=reason, at=now)
            return refusal.value.code

        assert [refused("DROP", " \0"), refused("BURN", "x")] == ["REASON_MISSING", "OUTBOX_CHOICE"]
        wipe_device(by=haicheng, device_id=device.id, outbox="DROP", reason="手机被盗", at=now)
        device.refresh_from_db()
        assert (device.wipe_outbox, device.wipe_reason) == ("DROP", "手机被盗")

    def test_asked_again_before_it_was_heard_the_newer_wish_counts_from_the_first_moment(
        self, device: Device, haicheng: Reach, now: datetime
    ) -> None:
        wipe_device(by=haicheng, device_id=device.id, outbox="KEEP", reason="", at=now)
        wipe_device(by=haicheng, device_id=device.id, outbox="DROP", reason="手机被盗", at=now + MINUTE)
        device.refresh_from_db()
        assert (device.wipe_asked_at, device.wipe_outbox) == (now, "DROP")

    @pytest.mark.parametrize(
        ("column", "code"), [("revoked_at", "DEVICE_REVOKED"), ("wiped_at", "DEVICE_WIPED")]
    )
    def test_a_phone_that_hears_nothing_more_is_not_wiped(
        self, device: Device, haicheng: Reach, now: datetime, column: str, code: str
    ) -> None:
        Device.objects.update(**{column: now})
        with pytest.raises(Refusal, match=code):
            wipe_device(by=haicheng, device_id=device.id, outbox="KEEP", reason="", at=now)

    def test_by_those_whose_role_and_area_it_is(
        self, device: Device, xiuyan: Reach, officer: Callable[..., Reach], now: datetime
    ) -> None:
        with pytest.raises(NotFound, match="DEVICE_UNKNOWN"):
            wipe_device(by=xiuyan, device_id=device.id, outbox="KEEP", reason="", at=now)
        with pytest.raises(Forbidden):
            wipe_device(by=officer("WALL"), device_id=device.id, outbox="KEEP", reason="", at=now)
        device.refresh_from_db()
        assert device.wipe_asked_at is None
