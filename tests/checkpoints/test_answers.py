"""What rules may use of answers to questions that headquarters added: what was chosen, and never anybody's own words."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from lianfang.checkpoints.intake.people import LARGEST_ANSWER, MOST_ANSWERS, person_content, read_person
from lianfang.checkpoints.intake.reading import ReadPassage, Unread, read
from lianfang.checkpoints.intake.shapes import Person
from lianfang.kernel.ids import uuid7

DAY = date(2020, 2, 10)


def chosen(answers: Any) -> dict[str, Any]:
    """By way of JSON, as it comes in."""
    sent = json.dumps({"id": str(uuid7()), "answers": answers})
    return read_person(msgspec.json.decode(sent, type=Person), on=DAY).facts.answer_codes


@pytest.mark.parametrize(
    "answer",
    [True, False, 0, 1, -1, 36, LARGEST_ANSWER, -LARGEST_ANSWER, "A", "NEVER", "SEALED_TRAIN_2", "X" * 64],
)
def test_yes_no_a_code_and_a_whole_number_are_what_was_chosen(answer: bool | int | str) -> None:
    found = chosen({"asked": answer})
    assert found == {"asked": answer}
    assert type(found["asked"]) is type(answer)  # true is not 1


@pytest.mark.parametrize(("answer", "read"), [(3.0, 3), (-0.0, 0), (1e6, 1_000_000)])
def test_a_whole_number_is_one_however_a_program_writes_it(answer: float, read: int) -> None:
    """The phone's language knows no difference, so neither may the server."""
    found = chosen({"asked": answer})
    assert found == {"asked": read}
    assert type(found["asked"]) is int


@pytest.mark.parametrize(
    "answer",
    [
        None, 36.5, 1e300, 1e6 + 0.5, float(LARGEST_ANSWER + 1), LARGEST_ANSWER + 1, -LARGEST_ANSWER - 1, 2**63, 10**40, "", "a", "true", "是", "武汉", "A b",
        "X" * 65, "ABC\n", " ABC", "13904160001", "A-B", "\u202eABC", "É", [], ["A"], {}, {"A": True}, [[[[]]]],
    ],
)  # fmt: skip
def test_whatever_else_was_answered_stays_sealed(answer: Any) -> None:
    assert chosen({"asked": answer, "kept": True}) == {"kept": True}
    assert "asked" in person_content(Person(id=uuid7(), answers={"asked": answer})).decode()


@pytest.mark.parametrize(
    "key",
    [
        "",
        "A",
        "1a",
        "_a",
        "a-b",
        "a.b",
        "a b",
        "a\n",
        "问题",
        "a" * 41,
        "__proto__",
        "constructor()",
        "a'; --",
        "%s",
        "ａ",
    ],
)
def test_a_key_that_no_question_may_have_is_not_used(key: str) -> None:
    assert chosen({key: True}) == {}


def test_a_key_that_reads_like_a_fact_is_an_answer_and_no_fact() -> None:
    assert chosen({"celsius_tenths": 390, "constructor": True}) == {
        "celsius_tenths": 390,
        "constructor": True,
    }
    assert (
        read_person(Person(id=uuid7(), answers={"celsius_tenths": 390}), on=DAY).facts.celsius_tenths is None
    )


def test_of_ten_thousand_answers_forty_are_used_and_the_same_whatever_their_order() -> None:
    answers = {f"k{n:05d}": n for n in range(10_000)}
    found = chosen(answers)
    assert list(found) == [f"k{n:05d}" for n in range(MOST_ANSWERS)]
    assert chosen(dict(reversed(answers.items()))) == found


def test_words_do_not_use_up_what_may_be_chosen() -> None:
    words = {f"a{n:03d}": "随便写的" for n in range(500)}
    assert chosen({**words, "z": True}) == {"z": True}


@pytest.mark.parametrize("answers", [None, {}])
def test_no_answers_are_no_answers(answers: Any) -> None:
    assert chosen(answers) == {}


def person(**changes: str) -> str:
    """A person as JSON text, so that what no JSON library writes can be sent."""
    fields = {"id": f'"{uuid7()}"', "name": '"王某"', **changes}
    return "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"


def people(*sent: str) -> list[Person | Unread]:
    passage = f'{{"id":"{uuid7()}","occurred_at":"2020-02-10T08:00:00+08:00","people":[{",".join(sent)}]}}'
    (item,) = read(f'{{"items":[{{"kind":"PASSAGE","passage":{passage}}}]}}'.encode()).items
    assert isinstance(item, ReadPassage)
    return item.people


@pytest.mark.parametrize(
    "changes",
    [
        {"resident": '"yes"'}, {"resident": "1"}, {"resident": "[]"}, {"answers": "[]"}, {"answers": '"A"'}, {"answers": "7"},
        {"answers": "true"}, {"answers": '{"a\\u0000": true}'}, {"answers": '{"a": "B\\u0000"}'},
    ],
)  # fmt: skip
def test_a_wrong_type_or_a_nul_sets_that_person_aside_and_no_other(changes: dict[str, str]) -> None:
    first, second = people(person(**changes), person(resident="true", answers='{"a": true}'))
    assert isinstance(first, Unread)
    assert first.code in ("UNREADABLE", "NUL_CHARACTER")
    assert first.id is not None
    assert isinstance(second, Person)
    assert (second.resident, second.answers) == (True, {"a": True})


@pytest.mark.parametrize("value", ["1e400", "-1e400", "1" + "0" * 5000, "0." + "1" * 5000])
def test_a_number_beyond_all_numbers_costs_an_answer_or_its_person_at_most(value: str) -> None:
    found = people(person(answers=f'{{"a": {value}}}'), person())
    assert len(found) == 2
    assert isinstance(found[1], Person)
    if isinstance(found[0], Person):
        assert read_person(found[0], on=DAY).facts.answer_codes == {}
        assert person_content(found[0])


@pytest.mark.parametrize(("sent", "told"), [("true", True), ("false", False), ("null", None)])
def test_whether_somebody_lives_here_is_yes_no_or_not_said(sent: str, told: bool | None) -> None:
    (found,) = people(person(resident=sent))
    assert isinstance(found, Person)
    assert read_person(found, on=DAY).facts.resident is told
