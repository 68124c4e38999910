"""What a re-screening decided stands wherever somebody looks at the person: passage, decision, history, subject."""

from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.services import correct
from lianfang.kernel.clock import now
from lianfang.screening.book import AFFECTED_AREAS
from tests import factories
from tests.doors.desk import City, text
from tests.doors.test_grid_roster_rescreened import HOME, decide_later
from tests.factories import HAICHENG, Json

AGAIN = "重新筛查后：隔离观察（居家，14 天）"
REGISTER = {"kind": "REGISTER", "row": "arrival"}
STANDS = ["QUARANTINE HOME 14", "REGISTER"]
FACE = 'class="measure measure--quarantine"'


def passage_page(city: City, passage: Json, who: str = "haicheng") -> str:
    return text(getattr(city, who).get(f"/desk/passages/{passage['id']}"))


def decision_page(city: City, person: Json) -> str:
    return text(city.haicheng.get(f"/desk/registrations/{person['id']}/decision"))


def arrived(city: City, people: int = 1, later: int = 1) -> Json:
    """A car of which the first so many were screened again."""
    passage = city.register(people=people)
    for person in passage["people"][:later]:
        decide_later(person, HOME, REGISTER, stands=STANDS)
    return passage


def head_of(page: str, person: int = 1) -> str:
    return page.partition(f'id="person-{person}"')[2].partition("card__body")[0]


def test_the_face_of_a_person_is_what_stands(city: City) -> None:
    page = passage_page(city, arrived(city, people=2))
    assert FACE in head_of(page)
    assert "重新筛查过" in head_of(page)
    assert FACE not in head_of(page, 2)
    assert "重新筛查过" not in head_of(page, 2)


def test_it_stands_above_what_was_told_at_the_gate(city: City) -> None:
    page = passage_page(city, arrived(city, people=2))
    card = page.partition('id="person-1"')[2].partition('id="person-2"')[0]
    assert AGAIN in card
    assert AFFECTED_AREAS.say("affected-area")["zh"] in card
    assert card.index(AGAIN) < card.index("登记时：登记放行")
    assert "登记时没有这样告知本人" in card
    other = page.partition('id="person-2"')[2]
    assert AGAIN not in other
    assert "登记时：" not in other


def test_it_has_its_place_in_the_history(city: City) -> None:
    passage = arrived(city)
    line = passage_page(city, passage).partition("line-of-time")[2]
    assert "登记</strong>" in line
    assert "已重新筛查</strong> · 第 1 人" in line
    assert "<del>—</del> → <ins>隔离观察（居家，14 天）</ins>" in line
    assert "已重新筛查" not in passage_page(city, city.register())


def test_a_second_one_is_the_last_word_and_the_first_is_not_forgotten(city: City) -> None:
    person = arrived(city)["people"][0]
    notify = {"kind": "NOTIFY_GRID", "row": "notify"}
    decide_later(person, notify, stands=["QUARANTINE HOME 14", "NOTIFY_GRID", "REGISTER"])
    head, _, card = decision_page(city, person).partition('data-testid="later-decision"')
    assert FACE in head
    assert "measure--notify-grid" in head
    assert card.index("重新筛查后：通知网格") < card.index(AGAIN)


def test_whoever_sees_the_whole_file_sees_it_too(city: City) -> None:
    passage = arrived(city)
    answer = city.headquarters.post(f"/desk/passages/{passage['id']}/unmask", {"purpose": "INVESTIGATION"})
    assert AGAIN in text(answer)


def test_only_headquarters_goes_on_to_the_re_screening(city: City) -> None:
    passage = arrived(city)
    assert "这次重新筛查" in passage_page(city, passage, "headquarters")
    assert "这次重新筛查" not in passage_page(city, passage)


def test_the_next_county_learns_nothing(city: City) -> None:
    passage = arrived(city)
    assert AGAIN not in passage_page(city, passage, "xiuyan")
    answer = city.xiuyan.get(f"/desk/registrations/{passage['people'][0]['id']}/decision")
    assert answer.status_code == 404


def test_the_decision_is_explained_beside_what_was_decided_since(city: City) -> None:
    passage = arrived(city)
    page = decision_page(city, passage["people"][0])
    assert AGAIN in page
    assert "登记时：登记放行" in page
    assert "重新筛查后" not in decision_page(city, city.register()["people"][0])


@pytest.mark.parametrize("again", [True, False])
def test_a_corrected_fact_is_not_said_to_be_undecided_where_a_re_screening_decided(
    city: City, again: bool
) -> None:
    person = arrived(city, later=int(again))["people"][0]
    by = factories.officer("COUNTY_DESK", HAICHENG)
    correct(by=by, of=UUID(person["id"]), fields={"from_code": "420106"}, reason="问清了", at=now())
    page = decision_page(city, person)
    assert ("重新筛查另外作出的决定" in page) == again
    assert ("没有自动重判。" in page) != again


def test_the_subject_hears_to_whom_it_is_passed_on(city: City) -> None:
    number = arrived(city)["people"][0]["document"]["number"]
    page = text(city.haicheng.post("/desk/subjects", {"number": number}))
    assert "目的地所在的社区网格或集中隔离点" in page
    assert FACE in page.partition('data-testid="subject-record"')[2].partition("card__body")[0]


def test_a_rule_set_nobody_knows_any_more_stands_by_its_hash(city: City) -> None:
    passage = arrived(city)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE rescreened SET rule_set = 'feedfeedfeedfeed'")
    page = passage_page(city, passage)
    assert AGAIN in page
    assert "feedfeedfeedfeed" in page


def test_one_person_or_three_screened_again_ask_as_often(city: City) -> None:
    def questions(people: int) -> tuple[int, int]:
        passage = arrived(city, people=people, later=people)
        asked = []
        for address in (
            f"/desk/passages/{passage['id']}",
            f"/desk/registrations/{passage['people'][0]['id']}/decision",
        ):
            with CaptureQueriesContext(connection) as counted:
                city.haicheng.get(address)
            asked.append(len(counted))
        return asked[0], asked[1]

    questions(1)  # the book is read once in two seconds
    assert questions(1) == questions(3)


def test_english_has_its_own_brackets_and_separators(city: City) -> None:
    passage = arrived(city)
    city.haicheng.post("/language", {"language": "en"})
    page = passage_page(city, passage)
    assert "After re-screening: Quarantine (at home, 14 days)" in page
    shown = page.partition('data-testid="later-decision"')[2].partition("</div>")[0]
    assert not set("（），、；：") & set(shown.replace(AFFECTED_AREAS.content()["title"]["en"], ""))
