"""Builds the demo city once: grids, eighteen checkpoints, officers with random passwords, weeks of traffic."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from lianfang.checkpoints.models import Device, Passage
from lianfang.checkpoints.partitions import add_partitions
from lianfang.checkpoints.services import issue_device, open_border_checkpoint
from lianfang.command.models import Officer
from lianfang.command.services import appoint, post, set_password, waive_second_factor, worker_session
from lianfang.demo.announced import announce, count_themselves, put_up
from lianfang.demo.answered import DoorAnswers
from lianfang.demo.checkpoints import GATES, Gate
from lianfang.demo.closings import close_past_shifts
from lianfang.demo.households import TOWNSHIP, settle_households
from lianfang.demo.loading import HOUR, load, steps
from lianfang.demo.observed import observe
from lianfang.demo.orders import lay_rules
from lianfang.demo.outbox import LanePhone, senders
from lianfang.demo.plan import DAYS, Plan
from lianfang.demo.responsibility import answer_for_everything
from lianfang.demo.sending import ReceiptTally
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.machine import private_files
from lianfang.machine.progress import Telling
from lianfang.regions.services import generate_grids
from lianfang.situation.cells import add, known, read
from lianfang.situation.models import FoldPosition

# A first start may take a minute at most: a tenth of the city's traffic, over two weeks.
SMALL_DAYS, SMALL_VEHICLES, SMALL_PEOPLE = 15, 12_000, 25_700
SMALL_STEP = timedelta(hours=2)
JINZHOU, GRIDS = "210700", 5_478  # the number of grids Jinzhou reported in February 2020
REGISTERED_FROM = date(2019, 10, 31)
PHONE = "演示手机{lane}道"
LASTS = timedelta(days=400)
HAICHENG, FACILITY = "210381", "210381001"  # 海州街道


class SignIn(NamedTuple):
    """A demo sign-in as it is printed."""

    name: str
    sign_in_name: str
    password: str


COMMAND = "zhihuibu"
COUNTY_DESK = "haicheng"
LEAD = "xiliukou"
CHECKER = "fuhe"
OFFICERS = (
    ("市指挥部值班员", COMMAND, "HEADQUARTERS", "210300"),
    ("市指挥部复核员", CHECKER, "HEADQUARTERS", "210300"),
    ("海城市值班员", COUNTY_DESK, "COUNTY_DESK", "210381"),
    ("岫岩县值班员", "xiuyan", "COUNTY_DESK", "210323"),
    ("西柳镇值班员", "xiliu", "TOWNSHIP_DESK", "210381112"),
    ("西柳高速口负责人", LEAD, "CHECKPOINT_LEAD", "210381"),
    ("大屏", "daping", "WALL", "210300"),
    ("系统管理员", "guanli", "ADMINISTRATOR", "210300"),
    ("安全管理员", "anquan", "SECURITY_ADMINISTRATOR", "210300"),
    ("审计管理员", "shenji", "AUDITOR", "210300"),
)


def small(at: datetime) -> Plan:
    return Plan(at, SMALL_VEHICLES, SMALL_PEOPLE, SMALL_DAYS)


def is_demo() -> bool:
    return Device.objects.filter(name=PHONE.format(lane=1)).exists()


def holds_records() -> bool:
    with reach(worker_session()):
        return Passage.objects.exists()


def require_empty() -> None:
    if holds_records():
        raise Refusal(
            "NOT_EMPTY",
            "这个数据目录里已有通行记录，全量演示只能装入空的数据目录：请换一个（--data）。",
            "This data folder already holds records; the whole volume is loaded into an empty one: name another (--data).",
        )


def require_demo_or_nothing() -> None:
    """Nobody who does not exist may come into a real city."""
    if holds_records() and not is_demo():
        raise Refusal(
            "NOT_A_DEMO",
            "这个数据目录里是一座真实城市的记录，演示只能放在空的或演示用的数据目录（--data）。",
            "This data folder holds a real city's records: a demo needs an empty folder, or one of its own (--data).",
        )


def settle_clock(moment: datetime | None) -> None:
    """From now on it is `moment` in this demo city, in this process and in those that start after it. None: as it is."""
    if moment is None:
        return
    if day_of(moment) < REGISTERED_FROM + timedelta(days=DAYS):
        raise Refusal(
            "CLOCK_EARLY",
            f"行政区划从 {REGISTERED_FROM} 起登记，演示城市的时间要再晚 {DAYS} 天以上。",
            f"The registers begin on {REGISTERED_FROM}: a demo city lives at least {DAYS} days later.",
        )
    folded_at = FoldPosition.objects.get(pk=1).folded_at
    if folded_at is not None and moment < folded_at and holds_records():
        raise Refusal(
            "CLOCK_BACK",
            f"演示城市的时间不能倒退：那里已经是 {folded_at:%Y-%m-%d %H:%M} UTC。换一个更晚的 --clock 或空的数据目录。",
            f"Time does not go back in a demo city: it is {folded_at:%Y-%m-%d %H:%M} UTC there. "
            "Give a later --clock, or an empty folder.",
        )
    settings.SCENARIO = settings.DATA.set_scenario(moment)


def counted() -> dict[str, int]:
    """What stands on the board: vehicles (台次), people (人次), and at how many checkpoints."""
    rows = read("CHECKPOINT", ["key"], known(None))
    total = add(rows)
    return {"vehicles": total["vehicles"], "people": total["people"], "checkpoints": len(rows)}


def build(plan: Plan, progress: Telling, *, step: timedelta = HOUR) -> ReceiptTally:
    """The city and all its traffic, in a folder that holds no records yet. Its past is known in such steps, and whoever was
    handed over in it was answered at his door.
    """
    progress.step("划分网格", "Drawing the grids")
    # Drawn before the emergency: whoever answers for a grid is asked about as of any day of it.
    generate_grids(city_code=JINZHOU, count=GRIDS, at=plan.at - timedelta(days=DAYS))
    answer_for_everything(at=plan.at)
    add_partitions(back=1, ahead=1, of=plan.at)
    lay_rules(plan.at)
    devices = open_city(plan.at)
    progress.step("生成通行记录", "Generating the traffic")
    receipts = load(steps(plan, progress, step=step), devices, then=DoorAnswers(COMMAND).answered_until)
    close_past_shifts(COUNTY_DESK, at=plan.at)
    progress.step("建立住户台账", "Making the rosters")
    settle_households(plan.at)
    progress.step("隔离观察、健康打卡", "Quarantine and check-ins")
    put_up(plan.at, keeper=COUNTY_DESK, division=FACILITY, name="海城市集中隔离点（宾馆）")
    observe(plan.at)
    announce(plan.at, author=COUNTY_DESK, approver=COMMAND, division=HAICHENG)
    count_themselves(plan.at, keeper=COUNTY_DESK, township=TOWNSHIP)
    return receipts


def open_city(at: datetime, *, gates: Sequence[Gate] = GATES) -> dict[LanePhone, Device]:
    """The checkpoints and a phone for each lane, as long as those there are do not last."""
    since = at - timedelta(days=DAYS)
    for gate in gates:
        open_border_checkpoint(
            code=gate.code, name=gate.name, kind=gate.kind, division=gate.division, lanes=gate.lanes,
            longitude=gate.longitude, latitude=gate.latitude, at=since,
            hours=(time(gate.hours[0]), time(gate.hours[1])) if gate.hours else None,
        )  # fmt: skip
    named = {sender: PHONE.format(lane=sender.lane) for gate in gates for sender in senders(gate)}
    held = Device.objects.filter(name__in=set(named.values()), expires_at__gt=at, revoked_at=None)
    known = {(device.checkpoint_id, device.name): device for device in held.select_related("checkpoint")}
    return {
        sender: known.get((sender.gate, name))
        or issue_device(checkpoint=sender.gate, name=name, at=since, lasts=LASTS, items_per_second=None)[1]
        for sender, name in named.items()
    }


def sign_ins(*, at: datetime, officers: Sequence[tuple[str, str, str, str]] = OFFICERS) -> list[SignIn]:
    """Random passwords, kept in the data folder so that the next start can print them again."""
    file = settings.DATA.path / "demo.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    signs = [SignIn(name, sign_in, known.get(sign_in) or _password()) for name, sign_in, _, _ in officers]
    private_files.replace(file, json.dumps({sign.sign_in_name: sign.password for sign in signs}).encode())
    for sign, (_, _, role, division) in zip(signs, officers, strict=True):
        _officer(sign, role, division, at=at)
    return signs


def _password() -> str:
    """Random, and of two kinds of characters whatever chance brings."""
    return "-".join(secrets.token_hex(2) for _ in range(3))


@transaction.atomic
def _officer(sign: SignIn, role: str, division: str, *, at: datetime) -> None:
    """Whoever tries the demo has no phone at hand: a password does. Each start puts back what somebody tried out."""
    officer = Officer.objects.filter(sign_in_name=sign.sign_in_name).first()
    if officer is None:
        officer = appoint(
            sign_in_name=sign.sign_in_name,
            name=sign.name,
            password=sign.password,
            second_factor=False,
            at=at,
        )
        post(officer=officer, role=role, division=division, at=at)
    else:
        set_password(officer=officer, password=sign.password, at=at)
        waive_second_factor(officer=officer)
