"""Temperatures and complaints as people type them. Pure; what may mean two things is told as two, and is never chosen here."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = Decimal(34), Decimal(43)  # as the household's own page reads
_TENTH = Decimal("0.1")

# A clock's time, which is no temperature: 8:36, 8点36分.
_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])\s*[:点时]\s*[0-5]\d(?:\s*分)?(?![\d.。度点])")
_UNITS = "岁|周|栋|幢|楼|号|单元|室|床|层|组|户|座|弄|排|门|院|村|人|天|次|份|斤|公斤|kg|年|月|日|分|秒|%"
# 36.5, 36。5, 36度5, 36点5, 365, 36.55; never a part of a longer number, and no age and no door: 37岁, 36栋, 365室.
_CELSIUS = re.compile(
    r"(?<![\d.])(3[4-9]|4[0-3])"
    r"(?:\s*(?:[.。]\s*|[,度点·])(\d{1,2})(?!\d|[.。]\d)"
    rf"|(\d)?(?!\d|\.\d)(?!\s*(?:{_UNITS})))",
    re.IGNORECASE,
)
_WORDS = (
    ("BREATHLESSNESS", r"气短|气促|胸闷|呼吸困难|喘"),
    ("FEVER", r"发热|发烧|高烧|低烧|烧"),
    ("COUGH", r"咳嗽|干咳|咳"),
    ("FATIGUE", r"乏力|没劲|无力|疲劳|浑身没劲"),
    ("SORE_THROAT", r"咽痛|咽干|嗓子疼|嗓子痛|喉咙痛|喉咙疼|嗓子|咽"),
    ("MUSCLE_ACHE", r"肌肉酸痛|肌肉痛|酸痛|浑身疼|浑身痛"),
    ("DIARRHOEA", r"腹泻|拉肚子|拉稀"),
    ("OTHER", r"不舒服|不适|难受|头疼|头痛|头晕|流鼻涕|流涕|鼻塞|恶心|呕吐|异常|症状"),
)  # fmt: skip
CODES = ("FEVER", "COUGH", "FATIGUE", "BREATHLESSNESS", "SORE_THROAT", "MUSCLE_ACHE", "DIARRHOEA", "OTHER")
COMPLAINT = "|".join(words for _, words in _WORDS)
_SOME = rf"(?:(?:{COMPLAINT})[、和及或等]*)+"
_ASKING = "有无|有没有|是否|是不是"
_FILLING = "(?:有|任何|过|是|再|出现|什么)*"
# A form's question with its answer, "有无发热：无", "咳嗽: 否"; what follows a 无 that goes on, such as 无力, is no answer.
_ANSWERED_NO = re.compile(
    rf"(?:(?:{_ASKING}){_FILLING}{_SOME}(?:情况|现象)?[\s:：,，?？]*|{_SOME}(?:情况|现象)?\s*[:：]\s*)(?:没有|无|没|否|不是)(?![一-鿿])"
)
_ASKED_ONLY = re.compile(
    rf"(?:{_ASKING}){_FILLING}(?:(?:{COMPLAINT})[、和及或等]*)++(?:情况|现象)?+[\s:：,，?？]*+(?!有|是)"
)
# "没劲" and "无力" are symptoms and no denials; "不舒服" is one as well; "不过" is a but, "有没有" and "是不是" are questions. A comma
# ends what is denied: "无发热，咳嗽" is looked at.
_DENIED = re.compile(
    rf"(?:(?<!有)(?:没有|无|没(?!劲))|未见|否认|未|(?:(?<!是)不|不(?!是))(?!过))(?!力|舒服|适){_FILLING}{_SOME}"
    r"|(?<!有)(?:没有|无|没)(?:什么|任何)?(?:不舒服|不适)"
)


def readings_in(text: str) -> tuple[Decimal, ...]:
    """Every temperature that stands in the text, each once, in order. Two of them are for somebody to choose from."""
    found = (_value(*one.groups()) for one in _CELSIUS.finditer(_CLOCK.sub(" ", text)))
    return tuple(dict.fromkeys(value for value in found if LOWEST <= value <= HIGHEST))


def symptoms_in(text: str) -> tuple[str, ...]:
    """What somebody complains of, in the order of the lists; what he denies is none."""
    left = _undenied(text)
    return tuple(code for code in CODES if re.search(dict(_WORDS)[code], left))


def is_asked_only(text: str) -> bool:
    """A question about a complaint stands in it, and no answer that says no."""
    return _ASKED_ONLY.search(_undenied(text)) is not None


def typed_reading(text: str) -> Decimal | None:
    """One temperature as typed into a box, read as the household's page reads it: 36.5, 36。5, ３６．５, 365, 36度5; else None."""
    plain = re.sub(r"[。,·度点]", ".", unicodedata.normalize("NFKC", text))
    read = re.fullmatch(
        r"([0-9]{2})(?:\.?([0-9]))?", re.sub(r"[°c\s]|\.\s*$", "", plain, flags=re.IGNORECASE)
    )
    value = _value(read[1], read[2], None) if read else None
    return value if value is not None and LOWEST <= value <= HIGHEST else None


def _undenied(text: str) -> str:
    return _DENIED.sub(" ", _ANSWERED_NO.sub(" ", text))


def _value(whole: str, after: str | None, run: str | None) -> Decimal:
    return Decimal(f"{whole}.{after or run or 0}").quantize(_TENTH, rounding=ROUND_HALF_UP)
