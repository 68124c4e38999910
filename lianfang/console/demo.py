"""lianfang demo: load the whole source volume or Jinzhou's hand-over, replay the worst rush, or keep a demo city living.

Exit 1 when what stands on the board is not exactly what was planned.
"""

import argparse
import os
import signal
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING

from lianfang.console import say
from lianfang.console.database import running
from lianfang.machine.progress import Silent, Telling, telling

if TYPE_CHECKING:
    from lianfang.demo.plan import Plan
    from lianfang.demo.queueing import Queue
    from lianfang.demo.rush import Replayed

WAYS = {
    "paper": "纸笔 paper",
    "typed": "手机全录 typed",
    "prefilled": "手机预填 prefilled",
    "qr": "旅客码 QR",
}
_BLOCKS = " ▁▂▃▄▅▆▇█"


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--full", action="store_true", help="全量演示：122,992 台次、263,239 人次 / the whole source volume"
    )
    what.add_argument(
        "--handover",
        action="store_true",
        help="移交演示：锦州 5,478 个网格、排查 54,000 人、移交 2,800 人 / Jinzhou's hand-over at the source's figures",
    )
    what.add_argument("--rush", action="store_true", help="重演最繁忙的 75 分钟 / replay the worst rush")
    what.add_argument(
        "--live", action="store_true", help="持续产生通行（serve 会用）/ keep it living (used by serve)"
    )
    add_clock(parser)
    parser.add_argument("--speed", type=_speed, metavar="N", help="重演的倍速，默认最快 / times real speed")
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")
    parser.add_argument("--parent", type=int, help="结束于该进程结束时 / stop when this process has gone")


def add_clock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--clock",
        type=_moment,
        metavar="ISO",
        help="演示城市里的现在 / what time it is in the demo city (2020-02-13T18:00+08:00)",
    )


def run(options: argparse.Namespace) -> int:
    if options.live:
        return _live(options)
    with telling() as progress, running(progress):
        if options.handover:
            return _handover(options, progress)
        return _full(options, progress) if options.full else _rush(options, progress)


def _full(options: argparse.Namespace, progress: Telling) -> int:
    from lianfang.demo.city import build, counted, require_empty, settle_clock, sign_ins  # noqa: PLC0415 -- after Django is set up
    from lianfang.demo.plan import Plan  # noqa: PLC0415
    from lianfang.kernel.clock import now  # noqa: PLC0415
    from lianfang.regions.services import load_all  # noqa: PLC0415

    begun = time.monotonic()
    require_empty()
    settle_clock(options.clock)
    plan = Plan(now())
    progress.step("装入行政区划", "Loading the registers")
    load_all(at=plan.at)
    sign_ins(at=datetime.now(UTC))
    receipts = build(plan, progress)
    settle_clock(options.clock)  # from the same moment on, however long it took
    figures = counted()
    exact = (figures["vehicles"], figures["people"]) == (plan.vehicles, plan.people)
    answer = {**asdict(receipts), **figures, "days": plan.days, "seconds": round(time.monotonic() - begun, 1)}
    say(options, _told(plan, answer, exact), exact=exact, **answer)
    return 0 if exact else 1


def _told(plan: "Plan", answer: dict[str, object], exact: bool) -> str:
    verdict = "与来源数字完全一致 / exactly the source's" if exact else "与计划不符 / not as planned"
    return "\n".join(
        [
            f"{answer['vehicles']:,} 台次 vehicles · {answer['people']:,} 人次 people：{verdict}",
            f"{answer['checkpoints']} 个卡口 checkpoints · {plan.days} 天 days · {answer['seconds']:,} 秒 seconds",
            f"回执 receipts：{answer['accepted']:,} 已确认 accepted · {answer['duplicates']:,} 重复 duplicates · "
            f"{answer['conflicts']:,} 冲突 conflicts · {answer['set_aside']:,} 搁置 set aside",
            "打开 / open: lianfang serve --demo",
        ]
    )


def _handover(options: argparse.Namespace, progress: Telling) -> int:
    from lianfang.demo.city import GRIDS, counted, require_empty, settle_clock, sign_ins  # noqa: PLC0415 -- after Django is set up
    from lianfang.demo.jinzhou import OFFICERS, SOURCE, build_jinzhou, handed_over  # noqa: PLC0415
    from lianfang.kernel.clock import now  # noqa: PLC0415
    from lianfang.regions.services import load_all  # noqa: PLC0415

    begun = time.monotonic()
    require_empty()
    settle_clock(options.clock)
    at = now()
    progress.step("装入行政区划", "Loading the registers")
    load_all(at=at)
    sign_ins(at=datetime.now(UTC), officers=OFFICERS)
    receipts = build_jinzhou(at, progress)
    settle_clock(options.clock)  # from the same moment on, however long it took
    screened, handed = counted()["people"], handed_over()
    exact = (screened, handed) == (SOURCE.people, SOURCE.handed_over)
    answer = {**asdict(receipts), "grids": GRIDS, "people": screened, "handed_over": handed, "seconds": round(time.monotonic() - begun, 1)}  # fmt: skip
    verdict = "与来源数字完全一致 / exactly the source's" if exact else "与来源数字不符 / not the source's"
    told = f"{GRIDS:,} 个网格 grids · 排查 screened {screened:,} · 移交 handed over {handed:,}：{verdict}"
    say(options, f"{told}\n打开 / open: lianfang serve --demo", exact=exact, **answer)
    return 0 if exact else 1


def _rush(options: argparse.Namespace, progress: Telling) -> int:
    from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
    from lianfang.demo.city import open_city, require_demo_or_nothing, settle_clock  # noqa: PLC0415
    from lianfang.demo.rush import replay, simulated  # noqa: PLC0415
    from lianfang.kernel.clock import now  # noqa: PLC0415
    from lianfang.situation.fold import catch_up  # noqa: PLC0415

    require_demo_or_nothing()
    settle_clock(options.clock)
    queues = simulated()
    progress.step("重演高峰", "Replaying the rush")
    sent = replay(open_city(now()), at=now(), speed=options.speed, progress=progress)
    catch_up(worker_session())
    if not options.json:
        _chart(queues)
    rates = _rates(sent)
    ways = {way: asdict(queue) for way, queue in queues.items()}
    say(options, _sent(sent, rates), ways=ways, **asdict(sent.receipts), **rates)
    return 0 if sent.receipts.accepted == sent.passages + sent.people else 1


def _rates(sent: "Replayed") -> dict[str, float]:
    return {
        "passages": sent.passages,
        "people": sent.people,
        "seconds": round(sent.seconds, 2),
        "passages_per_second": round(sent.passages / sent.seconds, 1),
        "people_per_second": round(sent.people / sent.seconds, 1),
    }


def _sent(sent: "Replayed", rates: dict[str, float]) -> str:
    return (
        f"已确认 accepted {sent.receipts.accepted:,}：{sent.passages:,} 车 passages、{sent.people:,} 人 people，"
        f"{rates['seconds']} 秒 s，每秒 {rates['passages_per_second']:,} 车 passages/s"
    )


def _chart(queues: dict[str, "Queue"]) -> None:
    from rich.console import Console  # noqa: PLC0415 -- only where a chart is drawn
    from rich.table import Table  # noqa: PLC0415

    table = Table(title="75 分钟 390 车 600 人，4 条车道 / 390 vehicles, 600 people, 4 lanes in 75 minutes")
    for heading in (
        "登记方式 way",
        "最长队 longest",
        "平均等 mean min",
        "最久等 longest min",
        "排空 gone min",
    ):
        table.add_column(heading, justify="left" if heading.startswith("登记") else "right")
    highest = max(queue.longest_queue for queue in queues.values())
    for way, queue in queues.items():
        waits = (queue.mean_wait_minutes, queue.longest_wait_minutes, queue.gone_after_minutes)
        table.add_row(WAYS[way], str(queue.longest_queue), *map(str, waits))
    Console().print(table)
    print("每 5 分钟的队长 / the queue every 5 minutes")
    for way, queue in queues.items():
        bars = "".join(_BLOCKS[-(-length * 8 // max(1, highest))] for length in queue.lengths)
        print(f"  {WAYS[way].split()[-1]:<10}{bars}")


def _live(options: argparse.Namespace) -> int:
    stopping = _stop_signals(options.parent)
    with running(Silent()):
        import asyncio  # noqa: PLC0415 -- here with what needs it

        from lianfang.demo.city import is_demo, open_city  # noqa: PLC0415
        from lianfang.demo.jinzhou import is_jinzhou  # noqa: PLC0415
        from lianfang.demo.living import live, rhythm  # noqa: PLC0415
        from lianfang.kernel.clock import now  # noqa: PLC0415

        if not is_demo() or is_jinzhou():
            return 1
        receipts = asyncio.run(live(open_city(now()), rhythm(now()), clock=now, stopping=stopping))
    if options.json:
        say(options, "", **asdict(receipts))
    return 0


def _stop_signals(parent: int | None) -> Callable[[], bool]:
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return lambda: bool(asked) or (parent is not None and os.getppid() != parent)


def _moment(text: str) -> datetime:
    """Without an offset it is the city's time."""
    from lianfang.kernel.days import SHANGHAI  # noqa: PLC0415 -- only where a moment is read

    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _speed(text: str) -> float:
    speed = float(text)
    if not speed > 0:
        raise ValueError(text)
    return speed
