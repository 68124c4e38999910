"""Explaining where phone and paper differ while both run side by side."""

from datetime import date, datetime
from uuid import UUID

from lianfang.checkpoints.models import Checkpoint, PilotExplanation
from lianfang.checkpoints.queries.pilot import REASONS, pilot_day
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.services.names import tidied
from lianfang.kernel import audit
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal

LONGEST_NOTE = 200


def explain(
    *, by: Reach, at: datetime, checkpoint: str, day: date, of: UUID, reason: str, note: str = ""
) -> PilotExplanation:
    """`of` is the row or the passage that differs; said again, the newest counts."""
    by.require("TRANSCRIBE_PAPER")
    note = tidied(note, longest=LONGEST_NOTE)
    if reason not in REASONS:
        raise Refusal("REASON_UNKNOWN", "请选择原因。", "Choose a reason.")
    if reason == "OTHER" and not note:
        raise Refusal("NOTE_MISSING", "选“其他”时请写明原因。", "With “other”, say what it was.")
    with reach(by) as seen:
        post = Checkpoint.objects.filter(held(seen), pk=checkpoint).first()
        differing = pilot_day(seen, checkpoint, day=day).differing if post else []
        one = next((pair for pair in differing if of in (pair.line, pair.passage)), None)
        if post is None or one is None:
            raise NotFound(
                "NOTHING_DIFFERS",
                "这一条已经对上了，或不在您的辖区内。",
                "This one agrees by now, or is none of your area.",
            )
        side = {"line_id": one.line} if one.line else {"passage_id": one.passage}
        said = {"reason": reason, "note": note, "said_by": by.officer_id, "said_at": at}
        audit.note(
            audit.Act.PILOT_EXPLAINED, by=by, subject=f"CHECKPOINT {post.code}", jurisdiction=post.jurisdiction,
            details={"of": str(of), "day": day.isoformat(), "reason": reason},
        )  # fmt: skip
        made, _ = PilotExplanation.objects.update_or_create(**side, defaults={**said, "checkpoint": post})
    return made
