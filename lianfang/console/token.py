"""lianfang token: a read-only officer token for scripts, valid for 12 hours; with --display, one that opens the wall."""

import argparse
from datetime import timedelta

from lianfang.console import say
from lianfang.console.database import running
from lianfang.kernel.refusals import NotFound
from lianfang.machine.addresses import lan_addresses


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--officer",
        metavar="NAME",
        help="用户名，默认第一位指挥部值班员 / sign-in name; default: headquarters",
    )
    parser.add_argument(
        "--display",
        metavar="NAME",
        help="打开大屏的令牌，给这块大屏 / a token that opens the wall on this display",
    )
    parser.add_argument(
        "--days",
        type=int,
        default=90,
        help="大屏令牌有效天数，最长 90 / days a display's token lasts, 90 at most",
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        if options.display is None:
            _for_an_officer(options)
        else:
            _for_a_display(options)
    return 0


def _for_an_officer(options: argparse.Namespace) -> None:
    from lianfang.command.queries.officers import first_posted  # noqa: PLC0415 -- after Django is set up
    from lianfang.command.services import issue_token  # noqa: PLC0415

    name = options.officer or first_posted("HEADQUARTERS")
    if name is None:
        raise NotFound("OFFICER_UNKNOWN", "还没有指挥部值班员。", "There is no headquarters officer yet.")
    token, expires_at = issue_token(sign_in_name=name)
    said = {"token": token, "officer": name, "expires_at": expires_at.isoformat()}
    say(options, f"{token}\n{name} · {expires_at.isoformat()}", **said)


def _for_a_display(options: argparse.Namespace) -> None:
    from django.conf import settings  # noqa: PLC0415 -- after Django is set up

    from lianfang.command.services import issue_display_token  # noqa: PLC0415
    from lianfang.kernel.clock import now  # noqa: PLC0415

    lasts = timedelta(days=options.days)
    token, display = issue_display_token(name=options.display, lasts=lasts, at=now())
    host = next(iter(lan_addresses()), "localhost")
    address = f"https://{host}:{settings.HTTPS_PORT}/wall/open#{token}"
    expires_at = display.expires_at.isoformat()
    said = {"token": token, "address": address, "display": display.name, "expires_at": expires_at}
    say(options, f"{token}\n{address}\n{display.name} · {expires_at}", **said)
