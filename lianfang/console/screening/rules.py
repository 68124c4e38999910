"""lianfang screening rules: what decides now, until when, and what was in force before. Exit 1 once it has lapsed."""

import argparse
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lianfang.console import say
from lianfang.console.database import running
from lianfang.kernel.days import SHANGHAI

if TYPE_CHECKING:
    from lianfang.screening.book import RulesInForce
    from lianfang.screening.models import RulePeriod

LISTED = 50


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        from lianfang.kernel.clock import now  # noqa: PLC0415 -- after Django is set up
        from lianfang.screening.models import RulePeriod  # noqa: PLC0415
        from lianfang.screening.queries import areas_in_force, book, rule_set  # noqa: PLC0415

        at = now()
        decides = book(anew=True).at(at)
        periods = RulePeriod.objects.select_related("proposed_by", "approved_by").order_by("-during")[:LISTED]
        history = [(period, rule_set(period.rule_set_id).content()["title"]) for period in periods]
        areas = [area.as_content() for area in areas_in_force(at)]
        ended = any(period.ended_by_id for period, _ in history if period.during.upper == decides.until)
    title = decides.rule_set.content()["title"]
    say(
        options,
        "\n".join((*_in_force(decides, title, len(areas), at, ended=ended), *_history(history, at))),
        hash=decides.rule_set.hash,
        title=title,
        since=decides.since,
        until=decides.until,
        lapsed=decides.lapsed,
        ended=ended,
        areas=areas,
        history=[_told(period, title) for period, title in history],
    )
    return 1 if decides.lapsed else 0


def _in_force(
    decides: "RulesInForce", title: Mapping[str, str], areas: int, at: datetime, *, ended: bool
) -> Iterable[str]:
    yield f"{title['zh']} / {title['en']}"
    yield f"  {decides.rule_set.hash}"
    if decides.until is None:
        yield "  还没有人施行过规则：只登记、送发热的人去发热门诊 / nobody has put rules in force yet: people are registered, fever is cared for"
    elif decides.lapsed:
        how, over = ("停用", "ended") if ended else ("到期，没有续期", "lapsed")
        yield f"  已在 {_moment(decides.until)} {how}：不再要求隔离、通知网格、劝返 / {over} then: nothing restricts anybody any more"
    else:
        left = (decides.until - at).days
        yield f"  {_moment(decides.since)} – {_moment(decides.until)}，还有 {left} 天 / days left: {left}"
    yield f"  重点地区 {areas} 个 / affected areas: {areas}"


def _history(history: list[tuple["RulePeriod", Mapping[str, str]]], at: datetime) -> Iterable[str]:
    for period, title in history:
        who = " → ".join(one.name for one in (period.proposed_by, period.approved_by) if one) or "—"
        coming = " 未开始 / to come" if period.during.lower > at else ""
        yield (
            f"{_moment(period.during.lower)} – {_moment(period.during.upper)}  {period.rule_set_id}"
            f"  {title['zh']}  {who}  {period.reason}{coming}"
        )


def _told(period: "RulePeriod", title: Mapping[str, str]) -> dict[str, Any]:
    proposed, approved = period.proposed_by, period.approved_by
    return {
        "hash": period.rule_set_id,
        "title": title,
        "since": period.during.lower,
        "until": period.during.upper,
        "proposed_by": proposed.name if proposed else None,
        "approved_by": approved.name if approved else None,
        "approved_at": period.approved_at,
        "reason": period.reason,
    }


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else "—"
