"""Two published line lists of early 2020 as facts that rules may ask about. The lists are read in place and never copied.

Each person arrives once at a barrier in Liaoning: on the day of travel (`TRAVEL`, the last day known in Wuhan or Hubei), or
on the day the case was reported (`REPORT`). No name, no sentence of a list leaves this file: what is kept of a person are
days, places as codes, symptoms as codes, and what the list itself says of him.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lianfang.regions.gazetteer import Gazetteer
from lianfang.regions.register_file import read_register
from lianfang.screening.facts import Decision, Facts, Stay
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import shipped

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real"
DXY = REAL / "linelist" / "dxy_kaggle_line_list_1085.csv"
PATIENTS = REAL / "patients_cn" / "patients_flat.csv"
TRIPS = REAL / "patients_cn" / "trips_flat.csv"

SETS = ("affected-areas", "jinzhou-2020", "liaoning-2020-02-05")
TRAVEL, REPORT = "travel", "report"
LOOK_BACK = 14

_REGISTERS = Path(__file__).resolve().parents[2] / "lianfang" / "regions" / "registers"
WUHAN = "420100"
# The places of the first list that are divisions; countries are none, and nobody asks for them.
_DXY_PLACES = {
    "hubei": "420000", "wuhan": WUHAN, "beijing": "110000", "tianjin": "120000", "hebei": "130000", "shanxi": "140000",
    "inner mongolia": "150000", "liaoning": "210000", "jilin": "220000", "heilongjiang": "230000", "shanghai": "310000",
    "jiangsu": "320000", "zhejiang": "330000", "fujian": "350000", "jiangxi": "360000", "shandong": "370000",
    "henan": "410000", "hunan": "430000", "guangdong": "440000", "guangxi": "450000", "chongqing": "500000",
    "sichuan": "510000", "guizhou": "520000", "yunnan": "530000", "shaanxi": "610000", "shanxi (陕西)": "610000",
    "gansu": "620000", "ningxia": "640000", "xinjiang": "650000", "macau": "820000", "hong kong": "810000", "taiwan": "710000",
}  # fmt: skip
_PROVINCE_OF_FILE = {
    "11shandong": "370000", "13zhongqing": "500000", "14fujian": "350000", "15tianjin": "120000", "16yunnan": "530000",
    "17sichuan": "510000", "18guangxi": "450000", "1anhui": "340000", "21liaoning": "210000", "23neimenggu": "150000",
    "24guizhou": "520000", "2henan": "410000", "32xianggang": "810000", "33aomen": "820000", "3zhejiang": "330000",
    "4jiangsu": "320000", "5guangdong": "440000", "9shanxi": "140000",
}  # fmt: skip
# Words of the lists → the list at the barrier; what is none of them is not asked there.
_SYMPTOMS = {
    "FEVER": r"fever|feaver|发热|发烧|低热|高热",
    "COUGH": r"cough|咳",
    "FATIGUE": r"fatigue|malaise|weak|乏力|疲",
    "BREATHLESSNESS": r"breath|dyspnea|胸闷|气促|气短|呼吸困难",
    "SORE_THROAT": r"sore throat|throat|咽|喉咙",
    "MUSCLE_ACHE": r"myalgia|muscle|joint|aching|酸痛|肌",
    "RUNNY_NOSE": r"runny|nasal|sneez|流涕|鼻塞",
    "DIARRHOEA": r"diarr|腹泻",
    "OTHER": r"headache|chill|vomit|nausea|chest|pain|头痛|头晕|畏寒|寒战|恶心|呕吐|不适",
}


@dataclass(frozen=True)
class Listed:
    """What a list says of a person. `from_there`: it counts him as from Wuhan, or from Hubei."""

    from_there: bool
    is_unsaid: bool  # the list has nothing in its column for that
    stays: tuple[Stay, ...]
    travelled: date | None  # the last day known there
    reported: date | None
    place: str | None  # where the case was reported
    symptoms: tuple[str, ...]
    onset: date | None
    age: int | None
    says_fever: bool
    says_symptoms: bool  # the list has any word in that column

    def arrives(self, when: str) -> date | None:
        return (self.travelled or self.reported) if when == TRAVEL else self.reported

    def facts(self, when: str) -> Facts | None:
        """None where the list names no day. On the day of travel he comes straight from there; later from where he fell
        ill. What began after the day of arrival was not there to be told."""
        on = self.arrives(when)
        if on is None:
            return None
        began = self.onset is None or self.onset <= on
        return Facts(
            on=on,
            direction="IN",
            stays=[
                (code, first, last if last is None else min(last, on)) for code, first, last in self.stays
            ],
            celsius_tenths=None,
            temperature_state=None,
            symptoms=self.symptoms if began else (),
            from_code=self.place if when == REPORT or self.travelled is None else None,
            age=self.age,
        )


Why = Callable[[Listed, Facts, Decision], str]


@dataclass(frozen=True)
class Compared:
    """Of how many people a list and a rule set say the same, and why not of the others."""

    people: int
    both: int
    neither: int
    kinds: dict[str, int]


def quarantined(listed: list[Listed], when: str, code: str) -> Compared:
    """The list's own word, from Wuhan or Hubei, against QUARANTINE."""
    return _compared(listed, when, code, "QUARANTINE", lambda one: one.from_there, _why_quarantine)


def to_the_clinic(listed: list[Listed], when: str, code: str) -> Compared:
    """The list's own word, fever, against FEVER_CLINIC."""
    return _compared(listed, when, code, "FEVER_CLINIC", lambda one: one.says_fever, _why_clinic)


def _compared(
    listed: list[Listed], when: str, code: str, measure: str, says: Callable[[Listed], bool], why: Why
) -> Compared:
    found: Counter[str] = Counter()
    for one in listed:
        facts = one.facts(when)
        if facts is None:
            found["no day at all"] += 1
            continue
        decision = rule_set(code).decide(facts)
        decided = any(each.kind == measure for each in decision.measures)
        if says(one) == decided:
            found["both" if decided else "neither"] += 1
        else:
            found[why(one, facts, decision)] += 1
    both, neither = found.pop("both", 0), found.pop("neither", 0)
    return Compared(len(listed), both, neither, dict(sorted(found.items())))


def _why_quarantine(one: Listed, facts: Facts, decision: Decision) -> str:
    there = [last for code, _, last in facts.stays if code.startswith("42")]
    since = facts.on - timedelta(days=LOOK_BACK)
    if one.from_there:
        return "left longer ago" if there else "no stay told"
    if "other-province" in decision.rows and not {"affected-area", "from-hubei"} & set(decision.rows):
        return "another province"
    if any(last is None or last >= since for last in there):
        return "stay told, column empty" if one.is_unsaid else "stay told, column says no"
    return "reported in Hubei" if (facts.from_code or "").startswith("42") else "unexplained"


def _why_clinic(one: Listed, facts: Facts, decision: Decision) -> str:
    if one.says_fever:
        return "began later" if not facts.symptoms else "unexplained"
    return "another symptom" if facts.symptoms else "unexplained"


KINDS = {
    quarantined: (
        "no day at all", "left longer ago", "no stay told", "stay told, column empty", "stay told, column says no",
        "reported in Hubei", "another province", "unexplained",
    ),
    to_the_clinic: ("no day at all", "began later", "another symptom", "unexplained"),
}  # fmt: skip


def table(compared: Callable[[list[Listed], str, str], Compared], lists: dict[str, list[Listed]]) -> str:
    """The agreement as a table of docs/checks/line-lists.md: numbers only."""
    kinds = KINDS[compared]
    head = ("list", "arrives", "rule set", "people", "both", "neither", "same of those with a day", *kinds)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, listed in lists.items():
        for when in (TRAVEL, REPORT):
            for code in SETS:
                found = compared(listed, when, code)
                with_day = found.people - found.kinds.get("no day at all", 0)
                share = f"{(found.both + found.neither) / with_day:.1%}"
                counts = (found.people, found.both, found.neither)
                cells = (
                    *(f"{count:,}" for count in counts),
                    share,
                    *(f"{found.kinds.get(kind, 0):,}" for kind in kinds),
                )
                lines.append("| " + " | ".join((name, when, code, *cells)) + " |")
    return "\n".join(lines)


@cache
def rule_set(code: str) -> RuleSet:
    return RuleSet(shipped(code).content)


def dxy() -> list[Listed]:
    with DXY.open(encoding="utf-8-sig", newline="") as file:
        return [_of_dxy(row) for row in csv.DictReader(file)]


def patients() -> list[Listed]:
    trips: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    with TRIPS.open(encoding="utf-8-sig", newline="") as file:
        for trip in csv.DictReader(file):
            trips.setdefault((trip["file"], trip["id"], trip["row_no"]), []).append(trip)
    with PATIENTS.open(encoding="utf-8-sig", newline="") as file:
        return [
            _of_patients(row, trips.get((row["file"], row["id"], row["row_no"]), []))
            for row in csv.DictReader(file)
        ]


def _of_dxy(row: dict[str, str]) -> Listed:
    """Visitors have been in Wuhan, on days that may be missing. Of residents the list says only that they are from
    there: without a day that is no stay, and where somebody is registered is never asked."""
    first, last = _american(row["exposure_start"]), _american(row["exposure_end"])
    visited, lives = row["visiting Wuhan"] == "1", row["from Wuhan"] == "1"
    known = visited or (lives and last is not None)
    return Listed(
        from_there=visited or lives,
        is_unsaid=not visited and row["from Wuhan"] not in ("0", "1"),
        stays=((WUHAN, first if first and last and first <= last else None, last),) if known else (),
        travelled=last if visited or lives else None,
        reported=_american(row["reporting date"]),
        place=_dxy_place(row["location"]),
        symptoms=_symptoms(row["symptom"]),
        onset=_american(row["symptom_onset"]),
        age=int(float(row["age"])) if row["age"] not in ("", "NA") else None,
        says_fever=bool(re.search(_SYMPTOMS["FEVER"], row["symptom"], re.IGNORECASE)),
        says_symptoms=bool(row["symptom"].strip()),
    )


def _of_patients(row: dict[str, str], trips: list[dict[str, str]]) -> Listed:
    left, places = _iso(row["leaveHubeiDate"]), _places(row["leaveHubeiCity"])
    stays: list[Stay] = [(places[0], None, left)] if places else []
    for trip in trips:
        day = _iso(trip["travelDate"])
        stays += [(code, None, day) for code in _places(trip["travelFrom"])[:1] if day]
        stays += [(code, day, day) for code in _places(trip["travelTo"])[:1] if day]
    there = [last for code, _, last in stays if code.startswith("42") and last]
    age = int(row["age"]) if row["age"].isdigit() else 0
    return Listed(
        from_there=row["isFromHubei"] == "是",
        is_unsaid=not row["isFromHubei"].strip(),
        stays=tuple(stays),
        travelled=max(there) if there else None,
        reported=_iso(row["confirmDate"]),
        place=_PROVINCE_OF_FILE.get(row["file"]),
        symptoms=_symptoms(row["symptoms"]),
        onset=_iso(row["attackDate"]),
        age=age or None,  # 0 stands for nothing said
        says_fever=bool(re.search(_SYMPTOMS["FEVER"], row["symptoms"])),
        says_symptoms=bool(row["symptoms"].strip()),
    )


def _symptoms(text: str) -> tuple[str, ...]:
    if re.fullmatch(r"\s*无(症状|发热)?\s*", text):
        return ()
    return tuple(code for code, words in _SYMPTOMS.items() if re.search(words, text, re.IGNORECASE))


@cache
def _names() -> Gazetteer:
    units = {
        unit.code: unit
        for name in ("divisions_china_county_2019-10-31.csv", "divisions_jinzhou_anshan_2019-10-31.csv")
        for unit in read_register(_REGISTERS / name)
    }
    rows = (
        (one.code, one.name, one.short_name, one.kind) for one in units.values() if one.level != "VILLAGE"
    )
    return Gazetteer(rows, ())


@cache
def _places(text: str) -> tuple[str, ...]:
    """The one place a text names, if it names one."""
    codes = _names().read(re.sub(r"旅居史|\s", "", text))
    return codes if len(codes) == 1 else ()


def _dxy_place(text: str) -> str | None:
    parts = [part.strip().lower() for part in text.split(",")]
    return next((_DXY_PLACES[part] for part in parts if part in _DXY_PLACES), None)


def _american(text: str) -> date | None:
    said = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text.strip())
    return date(int(said[3]), int(said[1]), int(said[2])) if said else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
