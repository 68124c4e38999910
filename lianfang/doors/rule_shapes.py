"""The rules in force as a phone gets them: docs/rule-sets.md says what they mean."""

from typing import Any, Literal

from msgspec import Struct

from lianfang.doors.shapes import MeasureKind, Say


class RuleCondition(Struct, omit_defaults=True):
    """What is asked about a fact. About something nobody said only MISSING holds."""

    fact: str
    op: str
    value: Any = None
    days: int | None = None


class RuleThen(Struct, omit_defaults=True):
    """What a row decides; EXEMPT takes away what the rows it lifts decide."""

    kind: MeasureKind | Literal["EXEMPT"]
    place: Literal["HOME", "FACILITY"] | None = None
    days: int | None = None
    lifts: list[str] | None = None


class RuleRowShown(Struct, omit_defaults=True, rename={"from_": "from"}):
    """All of `when` must hold and none of `unless`; dates are days, both inclusive."""

    row: str
    when: list[RuleCondition]
    unless: list[RuleCondition]
    then: RuleThen
    say: Say
    from_: str | None = None
    to: str | None = None


class RuleAreaShown(Struct, omit_defaults=True, rename={"from_": "from"}):
    """An affected area: the prefix of its code. Without days it counts while the rule set is in force."""

    code: str
    level: Literal["HIGH", "MEDIUM", "LOW"]
    from_: str | None = None
    to: str | None = None
    source: str | None = None


class RuleChoice(Struct):
    code: str
    zh: str
    en: str


class RuleQuestion(Struct, omit_defaults=True):
    """A question headquarters added: asked of whoever goes in one of the directions."""

    key: str
    kind: Literal["YES_NO", "CHOICE", "NUMBER"]
    zh: str
    en: str
    directions: list[Literal["IN", "OUT"]]
    choices: list[RuleChoice] | None = None


class RulesValid(Struct, rename={"from_": "from"}):
    """From when to when; once `to` is over, rows that restrict anybody no longer apply."""

    from_: str
    to: str


class RuleSetShown(Struct):
    """The rule set in force: `hash` is of the rest but for `valid`, which is null until one was put in force."""

    hash: str
    valid: RulesValid | None
    form: Literal[2]
    title: Say
    source: str
    areas: list[RuleAreaShown]
    questions: list[RuleQuestion]
    rows: list[RuleRowShown]
