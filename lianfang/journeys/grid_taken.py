"""What became of an answer from a grid worker's phone, and the codes that say what the worker should know."""

from typing import NamedTuple

from lianfang.kernel.refusals import Refusal

LATE, ELSEWHERE, NOT_PLACED = "ANSWERED_LATER", "REFERRAL_ELSEWHERE", "MOVED_ON_NOT_PLACED"
# He came to the door, yet is not counted as in place: nobody asked, or nobody is named, for who depends on him.
NO_CARER = "NO_CARER_YET"


class Taken(NamedTuple):
    """What became of an answer. `state`: of the referral or the order, or what a report says; `code` says what the worker
    should know.
    """

    state: str | None = None
    late: bool = False
    code: str = ""


def taken_elsewhere() -> Refusal:
    return Refusal(
        "CONFLICT",
        "这一编号已经用于另一条内容，先到的有效。",
        "This id was used for something else already: the first stays.",
        status=409,
    )
