"""What may not decide is refused, by row and column, with what would be right."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.doors.choices import SYMPTOMS
from lianfang.screening.compiling import Compiled, Finding, compiled
from lianfang.screening.form import FACTS, SYMPTOM_CODES, TURN_BACK_UNLESS
from lianfang.screening.rules import RuleSet, hash_of
from lianfang.screening.shipped import SHIPPED, shipped
from tests.screening.written import ARRIVAL, HOME, anything, condition, row, rule_sets, written

FREIGHT = condition("purpose", "ONE_OF", ["FREIGHT"])
INSIDE = ["rows", 0, "when", 0]


def errors(raw: object, **options: Any) -> list[Finding]:
    found = compiled(raw, **options)
    wrong = [finding for finding in found.findings if finding.severity == "ERROR"]
    assert (found.content is None) is bool(wrong)
    return wrong


def only(raw: object, **options: Any) -> Finding:
    (finding,) = errors(raw, **options)
    return finding


def changed(way: list[str | int], value: Any, base: dict[str, Any] | None = None) -> dict[str, Any]:
    """A fit rule set in which one field is another."""
    content = copy.deepcopy(base or written(row("goods", FREIGHT)))
    place: Any = content
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return content


def asking(**condition: Any) -> dict[str, Any]:
    return changed(INSIDE, condition)


@pytest.mark.parametrize("code", SHIPPED)
def test_what_comes_with_the_program_is_fit_and_in_its_normal_form(code: str) -> None:
    content = shipped(code).content
    found = compiled(content)
    assert found.content == content, found.findings
    assert found.content is not None
    RuleSet(found.content)


# ---------------------------------------------------------------- whatever it is given


@given(anything)
@settings(max_examples=150, deadline=None)
def test_nothing_makes_it_raise(raw: object) -> None:
    assert errors(raw)


@given(rule_sets(), st.data())
@settings(max_examples=150, deadline=None)
def test_nothing_inside_a_rule_set_makes_it_raise(content: dict[str, Any], data: st.DataObject) -> None:
    """Any part of a fit set replaced by anything: it is refused, or it was harmless and the rest decides."""
    place: Any = content
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(anything)
            break
        place = place[key]
    found = compiled(content)
    for finding in found.findings:
        json.dumps(finding).encode()
        assert finding.zh
        assert finding.en
        assert finding.column or finding.row
    if found.content is not None:
        RuleSet(found.content)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "{}",
        {},
        {1: 2, (3,): 4},
        {"form": 10**5000, "rows": [10**5000]},
        {"form": float("nan"), "rows": [float("inf")]},
        {"form": 2, "rows": {"row": "x"}},
        {"form": 2, "rows": [{"row": "\ud800", "when": "\udfff", "then": {"kind": "\u202e"}, "say": "\x00"}]},
        {"form": 2, "rows": [[]] * 100_000},
        {"rows": [{"row": ["a"], "when": [{"fact": ["a"], "op": {}}], "then": {"kind": []}}]},
        {"form": {1, 2}, "title": object()},
    ],
)
def test_what_is_no_rule_set_is_refused(raw: object) -> None:
    assert errors(raw)


def test_lists_nested_a_thousand_deep_are_refused() -> None:
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]
    assert errors(asking(fact="age", op="AT_LEAST", value=deep))
    assert errors(deep)


# ---------------------------------------------------------------- conditions


WRONG_CONDITIONS: list[tuple[dict[str, Any], str, str, str]] = [
    # the condition · column · code · what the sentence names
    ({"fact": "celcius", "op": "AT_LEAST", "value": 373}, "fact", "UNKNOWN_FACT", "mean celsius_tenths?"),
    ({"fact": "体温", "op": "AT_LEAST", "value": 373}, "fact", "UNKNOWN_FACT", "mean celsius_tenths?"),
    ({"fact": "Purpose", "op": "ONE_OF", "value": ["FREIGHT"]}, "fact", "UNKNOWN_FACT", "mean purpose?"),
    ({"fact": "zzz", "op": "IS", "value": True}, "fact", "UNKNOWN_FACT", "case_contact"),
    ({"op": "IS", "value": True}, "fact", "UNKNOWN_FACT", "resident"),
    ({"fact": "answers.cold_chain", "op": "IS", "value": True}, "fact", "NOT_ASKED", "cold_chain"),
    ({"fact": "age", "op": "ATLEAST", "value": 3}, "op", "UNKNOWN_OPERATOR", "AT_LEAST"),
    ({"fact": "age", "op": ">=", "value": 3}, "op", "UNKNOWN_OPERATOR", "AT_LEAST"),
    ({"fact": "age", "op": "ONE_OF", "value": ["3"]}, "op", "OPERATOR_OF_ANOTHER_KIND", "BELOW"),
    ({"fact": "purpose", "op": "UNDER", "value": ["42"]}, "op", "OPERATOR_OF_ANOTHER_KIND", "ONE_OF"),
    ({"fact": "areas", "op": "MISSING"}, "op", "OPERATOR_OF_ANOTHER_KIND", "LEVEL"),
    ({"fact": "purpose", "op": "ONE_OF", "value": ["FRIEGHT"]}, "value", "UNKNOWN_CODE", "FREIGHT"),
    ({"fact": "purpose", "op": "ONE_OF", "value": ["freight"]}, "value", "UNKNOWN_CODE", "FREIGHT"),
    ({"fact": "purpose", "op": "ONE_OF", "value": "FREIGHT"}, "value", "WRONG_TYPE", "FREIGHT"),
    ({"fact": "purpose", "op": "ONE_OF", "value": []}, "value", "EMPTY_LIST", "空"),
    ({"fact": "purpose", "op": "ONE_OF", "value": [["FREIGHT"]]}, "value", "UNKNOWN_CODE", "FREIGHT"),
    ({"fact": "purpose", "op": "ONE_OF"}, "value", "FIELD_MISSING", "value"),
    ({"fact": "symptoms", "op": "ANY_OF", "value": ["COUGHING"]}, "value", "UNKNOWN_CODE", "COUGH"),
    ({"fact": "areas", "op": "LEVEL", "value": ["HIHG"], "days": 14}, "value", "UNKNOWN_CODE", "HIGH"),
    ({"fact": "symptoms", "op": "ANY", "value": ["COUGH"]}, "value", "FIELD_TOO_MANY", "value"),
    ({"fact": "age", "op": "MISSING", "value": 3}, "value", "FIELD_TOO_MANY", "value"),
    ({"fact": "celsius_tenths", "op": "AT_LEAST", "value": 37.3}, "value", "DEGREES_NOT_TENTHS", "373"),
    ({"fact": "celsius_tenths", "op": "AT_LEAST", "value": 37}, "value", "DEGREES_NOT_TENTHS", "370"),
    ({"fact": "celsius_tenths", "op": "AT_LEAST", "value": "373"}, "value", "WRONG_TYPE", "373"),
    ({"fact": "celsius_tenths", "op": "AT_LEAST", "value": 3730}, "value", "OUT_OF_RANGE", "450"),
    ({"fact": "celsius_tenths", "op": "AT_LEAST", "value": float("nan")}, "value", "WRONG_TYPE", "nan"),
    ({"fact": "celsius_tenths", "op": "AT_LEAST", "value": True}, "value", "WRONG_TYPE", "true"),
    ({"fact": "age", "op": "BELOW", "value": 18.5}, "value", "WRONG_TYPE", "18.5"),
    ({"fact": "age", "op": "BELOW", "value": -1}, "value", "OUT_OF_RANGE", "150"),
    ({"fact": "resident", "op": "IS", "value": 1}, "value", "WRONG_TYPE", "true"),
    ({"fact": "resident", "op": "IS", "value": "是"}, "value", "WRONG_TYPE", "true"),
    ({"fact": "resident", "op": "IS", "value": None}, "value", "FIELD_MISSING", "value"),
    ({"fact": "from_code", "op": "UNDER", "value": ["420"]}, "value", "NOT_A_PLACE", "420106"),
    ({"fact": "from_code", "op": "UNDER", "value": ["湖北"]}, "value", "NOT_A_PLACE", "420106"),
    ({"fact": "from_code", "op": "UNDER", "value": ["99"]}, "value", "NOT_A_PLACE", "99"),
    ({"fact": "from_code", "op": "UNDER", "value": ["４２"]}, "value", "NOT_A_PLACE", "42"),
    ({"fact": "from_code", "op": "UNDER", "value": [42]}, "value", "NOT_A_PLACE", '"42"'),
    ({"fact": "stays", "op": "UNDER", "value": ["42"]}, "days", "FIELD_MISSING", "days"),
    ({"fact": "stays", "op": "UNDER", "value": ["42"], "days": 29}, "days", "OUT_OF_RANGE", "28"),
    ({"fact": "stays", "op": "UNDER", "value": ["42"], "days": -1}, "days", "OUT_OF_RANGE", "28"),
    ({"fact": "stays", "op": "UNDER", "value": ["42"], "days": "14"}, "days", "WRONG_TYPE", "14"),
    ({"fact": "from_code", "op": "UNDER", "value": ["42"], "days": 14}, "days", "FIELD_TOO_MANY", "days"),
    ({"fact": "age", "op": "BELOW", "value": 3, "valu": 4}, "", "UNKNOWN_FIELD", "value"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "column", "code", "named"), WRONG_CONDITIONS)
def test_a_condition_is_refused_where_it_is_wrong(
    wrong: dict[str, Any], column: str, code: str, named: str
) -> None:
    finding = only(changed(INSIDE, wrong))
    assert (finding.row, finding.column) == ("goods", f"when.1.{column}".rstrip("."))
    assert finding.code == code
    assert named in finding.zh + finding.en
    assert errors(changed(["rows", 0, "unless"], [FREIGHT, wrong]))[0].column == f"unless.2.{column}".rstrip(
        "."
    )


IDENTITY = [
    "id_division", "document_code", "id_prefix", "birthplace", "户籍", "籍贯", "身份证前六位", "户籍地", "身份证号", "出生地",
    "idDivision", "ID_PREFIX", "id-prefix", "document_number", "identity_number", "place_of_birth", "hukou", "native_place",
    "answers.户籍", "answers.id_division", "身份证开头两位", "first_six_digits", "id_card_province",
]  # fmt: skip


@pytest.mark.parametrize("fact", IDENTITY)
def test_where_an_identity_number_was_issued_is_never_a_fact_and_the_refusal_says_why(fact: str) -> None:
    finding = only(asking(fact=fact, op="UNDER", value=["42"]))
    assert finding.code == "IDENTITY_IS_NO_FACT"
    assert "签发" in finding.zh
    assert "nothing about where anybody has been" in finding.en


def test_no_fact_there_is_sounds_like_the_identity_number() -> None:
    for fact in FACTS:
        value = {"fact": f"{fact}_", "op": "IS", "value": True}
        assert only(changed(INSIDE, value)).code == "UNKNOWN_FACT"


def test_a_question_may_not_ask_for_it_either() -> None:
    for wrong in (
        {"key": "hukou", "kind": "NUMBER", "zh": "问", "en": "q"},
        {"key": "six", "kind": "NUMBER", "zh": "您身份证前六位是多少", "en": "q"},
        {"key": "six", "kind": "YES_NO", "zh": "是", "en": "Is your place of birth in Hubei?"},
    ):
        assert only(written(questions=[wrong])).code == "IDENTITY_IS_NO_FACT"
    assert not errors(
        written(
            questions=[{"key": "card", "kind": "YES_NO", "zh": "身份证带了吗", "en": "Document at hand?"}]
        )
    )


# ---------------------------------------------------------------- rows and the set


QUARANTINE = written(row("home", FREIGHT, then=HOME))
EXEMPTION = written(
    row("home", FREIGHT, then=HOME),
    row("fever", condition("symptoms", "ANY"), then={"kind": "FEVER_CLINIC"}),
    row("free", condition("purpose", "ONE_OF", ["SUPPLIES"]), then={"kind": "EXEMPT", "lifts": ["home"]}),
)
QUESTION = {"key": "cold_chain", "kind": "YES_NO", "zh": "冷链？", "en": "Cold chain?"}
ASKED = written(questions=[QUESTION])
AFFECTED = written(
    row("area", condition("areas", "LEVEL", ["HIGH"], 14)),
    areas=[{"code": "42", "level": "HIGH", "from": "2020-02-01", "to": "2020-03-01"}],
)

WRONG_PARTS: list[tuple[dict[str, Any], list[str | int], Any, str, str, str, str]] = [
    # the fit set · the way to the field · what stands there · row · column · code · what the sentence names
    (QUARANTINE, ["form"], 1, "", "form", "UNKNOWN_FORM", "2"),
    (QUARANTINE, ["form"], True, "", "form", "UNKNOWN_FORM", "2"),
    (QUARANTINE, ["title"], {"zh": "题"}, "", "title.en", "TEXT_MISSING", "missing"),
    (QUARANTINE, ["title"], None, "", "title", "WRONG_TYPE", "zh"),
    (QUARANTINE, ["source"], 7, "", "source", "WRONG_TYPE", "7"),
    (QUARANTINE, ["valid"], 7, "", "", "UNKNOWN_FIELD", "valid"),
    (QUARANTINE, ["rows", 0, "row"], "arrival", "#2", "row", "TWICE", "arrival"),
    (QUARANTINE, ["rows", 0, "row"], "two words", "#1", "row", "NOT_A_ROW_ID", "hubei-14"),
    (QUARANTINE, ["rows", 0, "row"], "#1", "#1", "row", "NOT_A_ROW_ID", "hubei-14"),
    (QUARANTINE, ["rows", 0, "row"], "", "#1", "row", "NOT_A_ROW_ID", "hubei-14"),
    (QUARANTINE, ["rows", 0, "row"], 1, "#1", "row", "NOT_A_ROW_ID", "hubei-14"),
    (QUARANTINE, ["rows", 0, "when"], None, "home", "when", "WRONG_TYPE", "列表"),
    (QUARANTINE, ["rows", 0, "from"], "2020-02-30", "home", "from", "NOT_A_DAY", "2020-02-05"),
    (QUARANTINE, ["rows", 0, "from"], "2020/02/03", "home", "from", "NOT_A_DAY", "2020-02-05"),
    (QUARANTINE, ["rows", 0, "from"], 20200203, "home", "from", "NOT_A_DAY", "2020-02-05"),
    (QUARANTINE, ["rows", 0, "from"], "2020-W06-1", "home", "from", "NOT_A_DAY", "2020-02-05"),
    (QUARANTINE, ["rows", 0, "say"], {"zh": "请"}, "home", "say.en", "TEXT_MISSING", "missing"),
    (QUARANTINE, ["rows", 0, "say"], {"en": "Go"}, "home", "say.zh", "TEXT_MISSING", "missing"),
    (QUARANTINE, ["rows", 0, "say", "zh"], "  \n ", "home", "say.zh", "TEXT_MISSING", "missing"),
    (QUARANTINE, ["rows", 0, "say", "zh"], "请" * 301, "home", "say.zh", "TEXT_TOO_LONG", "300"),
    (QUARANTINE, ["rows", 0, "say", "zh"], "请" * 10**7, "home", "say.zh", "TEXT_TOO_LONG", "300"),
    (QUARANTINE, ["rows", 0, "say", "zh"], "请\x07", "home", "say.zh", "UNSEEN_CHARACTER", "U+0007"),
    (QUARANTINE, ["rows", 0, "say", "zh"], "请\u202e", "home", "say.zh", "UNSEEN_CHARACTER", "U+202E"),
    (QUARANTINE, ["rows", 0, "say", "zh"], "请\ud800", "home", "say.zh", "UNSEEN_CHARACTER", "U+D800"),
    (QUARANTINE, ["rows", 0, "then", "kind"], "QUARANTIN", "home", "then.kind", "UNKNOWN_CODE", "QUARANTINE"),
    (QUARANTINE, ["rows", 0, "then", "kind"], "TURN_BACK", "home", "then.kind", "UNKNOWN_CODE", "TURN_BACK_PROPOSED"),
    (QUARANTINE, ["rows", 0, "then", "kind"], None, "home", "then.kind", "UNKNOWN_CODE", "REGISTER"),
    (QUARANTINE, ["rows", 0, "then", "place"], None, "home", "then.place", "FIELD_MISSING", "place"),
    (QUARANTINE, ["rows", 0, "then", "place"], "HOTEL", "home", "then.place", "UNKNOWN_CODE", "FACILITY"),
    (QUARANTINE, ["rows", 0, "then", "days"], None, "home", "then.days", "FIELD_MISSING", "days"),
    (QUARANTINE, ["rows", 0, "then", "days"], 0, "home", "then.days", "OUT_OF_RANGE", "28"),
    (QUARANTINE, ["rows", 0, "then", "days"], 29, "home", "then.days", "OUT_OF_RANGE", "28"),
    (QUARANTINE, ["rows", 0, "then", "lifts"], ["arrival"], "home", "then.lifts", "FIELD_TOO_MANY", "豁免"),
    (QUARANTINE, ["rows", 1, "then", "days"], 14, "arrival", "then.days", "FIELD_TOO_MANY", "隔离观察"),
    (QUARANTINE, ["rows", 1, "then", "place"], "HOME", "arrival", "then.place", "FIELD_TOO_MANY", "隔离观察"),
    (EXEMPTION, ["rows", 2, "then", "lifts"], [], "free", "then.lifts", "FIELD_MISSING", "lifts"),
    (EXEMPTION, ["rows", 2, "then", "lifts"], ["hom"], "free", "then.lifts", "UNKNOWN_ROW", "home"),
    (EXEMPTION, ["rows", 2, "then", "lifts"], ["free"], "free", "then.lifts", "LIFTS_AN_EXEMPTION", "free"),
    (EXEMPTION, ["rows", 2, "then", "lifts"], ["home", "fever"], "free", "then.lifts", "NEVER_LIFTED", "发热门诊"),
    (EXEMPTION, ["rows", 2, "then", "lifts"], ["arrival"], "free", "then.lifts", "NEVER_LIFTED", "登记放行"),
    (EXEMPTION, ["rows", 2, "then", "lifts"], ["home", 4], "free", "then.lifts.2", "WRONG_TYPE", "4"),
    (EXEMPTION, ["rows", 2, "then", "lifts"], "home", "free", "then.lifts", "WRONG_TYPE", "列表"),
    (ASKED, ["questions", 0, "key"], "Cold", "questions #1", "key", "NOT_A_KEY", "cold_chain"),
    (ASKED, ["questions", 0, "kind"], "YESNO", "questions #1", "kind", "UNKNOWN_CODE", "YES_NO"),
    (ASKED, ["questions", 0, "en"], None, "questions #1", "en", "TEXT_MISSING", "missing"),
    (ASKED, ["questions", 0, "choices"], [{}], "questions #1", "choices", "FIELD_TOO_MANY", "CHOICE"),
    (ASKED, ["questions", 0, "directions"], ["INN"], "questions #1", "directions", "UNKNOWN_CODE", "IN"),
    (ASKED, ["questions", 0, "directions"], [], "questions #1", "directions", "EMPTY_LIST", "one"),
    (ASKED, ["questions"], [QUESTION, QUESTION], "questions #2", "key", "TWICE", "cold_chain"),
    (ASKED, ["questions"], [{**QUESTION, "key": f"q{n}"} for n in range(21)], "", "questions", "TOO_MANY", "20"),
    (AFFECTED, ["areas", 0, "code"], "42000", "areas #1", "code", "NOT_A_PLACE", "420106"),
    (AFFECTED, ["areas", 0, "level"], "高", "areas #1", "level", "UNKNOWN_CODE", "HIGH"),
    (AFFECTED, ["areas", 0, "to"], None, "areas #1", "to", "HALF_DATED", "2020-03-01"),
    (AFFECTED, ["areas", 0, "from"], None, "areas #1", "from", "HALF_DATED", "都不写"),
    (AFFECTED, ["areas", 0, "to"], "2020-01-31", "areas #1", "to", "DATES_INVERTED", "2020-02-01"),
    (AFFECTED, ["areas", 0, "to"], "2020-03-02", "areas #1", "to", "TOO_LONG", "2020-03-01"),
    (AFFECTED, ["areas", 0, "from"], "9999-12-31", "areas #1", "to", "DATES_INVERTED", "9999-12-31"),
    (AFFECTED, ["areas", 0], 42, "areas #1", "", "WRONG_TYPE", "code"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "way", "value", "place", "column", "code", "named"), WRONG_PARTS)
def test_a_part_is_refused_where_it_is_wrong(
    base: dict[str, Any], way: list[str | int], value: Any, place: str, column: str, code: str, named: str
) -> None:
    assert not errors(base)
    finding = only(changed(way, value, base))
    assert (finding.row, finding.column, finding.code) == (place, column, code)
    assert named in finding.zh + finding.en


def test_a_dated_row_ends_after_thirty_days() -> None:
    dates = {"from": "2020-02-05", "to": "2020-03-06"}
    assert only(written(row("goods", FREIGHT, **dates))).column == "to"
    assert not errors(written(row("goods", FREIGHT, **{**dates, "to": "2020-03-05"})))
    assert only(written(row("goods", FREIGHT, **{**dates, "to": "2020-02-04"}))).code == "DATES_INVERTED"
    assert not errors(written(row("goods", FREIGHT, **{"from": "2020-02-05"})))


def test_a_choice_needs_two_that_differ() -> None:
    choice = {"key": "by", "kind": "CHOICE", "zh": "怎么来", "en": "How"}
    ferry, bus = ({"code": code, "zh": code, "en": code} for code in ("FERRY", "BUS"))
    assert only(written(questions=[choice])).code == "WRONG_TYPE"
    assert only(written(questions=[{**choice, "choices": [ferry]}])).code == "TOO_FEW"
    assert only(written(questions=[{**choice, "choices": [ferry, ferry]}])).column == "choices.2.code"
    assert (
        only(written(questions=[{**choice, "choices": [ferry, {**bus, "code": "坐车"}]}])).code
        == "NOT_A_CHOICE"
    )
    asked = [{**choice, "choices": [ferry, bus]}]
    assert not errors(written(row("ship", condition("answers.by", "ONE_OF", ["FERRY"])), questions=asked))
    wrong = written(row("ship", condition("answers.by", "ONE_OF", ["FERY"])), questions=asked)
    assert "FERRY" in only(wrong).en
    wrong = written(row("ship", condition("answers.by", "IS", True)), questions=asked)
    assert only(wrong).code == "OPERATOR_OF_ANOTHER_KIND"


@pytest.mark.parametrize(
    "arrival",
    [
        {**ARRIVAL, "then": {"kind": "RE_MEASURE"}},
        {**ARRIVAL, "when": [condition("direction", "ONE_OF", ["OUT"])]},
        {**ARRIVAL, "when": [condition("direction", "NONE_OF", ["IN"])]},
        {**ARRIVAL, "when": [condition("direction", "MISSING")]},
        {**ARRIVAL, "when": [*ARRIVAL["when"], FREIGHT]},
        {**ARRIVAL, "unless": [FREIGHT]},
        {**ARRIVAL, "from": "2020-02-01", "to": "2020-02-20"},
    ],
)
def test_every_arrival_must_be_registered(arrival: dict[str, Any]) -> None:
    finding = only({**written(), "rows": [arrival]})
    assert (finding.column, finding.code) == ("rows", "ARRIVALS_NOT_REGISTERED")
    assert not errors({**written(), "rows": [arrival, {**ARRIVAL, "row": "all", "when": []}]})


def test_there_may_be_200_rows_2000_areas_and_no_more() -> None:
    many = [row(f"row-{n}", condition("age", "AT_LEAST", n % 100)) for n in range(199)]
    assert not errors(written(*many))
    assert errors(written(*many, row("more", FREIGHT)))[0].code == "TOO_MANY"
    codes = [f"4201{n % 90 + 10}{n // 90:03d}" for n in range(2_001)]
    areas = [{"code": code, "level": "HIGH"} for code in codes]
    asks = row("area", condition("areas", "LEVEL", ["HIGH"], 14))
    assert only(written(asks, areas=areas)).column == "areas"
    assert not errors(written(asks, areas=areas[:2_000]))


def test_a_place_must_be_in_the_register_where_there_is_one() -> None:
    asked: list[str] = []

    def exists(code: str) -> bool:
        asked.append(code)
        return code == "420000"

    unknown = written(row("from", condition("from_code", "UNDER", ["42", "420000", "4201"])), areas=[])
    finding = only(unknown, exists=exists)
    assert (finding.row, finding.column, finding.code) == ("from", "when.1.value", "UNKNOWN_PLACE")
    assert "4201" in finding.zh
    assert asked == ["420000", "420100"]  # each once, as the register writes them


# ---------------------------------------------------------------- the normal form


def content_of(found: Compiled) -> dict[str, Any]:
    assert found.content is not None, found.findings
    return found.content


@given(rule_sets())
@settings(max_examples=200, deadline=None)
def test_a_normal_form_compiled_again_is_the_same(raw: dict[str, Any]) -> None:
    once = content_of(compiled(raw))
    again = compiled(json.loads(json.dumps(once)))
    assert again.content == once
    assert hash_of(content_of(again)) == hash_of(once)
    RuleSet(once)


def test_what_says_the_same_has_the_same_hash() -> None:
    area = {"code": "420000", "level": "HIGH", "from": None, "to": None, "source": None}
    one = written(
        row(
            "a",
            condition("from_code", "UNDER", ["420106", "31", "310000"]),
            condition("direction", "ONE_OF", ["OUT", "IN"]),
        ),
        areas=[area, {"code": "21", "level": "LOW"}],
    )
    other = written(
        {**row("a", condition("direction", "ONE_OF", ["IN", "OUT", "IN"]), condition("from_code", "UNDER", ["31", "420106000"])), "unless": []},
        areas=[{"level": "LOW", "code": "2100"}, {"code": "42", "level": "HIGH"}],
        questions=[],
        source="",
    )  # fmt: skip
    assert content_of(compiled(one)) == content_of(compiled(other))
    assert content_of(compiled(one))["rows"][0]["when"][1]["value"] == ["31", "420106"]


def test_whole_numbers_white_space_and_directions_are_written_one_way() -> None:
    raw = written(
        row("age", condition("age", "BELOW", 18.0), say={"zh": " 请\n登记。 ", "en": "Please\t register."}),
        questions=[{**QUESTION, "directions": ["OUT", "IN"]}],
    )
    content = content_of(compiled(raw))
    assert repr(content["rows"][0]["when"][0]["value"]) == "18"
    assert content["rows"][0]["say"] == {"zh": "请 登记。", "en": "Please register."}
    assert content["questions"][0]["directions"] == ["IN", "OUT"]
    assert content_of(compiled(written(questions=[QUESTION])))["questions"][0]["directions"] == ["IN", "OUT"]


def test_turning_back_spares_residents_the_ill_and_who_needs_care_written_once() -> None:
    back = {"kind": "TURN_BACK_PROPOSED"}
    mine = condition("age", "BELOW", 14)
    for unless in ([], [mine], [mine, *TURN_BACK_UNLESS], list(reversed(TURN_BACK_UNLESS))):
        raw = written(row("back", condition("from_code", "OUTSIDE", ["21"]), then=back, unless=unless))
        read = content_of(compiled(raw))["rows"][0]["unless"]
        assert len(read) == len(TURN_BACK_UNLESS) + (mine in unless)
        assert all(one in read for one in TURN_BACK_UNLESS)
    assert content_of(compiled(written(row("goods", FREIGHT))))["rows"][0]["unless"] == []


def test_what_was_handed_in_is_not_changed() -> None:
    raw = written(row("back", FREIGHT, then={"kind": "TURN_BACK_PROPOSED"}))
    before = copy.deepcopy(raw)
    content_of(compiled(raw))["rows"][0]["when"].clear()
    assert raw == before
    assert TURN_BACK_UNLESS[0]["value"] is True


def test_the_symptoms_are_those_of_the_phone() -> None:
    assert tuple(choice.code for choice in SYMPTOMS) == SYMPTOM_CODES
