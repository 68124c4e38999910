"""Answers from the doors of a grid: each by itself, once, durable before it is receipted, whatever else is sent with it."""

from datetime import datetime
from typing import Any

import pytest

from lianfang.referrals.models import ReferralEvent
from tests.doors.doorstep import Doorstep, answer, handed, sealed, step
from tests.doors.handed import kinds, stands

__all__ = ["handed", "step"]


def statuses(receipts: list[dict[str, Any]]) -> list[str]:
    return [one["status"] for one in receipts]


class TestOneAnswer:
    @pytest.mark.parametrize("wrap", [lambda item: item, sealed], ids=["plain", "sealed"])
    def test_is_taken_once_and_answered_the_same(self, step: Doorstep, wrap: Any) -> None:
        (one,) = step.over()
        item = answer(one)
        (first,) = step.send(wrap(item))
        assert (first["id"], first["status"], first["state"], first["late"]) == (
            item["id"],
            "ACCEPTED",
            "ARRIVED",
            False,
        )
        assert stands(one).state == "ARRIVED"
        again = step.send(wrap(item), item, sealed(item))
        assert statuses(again) == ["DUPLICATE"] * 3
        assert {receipt["state"] for receipt in again} == {"ARRIVED"}
        assert kinds(one) == ["SENT", "ARRIVED"]
        event = ReferralEvent.objects.using("owner").get(pk=item["id"])
        assert event.roster_id == step.phone.id
        assert event.occurred_at == datetime.fromisoformat(item["occurred_at"])
