"""Pasted lists: as people write them in chat groups. Names here are generated and nobody's."""

from decimal import Decimal

import pytest

from lianfang.quarantine.pasted import PastedDoubt, PastedKind, read_pasted
from lianfang.quarantine.typed import readings_in, symptoms_in, typed_reading

NAMES = ["测甲", "测乙一", "测乙", "欧阳测丙"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("36.5", "36.5"), ("36。5", "36.5"), ("36度5", "36.5"), ("体温36.5℃", "36.5"), ("体温:36.5°C", "36.5"), ("365", "36.5"),
        ("36点5", "36.5"), ("36", "36.0"), ("37度", "37.0"), ("36.55", "36.6"), ("36,5", "36.5"), ("36度5分", "36.5"),
        ("8:36 36.7", "36.7"), ("8点36分 36度7", "36.7"), ("早8点 36.5", "36.5"), ("36.5 室内", "36.5"), ("早36.5 晚36.5", "36.5"),
        ("37岁 36.5", "36.5"), ("35岁 38.6", "38.6"), ("67岁 36栋2单元 38.6", "38.6"), ("365室 38.2", "38.2"), ("孕36周 36.6", "36.6"),
    ],
)  # fmt: skip
def test_a_temperature_is_read_however_it_is_typed(text: str, read: str) -> None:
    assert readings_in(text) == (Decimal(read),)


@pytest.mark.parametrize(
    "text", ["没量", "13936512345", "第36楼", "36栋", "43号", "37岁", "36周岁", "8:36", "", "5.36", "50.1", "33.9", "43.5", "36.123"]
)  # fmt: skip
def test_what_is_no_temperature_of_a_person_is_none(text: str) -> None:
    assert readings_in(text) == ()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("早36.4晚36.8", ["36.4", "36.8"]), ("早36.5 晚38.2", ["36.5", "38.2"]), ("38.2-36.5", ["38.2", "36.5"]),
        ("36,38.6", ["36.0", "38.6"]), ("第一次37.9，复测36.9", ["37.9", "36.9"]),
    ],
)  # fmt: skip
def test_of_several_temperatures_none_is_lost(text: str, read: list[str]) -> None:
    assert [str(one) for one in readings_in(text)] == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("36.5", "36.5"), ("38。5", "38.5"), ("３８．５", "38.5"), ("385", "38.5"), ("38度5", "38.5"), (" 38 ", "38.0"), ("38.5℃", "38.5"),
        ("36,5", "36.5"), ("", None), ("3850", None), ("85", None), ("三十八", None), ("36.5 38.2", None), ("0x26", None),
    ],
)  # fmt: skip
def test_a_box_is_read_as_the_households_page_reads_it(text: str, read: str | None) -> None:
    assert typed_reading(text) == (Decimal(read) if read else None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("无异常", ()), ("正常", ()), ("无", ()), ("没有发烧", ()), ("不发烧不咳嗽", ()), ("无发热、咳嗽等症状", ()), ("无不适", ()),
        ("没有不舒服", ()), ("未发热", ()), ("没发烧", ()), ("一切正常", ()),
        ("咳嗽", ("COUGH",)), ("有点发烧", ("FEVER",)), ("不舒服", ("OTHER",)), ("没劲", ("FATIGUE",)), ("乏力咳嗽", ("COUGH", "FATIGUE")),
        ("不发烧，有点咳嗽", ("COUGH",)), ("无发热，咳嗽", ("COUGH",)), ("拉肚子", ("DIARRHOEA",)), ("嗓子疼", ("SORE_THROAT",)), ("胸闷", ("BREATHLESSNESS",)),
        ("浑身酸痛", ("MUSCLE_ACHE",)), ("有异常", ("OTHER",)), ("无力", ("FATIGUE",)),
        ("不过咳嗽", ("COUGH",)), ("不过有咳嗽", ("COUGH",)), ("是不是发烧了", ("FEVER",)), ("有没有发烧", ("FEVER",)), ("还是不发烧", ()),
        ("不是发烧", ()), ("没有过发烧", ()), ("没什么不舒服", ()), ("有无发热：无", ()), ("有无发热咳嗽：没有", ()), ("咳嗽：无 发热：有", ("FEVER",)),
        ("是否发热 否", ()), ("有无发热：有", ("FEVER",)), ("咳嗽：无力", ("COUGH", "FATIGUE")),
    ],
)  # fmt: skip
def test_what_somebody_complains_of_is_read_and_what_he_denies_is_not(
    text: str, read: tuple[str, ...]
) -> None:
    assert symptoms_in(text) == read


def lines(text: str) -> list[tuple]:
    return [
        (
            line.kind,
            line.number,
            [(one.name, str(one.celsius) if one.celsius else None, one.symptoms) for one in line.reports],
        )
        for line in read_pasted(text, NAMES)
    ]


@pytest.mark.parametrize(
    ("text", "kind", "number", "reports"),
    [
        ("3. 测甲 36.5 无异常", "READ", 3, [("测甲", "36.5", ())]),
        ("３．测甲　３６．５　正常", "READ", 3, [("测甲", "36.5", ())]),
        ("3、“测甲”，体温36.5℃", "READ", 3, [("测甲", "36.5", ())]),
        ("3.测甲36度5", "READ", 3, [("测甲", "36.5", ())]),
        ("(3) 测甲 36.5", "READ", 3, [("测甲", "36.5", ())]),
        ("36.测甲 36.6", "READ", 36, [("测甲", "36.6", ())]),
        ("12 测甲 36.6", "READ", 12, [("测甲", "36.6", ())]),
        ("测甲 36.5", "READ", None, [("测甲", "36.5", ())]),
        ("36.5 测甲", "READ", None, [("测甲", "36.5", ())]),
        ("测甲 36.5 有无发热咳嗽：有", "READ", None, [("测甲", "36.5", ("FEVER", "COUGH"))]),
        ("测甲 咳嗽", "READ", None, [("测甲", None, ("COUGH",))]),
        ("测乙一 36.5", "READ", None, [("测乙一", "36.5", ())]),
        ("测甲 36.5 测乙 36.8 欧阳测丙 37.4 咳嗽", "READ", None,
         [("测甲", "36.5", ()), ("测乙", "36.8", ()), ("欧阳测丙", "37.4", ("COUGH",))]),
        ("测甲 测乙 都正常", "NO_READING", None, [("测甲", None, ()), ("测乙", None, ())]),
        ("测甲 测乙 都咳嗽", "READ", None, [("测甲", None, ("COUGH",)), ("测乙", None, ("COUGH",))]),
        ("5. 测甲", "NO_READING", 5, [("测甲", None, ())]),
        ("4. 测无名 36.5", "NOBODY", 4, []),
        ("36.5 无异常", "NOBODY", None, []),
        ("大家早上好", "NOBODY", None, []),
        ("#接龙", "HEADER", None, []),
        ("例 张某 36.5 无异常", "HEADER", None, []),
    ],
)  # fmt: skip
def test_a_line_is_read_as_it_is_written(
    text: str, kind: str, number: int | None, reports: list[tuple]
) -> None:
    assert lines(text) == [(kind, number, reports)]


@pytest.mark.parametrize(
    ("text", "doubt", "celsius"),
    [
        ("测甲 早36.5 晚38.2", PastedDoubt.READING, "38.2"),
        ("测甲 41 36.5", PastedDoubt.READING, "41.0"),
        ("测甲 36.5 是不是发烧了", PastedDoubt.SYMPTOM, "36.5"),
        ("测甲 36.5 有无发热", PastedDoubt.SYMPTOM, "36.5"),
    ],
)
def test_what_may_mean_two_things_is_chosen_and_the_highest_is_shown(
    text: str, doubt: PastedDoubt, celsius: str
) -> None:
    (line,) = read_pasted(text, NAMES)
    (report,) = line.reports
    assert (line.kind, report.doubts, str(report.celsius)) == (PastedKind.AMBIGUOUS, (doubt,), celsius)


@pytest.mark.parametrize(
    "text",
    [
        "3. 测甲民 36.5 无异常", "小测甲 36.5", "测甲·乙 36.5", "测甲健 36.5", "测甲全 36.5", "测甲均 36.5", "测甲有 36.5", "测甲晚 36.5",
        "测甲家 36.5", "测乙一切正常 36.5", "测甲妈妈 36.5", "测甲 妈妈 38.2", "测甲家人 36.5", "测甲和 36.5", "测甲民 36.5 测乙 36.6",
        "测甲 36.5 测甲民 36.6",
    ],
)  # fmt: skip
def test_a_name_that_may_be_a_part_of_anothers_is_chosen_and_never_taken(text: str) -> None:
    (line,) = read_pasted(text, NAMES)
    assert line.kind == PastedKind.AMBIGUOUS
    assert PastedDoubt.NAME in [doubt for one in line.reports for doubt in one.doubts]


@pytest.mark.parametrize(
    "text",
    [
        "测甲36.5", "测甲体温36.5", "测甲正常 36.5", "测甲无异常36.5", "测甲无 36.5", "测甲没有发烧 36.5", "测甲咳嗽36.5", "测甲有点发烧 36.5",
        "测甲健康 36.5", "测甲今早36.5", "测甲早上36.5", "测甲一切正常36.5", "姓名测甲 36.5", "户主测甲 36.5", "3栋测甲 36.5", "妈妈测甲 36.5",
        "测甲测乙 36.5", "测甲和测乙都正常 36.5", "测甲、测乙均无异常 36.5",
    ],
)  # fmt: skip
def test_what_touches_a_name_and_is_no_part_of_one_raises_no_doubt(text: str) -> None:
    (line,) = read_pasted(text, NAMES)
    assert [one.name for one in line.reports][:1] == ["测甲"]
    assert [doubt for one in line.reports for doubt in one.doubts] == []


def test_of_readings_that_stand_before_the_names_nobody_is_given_anothers() -> None:
    (line,) = read_pasted("36.5 测甲 38.2 测乙", NAMES)
    assert [one.doubts for one in line.reports] == [(PastedDoubt.READING,)] * 2


def test_every_line_is_accounted_for_and_a_jump_in_the_numbers_is_seen() -> None:
    text = "#接龙\n健康打卡\n\n1. 测甲 36.5\n2. 测乙 36.6\n4. 欧阳测丙 36.7\n"
    read = read_pasted(text, NAMES)
    assert [(one.line, one.kind, one.jump) for one in read] == [
        (1, PastedKind.HEADER, False), (2, PastedKind.NOBODY, False), (4, PastedKind.READ, False), (5, PastedKind.READ, False),
        (6, PastedKind.READ, True),
    ]  # fmt: skip


def test_a_name_with_a_word_of_illness_in_it_is_no_illness() -> None:
    (line,) = read_pasted("1. 测咳 36.5 正常", ["测咳"])
    assert [(one.name, one.symptoms) for one in line.reports] == [("测咳", ())]


def test_without_anybody_under_observation_nothing_is_of_anybody() -> None:
    assert {one.kind for one in read_pasted("1. 测甲 36.5", [])} == {PastedKind.NOBODY}
