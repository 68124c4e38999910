"""The desk and the terminal say the same of one sheet: names, townships of other cities, what is over."""

from datetime import date, datetime

import pytest

from lianfang.console.screening.register import is_registered, place_named, short_names
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import level, lineage, span
from lianfang.machine.postgres import Database
from lianfang.regions.models import Region
from lianfang.regions.rules import kind_of
from lianfang.screening.drafts import checked
from lianfang.screening.services import begin_from_sheet
from lianfang.screening.sheets import compiled_sheet, read_sheet
from tests import factories
from tests.screening.written import condition, row, written

HEAD = (
    "名称,规则\n英文名称,Rules\n编号,方向,起,止,到过的地方,措施,隔离地点,隔离天数,告知（中文）,告知（英文）\n"
)
ARRIVAL = "arrival,入,,,,登记放行,,,请登记。,Please register.\n"
NAMES = {
    "420000": "湖北省", "420100": "武汉市", "420106": "武昌区", "130000": "河北省", "130100": "石家庄市", "130102": "长安区",
    "610000": "陕西省", "610100": "西安市", "610116": "长安区", "330000": "浙江省", "330300": "温州市", "330382": "乐清市",
    "210000": "辽宁省", "210300": "鞍山市", "210381": "海城市", "210381101": "孤山镇",
}  # fmt: skip


@pytest.fixture
def places(clean: Database) -> None:
    """As much of the register as is named here."""
    for code, name in NAMES.items():
        lo, hi = span(code)
        above = lineage(code)
        Region.objects.using("owner").create(
            code=code, level=level(code), kind=kind_of(code, name), name=name, short_name=name.removesuffix("省").removesuffix("市"),
            pinyin="", parent_code=above[-2] if len(above) > 1 else None, lo=lo, hi=hi, valid_from=date(2019, 10, 31), edition="test",
        )  # fmt: skip


def sheet(stays: str, days: str = ",") -> bytes:
    quarantined = f"far,入,{days},{stays}（14天内）,隔离观察,居家,14,请隔离。,Quarantine.\n"
    return (HEAD + quarantined + ARRIVAL).encode()


@pytest.mark.parametrize(
    ("stays", "days", "codes"),
    [
        ("湖北、武汉市武昌区", ",", []),
        ("湖北武昌、温州市", ",", []),
        ("330382001", ",", []),  # of a county that is registered no further down
        ("330399001", ",", ["UNKNOWN_PLACE"]),
        ("210381999", ",", ["UNKNOWN_PLACE"]),  # of one that is
        ("长安区", ",", ["UNKNOWN_NAME"]),
        ("亚特兰蒂斯", ",", ["UNKNOWN_NAME"]),
        ("42", "2020-02-01,2020-02-10", ["OVER"]),
    ],
)
def test_the_desk_finds_what_the_terminal_finds(
    places: None, now: datetime, stays: str, days: str, codes: list[str]
) -> None:
    data = sheet(stays, days)
    terminal = compiled_sheet(
        read_sheet(data, name="规则.csv", resolve=place_named),
        exists=is_registered,
        on=day_of(now),
        names=short_names(),
    )
    draft, said = begin_from_sheet(by=factories.officer(), at=now, data=data, name="规则.csv")
    desk = checked(draft.content, at=now)
    assert [one.code for one in terminal.findings if one.code != "RULES_ALONE"] == codes
    assert {one.code for one in (*said, *desk.findings)} - {"RULES_ALONE", "UNKNOWN_OPERATOR"} == set(codes)
    assert desk.content == terminal.content


def test_areas_that_overlap_are_told_by_their_names(places: None, now: datetime) -> None:
    asks = row("area", condition("areas", "LEVEL", ["HIGH"], 14))
    areas = [{"code": "420106", "level": "HIGH"}, {"code": "42", "level": "HIGH"}]
    (finding,) = checked(written(asks, areas=areas), at=now).findings
    assert finding.zh.startswith("武昌区（高风险）与湖北重叠")
