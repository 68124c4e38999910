"""A line of responsibility for the tests: divisions of two counties down to micro-grids, and the acts upon them, brief."""

from datetime import date, datetime, timedelta
from uuid import UUID

from lianfang.command.models import ResponsiblePerson
from lianfang.command.services import (
    Official,
    assign_responsible,
)
from lianfang.kernel.divisions import level, lineage, span
from lianfang.kernel.reach import Reach
from lianfang.regions.models import Region
from tests.factories import ANSHAN, HAICHENG, XIUYAN

TOWNSHIP, NEXT_TOWNSHIP = "210381101", "210323100"
VILLAGE, NEXT_VILLAGE = "210381101200", "210381101201"
GRID, NEXT_GRID = "210381101200001", "210381101200002"
MICRO = "210381101200001001"
NAMES = {
    "210000": "辽宁省",
    ANSHAN: "鞍山市",
    HAICHENG: "海城市",
    XIUYAN: "岫岩满族自治县",
    TOWNSHIP: "孤山镇",
    NEXT_TOWNSHIP: "岫岩镇",
    VILLAGE: "大孤山村民委员会",
    NEXT_VILLAGE: "小孤山村民委员会",
    GRID: "第1网格",
    NEXT_GRID: "第2网格",
    MICRO: "第1微网格",
}
PHONE = "0412-3220120"


def register_places(**more: str) -> None:
    Region.objects.using("owner").bulk_create(
        [
            place(code, name)
            for code, name in (NAMES | {key.lstrip("c"): one for key, one in more.items()}).items()
        ]
    )


def place(code: str, name: str, *, since: date = date(2019, 10, 31)) -> Region:
    lo, hi = span(code)
    above = lineage(code)
    short = name.replace("村民委员会", "村").replace("满族自治县", "县")
    return Region(
        code=code, level=level(code), name=name, short_name=short, pinyin="", lo=lo, hi=hi, valid_from=since,
        parent_code=above[-2] if len(above) > 1 else None, edition="test",
    )  # fmt: skip


def official(name: str = "王书记", *, phone: str = PHONE, officer_id: UUID | None = None) -> Official:
    return Official(name, "孤山镇党委书记", phone, officer_id)


def stands(
    by: Reach, division: str, name: str, *, at: datetime, kind: str = "PRINCIPAL"
) -> ResponsiblePerson:
    """Somebody assigned and acknowledged in one go."""
    return assign_responsible(
        by=by, at=at, division=division, kind=kind, official=official(name), acknowledged=True
    )


def waits(by: Reach, division: str, name: str, *, at: datetime, kind: str = "PRINCIPAL") -> ResponsiblePerson:
    return assign_responsible(by=by, at=at, division=division, kind=kind, official=official(name))


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
