"""lianfang token: a read-only officer token for scripts, valid for 12 hours."""

import argparse

from lianfang.console import say
from lianfang.console.database import running
from lianfang.kernel.refusals import NotFound


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--officer",
        metavar="NAME",
        help="用户名，默认第一位指挥部值班员 / sign-in name; default: headquarters",
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        from lianfang.command.models import Officer  # noqa: PLC0415 -- after Django is set up
        from lianfang.command.services import issue_token  # noqa: PLC0415

        name = options.officer
        if name is None:
            first = (
                Officer.objects.filter(left_at=None, postings__role="HEADQUARTERS")
                .order_by("made_at")
                .first()
            )
            if first is None:
                raise NotFound(
                    "OFFICER_UNKNOWN", "还没有指挥部值班员。", "There is no headquarters officer yet."
                )
            name = first.sign_in_name
        token, expires_at = issue_token(sign_in_name=name)
        say(
            options,
            f"{token}\n{name} · {expires_at.isoformat()}",
            token=token,
            officer=name,
            expires_at=expires_at.isoformat(),
        )
    return 0
