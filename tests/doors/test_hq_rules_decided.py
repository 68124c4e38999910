"""Proposals at the desk: how many they concern, what they are compared with, what begins in seconds, what may be undone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.journeys.trying import TrialTooLong
from lianfang.screening.book import BASIC
from lianfang.screening.models import RuleDraft, RulePeriod
from lianfang.screening.queries import book
from lianfang.screening.rules import hash_of
from lianfang.screening.services import approve, begin, change, propose, renew
from lianfang.screening.shipped import shipped
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import Json
from tests.noted import noted


class Night:
    """Two officers of headquarters over a small city, and a draft that quarantines who was in Shenyang."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.by, self.other = factories.officer(name="甲"), factories.officer(name="乙")
        self.writer, self.second = at_desk(self.by), at_desk(self.other)

    def draft(self, from_: str = "affected-areas") -> RuleDraft:
        at = datetime.now(UTC)
        made = begin(by=self.by, at=at, from_=from_)
        row = {
            "row": "shenyang",
            "when": [{"fact": "stays", "op": "UNDER", "value": ["2101"], "days": 14}],
            "then": {"kind": "QUARANTINE", "place": "FACILITY", "days": 14},
            "say": {"zh": "请集中隔离。", "en": "Please quarantine at a facility."},
        }
        content: Json = {**made.content, "rows": [row, *made.content["rows"]]}
        return change(by=self.by, at=at, id=made.id, revision=1, content=content)

    def proposed(self, days: int = 14) -> RuleDraft:
        draft = self.draft()
        return propose(by=self.by, at=datetime.now(UTC), id=draft.id, days=days, reason="锦指发1号")

    def page(self, draft: RuleDraft, by: Client | None = None, **asked: str) -> str:
        return text((by or self.second).get(of(draft), asked))


def of(draft: RuleDraft) -> str:
    return f"/desk/rules/drafts/{draft.id}"


@pytest.fixture
def night(city: City) -> Iterator[Night]:
    yield Night(city)
    book(anew=True)


def numbers(page: str) -> str:
    (found,) = re.findall(r'data-testid="trial">(.*?)</section>', page, re.DOTALL)
    return found


def test_whoever_approves_sees_how_many_it_concerns_above_the_button(night: Night) -> None:
    night.city.register(people=3)
    draft = night.proposed()
    page = night.page(draft)
    told = "会增加 隔离观察（集中，14 天） 3 人次，涉及 1 个乡镇街道。"
    assert told in numbers(page)
    assert "3 人次里有 3 人次会被不同对待" in numbers(page)
    assert "刚刚" in numbers(page)
    assert page.index(told) < page.index("批准，几秒后生效")
    assert "<th>现行</th><th>草稿</th>" in page


def test_the_numbers_are_kept_with_their_age_and_counted_anew_when_somebody_asks(night: Night) -> None:
    night.city.register(people=1)
    draft = night.proposed()
    night.page(draft)
    night.city.register(people=2)
    kept = RuleDraft.objects.get(pk=draft.pk).trial
    assert kept is not None
    RuleDraft.objects.filter(pk=draft.pk).update(
        trial=kept | {"counted_at": str(datetime.now(UTC) - timedelta(hours=3))}
    )
    page = night.page(draft)
    assert "3 小时前" in numbers(page)
    assert "1 人次里有 1 人次" in numbers(page)
    assert len(noted("RULES_TRIED")) == 1
    assert f"{of(draft)}/try?days=7" in numbers(page)
    night.second.get(f"{of(draft)}/try?days=3")
    assert "3 小时前" in numbers(night.page(draft))
    night.second.get(f"{of(draft)}/try?days=7")
    assert "3 人次里有 3 人次" in numbers(night.page(draft))


def test_numbers_of_other_rules_are_not_shown(night: Night) -> None:
    night.city.register(people=1)
    draft = night.proposed()
    night.page(draft)
    other = night.draft("basic")
    RuleDraft.objects.filter(pk=other.pk).update(trial=RuleDraft.objects.get(pk=draft.pk).trial)
    page = text(night.writer.get(f"{of(other)}/propose"))
    assert "刚刚" in numbers(page)
    trial = RuleDraft.objects.get(pk=other.pk).trial
    assert trial is not None
    assert trial["rule_set"] != RuleDraft.objects.get(pk=draft.pk).trial["rule_set"]  # type: ignore[index]
    for broken in ({}, {"rule_set": 1}, {"changes": [[1]]}, [], {**trial, "changes": [["QUARANTINE"]]}):
        RuleDraft.objects.filter(pk=draft.pk).update(trial=broken)
        assert night.second.get(of(draft)).status_code == 200


def test_a_city_too_large_to_count_within_seconds_says_so_and_may_still_decide(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_: object, **__: object) -> None:
        raise TrialTooLong

    monkeypatch.setattr("lianfang.journeys.trials.tried", too_long)
    page = night.page(night.proposed())
    assert "还没有数字" in numbers(page)
    assert "批准，几秒后生效" in page


def test_a_decided_draft_is_compared_with_what_it_replaced(night: Night) -> None:
    night.city.register(people=1)
    draft = night.proposed()
    before = book(anew=True).at(datetime.now(UTC)).rule_set.hash
    night.page(draft)
    approve(by=night.other, at=datetime.now(UTC) - timedelta(seconds=10), id=draft.pk)
    assert book(anew=True).at(datetime.now(UTC)).rule_set.hash == hash_of(draft.content)
    page = night.page(draft)
    assert "与当时生效的不同" in page
    assert "请集中隔离。" in page.split("与当时生效的不同")[1].split("</section>")[0]
    assert f"/desk/rules/{before}" in page
    assert "会增加 隔离观察" in numbers(page)
    assert f'href="{of(draft)}"' in text(night.writer.get("/desk/rules")).split("什么时候用过哪一份")[1]
    county = text(night.city.haicheng.get("/desk/rules"))
    assert of(draft) not in county


def test_a_renewal_says_that_it_is_one_and_until_when(night: Night) -> None:
    at = datetime.now(UTC)
    draft = renew(by=night.by, at=at, days=30, reason="续")
    page = night.page(draft)
    assert re.search(r"这是续期：内容不变，现在批准就续到 \d+月\d+日 \d\d:\d\d。", page)
    approve(by=night.other, at=at, id=draft.pk)
    assert re.search(r"这是续期：内容不变，续到 \d+月\d+日", night.page(draft))
    assert "这是续期" not in night.page(night.proposed())


def test_in_the_seconds_after_an_approval_the_page_says_what_comes(night: Night) -> None:
    draft = night.proposed()
    before = book(anew=True).at(datetime.now(UTC)).rule_set.hash
    answer = night.second.post(f"{of(draft)}/approve", {"seen": before}, follow=True)
    assert "已批准，几秒后生效" in text(answer)
    page = text(night.writer.get("/desk/rules"))
    assert "起生效，换下现在的" in page
    assert "几秒后生效" in page
    assert "就到期" not in page
    assert "就到期" not in text(night.writer.get("/desk"))
    period = RulePeriod.objects.latest("during")
    assert period.during.lower - period.approved_at == timedelta(seconds=3)


def test_from_every_page_of_rules_one_person_can_be_tried(night: Night) -> None:
    draft = night.draft()
    asks = f"/desk/rules/try-one?of=draft:{draft.id}"
    assert asks in night.page(draft)
    page = text(night.writer.get(asks))
    assert "草稿：" in page
    assert f'href="?of=draft%3A{draft.id}" aria-current="true"' in page
    propose(by=night.by, at=datetime.now(UTC), id=draft.pk, days=1, reason="文")
    assert asks in night.page(draft)
    known = shipped("basic").content
    assert f"try-one?of={hash_of(known)}" in text(night.city.haicheng.get(f"/desk/rules/{hash_of(known)}"))


def test_a_shipped_set_is_drafted_from_and_shows_its_questions(night: Night) -> None:
    page = text(night.writer.get("/desk/rules/shipped/jinzhou-2020"))
    assert "照它起草" in page
    assert "加问的问题" in page
    assert "照它起草" not in text(night.city.haicheng.get("/desk/rules/shipped/jinzhou-2020"))
    assert night.writer.post("/desk/rules/begin", {"from": "jinzhou-2020"}).status_code == 302


def test_findings_about_areas_name_the_area_and_lead_to_it(night: Night) -> None:
    draft = night.draft("basic")
    areas = [{"code": "4201", "level": "HIGH", "from": "2020-02-10", "to": "2020-02-01"}]
    content = {**draft.content, "areas": areas}
    change(by=night.by, at=datetime.now(UTC), id=draft.pk, revision=2, content=content)
    for page in (night.page(draft), text(night.writer.get(f"{of(draft)}/try"))):
        assert "areas #" not in page
        assert re.search(rf'<a href="{of(draft)}/areas">湖北省武汉市</a>', page)


def test_a_loaded_sheet_shows_the_difference_and_can_be_taken_back(night: Night) -> None:
    draft = night.draft()
    other = begin(by=night.by, at=datetime.now(UTC), from_="basic")
    sheet = SimpleUploadedFile("规则.xlsx", night.writer.get(f"{of(other)}/sheet.xlsx").content)
    loaded = text(night.writer.post(f"{of(draft)}/load", {"sheet": sheet, "revision": "2"}, follow=True))
    assert "和换掉以前的不同" in loaded
    assert "请集中隔离。" in loaded
    assert RuleDraft.objects.get(pk=draft.pk).content["rows"] != draft.content["rows"]
    back = night.writer.post(f"{of(draft)}/back", {"revision": "3"})
    assert back.status_code == 302
    assert RuleDraft.objects.get(pk=draft.pk).content == draft.content
    assert night.writer.post(f"{of(draft)}/back", {"revision": "3"}).status_code == 409
    assert night.writer.post(f"{of(draft)}/back", {"revision": "4"}).status_code == 302
    assert RuleDraft.objects.get(pk=draft.pk).content["title"] == other.content["title"]
    assert night.city.haicheng.post(f"{of(draft)}/back", {"revision": "5"}).status_code == 403


def test_a_row_that_was_removed_comes_back(night: Night) -> None:
    draft = night.draft()
    assert night.writer.post(f"{of(draft)}/back", {"revision": "2"}).status_code == 404
    night.writer.post(f"{of(draft)}/rows", {"act": "remove:0", "revision": "2"})
    assert len(RuleDraft.objects.get(pk=draft.pk).content["rows"]) == len(draft.content["rows"]) - 1
    assert "换掉以前的内容还在" in night.page(draft, night.writer)
    assert "请集中隔离。" in night.page(draft, night.writer, before="")
    night.writer.post(f"{of(draft)}/back", {"revision": "3"})
    assert RuleDraft.objects.get(pk=draft.pk).content == draft.content


def test_withdrawing_a_draft_takes_two_steps(night: Night) -> None:
    page = night.page(night.draft(), night.writer)
    (folded,) = re.findall(r"<details[^>]*draft-bar__away.*?</details>", page, re.DOTALL)
    assert "确定撤回" in folded
    assert "withdraw" not in page.replace(folded, "")


def test_what_is_not_listed_is_said_and_a_set_is_found_whatever_its_age(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime.now(UTC)
    for _ in range(3):
        begin(by=night.by, at=at, from_="basic")
    for name in ("drafts", "rules", "rule_sets"):
        room = "screening" if name == "drafts" else "doors.hq"
        monkeypatch.setattr(f"lianfang.{room}.{name}.LISTED", 2)
    oldest = RulePeriod.objects.earliest("during")
    RulePeriod.objects.filter(pk=oldest.pk).update(rule_set=_stored("basic"))
    page = text(night.writer.get("/desk/rules"))
    assert "只列最近 2 次，以前还有。" in page
    assert "这里没有批准过" not in text(night.writer.get(f"/desk/rules/{BASIC.hash}"))
    withdrawn = RuleDraft.objects.all()
    for draft in withdrawn:
        night.writer.post(f"{of(draft)}/withdraw")
    assert "草稿只列 2 份" in text(night.writer.get("/desk/rules"))


def _stored(code: str) -> str:
    from lianfang.screening.services import keep  # noqa: PLC0415 -- a shipped set that nobody ever approved here

    keep(shipped(code).content, at=datetime.now(UTC))
    return hash_of(shipped(code).content)


def test_an_area_that_somebody_else_changed_meanwhile_is_told_on_its_page(night: Night) -> None:
    draft = night.draft()
    asked = {"act": "REMOVE", "place": "0", "revision": "1"}
    answer = night.writer.post(f"{of(draft)}/areas/change", asked)
    assert answer.status_code == 409
    page = text(answer)
    assert "改过这份草稿" in page
    assert "草稿的重点地区" in page


@pytest.mark.parametrize(
    ("sent", "key", "codes"),
    [
        ({"key": "", "choices": "海鲜 | Seafood\n都没有 | None"}, "q1", ["A", "B"]),
        ({"key": "market", "choices": "SEAFOOD 海鲜 | Seafood\n都没有 | None"}, "market", ["SEAFOOD", "A"]),
        ({"key": "", "choices": "B 海鲜 | Seafood\n早市 | Morning\n夜市 | Night"}, "q1", ["B", "A", "C"]),
    ],
)
def test_keys_and_codes_that_are_left_out_are_made(
    night: Night, sent: Json, key: str, codes: list[str]
) -> None:
    draft = night.draft()
    asked = {"zh": "去过哪个市场？", "en": "Which market?", "kind": "CHOICE", "directions": ["IN"]}
    answer = night.writer.post(f"{of(draft)}/questions/0", {**asked, **sent, "revision": "2"})
    assert answer.status_code == 302, text(answer)
    (question,) = RuleDraft.objects.get(pk=draft.pk).content["questions"]
    assert question["key"] == key
    assert [one["code"] for one in question["choices"]] == codes
    assert [one["zh"] for one in question["choices"]][-1] in ("都没有", "夜市")
    night.writer.post(f"{of(draft)}/questions/1", {**asked, **sent, "key": "", "revision": "3"})
    keys = [one["key"] for one in RuleDraft.objects.get(pk=draft.pk).content["questions"]]
    assert len(set(keys)) == 2


def test_a_row_holds_what_the_compiler_allows(night: Night) -> None:
    draft = night.draft()
    places = [f"{city}{n:02}" for city in range(1101, 1104) for n in range(1, 99)]
    number = {"fact": "answers.size", "op": "AT_LEAST", "value": 50_000}
    row = {
        **draft.content["rows"][0],
        "when": [{"fact": "from_code", "op": "UNDER", "value": places}, number],
    }
    question = {"key": "size", "kind": "NUMBER", "zh": "多少？", "en": "How many?"}
    content = {**draft.content, "questions": [question], "rows": [row, *draft.content["rows"][1:]]}
    change(by=night.by, at=datetime.now(UTC), id=draft.pk, revision=2, content=content)
    sent = {
        "was": "shenyang", "name": "shenyang", "kind": "NOTIFY_GRID", "zh": "好。", "en": "Fine.", "revision": "3",
        "when-0-fact": "from_code", "when-0-op": "UNDER", "when-0-value": places,
        "when-1-fact": "answers.size", "when-1-op": "AT_LEAST", "when-1-value": "50000",
    }  # fmt: skip
    answer = night.writer.post(f"{of(draft)}/rows/0", sent)
    assert answer.status_code == 302, text(answer)
    kept = RuleDraft.objects.get(pk=draft.pk).content["rows"][0]["when"]
    assert kept[0]["value"] == places
    assert kept[1] == number
    for value, said in (("1000001", "1000000"), ("1e9", "1000000"), ("9" * 12, "1000000")):
        answer = night.writer.post(f"{of(draft)}/rows/0", sent | {"when-1-value": value, "revision": "4"})
        assert answer.status_code == 400
        assert f"到 {said} 之间" in text(answer)
    crowd = [f"{n:06}" for n in range(110101, 110101 + 501)]
    answer = night.writer.post(f"{of(draft)}/rows/0", sent | {"when-0-value": crowd, "revision": "4"})
    assert "最多写 500 个地方" in text(answer)


def test_a_proposal_of_one_row_or_many_costs_as_many_questions(night: Night) -> None:
    def asked(draft: RuleDraft) -> int:
        night.page(draft)
        with CaptureQueriesContext(connection) as questions:
            night.page(draft)
        return len(questions)

    one = asked(night.proposed())
    draft = night.draft()
    rows = [{**draft.content["rows"][0], "row": f"row-{n}"} for n in range(20)]
    content = {**draft.content, "rows": [*rows, *draft.content["rows"]]}
    change(by=night.by, at=datetime.now(UTC), id=draft.pk, revision=2, content=content)
    propose(by=night.by, at=datetime.now(UTC), id=draft.pk, days=1, reason="文")
    assert asked(draft) == one
