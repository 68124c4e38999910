"""What is open when duty changes hands. Each room that has something waiting adds its question here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lianfang.kernel.reach import Reach, reach
from lianfang.situation.lead import OpenItem
from lianfang.situation.waiting import not_taken_over, open_findings, silent_checkpoints, turn_backs_to_decide

Question = Callable[[Reach, datetime], list[OpenItem]]
# A question answers nothing where the reader may not ask it. Items are known by kind and about, so that one whose amount
# grows stays the same item.
QUESTIONS: tuple[Question, ...] = (silent_checkpoints, turn_backs_to_decide, not_taken_over, open_findings)


def open_items(by: Reach, at: datetime) -> list[OpenItem]:
    """Everything that waits within reach. Opens the transaction in which it looks."""
    with reach(by) as seen:
        return [item for question in QUESTIONS for item in question(seen, at)]


def open_items_of(by: Reach, lo: int, hi: int, at: datetime) -> list[OpenItem]:
    """The same, of a headquarters' own area and no more: nobody hands over what the next county leaves undone."""
    inside = tuple((max(lo, a), min(hi, b)) for a, b in by.spans if a <= hi and lo <= b)
    return open_items(replace(by, spans=inside, glass=()), at)
