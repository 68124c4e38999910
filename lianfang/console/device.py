"""lianfang device: enrol a device for a checkpoint and print its write token (for scripts, benches and demos)."""

import argparse
from datetime import timedelta

from lianfang.console import say
from lianfang.console.database import running
from lianfang.kernel.refusals import NotFound


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", metavar="CODE", help="卡口代码，默认第一个 / default: the first")
    parser.add_argument("--name", default="命令行设备", help="设备名称 / the device's name")
    parser.add_argument("--hours", type=int, default=24, help="有效小时数 / for how many hours")
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        from lianfang.checkpoints.models import Checkpoint  # noqa: PLC0415 -- after Django is set up
        from lianfang.checkpoints.services import issue_device  # noqa: PLC0415
        from lianfang.kernel.clock import now  # noqa: PLC0415

        known = Checkpoint.objects.filter(closed_at=None).order_by("code")
        found = known.filter(code=options.checkpoint).first() if options.checkpoint else known.first()
        if found is None:
            raise NotFound("CHECKPOINT_UNKNOWN", "没有这个卡口。", "There is no such checkpoint.")
        token, device = issue_device(
            checkpoint=found.code,
            name=options.name,
            at=now(),
            lasts=timedelta(hours=options.hours),
            items_per_second=None,
        )
        expires_at = device.expires_at.isoformat()
        say(
            options,
            f"{token}\n{found.code} {found.name} · {expires_at}",
            token=token,
            checkpoint=found.code,
            expires_at=expires_at,
        )
    return 0
