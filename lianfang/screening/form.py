"""The form of a rule set: which facts a condition may name, how it may ask, which measures there are. docs/rule-sets.md.

A rule set is data:
{form, title, source, areas: [{code, level, from?, to?, source?}], questions: [{key, kind, zh, en, choices?, directions?}],
rows: [{row, from?, to?, when: [condition], unless: [condition], then: {kind, place?, days?, lifts?}, say: {zh, en}}]}
with a condition as {fact, op, value?, days?}. All conditions of `when` must hold and none of `unless`. A condition about
something nobody said does not hold, except MISSING.
"""

from typing import NamedTuple

FORM = 2

DIRECTIONS = ("IN", "OUT")
TRANSPORTS = ("CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "TRAIN", "FOOT", "OTHER_VEHICLE", "OTHER")
PURPOSES = (
    "RESIDENT_RETURN", "COMMUTE", "FREIGHT", "SUPPLIES", "TRANSIT", "MEDICAL", "EMERGENCY", "OFFICIAL", "VISIT", "OTHER",
)  # fmt: skip
DOCUMENT_TYPES = (
    "RESIDENT_ID", "HMT_RESIDENCE", "HM_PASS", "TW_PASS", "PERMANENT_RESIDENCE", "PASSPORT", "OTHER", "NONE",
)  # fmt: skip
TEMPERATURE_STATES = ("READ", "LOW", "NOT_TAKEN")
SYMPTOM_CODES = (  # what the phone offers (doors.choices)
    "FEVER", "COUGH", "FATIGUE", "BREATHLESSNESS", "SORE_THROAT", "MUSCLE_ACHE", "RUNNY_NOSE", "DIARRHOEA", "OTHER",
)  # fmt: skip

CODE, NUMBER, PLACE, STAYS, AREAS, SYMPTOMS, YES_NO = (
    "CODE",
    "NUMBER",
    "PLACE",
    "STAYS",
    "AREAS",
    "SYMPTOMS",
    "YES_NO",
)


class AskedFact(NamedTuple):
    """What may be asked about: of which kind, and of a code the closed list it is from."""

    kind: str
    codes: tuple[str, ...] = ()


FACTS: dict[str, AskedFact] = {
    "direction": AskedFact(CODE, DIRECTIONS),
    "transport": AskedFact(CODE, TRANSPORTS),
    "purpose": AskedFact(CODE, PURPOSES),
    "document_type": AskedFact(CODE, DOCUMENT_TYPES),
    "temperature_state": AskedFact(CODE, TEMPERATURE_STATES),
    "celsius_tenths": AskedFact(NUMBER),
    "age": AskedFact(NUMBER),
    "from_code": AskedFact(PLACE),
    "destination_code": AskedFact(PLACE),
    "stays": AskedFact(STAYS),  # any place stayed in or come from, the last day there at most `days` before
    "areas": AskedFact(
        AREAS
    ),  # such a stay in an affected area of one of the levels, while the area was affected
    "symptoms": AskedFact(SYMPTOMS, SYMPTOM_CODES),
    "case_contact": AskedFact(YES_NO),
    "resident": AskedFact(YES_NO),  # as told; of whom nobody said, whoever returns home is one
}
ANSWERS = "answers."  # before the key of a question: what was answered to it

# What may be asked of each kind. MISSING: nobody said.
OPERATORS: dict[str, tuple[str, ...]] = {
    CODE: ("ONE_OF", "NONE_OF", "MISSING"),
    NUMBER: ("AT_LEAST", "ABOVE", "AT_MOST", "BELOW", "MISSING"),
    PLACE: ("UNDER", "OUTSIDE", "MISSING"),
    STAYS: ("UNDER", "OUTSIDE", "MISSING"),
    AREAS: ("LEVEL",),
    SYMPTOMS: ("ANY", "ANY_OF"),
    YES_NO: ("IS", "MISSING"),
}
# An answer's kind by its question's.
QUESTION_KINDS = {"YES_NO": YES_NO, "CHOICE": CODE, "NUMBER": NUMBER}
AREA_LEVELS = ("HIGH", "MEDIUM", "LOW")  # 国务院联防联控机制, 17 February 2020: 高 中 低风险

# Strongest first, and first it is shown. EXEMPT takes away what other rows decide.
MEASURES = ("FEVER_CLINIC", "TURN_BACK_PROPOSED", "QUARANTINE", "RE_MEASURE", "NOTIFY_GRID", "REGISTER")
EXEMPT = "EXEMPT"
PLACES = ("FACILITY", "HOME")  # the stricter first
# What binds a person ends when its rule set's time is over; registration and care go on.
RESTRICTIVE = frozenset({"TURN_BACK_PROPOSED", "QUARANTINE", "NOTIFY_GRID"})
MAX_DAYS = 30  # a rule set, an affected area, a dated row: after that it ends unless renewed (core.md §2)
MAX_LOOK_BACK = 28  # days a stay may lie back: twice the longest incubation the protocols of 2020 name
MAX_QUARANTINE = 28

# Written into every TURN_BACK_PROPOSED row by the compiler: never for whoever lives here, must get care, or is ill.
FEVER_TENTHS = 373  # 37.3 °C; the threshold of the Jinzhou notices of February 2020
TURN_BACK_UNLESS: tuple[dict[str, object], ...] = (
    {"fact": "resident", "op": "IS", "value": True},
    {"fact": "purpose", "op": "ONE_OF", "value": ["RESIDENT_RETURN", "MEDICAL", "EMERGENCY"]},
    {"fact": "celsius_tenths", "op": "AT_LEAST", "value": FEVER_TENTHS},
    {"fact": "symptoms", "op": "ANY"},
)
