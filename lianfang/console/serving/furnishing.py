"""What a city needs before its doors open: registers, a demo city or a set-up link; and the words of welcome."""

import argparse
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import segno

from lianfang.command.models import Officer
from lianfang.command.services import SYSTEM_OFFICER, make_set_up_link
from lianfang.demo.city import (
    CHECKER,
    COUNTY_DESK,
    LEAD,
    OFFICERS,
    SMALL_STEP,
    SignIn,
    build,
    is_demo,
    open_city,
    require_demo_or_nothing,
    settle_clock,
    sign_ins,
    small,
)
from lianfang.demo.jinzhou import OFFICERS as OF_JINZHOU
from lianfang.demo.jinzhou import is_jinzhou
from lianfang.demo.living import made_up
from lianfang.demo.loading import load
from lianfang.demo.responsibility import answer_for_everything
from lianfang.demo.shift import begin_duty, begin_shift
from lianfang.kernel.clock import now
from lianfang.machine.addresses import lan_addresses
from lianfang.machine.progress import Telling
from lianfang.regions.services import load_all

if TYPE_CHECKING:
    from lianfang.console.serving.places import Places


def furnish(options: argparse.Namespace, progress: Telling) -> "Callable[[Places], None]":
    """Loads what is missing and answers a function that prints the welcome once the doors are open."""
    at = datetime.now(UTC)  # sign-ins and links keep the real clock
    if options.demo:
        require_demo_or_nothing()
        settle_clock(options.clock)
    progress.step("装入行政区划", "Loading the registers")
    load_all(at=at)
    still = is_jinzhou()  # its figures are the source's: nobody arrives there any more
    signs = sign_ins(at=at, officers=OF_JINZHOU if still else OFFICERS) if options.demo else []
    if options.demo and not still:
        _traffic(progress, still=options.still)
    nobody = not Officer.objects.exclude(pk=SYSTEM_OFFICER).exists()
    link = make_set_up_link(at=at) if options.empty and nobody else None
    return lambda places: _welcome(places, signs, link)


def _traffic(progress: Telling, *, still: bool) -> None:
    """Two weeks of it the first time, later what a pause left out; nobody new where the city is to stay as it is."""
    at = now()
    if is_demo():
        load(() if still else made_up(at, progress), open_city(at))
        answer_for_everything(at=at)
    else:
        build(small(at), progress, step=SMALL_STEP)
    begin_shift(open_city(at), at=at, giver=COUNTY_DESK, taker=LEAD)
    begin_duty(at=at, keeper=COUNTY_DESK, other=CHECKER)


def _welcome(places: "Places", signs: list[SignIn], link: str | None) -> None:
    here = f"http://localhost:{places.http_port}"
    lines = ["", "联防 Lianfang", f"  本机 / this machine   {here}/"]
    network = lan_addresses() if places.lan else []
    lines += [f"  局域网 / network      https://{address}:{places.https_port}/" for address in network]
    if link:
        lines += [
            "",
            f"  首位管理员（24 小时内有效，只能用一次）/ first administrator:\n  {here}/set-up/{link}",
        ]
    if signs:
        lines += ["", "  演示账号 / demo sign-ins（只对这份数据有效 / of this data folder only）"]
        lines += [f"    {sign.name:<10} {sign.sign_in_name:<12} {sign.password}" for sign in signs]
    if places.https_port:
        start = f"https://{network[0] if network else 'localhost'}:{places.https_port}/start"
        lines += ["", f"  手机扫码 / scan with a phone: {start}", _qr(start)]
    print("\n".join(lines), flush=True)


def _qr(text: str) -> str:
    drawn = io.StringIO()
    segno.make(text, error="m").terminal(drawn, compact=True)
    return drawn.getvalue()
