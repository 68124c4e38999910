"""The other demo city: Jinzhou at the figures its command office reported in February 2020. Nobody in it exists.

5,478 grids with somebody for each; 54,000 people from outside found by screening, 3,000 of them from Hubei, 2,800 of those
under observation: the city's order only registers its own residents who come home from there.
"""

from datetime import datetime, timedelta

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.partitions import add_partitions
from lianfang.command.services import worker_session
from lianfang.demo.announced import announce, count_themselves
from lianfang.demo.answered import DoorAnswers
from lianfang.demo.checkpoints import BY_DAY, Gate
from lianfang.demo.city import GRIDS, JINZHOU, open_city
from lianfang.demo.households import settle_households
from lianfang.demo.loading import load
from lianfang.demo.observed import observe
from lianfang.demo.responsibility import answer_for_everything
from lianfang.demo.screened import DAYS, Screened, steps
from lianfang.demo.sending import ReceiptTally
from lianfang.demo.shift import begin_duty
from lianfang.kernel.reach import reach
from lianfang.machine.progress import Telling
from lianfang.referrals.models import Referral
from lianfang.regions.services import generate_grids
from lianfang.screening.services import lay_shipped

SOURCE = Screened()
ORDER, REASON = "jinzhou-2020", "演示城市"  # 四个凡是
DESK, CHECKER = "zhihuibu", "fuhe"
HEADQUARTERS = "锦州市疫情防控指挥部"
TOWNSHIP = "210781102"  # 余积镇, whose desk has a sign-in of its own
BEFORE, AHEAD = timedelta(days=DAYS), timedelta(days=20)
OFFICERS = (
    ("市指挥部值班员", DESK, "HEADQUARTERS", JINZHOU),
    ("市指挥部复核员", CHECKER, "HEADQUARTERS", JINZHOU),
    ("凌海市值班员", "linghai", "COUNTY_DESK", "210781"),
    ("义县值班员", "yixian", "COUNTY_DESK", "210727"),
    ("余积镇值班员", "yuji", "TOWNSHIP_DESK", TOWNSHIP),
    ("锦州高速口负责人", "gaosu", "CHECKPOINT_LEAD", "210711"),
    ("大屏", "daping", "WALL", JINZHOU),
    ("系统管理员", "guanli", "ADMINISTRATOR", JINZHOU),
    ("安全管理员", "anquan", "SECURITY_ADMINISTRATOR", JINZHOU),
    ("审计管理员", "shenji", "AUDITOR", JINZHOU),
)
GATES = (
    Gate("JZ01", "锦州高速口", "TOLL_GATE", "210711", 4, 121.11, 41.16, 16),
    Gate("JZ02", "锦州北高速口", "TOLL_GATE", "210702", 3, 121.08, 41.20, 10),
    Gate("JZ03", "凌海高速口", "TOLL_GATE", "210781", 3, 121.36, 41.17, 10),
    Gate("JZ04", "北镇高速口", "TOLL_GATE", "210782", 2, 121.80, 41.60, 8),
    Gate("JZ05", "黑山高速口", "TOLL_GATE", "210726", 2, 122.12, 41.70, 8),
    Gate("JZ06", "义县高速口", "TOLL_GATE", "210727", 2, 121.24, 41.54, 7),
    Gate("JZ07", "锦州站", "STATION", "210703", 2, 121.14, 41.13, 14),
    Gate("JZ08", "锦州南站", "STATION", "210711", 2, 121.03, 41.10, 14),
    Gate("JZ09", "义县省界卡口", "BOUNDARY", "210727", 1, 120.93, 41.60, 3, BY_DAY),
    Gate("JZ10", "黑山卡口", "ROAD", "210726", 1, 122.20, 41.62, 4, BY_DAY),
)


def is_jinzhou() -> bool:
    """Whether this folder holds this city: its figures stand still, so nobody arrives in it any more."""
    return Checkpoint.objects.filter(code=GATES[0].code).exists()


def build_jinzhou(
    at: datetime, progress: Telling, *, screened: Screened = SOURCE, answered: bool = True
) -> ReceiptTally:
    """In an empty folder: two weeks of arrivals through the intake, handed over as they come, answered at their doors.

    Not `answered`, nobody is handed over yet either.
    """
    progress.step("划分网格", "Drawing the grids")
    generate_grids(city_code=JINZHOU, count=GRIDS, at=at - BEFORE)
    answer_for_everything(at=at)
    add_partitions(back=1, ahead=1, of=at)
    lay_shipped(ORDER, since=at - BEFORE - AHEAD, until=at + AHEAD, reason=REASON)
    devices = open_city(at, gates=GATES)
    progress.step("外来人员排查、移交", "Screening arrivals and handing over")
    arriving = steps(screened, GATES, JINZHOU, at=at, progress=progress)
    receipts = (
        load(arriving, devices, then=DoorAnswers(DESK).answered_until)
        if answered
        else load(arriving, devices)
    )
    progress.step("建立住户台账", "Making the rosters")
    settle_households(at, township=TOWNSHIP)
    if answered:
        progress.step("隔离观察、健康打卡", "Quarantine and check-ins")
        observe(at)
        announce(at, author=DESK, approver=CHECKER, division=JINZHOU)
        count_themselves(at, keeper=DESK, township=TOWNSHIP)
    begin_duty(at=at, keeper=DESK, other=CHECKER, city=JINZHOU, name=HEADQUARTERS)
    return receipts


def handed_over() -> int:
    """People, each once however often he moved on."""
    with reach(worker_session()):
        return Referral.objects.filter(previous_id=None).count()
