"""Closing a shift: the hand count stands beside the records, and who closes a difference says why (日清日结)."""

from datetime import date, datetime

from django.db import transaction

from lianfang.checkpoints.models import Checkpoint, ShiftClosing
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.services.names import tidied
from lianfang.checkpoints.shifts import (
    BY_CODE,
    Recorded,
    Shift,
    Tally,
    is_over,
    is_recent,
    was_open,
)
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal

LONGEST_EXPLANATION = 200
LARGEST_COUNT = 99_999


@transaction.atomic
def close_shift(
    *,
    by: Reach,
    at: datetime,
    checkpoint: str,
    day: date,
    shift: str,
    hand_vehicles: int,
    hand_people: int,
    recorded: Recorded,
    zero: bool,
    explanation: str = "",
) -> ShiftClosing:
    """Closes a shift that has ended; closed again, the newest counts. `recorded` are the board's figures of the shift.

    Saying once more what was said last changes nothing.
    """
    by.require("CLOSE_SHIFTS")
    post = _post(checkpoint, by)
    part = _shift(shift)
    hand = Tally(hand_vehicles, hand_people)
    there = Tally(recorded.vehicles or 0, recorded.people or 0)
    _refuse_moment(post, day, part, at=at, anything=recorded.people is not None)
    _refuse_count(hand)
    _refuse_report(hand, there, zero=zero)
    reason = tidied(explanation, longest=LONGEST_EXPLANATION)
    if hand != there and not reason:
        raise _unexplained(hand, there)
    said = {
        "report": ShiftClosing.Report.ZERO if zero else ShiftClosing.Report.COUNTED,
        "hand_vehicles": hand.vehicles,
        "hand_people": hand.people,
        "recorded_vehicles": there.vehicles,
        "recorded_people": there.people,
        "explanation": reason,
        "closed_by": by.officer_id,
    }
    whose = ShiftClosing.objects.filter(checkpoint=post, day=day, shift=part.code)
    last = whose.order_by("-closed_at", "-id").first()
    if last is not None and all(getattr(last, name) == value for name, value in said.items()):
        return last
    note(
        Act.SHIFT_CLOSED, by=by, subject=f"CHECKPOINT {post.code}", jurisdiction=post.jurisdiction,
        details={"day": day.isoformat(), "shift": part.code, "report": str(said["report"]), "again": last is not None},
    )  # fmt: skip
    return ShiftClosing.objects.create(
        checkpoint=post,
        day=day,
        shift=part.code,
        recorded_as_of=_caught_up(recorded.as_of, part.ends_at(day)),
        closed_at=at,
        **said,
    )


def _post(code: str, by: Reach) -> Checkpoint:
    post = Checkpoint.objects.filter(held(by), pk=code).first()
    if post is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
        )
    by.require_cover(post.division)
    return post


def _shift(code: str) -> Shift:
    if code not in BY_CODE:
        raise Refusal("SHIFT_UNKNOWN", "没有这个班次。", "There is no such shift.")
    return BY_CODE[code]


def _refuse_moment(post: Checkpoint, day: date, shift: Shift, *, at: datetime, anything: bool) -> None:
    if day > day_of(at):
        raise Refusal("DAY_AHEAD", "这一天还没有到。", "That day has not come yet.")
    if not is_recent(day, at):
        raise Refusal("DAY_TOO_OLD", "只能补结最近 30 天的班次。", "Only the last 30 days can be closed.")
    if not is_over(day, shift, at):
        zh = f"这个班次到 {shift.to_hour}:00 才结束，结束后再结。"
        en = f"This shift lasts until {shift.to_hour}:00; close it when it is over."
        raise Refusal("SHIFT_NOT_OVER", zh, en)
    if not anything and not was_open(post, day, shift):
        raise Refusal(
            "NOT_OPEN_THEN",
            "这个班次卡口没有开放，也没有记录，不用结。",
            "The checkpoint was shut during this shift and has no record of it: nothing is owed.",
        )


def _refuse_count(hand: Tally) -> None:
    if min(hand) < 0:
        raise Refusal("COUNT_NEGATIVE", "手工数不能小于 0。", "A count cannot be below 0.")
    if max(hand) > LARGEST_COUNT:
        raise Refusal(
            "COUNT_ABSURD",
            "一个班次没有这么多，请核对手工数。",
            "No shift counts that many: please check the hand count.",
        )


def _refuse_report(hand: Tally, there: Tally, *, zero: bool) -> None:
    if zero and any(there):
        zh = f"记录里有 {there.vehicles:,} 台次、{there.people:,} 人次，不能零报告。"
        en = f"There are records of {there.vehicles:,} vehicles and {there.people:,} people: this is no zero report."
        raise Refusal("ZERO_WITH_RECORDS", zh, en)
    if zero and any(hand):
        raise Refusal(
            "ZERO_WITH_COUNTS",
            "零报告就是没有人来，手工数要空着或填 0。",
            "A zero report says that nobody came: leave the hand count empty or 0.",
        )
    if not zero and not any(hand) and not any(there):
        raise Refusal(
            "ZERO_NOT_SAID",
            "整个班次没有人来，请选“零报告”。",
            "If nobody came during the whole shift, choose “zero report”.",
        )


def _unexplained(hand: Tally, there: Tally) -> Refusal:
    zh = f"手工 {_zh(hand)}，记录 {_zh(there)}，不一样。请写明原因。"
    en = f"Counted by hand {_en(hand)}, recorded {_en(there)}: say why they differ."
    return Refusal("DIFFERENCE_UNEXPLAINED", zh, en)


def _zh(tally: Tally) -> str:
    return f"{tally.vehicles:,} 台次 / {tally.people:,} 人次"


def _en(tally: Tally) -> str:
    return f"{tally.vehicles:,} vehicles / {tally.people:,} people"


def _caught_up(as_of: datetime | None, ended_at: datetime) -> datetime:
    """The figures must know the whole shift: a fold that is behind would make a difference that is none."""
    if as_of is None or as_of < ended_at:
        raise Refusal(
            "FIGURES_BEHIND",
            "汇总还没有赶上这个班次的结束时间，请过一会儿再结。",
            "The figures have not caught up with the end of this shift: try again in a while.",
        )
    return as_of
