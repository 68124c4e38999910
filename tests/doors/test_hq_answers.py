"""Answers to questions that headquarters added, at the desk: in the words of the rules that asked, and corrected there."""

import copy
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from lianfang.checkpoints.models import Correction, Registration
from lianfang.checkpoints.opening import open_correction
from lianfang.command.queries import session_reach
from lianfang.doors.guard import SESSION_COOKIE
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.screening.book import AFFECTED_AREAS
from tests.doors.desk import City, text
from tests.doors.orders import ASKING, NEWER, OLDER, Orders

DAY = timedelta(days=1)
ANSWERS = {
    "sealed_train": False,
    "place": "SEAFOOD",
    "nights": 3,
    "paper_to": "幸福小区 37 号楼",
    "said": "电话 13904160001",
}


@pytest.fixture
def asking(orders: Orders) -> Orders:
    """Rules that ask are in force since yesterday."""
    now = datetime.now(UTC)
    orders.put(OLDER, now - 20 * DAY, now - DAY)
    orders.put(ASKING, now - DAY, now + DAY)
    return orders


@pytest.fixture
def person(city: City, asking: Orders) -> dict[str, Any]:
    """Somebody who was asked; `passage` is where."""
    one = city.generated.person(answers=ANSWERS, resident=False)
    return {**one, "passage": city.register(people=[one])["id"]}


def file_of(person: dict[str, Any]) -> str:
    return f"/desk/passages/{person['passage']}"


def mend(client: Client, person: dict[str, Any], **given: Any) -> Any:
    address = f"{file_of(person)}/people/{person['id']}/correct?field=answers"
    return client.post(address, {"reason": "问错了", "id": str(uuid7()), **given})


def stored(client: Client) -> list[dict[str, Any]]:
    officer = session_reach(client.cookies[SESSION_COOKIE].value)
    assert officer is not None
    with reach(officer):
        return [open_correction(row).fields["fields"] for row in Correction.objects.order_by("received_at")]


def test_the_file_shows_questions_and_answers_in_words_and_masks_what_somebody_wrote(
    city: City, person: dict[str, Any]
) -> None:
    page = text(city.haicheng.get(file_of(person)))
    for word in (
        "坐过密闭列车吗",
        "<dd>否",
        "去过哪个市场",
        "海鲜市场",
        "住了几晚",
        "<dd>3",
        "纸上写的去处",
        "不住在本市",
    ):
        assert word in page, word
    assert "37 号楼" not in page
    assert "13904160001" not in page
    assert "SEAFOOD" not in page


def test_it_does_in_english(city: City, person: dict[str, Any]) -> None:
    city.haicheng.cookies["django_language"] = "en"
    page = text(city.haicheng.get(file_of(person)))
    for word in (
        "Were you on a sealed train?",
        "Seafood market",
        "How many nights?",
        "Does not live in this city",
    ):
        assert word in page, word


def test_a_later_order_changes_no_word_of_what_was_asked_before(
    city: City, person: dict[str, Any], asking: Orders
) -> None:
    later, now = copy.deepcopy(ASKING), datetime.now(UTC)
    later["questions"][0] |= {"zh": "坐过包机吗"}
    asking.put(later, now + DAY, now + 2 * DAY)
    page = text(city.haicheng.get(file_of(person)))
    assert "坐过密闭列车吗" in page
    assert "坐过包机吗" not in page


def test_answers_to_questions_that_the_deciding_rules_did_not_ask_are_told_by_those_that_did(
    city: City, orders: Orders
) -> None:
    """A phone without network asked by the rules of yesterday; the order of today asks nothing."""
    now = datetime.now(UTC)
    orders.put(ASKING, now - 2 * DAY, now - DAY)
    orders.put(NEWER, now - DAY, now + DAY)
    passage = city.register(people=[city.generated.person(answers={**ANSWERS, "never_heard_of": "A"})])
    page = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert "坐过密闭列车吗" in page
    assert "海鲜市场" in page
    assert "never_heard_of" in page


def test_an_answer_is_corrected_and_what_the_form_does_not_ask_stays(
    city: City, person: dict[str, Any]
) -> None:
    page = text(city.haicheng.get(f"{file_of(person)}/people/{person['id']}/correct?field=answers"))
    assert "坐过密闭列车吗" in page
    assert 'name="answer_place" value="SEAFOOD"' in page
    assert "13904160001" not in page
    given = {"answer_sealed_train": "True", "answer_place": "SEAFOOD", "answer_nights": ""}
    assert mend(city.haicheng, person, **given).status_code == 302
    assert stored(city.haicheng) == [
        {
            "answers": {
                "paper_to": "幸福小区 37 号楼",
                "said": "电话 13904160001",
                "sealed_train": True,
                "place": "SEAFOOD",
            }
        }
    ]
    row = Correction.objects.using("owner").get()
    assert row.facts == {"answer_codes": {"sealed_train": True, "place": "SEAFOOD"}}
    kept = Registration.objects.using("owner").get()
    assert kept.answer_codes == {"sealed_train": False, "place": "SEAFOOD", "nights": 3}


def test_the_past_shows_only_the_questions_answered_otherwise(city: City, person: dict[str, Any]) -> None:
    given = {"answer_sealed_train": "True", "answer_place": "SEAFOOD", "answer_nights": ""}
    mend(city.haicheng, person, **given)
    past = text(city.haicheng.get(file_of(person))).partition("line-of-time")[2]
    assert "坐过密闭列车吗：<del>否</del> → <ins>是</ins>" in past
    assert "住了几晚：<del>3</del>" in past
    assert "去过哪个市场" not in past
    assert "幸福小区" not in past


@pytest.mark.parametrize(
    "given",
    [
        {"answer_place": "HARBOUR"}, {"answer_sealed_train": "perhaps"}, {"answer_nights": "1e9"}, {"answer_nights": "三"},
        {"answer_nights": "1000001"}, {"answer_nights": "2.5"},
    ],
)  # fmt: skip
def test_what_no_question_offers_is_not_taken(
    city: City, person: dict[str, Any], given: dict[str, str]
) -> None:
    stands = {"answer_sealed_train": "False", "answer_place": "SEAFOOD", "answer_nights": "3"}
    assert mend(city.haicheng, person, **{**stands, **given}).status_code == 400
    assert stored(city.haicheng) == []


def test_where_nobody_asks_anything_there_is_no_form(city: City) -> None:
    passage = city.register()
    address = f"/desk/passages/{passage['id']}/people/{passage['people'][0]['id']}/correct"
    assert "field=answers" not in text(city.haicheng.get(address))
    response = city.haicheng.post(f"{address}?field=answers", {"reason": "试试", "id": str(uuid7())})
    assert response.status_code == 400
    assert stored(city.haicheng) == []


def test_a_subject_gets_each_question_as_a_column(city: City, person: dict[str, Any]) -> None:
    number = person["document"]["number"]
    content = city.haicheng.post("/desk/subjects/export", {"number": number, "format": "xlsx"}).content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    headings = next(row for row in rows if "坐过密闭列车吗" in row)
    values = rows[rows.index(headings) + 1]
    told = dict(zip(headings, values, strict=True))
    assert (told["坐过密闭列车吗"], told["去过哪个市场"], told["住了几晚"]) == ("否", "海鲜市场", "3")
    assert told["本市居住"] == "不住在本市"
    assert told["纸上写的去处"] == "幸福小区 37 号楼"  # it is his own
    held = city.haicheng.post("/desk/subjects/export", {"number": number, "format": "json"}).json()
    assert held["records"][0]["held"]["answers.place"] == "海鲜市场"


def test_a_file_with_three_who_answered_asks_as_often_as_one_with_one(
    city: City, asking: Orders, django_assert_max_num_queries: Any
) -> None:
    asked = []
    for many in (1, 3):
        party = [city.generated.person(answers=ANSWERS) for _ in range(many)]
        passage = city.register(people=party)
        city.haicheng.get(f"/desk/passages/{passage['id']}")
        with django_assert_max_num_queries(100) as counted:
            city.haicheng.get(f"/desk/passages/{passage['id']}")
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_what_the_phone_told_otherwise_stands_beside_what_was_decided(city: City) -> None:
    shown = {"rule_set": "0123456789abcdef", "rows": ["arrival"], "measures": ["REGISTER"]}
    told = city.generated.person(from_code="420106", shown=shown)
    same = city.generated.person(shown=shown)
    passage = city.register(people=[told, same])
    page = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert page.count('data-testid="told-otherwise"') == 1
    part = page.partition('data-testid="told-otherwise"')[2].partition("</dl></div>")[0]
    phone, server = part.split("服务器判定</dt>")
    assert "登记放行" in phone
    assert "隔离观察" not in phone
    assert "0123456789abcdef" in phone
    assert "隔离观察" in server
    assert AFFECTED_AREAS.hash in server
