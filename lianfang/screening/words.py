"""The words people write in a sheet for the codes of a rule set, the codes for their words, and how findings name them.

The first word is the one that is written, and that screens show (doors.words; a test compares). A code itself always counts.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from lianfang.screening.form import ANSWERS

Words = Mapping[str, tuple[str, ...]]

DIRECTIONS: Words = {"IN": ("入", "入城", "进", "进城"), "OUT": ("出", "出城")}
TRANSPORTS: Words = {
    "CAR": ("小客车", "小汽车", "轿车"), "TRUCK": ("货车", "卡车"), "COACH": ("客运大巴", "大巴", "客车"), "BUS": ("公交车", "公交"),
    "TAXI": ("出租车",), "MOTORCYCLE": ("摩托车",), "TRAIN": ("火车",), "FOOT": ("步行",), "OTHER_VEHICLE": ("其他车辆",),
    "OTHER": ("其他",),
}  # fmt: skip
PURPOSES: Words = {
    "RESIDENT_RETURN": ("返乡", "返家"), "COMMUTE": ("通勤", "上班"), "FREIGHT": ("货运",), "SUPPLIES": ("保供",), "TRANSIT": ("过境",),
    "MEDICAL": ("就医",), "EMERGENCY": ("急救",), "OFFICIAL": ("公务",), "VISIT": ("探访", "探亲"), "OTHER": ("其他",),
}  # fmt: skip
DOCUMENTS: Words = {
    "RESIDENT_ID": ("身份证",), "HMT_RESIDENCE": ("港澳台居住证",), "HM_PASS": ("港澳通行证",), "TW_PASS": ("台胞证",),
    "PERMANENT_RESIDENCE": ("外国人永居证",), "PASSPORT": ("护照",), "OTHER": ("其他证件", "其他"), "NONE": ("无证件", "没有证件"),
}  # fmt: skip
READINGS: Words = {"READ": ("已测",), "LOW": ("过低",), "NOT_TAKEN": ("未测",)}
SYMPTOMS: Words = {
    "FEVER": ("发热", "发烧"), "COUGH": ("干咳", "咳嗽"), "FATIGUE": ("乏力",), "BREATHLESSNESS": ("气促",), "SORE_THROAT": ("咽痛",),
    "MUSCLE_ACHE": ("肌肉酸痛",), "RUNNY_NOSE": ("鼻塞流涕",), "DIARRHOEA": ("腹泻",), "OTHER": ("其他不适", "其他"),
}  # fmt: skip
LEVELS: Words = {"HIGH": ("高风险", "高"), "MEDIUM": ("中风险", "中"), "LOW": ("低风险", "低")}
MEASURES: Words = {
    "FEVER_CLINIC": ("发热门诊",), "TURN_BACK_PROPOSED": ("建议劝返", "劝返"), "QUARANTINE": ("隔离观察", "隔离"),
    "RE_MEASURE": ("复测",), "NOTIFY_GRID": ("通知网格",), "REGISTER": ("登记放行", "登记"), "EXEMPT": ("豁免", "免除"),
}  # fmt: skip
PLACES: Words = {"HOME": ("居家", "居家隔离"), "FACILITY": ("集中", "集中隔离")}
QUESTION_KINDS: Words = {"YES_NO": ("是否",), "CHOICE": ("选择",), "NUMBER": ("数字",)}
YES_NO: Words = {"true": ("是", "有", "√", "yes", "y"), "false": ("否", "无", "没有", "不是", "no", "n")}
MISSING: Words = {"MISSING": ("未说明", "没有说明", "未填", "没填", "没说", "不详")}
ANY: Words = {"ANY": ("有", "有症状", "任何症状")}

OF_FACT: Mapping[str, Words] = MappingProxyType(
    {
        "direction": DIRECTIONS,
        "transport": TRANSPORTS,
        "purpose": PURPOSES,
        "document_type": DOCUMENTS,
        "temperature_state": READINGS,
        "symptoms": SYMPTOMS,
        "areas": LEVELS,
    }
)


def plain(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones: how a cell of conditions is read."""
    return unicodedata.normalize("NFKC", text).strip()


def code_of(word: str, words: Words) -> str | None:
    """The code a word stands for; the code itself, in any case, is a word too."""
    said = plain(word).casefold()
    for code, several in words.items():
        if said == code.casefold() or said in (plain(one).casefold() for one in several):
            return code
    return None


def word_of(code: str, words: Words) -> str:
    """The word that is written for a code; the code where there is none."""
    return words[code][0] if code in words else code


# As screens say them in English (a test compares).
_ENGLISH = {
    "HIGH": "high risk", "MEDIUM": "medium risk", "LOW": "low risk", "HOME": "Home", "FACILITY": "Facility",
    "FEVER_CLINIC": "Fever clinic", "TURN_BACK_PROPOSED": "Turning back proposed", "QUARANTINE": "Quarantine",
    "RE_MEASURE": "Re-measure", "NOTIFY_GRID": "Notify grid", "REGISTER": "Register", "EXEMPT": "Exemption",
}  # fmt: skip
_FACTS = {
    "direction": ("方向", "direction"), "transport": ("交通方式", "transport"), "purpose": ("事由", "purpose"),
    "document_type": ("证件", "document"), "temperature_state": ("体温读数", "reading"), "celsius_tenths": ("体温", "temperature"),
    "age": ("年龄", "age"), "from_code": ("从哪来", "coming from"), "destination_code": ("到哪去", "going to"),
    "stays": ("到过哪里", "places stayed in"), "areas": ("重点地区", "affected areas"), "symptoms": ("症状", "symptoms"),
    "case_contact": ("接触史", "contact with a case"), "resident": ("本市居民", "resident"),
}  # fmt: skip


def both(code: str, words: Words) -> tuple[str, str]:
    """The word for a code in Chinese and in English, for a finding."""
    return word_of(code, words), _ENGLISH.get(code, code)


def fact_words(fact: str) -> tuple[str, str]:
    """A fact in Chinese and in English; of an answer its question's key."""
    key = fact.removeprefix(ANSWERS)
    return _FACTS.get(fact, (f"提问 {key}", f"question {key}"))
