"""Rules tried at the desk: a draft on the people of the last days, a person who is nobody, and the sets of the program."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Registration
from lianfang.doors.hq.trying import change_words
from lianfang.journeys import trying
from lianfang.journeys.trying import MeasureChange
from lianfang.screening.models import RuleDraft
from lianfang.screening.services import begin, change
from lianfang.screening.shipped import SHIPPED, shipped
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, XIUYAN, Json
from tests.noted import noted

UNKNOWN = "01a20000-0000-7000-8000-0000000000ff"
NOBODY: Json = {"on": "2020-02-22", "direction": "IN", "transport": "TRUCK", "purpose": "FREIGHT", "celsius": "36.6"}  # fmt: skip


@pytest.fixture
def draft(city: City) -> RuleDraft:
    """Who was in Shenyang is quarantined."""
    by, at = factories.officer(), datetime.now(UTC)
    made = begin(by=by, at=at, from_="affected-areas")
    return change(by=by, at=at, id=made.id, revision=made.revision, content=with_row(dict(made.content)))


def with_row(content: Json, **changes: Any) -> Json:
    row = {
        "row": "shenyang",
        "when": [{"fact": "stays", "op": "UNDER", "value": ["210100"], "days": 14}],
        "unless": [],
        "then": {"kind": "QUARANTINE", "place": "FACILITY", "days": 14},
        "say": {"zh": "请集中隔离。", "en": "Please quarantine at a facility."},
    }
    return {**content, "rows": [row | changes, *content["rows"]]}


def tried(client: Client, draft: RuleDraft, days: object = 7) -> str:
    return text(client.get(f"/desk/rules/drafts/{draft.id}/try?days={days}"))


def test_the_totals_stand_first_and_the_townships_below(city: City, draft: RuleDraft) -> None:
    city.register(people=3)
    city.register(people=[city.generated.person(from_code="420106")])
    shown = tried(city.headquarters, draft)
    assert "会增加 隔离观察（集中，14 天） 3 人次，涉及 1 个乡镇街道。" in shown
    assert "孤山镇" in shown
    assert "算了 " in shown
    assert "谁也没有被重判" in shown


def test_nothing_is_stored_and_the_trial_is_noted(city: City, draft: RuleDraft) -> None:
    city.register(people=2)
    before = list(Registration.objects.using("owner").values_list("id", "rule_rows", "measures"))
    tried(city.headquarters, draft)
    assert list(Registration.objects.using("owner").values_list("id", "rule_rows", "measures")) == before
    (entry,) = noted("RULES_TRIED")
    assert (entry.subject, entry.count, entry.details["days"]) == (f"RULE_DRAFT {draft.id}", 2, 7)


def test_a_draft_that_changes_nothing_says_so(city: City) -> None:
    city.register(people=1)
    same = begin(by=factories.officer(), at=datetime.now(UTC), from_="affected-areas")
    assert "没有人会被不同对待。" in tried(city.headquarters, same)


def test_a_city_in_which_nobody_arrived_is_no_error(city: City, draft: RuleDraft) -> None:
    assert "没有人会被不同对待。" in tried(city.headquarters, draft, 28)


@pytest.mark.parametrize("days", ["", "0", "-1", "99", "1e9", "x", "²", "9999999999999999999"])
def test_odd_days_are_read_as_days_that_can_be_tried(city: City, draft: RuleDraft, days: str) -> None:
    assert city.headquarters.get(f"/desk/rules/drafts/{draft.id}/try", {"days": days}).status_code == 200


def test_a_draft_with_errors_is_not_tried_and_its_findings_are_shown(city: City) -> None:
    by, at = factories.officer(), datetime.now(UTC)
    made = begin(by=by, at=at, from_="affected-areas")
    wrong = with_row(dict(made.content), when=[{"fact": "issued_in", "op": "UNDER", "value": ["42"]}])
    made = change(by=by, at=at, id=made.id, revision=made.revision, content=wrong)
    shown = tried(city.headquarters, made)
    assert "草稿还有错误，改好以后才能试算" in shown
    assert "第 1 行" in shown
    assert noted("RULES_TRIED") == []
    answer = city.headquarters.get(f"/desk/rules/try-one?of=draft:{made.id}")
    assert answer.status_code == 400
    assert "草稿还有错" in text(answer)


def test_a_trial_that_takes_too_long_says_what_to_do(
    city: City, draft: RuleDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_: object, **__: object) -> None:
        raise trying.TrialTooLong

    monkeypatch.setattr("lianfang.journeys.trials.tried", too_long)
    answer = city.headquarters.get(f"/desk/rules/drafts/{draft.id}/try")
    assert answer.status_code == 503
    assert "请少选几天再试" in text(answer)


@pytest.mark.parametrize("id", [UNKNOWN, "00000000-0000-0000-0000-000000000000", "x", "%00"])
def test_a_draft_that_is_none_cannot_be_tried(city: City, id: str) -> None:
    assert city.headquarters.get(f"/desk/rules/drafts/{id}/try").status_code == 404
    assert city.headquarters.get("/desk/rules/try-one", {"of": f"draft:{id}"}).status_code == 404


@pytest.mark.parametrize("who", ["haicheng", "xiuyan", "township", "screen", "administrator"])
def test_only_headquarters_tries_drafts(city: City, draft: RuleDraft, who: str) -> None:
    assert getattr(city, who).get(f"/desk/rules/drafts/{draft.id}/try").status_code in (302, 403)
    one = getattr(city, who).get("/desk/rules/try-one", {"of": f"draft:{draft.id}"})
    assert one.status_code in (302, 403)
    assert noted("RULES_TRIED") == []


def test_headquarters_of_one_county_tries_nothing(city: City, draft: RuleDraft) -> None:
    factories.checkpoint("OTHER", division=XIUYAN)
    county = at_desk(factories.officer("HEADQUARTERS", HAICHENG))
    assert county.get(f"/desk/rules/drafts/{draft.id}/try").status_code == 403


def test_one_township_or_three_cost_the_same_number_of_questions(city: City, draft: RuleDraft) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            tried(city.headquarters, draft)
        return len(asked)

    city.register(people=1)
    questions()
    one = questions()
    city.register(people=[city.generated.person(destination={"code": code}) for code in ("210323", "210381", "210100")])  # fmt: skip
    assert questions() == one


def test_a_change_says_what_comes_what_goes_and_what_becomes_what() -> None:
    home, facility = ("HOME", 14), ("FACILITY", 14)
    assert change_words(MeasureChange("QUARANTINE", None, home)) == "增加 隔离观察（居家，14 天）"
    assert change_words(MeasureChange("FEVER_CLINIC", (None, None), None)) == "不再需要 发热门诊"
    for was, is_, said in (
        (home, facility, "加严为"),
        (facility, home, "可减轻为"),
        (home, ("HOME", 28), "加严为"),
    ):
        told = change_words(MeasureChange("QUARANTINE", was, is_))
        assert told.split(" ")[1:3] == ["天）", said] or f" {said} " in told, told


# One person who is nobody


def ask(client: Client, of: str = "liaoning-2020-02-05", **changes: Any) -> str:
    answer = client.post(f"/desk/rules/try-one?of={of}", NOBODY | changes)
    assert answer.status_code == 200, text(answer)
    return text(answer)


def test_somebody_who_is_nobody_is_decided_and_explained(city: City) -> None:
    shown = ask(city.haicheng, **{"from-division": "420100"})
    assert "您到过疫情重点地区" in shown
    assert "只到2月21日" in shown  # the exemption for freight
    earlier = ask(city.haicheng, on="2020-02-21", **{"from-division": "420100"})
    assert "被 freight 豁免" in earlier


def test_the_rules_in_force_are_tried_unless_others_are_asked_for(city: City) -> None:
    assert "重点地区来人隔离观察" in ask(city.township, of="")
    assert "登记和发热" in ask(city.township, of="basic")
    known = shipped("affected-areas").content
    assert known["title"]["zh"] in ask(city.township, of="790d1560d325924d")


def test_a_draft_is_tried_on_one_person_too(city: City, draft: RuleDraft) -> None:
    shown = ask(city.headquarters, of=f"draft:{draft.id}", **{"stay1-division": "210103", "stay1-until": "2020-02-20"})  # fmt: skip
    assert "请集中隔离。" in shown
    assert "辽宁省沈阳市沈河区（2月20日离开，2 天前）" in shown


def test_questions_of_the_rules_are_asked(city: City) -> None:
    by, at = factories.officer(), datetime.now(UTC)
    made = begin(by=by, at=at, from_="affected-areas")
    question = {"key": "market", "kind": "YES_NO", "zh": "去过海鲜市场吗", "en": "Been to the market?"}
    asks = {"fact": "answers.market", "op": "IS", "value": True}
    content = with_row({**made.content, "questions": [question]}, when=[asks])
    made = change(by=by, at=at, id=made.id, revision=made.revision, content=content)
    of = f"draft:{made.id}"
    assert "请集中隔离。" in ask(city.headquarters, of=of, **{"answers-market": "YES"})
    unasked = ask(city.headquarters, of=of)
    assert "请集中隔离。" not in unasked
    assert "去过海鲜市场吗" in unasked


@pytest.mark.parametrize(
    "odd",
    [
        {"on": ""},
        {"on": "20-13-45"},
        {"direction": "UP"},
        {"celsius": "98.6"},
        {"celsius": "NaN"},
        {"celsius": "36.66"},
        {"age": "-1"},
        {"transport": "ROCKET"},
        {"symptoms": ["<script>"]},
        {"from-place": "亚特兰蒂斯"},
        {"stay1-until": "2020-02-30", "stay1-division": "210103"},
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field_and_nothing_is_decided(city: City, odd: Json) -> None:
    answer = city.haicheng.post("/desk/rules/try-one", NOBODY | odd)
    assert answer.status_code == 400
    shown = text(answer)
    assert "field__error" in shown
    assert 'data-testid="decided"' not in shown


@pytest.mark.parametrize("of", ["nothing", "0123456789abcdef", "draft:", "../../etc", "%00", "' OR 1=1"])
def test_rules_that_are_none_cannot_be_tried(city: City, of: str) -> None:
    assert city.headquarters.get("/desk/rules/try-one", {"of": of}).status_code == 404


# The sets of the program


@pytest.mark.parametrize("code", SHIPPED)
def test_a_set_stands_in_words_with_all_its_cases(city: City, code: str) -> None:
    shown = text(city.township.get(f"/desk/rules/shipped/{code}"))
    one = shipped(code)
    assert all(case["name"]["zh"].replace("“", "“") in shown for case in one.cases)
    assert f"{len(one.cases)}<span" in shown  # every one of them comes out as written
    assert "与写下的不同" not in shown
    assert "420106199001010000" not in shown


def test_a_case_is_explained_row_by_row(city: City) -> None:
    shown = text(city.township.get("/desk/rules/shipped/jinzhou-2020?case=2"))
    assert 'data-testid="rows-applied"' in shown
    assert "从 湖北省武汉市 来；湖北省是高风险地区" in shown


@pytest.mark.parametrize("case", ["0", "999", "-1", "x", "²", ""])
def test_a_case_that_is_none_shows_the_set(city: City, case: str) -> None:
    answer = city.township.get("/desk/rules/shipped/basic", {"case": case})
    assert answer.status_code == 200
    assert 'data-testid="rows-applied"' not in text(answer)


@pytest.mark.parametrize("code", ["nothing", "..", "basic.json", "BASIC", "%00", "../models"])
def test_a_set_that_is_none_is_not_found(city: City, code: str) -> None:
    assert city.headquarters.get(f"/desk/rules/shipped/{code}").status_code in (400, 404)


@pytest.mark.parametrize("address", ["shipped", "shipped/basic", "try-one"])
def test_whoever_may_see_rules_opens_them_and_nobody_else(city: City, address: str) -> None:
    clients = {"headquarters": 200, "haicheng": 200, "xiuyan": 200, "township": 200, "administrator": 403, "screen": 403}  # fmt: skip
    assert {who: getattr(city, who).get(f"/desk/rules/{address}").status_code for who in clients} == clients
    for role, status in (("AUDITOR", 200), ("CHECKPOINT_LEAD", 200), ("SECURITY_ADMINISTRATOR", 403)):
        assert at_desk(factories.officer(role, HAICHENG)).get(f"/desk/rules/{address}").status_code == status
    assert Client().get(f"/desk/rules/{address}").status_code == 302


def test_all_of_it_is_told_in_english(city: City, draft: RuleDraft) -> None:
    city.register(people=1)
    english = {"accept-language": "en"}
    for address in ("shipped", "shipped/jinzhou-2020?case=2", "try-one", f"drafts/{draft.id}/try"):
        shown = text(city.headquarters.get(f"/desk/rules/{address}", headers=english))
        assert '<html lang="en">' in shown
    assert "added: Quarantine" in shown
