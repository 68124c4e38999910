"""The sheet 说明: how to fill in the others, and every word that may be written."""

from collections.abc import Iterator, Sequence

from lianfang.screening import words
from lianfang.screening.form import MAX_DAYS, MAX_LOOK_BACK, MAX_QUARANTINE
from lianfang.screening.sheets.columns import (
    AREA_COLUMNS,
    AREAS,
    FACT_COLUMNS,
    QUESTION_COLUMNS,
    RULE_COLUMNS,
    Column,
)
from lianfang.screening.words import Words

_HOW = (
    ("规则", "一行一条规则。同一行的条件要全部成立（并且），“除非”里有一条成立就不适用。空格就是不问这一项。要“或者”就写成两行，或在一格里写几个词：货运、保供。"),
    ("所有适用的行都算", "同一种措施取最严的；“豁免”行免去它写明的那些行。发热门诊、复测、登记放行谁都不能豁免。"),
    ("没有说的", "对没有说明的事，条件不成立；要找没有说明的人，写“未说明”。"),
    ("数字", "体温写摄氏度：≥37.3、>37.3、<35.0；范围写 ≥37.3、<38 或 37.3-38。以上、以下包括本数，超过、不满不包括。"),
    ("地区", "写区划代码：省 42、市 2103、县 420106、乡镇 9 位、村 12 位，几个用“、”分开。“非 2103”是在它以外。"),
    ("到过", f"写几天内：42、31（14天内），最多 {MAX_LOOK_BACK} 天；正从那里来也算到过。"),
    ("其他条件、除非", "一行一条，前面写列名：“事由：就医、急救”“体温：≥37.3”“提问 cold_chain：是”。"),
    ("日期", f"写 2020-02-05 或 2020年2月5日；起止最长 {MAX_DAYS} 天。"),
    ("隔离", f"隔离观察要写地点（居家、集中）和天数（1 到 {MAX_QUARANTINE}）。"),
    ("建议劝返", "对本市居民、返乡、就医、急救、发热和有症状的人不适用，程序会自动写入“除非”。"),
    ("登记", "必须有一行“登记放行”，条件只写方向是“入”。"),
    ("身份证", "身份证前六位只说明证件在哪里签发，不能作条件。"),
    ("提问", "选择题每个选项一行，代码写在第一行。一旦生效，各卡口手机就会问。"),
    ("不要", "不要写公式；合并的单元格会提醒；隐藏的工作表不读取。只给人看的列或行，用“备注”开头。"),
)  # fmt: skip
_LISTS: Sequence[tuple[str, Words]] = (
    ("方向", words.DIRECTIONS),
    ("事由", words.PURPOSES),
    ("交通方式", words.TRANSPORTS),
    ("证件", words.DOCUMENTS),
    ("测温情况", words.READINGS),
    ("症状", words.SYMPTOMS),
    ("级别", words.LEVELS),
    ("措施", words.MEASURES),
    ("隔离地点", words.PLACES),
    ("类型", words.QUESTION_KINDS),
)


def guide() -> Iterator[tuple[str, str]]:
    """A name and what is to be said of it; a heading where there is nothing."""
    yield "怎么填 · How to fill this in", ""
    yield from _HOW
    for name, columns in (("规则", RULE_COLUMNS), (AREAS, AREA_COLUMNS), ("提问", QUESTION_COLUMNS)):
        yield f"{name}：各列和例子", ""
        yield from ((column.names[0], _example(column)) for column in columns)
    yield "可以写的词（也可以写代码）", ""
    yield from (
        (name, "、".join(f"{several[0]}（{code}）" for code, several in known.items()))
        for name, known in _LISTS
    )


def _example(column: Column) -> str:
    asks = (
        "；未说明" if column in FACT_COLUMNS and column.key not in ("areas", "symptoms", "direction") else ""
    )
    return f"例：{column.example}{asks}"
