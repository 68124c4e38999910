"""The columns of each sheet: what heads them, and what else people call them."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lianfang.screening.words import plain

RULES, AREAS, QUESTIONS, GUIDE = "规则", "重点地区", "提问", "说明"
SHEETS: Mapping[str, str] = {
    "规则": RULES, "rules": RULES, "疫情重点地区": AREAS, "重点地区": AREAS, "areas": AREAS, "提问": QUESTIONS,
    "questions": QUESTIONS, "说明": GUIDE, "guide": GUIDE,
}  # fmt: skip


class Column(NamedTuple):
    """`key`: a fact, or a field of a row. `names`: the first is written."""

    key: str
    names: tuple[str, ...]
    width: int
    example: str = ""


# Each fact has one; what has none, and a second condition about a fact, goes to 其他条件.
FACT_COLUMNS = (
    Column("direction", ("方向",), 6, "入"),
    Column("celsius_tenths", ("体温（℃）", "体温", "温度"), 12, "≥37.3"),
    Column("temperature_state", ("测温情况", "测温"), 10, "过低"),
    Column("symptoms", ("症状",), 12, "有；干咳、乏力"),
    Column("case_contact", ("接触过病例", "接触病例"), 11, "是"),
    Column("areas", ("到过重点地区", "重点地区", "到过疫情重点地区", "疫情重点地区"), 20, "高风险（14天内）"),
    Column("stays", ("到过的地方", "到过"), 20, "42、31（14天内）；非 21（14天内）"),
    Column("from_code", ("从哪来", "来自"), 14, "42；非 2103、2107"),
    Column("destination_code", ("到哪去", "去往"), 14, "2103"),
    Column("resident", ("本市居民", "居民"), 10, "否"),
    Column("purpose", ("事由",), 14, "货运、保供；非 返乡"),
    Column("transport", ("交通方式",), 14, "货车"),
    Column("document_type", ("证件", "证件种类"), 12, "护照、台胞证"),
    Column("age", ("年龄",), 10, "≥60；<14"),
)
RULE_COLUMNS = (
    Column("row", ("编号", "行号"), 16, "hubei-14"),
    Column("from", ("起", "开始日期", "起始日期"), 12, "2020-02-05"),
    Column("to", ("止", "结束日期", "截止日期"), 12, "2020-03-05"),
    *FACT_COLUMNS,
    Column("more", ("其他条件",), 24, "提问 cold_chain：是"),
    Column("unless", ("除非", "例外"), 24, "事由：就医、急救"),
    Column("kind", ("措施",), 12, "隔离观察"),
    Column("place", ("隔离地点", "地点"), 10, "居家"),
    Column("days", ("隔离天数", "天数"), 10, "14"),
    Column("lifts", ("豁免的行", "免除的行"), 16, "hubei-14、notify"),
    Column("zh", ("告知（中文）", "告知", "中文"), 44, "您到过疫情重点地区，请居家隔离14天。"),
    Column(
        "en",
        ("告知（英文）", "英文"),
        44,
        "You have been in an affected area. Please quarantine at home for 14 days.",
    ),
)
AREA_COLUMNS = (
    Column("code", ("地区", "代码", "区划代码"), 16, "42；420106"),
    Column("name", ("名称", "地名"), 24, "湖北省（只供阅读）"),
    Column("level", ("级别", "风险等级"), 10, "高风险"),
    Column("from", ("起", "开始日期"), 12, "2020-02-05"),
    Column("to", ("止", "结束日期"), 12, "2020-03-05"),
    Column("source", ("来源", "依据"), 50, "通告第1号"),
)
QUESTION_COLUMNS = (
    Column("key", ("代码", "问题代码"), 16, "cold_chain"),
    Column("kind", ("类型",), 10, "是否；选择；数字"),
    Column("zh", ("问题中文", "问题", "中文"), 40, "运的是冷链货物吗？"),
    Column("en", ("问题英文", "英文"), 40, "Is the load refrigerated?"),
    Column("directions", ("方向",), 10, "入、出"),
    Column("choice", ("选项代码",), 14, "FERRY"),
    Column("choice_zh", ("选项中文",), 24, "轮渡"),
    Column("choice_en", ("选项英文",), 24, "Ferry"),
)
# Above the headings of the rules: what the set is called and what it rests on.
TITLES: Mapping[str, str] = {
    "名称": "zh",
    "规则名称": "zh",
    "英文名称": "en",
    "依据": "source",
    "来源": "source",
}
TITLE_WORDS = (("zh", "名称"), ("en", "英文名称"), ("source", "依据"))
IGNORED = ("备注", "注", "#", "说明")
# By these a row is known to be the one of headings.
MARKS: Mapping[str, tuple[str, ...]] = {
    RULES: ("row", "kind"),
    AREAS: ("code", "level"),
    QUESTIONS: ("key", "kind"),
}
OF_SHEET: Mapping[str, Sequence[Column]] = {
    RULES: RULE_COLUMNS,
    AREAS: AREA_COLUMNS,
    QUESTIONS: QUESTION_COLUMNS,
}
_SPACE = re.compile(r"[\s:*()\[\]【】]+")
_BRACKETS = re.compile(r"[(\[【].*")


def heading(text: str) -> str:
    """规 则 and 规则： are one heading."""
    return _SPACE.sub("", plain(text).casefold())


def column_of(text: str, columns: Sequence[Column]) -> Column | None:
    """告知（英文） is 告知英文; what stands in brackets is left out where that is no column: 体温（°C）."""
    for said in (heading(text), heading(_BRACKETS.sub("", plain(text)))):
        for one in columns:
            if said == one.key or said in map(heading, one.names):
                return one
    return None


def is_ignored(text: str) -> bool:
    """A column or a row that is for the reader only."""
    return plain(text).startswith(IGNORED)
