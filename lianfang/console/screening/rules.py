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
OVER = {True: "由值班员停用", False: "到期，没有续期"}
OVER_EN = {True: "ended by an officer", False: "lapsed"}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        from lianfang.kernel.clock import now  # noqa: PLC0415 -- after Django is set up
        from lianfang.screening.models import RulePeriod  # noqa: PLC0415
        from lianfang.screening.queries import areas_in_force, book, rule_set  # noqa: PLC0415

        at = now()
        decides = book(anew=True).at(at)
        periods = RulePeriod.objects.select_related("proposed_by", "approved_by").order_by("-during")[
            : LISTED + 1
        ]
        history = [(period, rule_set(period.rule_set_id).content()["title"]) for period in periods]
        areas = [area.as_content() for area in areas_in_force(at)]
        ended = any(one.ended_by_id is not None for one, _ in history if one.during.upper == decides.until)
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
        history=[_told(period, title) for period, title in history[:LISTED]],
        history_goes_on=len(history) > LISTED,
    )
    return 1 if decides.lapsed else 0


def _in_force(
    decides: "RulesInForce", title: Mapping[str, str], areas: int, at: datetime, *, ended: bool
) -> Iterable[str]:
    """`ended`: an officer ended the period before its time."""
    yield f"{title['zh']} / {title['en']}"
    yield f"  {decides.rule_set.hash}"
    if decides.until is None:
        yield "  还没有人批准过规则：只登记、送发热的人去发热门诊 / nobody has put rules in force yet: people are registered, fever is cared for"
    elif decides.lapsed:
        yield f"  已在 {_moment(decides.until)} {OVER[ended]}：新到的人不再判隔离、通知网格、劝返，已经判过的不变 / {OVER_EN[ended]}: no new arrival is restricted, what was decided stands"
    else:
        left = (decides.until - at).days
        yield f"  {_moment(decides.since)} – {_moment(decides.until)}，还有 {left} 天 / days left: {left}"
    yield f"  重点地区 {areas} 个 / affected areas: {areas}"


def _history(history: list[tuple["RulePeriod", Mapping[str, str]]], at: datetime) -> Iterable[str]:
    for period, title in history[:LISTED]:
        who = " → ".join(one.name for one in (period.proposed_by, period.approved_by) if one) or "—"
        coming = " 未开始 / to come" if period.during.lower > at else ""
        yield (
            f"{_moment(period.during.lower)} – {_moment(period.during.upper)}  {period.rule_set_id}"
            f"  {title['zh']}  {who}  {period.reason}{coming}"
        )
    if len(history) > LISTED:
        yield f"只列最近 {LISTED} 次，以前还有 / only the last {LISTED} are listed; there are earlier ones"


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
