"""What a condition may ask about, and what it may never: where an identity number was first issued."""

import re
from collections.abc import Mapping

from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.texts import meant, nearest, shown
from lianfang.screening.form import ANSWERS, FACTS, AskedFact

Questions = Mapping[str, AskedFact]

# Words people write for a fact that has another name here.
OTHER_NAMES = {
    "temperature": "celsius_tenths", "celsius": "celsius_tenths", "temp": "celsius_tenths", "fever": "celsius_tenths",
    "体温": "celsius_tenths", "origin": "from_code", "from": "from_code", "province": "from_code", "来自": "from_code",
    "来源地": "from_code", "destination": "destination_code", "去往": "destination_code", "目的地": "destination_code",
    "area": "areas", "affected_area": "areas", "疫区": "areas", "重点地区": "areas", "stay": "stays", "到过": "stays",
    "travel": "stays", "contact": "case_contact", "接触史": "case_contact", "vehicle": "transport", "交通方式": "transport",
    "reason": "purpose", "事由": "purpose", "symptom": "symptoms", "症状": "symptoms", "年龄": "age", "方向": "direction",
    "document": "document_type", "证件": "document_type", "is_resident": "resident", "居民": "resident",
}  # fmt: skip
_IDENTITY = re.compile(
    r"户籍|户口|籍贯|原籍|祖籍|出生地|签发地|发证地|身份证(号|前|开头|地区|区划|代码|归属)|"
    r"iddivision|idcode|idprefix|idnumber|idno$|idcard|idregion|idprovince|idarea|idaddress|documentcode|documentnumber|"
    r"documentdivision|documentprefix|documentregion|identity|birthplace|placeofbirth|bornin|hukou|huji|nativeplace|"
    r"hometown|issueplace|placeofissue|issuedat|domicile|householdreg|registeredresid|firstsix"
)


def asks_the_identity_number(word: str) -> bool:
    """Whether a name would be the division code of an identity number, by any of the words it goes by."""
    return _IDENTITY.search(re.sub(r"[\W_]+", "", word[:200].casefold())) is not None


def refuse_identity(spot: Spot, word: str) -> None:
    spot.refuse(
        "IDENTITY_IS_NO_FACT",
        f"规则不能用 {shown(word)}：身份证前六位只说明证件第一次是在哪里签发的，不说明这个人到过哪里。"
        "要问到过哪里，用到过哪里（stays）、重点地区（areas）或从哪来（from_code）。",
        f"No rule may use {shown(word)}: the division code of an identity number says where it was first issued, nothing about"
        " where anybody has been. Ask where people have been with stays, areas or from_code.",
    )


def asked(spot: Spot, fact: object, questions: Questions) -> AskedFact | None:
    """Of which kind a fact is, None once refused."""
    known = [*FACTS, *(f"{ANSWERS}{key}" for key in questions)]
    if isinstance(fact, str):
        if fact in FACTS:
            return FACTS[fact]
        if fact.startswith(ANSWERS) and fact.removeprefix(ANSWERS) in questions:
            return questions[fact.removeprefix(ANSWERS)]
        if asks_the_identity_number(fact):
            refuse_identity(spot, fact)
            return None
        if fact.startswith(ANSWERS):
            _refuse_answer(spot, fact, questions)
            return None
    near = nearest(fact, [*known, *OTHER_NAMES])
    zh, en = meant(OTHER_NAMES.get(near, near), known)
    spot.refuse("UNKNOWN_FACT", f"没有 {shown(fact)} 这项事实。{zh}", f"There is no fact {shown(fact)}. {en}")
    return None


def _refuse_answer(spot: Spot, fact: str, questions: Questions) -> None:
    key = fact.removeprefix(ANSWERS)
    zh, en = "请先在提问里加上它。", "Add the question first."
    if questions:
        zh, en = meant(nearest(key, questions), questions)
    spot.refuse(
        "NOT_ASKED",
        f"没有 {shown(key)} 这个提问，就没有它的回答。{zh}",
        f"Nothing asks {shown(key)}, so there is no answer to it. {en}",
    )
