"""Why somebody was treated so: the page that explains a decision, for whoever may see the record and nobody else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.services import correct
from lianfang.kernel.days import day_of
from lianfang.screening.book import AFFECTED_AREAS
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.doors.orders import ASKING, OLDER, Orders
from tests.factories import HAICHENG, Json
from tests.noted import noted

UNKNOWN = "01a20000-0000-7000-8000-0000000000ff"
WUHAN = "420106"


def of(person: Json) -> str:
    return f"/desk/registrations/{person['id']}/decision"


def page(client: Client, person: Json) -> str:
    return text(client.get(of(person)))


def from_wuhan(city: City, **changes: object) -> Json:
    day = day_of(datetime.now(UTC)) - timedelta(days=7)
    stays = [{"code": WUHAN, "from": None, "to": day.isoformat()}]
    person = city.generated.person(name="王小明", phone="13900000001", stays=stays, **changes)
    return city.register(people=[person])["people"][0]


def test_each_condition_stands_with_the_fact_that_met_it(city: City) -> None:
    shown = page(city.haicheng, from_wuhan(city))
    assert "近14天到过高风险地区" in shown
    assert "到过 湖北省武汉市（" in shown  # 420106 itself is not in this register
    assert "7 天前）；湖北省是高风险地区" in shown
    assert AFFECTED_AREAS.hash in shown
    assert "重点地区来人隔离观察" in shown
    assert "请回家隔离医学观察14天" in shown
    assert "不符合：体温 ≥ 37.3 °C（" in shown


def test_only_the_first_letter_of_the_name_is_shown_and_no_number(city: City) -> None:
    person = from_wuhan(city)
    shown = page(city.haicheng, person)
    assert "王**" in shown
    for secret in ("王小明", "13900000001", person["document"]["number"], person["destination"]["address"]):
        assert secret not in shown


def test_reading_it_is_noted_once_under_the_passage(city: City) -> None:
    person = from_wuhan(city)
    page(city.haicheng, person)
    (entry,) = noted("FILE_READ")
    assert entry.subject.startswith("PASSAGE ")
    assert entry.details == {"page": "decision"}


def test_the_passage_leads_to_it(city: City) -> None:
    passage = city.register(people=2)
    shown = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert [shown.count(f'href="{of(person)}"') for person in passage["people"]] == [1, 1]
    assert "第 2 人" in page(city.haicheng, passage["people"][1])


def test_the_next_county_learns_nothing_and_an_unknown_id_says_the_same(city: City) -> None:
    person = from_wuhan(city)
    strange, unknown = city.xiuyan.get(of(person)), city.xiuyan.get(of({"id": UNKNOWN}))
    assert (strange.status_code, unknown.status_code) == (404, 404)
    assert text(strange).count("辖区内没有这个人的登记") == text(unknown).count("辖区内没有这个人的登记") == 1
    assert noted("FILE_READ") == []


@pytest.mark.parametrize("who", ["headquarters", "haicheng"])
def test_whoever_sees_the_record_sees_why(city: City, who: str) -> None:
    assert getattr(city, who).get(of(from_wuhan(city))).status_code == 200


@pytest.mark.parametrize("who", ["screen", "administrator"])
def test_whoever_sees_no_records_sees_no_decisions(city: City, who: str) -> None:
    assert getattr(city, who).get(of(from_wuhan(city))).status_code in (302, 403)


def test_other_roles_and_signed_out(city: City) -> None:
    person = from_wuhan(city)
    assert Client().get(of(person)).status_code == 302
    for role in ("SECURITY_ADMINISTRATOR", "AUDITOR", "CHECKPOINT_LEAD"):
        assert at_desk(factories.officer(role, HAICHENG)).get(of(person)).status_code == 403
    assert city.township.get(of(person)).status_code in (200, 404)


@pytest.mark.parametrize("odd", ["x", "1", "00000000-0000-0000-0000-000000000000", "%00", "..%2f"])
def test_odd_ids_are_no_errors(city: City, odd: str) -> None:
    assert city.headquarters.get(f"/desk/registrations/{odd}/decision").status_code == 404


def test_what_a_correction_would_change_is_told_and_nothing_is_decided_again(city: City) -> None:
    person = from_wuhan(city)
    before = stored()
    by = factories.officer("COUNTY_DESK", HAICHENG)
    correct(by=by, of=UUID(person["id"]), fields={"stays": []}, reason="看错了", at=datetime.now(UTC))
    shown = page(city.haicheng, person)
    assert "按更正后的事实，原规则会判为：登记放行" in shown
    assert "按更正后的事实，现行规则会判为：登记放行" in shown
    assert "没有自动重判" in shown
    assert "请回家隔离医学观察14天" in shown  # what was decided stands
    assert stored() == before


def test_a_correction_that_changes_no_fact_is_not_told_as_one(city: City) -> None:
    person = from_wuhan(city)
    by = factories.officer("COUNTY_DESK", HAICHENG)
    correct(by=by, of=UUID(person["id"]), fields={"name": "王小朋"}, reason="看错了", at=datetime.now(UTC))
    assert "之后的更正" not in page(city.haicheng, person)


def test_a_phone_that_told_something_else_is_shown_with_what_it_told(city: City) -> None:
    told = {"rule_set": "0123456789abcdef", "rows": ["arrival"], "measures": ["REGISTER"]}
    shown = page(city.haicheng, from_wuhan(city, shown=told))
    told = shown.partition('data-testid="told-otherwise"')[2].partition("<dt>服务器判定")[0]
    assert "登记放行" in told
    assert "0123456789abcdef" in told
    assert "手机用的是另一套规则" in shown
    agreed = {"rule_set": AFFECTED_AREAS.hash, "measures": ["QUARANTINE", "REGISTER"]}
    assert "手机当场告知" not in page(city.haicheng, from_wuhan(city, shown=agreed))


def rewrite(person: Json, **columns: str) -> None:
    """As if stored so: by the owner, past every guard."""
    with connections["owner"].cursor() as cursor:
        for column, value in columns.items():
            cursor.execute(f"UPDATE registration SET {column} = %s WHERE id = %s", [value, person["id"]])


def test_a_rule_set_that_is_not_here_any_more_explains_nothing_and_the_page_says_so(city: City) -> None:
    person = from_wuhan(city)
    rewrite(person, rule_set="feedfeedfeedfeed")
    shown = page(city.haicheng, person)
    assert "判定所用的规则（feedfeedfeedfeed）本机已经没有" in shown
    assert "隔离观察（居家，14 天）" in shown
    assert "适用的规则行" not in shown
    assert "湖北省武汉市" in shown  # the facts stand all the same


def test_an_answer_the_deciding_rules_do_not_know_stands_in_the_words_of_those_that_asked(
    city: City, orders: Orders
) -> None:
    """A phone with older or newer rules asked it; or the rules that decided are not here any more."""
    now = datetime.now(UTC)
    answers = {"sealed_train": False, "place": "SEAFOOD", "nights": 3}
    orders.put(ASKING, now - timedelta(days=2), now - timedelta(days=1))
    orders.put(OLDER, now - timedelta(days=1), now + timedelta(days=1))
    person = city.register(people=[city.generated.person(answers=answers)])["people"][0]
    for _ in range(2):
        shown = page(city.haicheng, person)
        assert "“去过哪个市场”</dt><dd>海鲜市场" in shown
        assert "“坐过密闭列车吗”</dt><dd>否" in shown
        assert "SEAFOOD" not in shown
        rewrite(person, rule_set="feedfeedfeedfeed")


def test_a_decision_that_does_not_follow_from_its_facts_is_not_explained_away(city: City) -> None:
    person = from_wuhan(city)
    rewrite(person, stays="[]")
    assert "按存下的事实重算，与当时存下的判定不同" in page(city.haicheng, person)
    assert "重算" not in page(city.haicheng, from_wuhan(city))


def test_a_record_whose_secrets_are_destroyed_is_explained_from_its_plain_facts(city: City) -> None:
    person = from_wuhan(city)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE registration SET sealed = NULL, digest = NULL WHERE id = %s", [person["id"]])
    shown = page(city.haicheng, person)
    assert "近14天到过高风险地区" in shown
    assert "王" not in shown.split("<h1>")[1].split("</h1>")[0]


def test_one_fellow_traveller_or_three_cost_the_same_number_of_questions(city: City) -> None:
    def questions(people: int) -> int:
        passage = city.register(people=people)
        with CaptureQueriesContext(connection) as asked:
            page(city.haicheng, passage["people"][0])
        return len(asked)

    questions(1)  # the book is read once in two seconds
    assert questions(1) == questions(3)


def stored() -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id, rule_set, rule_rows, measures, receipt FROM registration ORDER BY id")
        return list(cursor.fetchall())


def test_english_says_the_same(city: City) -> None:
    person = from_wuhan(city)
    city.haicheng.post("/language", {"language": "en"})
    shown = text(city.haicheng.get(of(person), headers={"accept-language": "en"}))
    assert "The decision explained" in shown
    assert "in an area of high risk within the last 14 days" in shown
