"""One crew hands a checkpoint to the next (交班): what is open is written down by the program, and somebody else accepts it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.checkpoints.models import Checkpoint, ShiftHandover
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.services.names import tidied
from lianfang.checkpoints.shifts import shift_of
from lianfang.kernel import audit
from lianfang.kernel.days import day_of, hour_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal

LONGEST_NOTE = 500


def hand_over(
    *, by: Reach, at: datetime, checkpoint: str, note: str, open_items: Sequence[Mapping[str, Any]]
) -> ShiftHandover:
    """Opens a handover of the shift that runs. `open_items` is what the program found, never what somebody typed."""
    by.require("LEAD_CHECKPOINTS")
    post = Checkpoint.objects.filter(held(by), pk=checkpoint).first()
    if post is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
        )
    try:
        with transaction.atomic():
            made = ShiftHandover.objects.create(
                checkpoint=post,
                day=day_of(at),
                shift=shift_of(hour_of(at)).code,
                note=tidied(note, longest=LONGEST_NOTE),
                open_items=list(open_items),
                handed_by=by.officer_id,
                handed_at=at,
            )
            _write_down(audit.Act.SHIFT_HANDED_OVER, made, by, post)
            return made
    except IntegrityError:
        raise Refusal(
            "HANDOVER_OPEN",
            "已经有一次交班在等人接班，接班以后才能再交。",
            "A handover waits to be accepted already: it must be accepted before the next.",
            status=409,
        ) from None


@transaction.atomic
def accept_handover(*, by: Reach, at: datetime, checkpoint: str, id: UUID) -> None:
    """The successor takes over; the same officer again changes nothing. Nobody takes over from himself."""
    by.require("LEAD_CHECKPOINTS")
    here = held(by, "checkpoint__jurisdiction")
    wanted = ShiftHandover.objects.select_related("checkpoint").select_for_update(of=("self",))
    found = wanted.filter(here, pk=id, checkpoint=checkpoint).first()
    if found is None:
        raise NotFound("HANDOVER_UNKNOWN", "辖区内没有这次交班。", "There is no such handover in your area.")
    if found.handed_by == by.officer_id:
        raise Refusal(
            "OWN_HANDOVER",
            "交班和接班要两个人，请接班的人用自己的账号接班。",
            "It takes two: whoever takes over accepts under their own name.",
        )
    if found.accepted_by not in (None, by.officer_id):
        raise Refusal("HANDOVER_TAKEN", "别人已经接班了。", "Somebody else has accepted it.", status=409)
    if found.accepted_by is None:
        ShiftHandover.objects.filter(pk=id).update(accepted_by=by.officer_id, accepted_at=at)
        _write_down(audit.Act.SHIFT_TAKEN_OVER, found, by, found.checkpoint)


def _write_down(act: audit.Act, handover: ShiftHandover, by: Reach, post: Checkpoint) -> None:
    audit.note(
        act, by=by, subject=f"CHECKPOINT {post.code}", jurisdiction=post.jurisdiction,
        details={"handover": str(handover.pk), "day": handover.day.isoformat(), "shift": handover.shift},
    )  # fmt: skip
