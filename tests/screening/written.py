"""Rule sets as somebody might write them: one that is fit, and what hypothesis makes up."""

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from lianfang.kernel.divisions import canonical
from lianfang.screening.compiling.limits import LARGEST_ANSWER
from lianfang.screening.facts import Facts
from lianfang.screening.form import (
    AREA_LEVELS,
    CODE,
    DIRECTIONS,
    FACTS,
    NUMBER,
    OPERATORS,
    PLACE,
    YES_NO,
    AskedFact,
)

SAY = {"zh": "请登记。", "en": "Please register."}
ARRIVAL = {
    "row": "arrival",
    "when": [{"fact": "direction", "op": "ONE_OF", "value": ["IN"]}],
    "then": {"kind": "REGISTER"},
    "say": SAY,
}
HOME = {"kind": "QUARANTINE", "place": "HOME", "days": 14}


def condition(fact: str, op: str, value: Any = None, days: int | None = None) -> dict[str, Any]:
    said = {"fact": fact, "op": op, "value": value, "days": days}
    return {name: part for name, part in said.items() if part is not None}


def row(name: str, *when: dict[str, Any], then: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"row": name, "when": list(when), "then": then or {"kind": "NOTIFY_GRID"}, "say": SAY, **more}


def written(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A fit rule set with these rows, and the one that registers arrivals."""
    content = {"form": 2, "title": {"zh": "规则", "en": "Rules"}, "rows": [*rows, ARRIVAL], **more}
    read: dict[str, Any] = json.loads(json.dumps(content))  # shares nothing
    return read


# Whatever JSON can say.
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)

_words = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")),
    min_size=1,
    max_size=12,
).filter(lambda text: "x005F_" not in text)
_both = st.fixed_dictionaries({"zh": _words, "en": _words})
_places = st.sampled_from(["42", "4201", "420106", "420106001", "21", "2103", "210381", "11", "330382", "71"])
_days = st.dates(date(2019, 12, 1), date(2020, 12, 31))
_OF_KIND = {
    "cold_chain": ("YES_NO", AskedFact(YES_NO)),
    "came_by": ("CHOICE", AskedFact(CODE, ("FERRY", "BUS"))),
    "household": ("NUMBER", AskedFact(NUMBER)),
}
_RANGES = {"celsius_tenths": (200, 450), "age": (0, 150)}


@st.composite
def _span(draw: st.DrawFn) -> dict[str, str]:
    if not draw(st.booleans()):
        return {}
    first = draw(_days)
    return {"from": first.isoformat(), "to": (first + timedelta(days=draw(st.integers(0, 29)))).isoformat()}


def _lists(codes: Any) -> Any:
    return st.lists(codes, min_size=1, max_size=4)


def _value(fact: str, asked: AskedFact, op: str) -> Any:
    if op in ("MISSING", "ANY"):
        return st.none()
    if asked.kind == NUMBER:
        return st.integers(*_RANGES.get(fact, (-LARGEST_ANSWER, LARGEST_ANSWER)))
    if asked.kind == YES_NO:
        return st.booleans()
    if asked.kind in (PLACE, "STAYS"):
        return _lists(_places)
    return _lists(st.sampled_from(AREA_LEVELS if asked.kind == "AREAS" else asked.codes))


@st.composite
def conditions(draw: st.DrawFn, asked: dict[str, AskedFact]) -> dict[str, Any]:
    fact = draw(st.sampled_from(sorted(asked)))
    op = draw(st.sampled_from(OPERATORS[asked[fact].kind]))
    looks_back = fact in ("stays", "areas") and op != "MISSING"
    return condition(
        fact, op, draw(_value(fact, asked[fact], op)), draw(st.integers(0, 28)) if looks_back else None
    )


@st.composite
def _questions(draw: st.DrawFn) -> list[dict[str, Any]]:
    several = []
    for key in draw(st.lists(st.sampled_from(sorted(_OF_KIND)), unique=True)):
        kind, answered = _OF_KIND[key]
        question = {"key": key, "kind": kind, **draw(_both)}
        if kind == "CHOICE":
            question["choices"] = [{"code": code, **draw(_both)} for code in answered.codes]
        if draw(st.booleans()):
            question["directions"] = draw(_lists(st.sampled_from(DIRECTIONS)))
        several.append(question)
    return several


_then = st.one_of(
    st.sampled_from(["FEVER_CLINIC", "TURN_BACK_PROPOSED", "RE_MEASURE", "NOTIFY_GRID", "REGISTER"]).map(
        lambda kind: {"kind": kind}
    ),
    st.builds(
        lambda place, days: {"kind": "QUARANTINE", "place": place, "days": days},
        st.sampled_from(["HOME", "FACILITY"]),
        st.integers(1, 28),
    ),
)


@st.composite
def rule_sets(draw: st.DrawFn) -> dict[str, Any]:
    """A rule set that is fit, of every kind of condition and measure."""
    questions = draw(_questions())
    asked = {**FACTS, **{f"answers.{one['key']}": _OF_KIND[one["key"]][1] for one in questions}}
    several = st.lists(conditions(asked), max_size=4)
    rows = [
        row(f"row-{n}", *draw(several), then=draw(_then), unless=draw(several), **draw(_span()))
        for n in range(draw(st.integers(0, 4)))
    ]
    for one in rows:
        one["say"] = draw(_both)
    liftable = [
        one["row"]
        for one in rows
        if one["then"]["kind"] in ("QUARANTINE", "NOTIFY_GRID", "TURN_BACK_PROPOSED")
    ]
    if liftable and draw(st.booleans()):
        lifts = draw(_lists(st.sampled_from(liftable)))
        rows.append(row("豁免.1", *draw(several), then={"kind": "EXEMPT", "lifts": lifts}))
    areas = [
        {
            "code": draw(_places),
            "level": draw(st.sampled_from(AREA_LEVELS)),
            "source": draw(_words | st.just("")),
            **draw(_span()),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]
    return written(
        *rows, title=draw(_both), source=draw(_words | st.just("")), areas=areas, questions=questions
    )


@st.composite
def people(draw: st.DrawFn) -> Facts:
    """Somebody who might come."""

    def perhaps(strategy: Any) -> Any:
        return draw(st.none() | strategy)

    def code(fact: str) -> Any:
        return perhaps(st.sampled_from(FACTS[fact].codes))

    place = _places.map(canonical)
    state = code("temperature_state")
    return Facts(
        on=draw(_days),
        direction=draw(st.sampled_from(DIRECTIONS)),
        stays=draw(st.lists(st.tuples(place, st.none(), st.none() | _days), max_size=2)),
        temperature_state=state,
        celsius_tenths=draw(st.integers(200, 450)) if state == "READ" else None,
        symptoms=draw(st.lists(st.sampled_from(FACTS["symptoms"].codes), max_size=2)),
        transport=code("transport"),
        purpose=code("purpose"),
        document_type=code("document_type"),
        from_code=perhaps(place),
        destination_code=perhaps(place),
        age=perhaps(st.integers(0, 120)),
        case_contact=perhaps(st.booleans()),
        resident=perhaps(st.booleans()),
        answers=draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "cold_chain": st.booleans(),
                    "came_by": st.sampled_from(["FERRY", "BUS"]),
                    "household": st.integers(-9, 9),
                },
            )
        ),
    )
