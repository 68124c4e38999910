"""lianfang activate: whoever stands at the server gives an officer an activation link, at first or after a loss."""

import argparse
from typing import TYPE_CHECKING

from lianfang.console import say
from lianfang.console.database import running
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.machine.addresses import lan_addresses

if TYPE_CHECKING:
    from datetime import datetime

    from lianfang.command.models import Officer


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--officer", metavar="NAME", required=True, help="用户名 / sign-in name")
    parser.add_argument(
        "--role",
        metavar="ROLE",
        help="还没有这个人时，按这个岗位建立账号 / appoint them in this role if missing",
    )
    parser.add_argument("--name", metavar="NAME", help="新账号的姓名 / the new officer's name")
    parser.add_argument(
        "--division",
        metavar="CODE",
        help="新账号管辖的区划代码，默认与首位系统管理员相同 / the new officer's division; default: the administrator's",
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        activate(options)
    return 0


def activate(options: argparse.Namespace) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 -- beside what comes after Django is set up

    from django.conf import settings  # noqa: PLC0415 -- after Django is set up

    from lianfang.command.models import Officer  # noqa: PLC0415
    from lianfang.command.services import ACTIVATION_LASTS, make_activation_link  # noqa: PLC0415

    at = datetime.now(UTC)  # links keep the real clock
    officer = Officer.objects.filter(sign_in_name=options.officer, left_at=None).first()
    if officer is None:
        officer = _appointed(options, at)
    elif options.role:
        raise Refusal(
            "OFFICER_EXISTS",
            "这个用户名已经有人；换岗位请安全管理员办理。去掉 --role 就只发激活链接。",
            "There is such an officer; the security administrator changes roles. Without --role only a link is made.",
        )
    token = make_activation_link(officer=officer, by=None, at=at)
    host = next(iter(lan_addresses()), "localhost")
    address = f"https://{host}:{settings.HTTPS_PORT}/activate/{token}"
    expires_at = (at + ACTIVATION_LASTS).isoformat()
    said = {"address": address, "token": token, "officer": officer.sign_in_name, "expires_at": expires_at}
    say(options, f"{address}\n{officer.sign_in_name} {officer.name} · {expires_at}", **said)


def _appointed(options: argparse.Namespace, at: "datetime") -> "Officer":
    from django.db import transaction  # noqa: PLC0415 -- after Django is set up

    from lianfang.command.models import Posting  # noqa: PLC0415
    from lianfang.command.services import appoint, post  # noqa: PLC0415

    if not options.role or not options.name:
        raise NotFound(
            "OFFICER_UNKNOWN",
            "没有这个用户名。要新建账号，请加 --role 岗位 --name 姓名。",
            "There is no officer of this sign-in name. To appoint one, add --role and --name.",
        )
    division = options.division
    if division is None:
        first = Posting.objects.filter(role="ADMINISTRATOR").order_by("from_at").first()
        if first is None:
            raise Refusal(
                "DIVISION_MISSING",
                "请用 --division 写明区划代码，如 210300。",
                "Name the division with --division, such as 210300.",
            )
        division = first.division
    with transaction.atomic():
        officer = appoint(sign_in_name=options.officer, name=options.name, at=at)
        post(officer=officer, role=options.role, division=division, at=at)
    return officer
