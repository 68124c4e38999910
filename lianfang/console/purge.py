"""lianfang purge: say what is due, and carry out what two officers have signed; the worker does the same by itself."""

import argparse
from typing import TYPE_CHECKING, Any

from lianfang.console import say
from lianfang.console.database import running

if TYPE_CHECKING:
    from lianfang.custody.planning import Forecast


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="只说明，不销毁 / say it, and do nothing")
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        from lianfang.custody.models import Purge  # noqa: PLC0415 -- after Django is set up
        from lianfang.custody.planning import dry_run  # noqa: PLC0415
        from lianfang.custody.purging import carry_out_signed  # noqa: PLC0415
        from lianfang.kernel.clock import now  # noqa: PLC0415

        done = [] if options.dry_run else carry_out_signed(at=now())
        certificates = [purge.certificate for purge in Purge.objects.filter(pk__in=done)]
        due = dry_run(Purge.Kind.RETENTION, at=now())
        waiting = Purge.objects.filter(done_at=None, refused_at=None, signed_at=None).count()
    say(options, _words(certificates, due, waiting), done=certificates, due=_as_json(due), unsigned=waiting)
    return 0


def _words(certificates: list[Any], due: "list[Forecast]", waiting: int) -> str:
    lines = [f"{line['kind']} {line['counts']}，{line['hash']}" for line in certificates if line]
    days = [one for one in due if one.planned.day]
    people = sum(one.counts.get("registration", 0) for one in days)
    lines.append(f"到期未销毁 / due: {len(days)} 天 / days，{people} 人次 / people")
    lines.append(f"等人签署 / to be signed at /desk/purges: {waiting}")
    return "\n".join(lines)


def _as_json(due: "list[Forecast]") -> list[dict[str, Any]]:
    return [
        {
            "what": one.planned.what,
            "day": str(one.planned.day or ""),
            "counts": one.counts,
            "keys": one.planned.keys,
        }
        for one in due
    ]
