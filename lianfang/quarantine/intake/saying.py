"""What a household is told: of its link, of a report, and where somebody stands. Chinese and English."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.intake.store import PlaceOnSlip
from lianfang.quarantine.states import OrderState

# Whoever is unwell is told what happens next, and what not to do: he is fetched, he does not go.
SAID: Mapping[str, tuple[str, str]] = {
    "WELL": ("已收到，无异常。请按时再报。", "Received: nothing of note. Please report again in time."),
    "SYMPTOMATIC": (
        "已收到。请留在家里，不要自己外出就医，我们马上打电话给您。情况紧急请拨 120。",
        "Received. Please stay at home and do not go out to a doctor by yourself: we call you at once. In an emergency dial 120.",
    ),
    "NOT_READ": (
        "已收到，但没有读到体温。请再量一次再报。",
        "Received, but no temperature could be read. Please measure and report once more.",
    ),
    "CONFLICT": (
        "这一次已经报过，内容不同。有变化请重新填报。",
        "This report stands already with other content. If something changed, please report anew.",
    ),
}


def link_refused(standing: str) -> Refusal:
    """UNKNOWN is the same for everything that is no link, so that a guess teaches nothing."""
    if standing == "REVOKED":
        return Refusal(
            "LINK_REPLACED",
            "这个打卡码已换新。请用最新的告知书上的链接；还没有拿到，请打告知书上的电话。",
            "This code was replaced. Please use the link on the newest slip; if you have none, call the number on this one.",
            status=410,
        )
    if standing == "EXPIRED":
        return Refusal(
            "LINK_OVER",
            "观察已结束，不用再报。如果不舒服，请打电话给社区；情况紧急请拨 120。",
            "Observation is over: nothing more to report. If unwell, call your community; in an emergency dial 120.",
            status=410,
        )
    return Refusal(
        "LINK_UNKNOWN",
        "链接不对，请重新扫告知书上的二维码，或打电话给社区。",
        "This is no valid link: scan the code on the slip again, or call your community.",
        status=401,
    )


def set_aside(outcome: str) -> Refusal:
    if outcome == "ENDED":
        return Refusal(
            "OBSERVATION_ENDED",
            "此人的观察已结束，不用再报。如果不舒服，请打电话给社区；情况紧急请拨 120。",
            "Observation of this person is over. If unwell, call your community; in an emergency dial 120.",
        )
    return Refusal(
        "PLACE_UNKNOWN",
        "告知书上没有这个人，请刷新页面。",
        "Nobody stands at this place of the slip: reload the page.",
    )


def unread() -> Refusal:
    return Refusal(
        "REPORT_UNREADABLE",
        "这一条读不懂，请刷新页面后再报。",
        "This report cannot be read: reload the page and report again.",
    )


def page_state(one: PlaceOnSlip, today: date) -> Literal["OPEN", "ENDED", "NOT_YET"]:
    """ENDED also while the last day is over and nobody has released him yet: no report is asked of him."""
    if one.ended_at is not None or one.last_on < today:
        return "ENDED"
    return "NOT_YET" if one.state in (OrderState.ORDERED, OrderState.NOTIFIED) else "OPEN"
