"""Rules at the desk: written by one officer, approved by another, read by everybody who works by them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianfang.machine.postgres import Database
from lianfang.screening.models import RuleDraft, RulePeriod
from lianfang.screening.queries import book
from lianfang.screening.rules import hash_of
from lianfang.screening.shipped import shipped
from tests import factories
from tests.doors.desk import at_desk, make_places, text
from tests.factories import HAICHENG, XIUYAN
from tests.noted import noted

SAY = {"zh": "请登记。", "en": "Please register."}


@dataclass
class Desks:
    """Two officers of headquarters and the county's desk."""

    writer: Client
    second: Client
    county: Client
    now: datetime

    def begin(self, from_: str = "jinzhou-2020") -> RuleDraft:
        answer = self.writer.post("/desk/rules/begin", {"from": from_})
        assert answer.status_code == 302, text(answer)
        return RuleDraft.objects.latest("drafted_at")

    def proposed(self, from_: str = "jinzhou-2020", *, days: int = 14) -> RuleDraft:
        draft = self.begin(from_)
        answer = self.writer.post(f"{of(draft)}/propose", {"days": days, "reason": "锦指发〔2020〕1号"})
        assert answer.status_code == 302, text(answer)
        return draft

    def row(self, draft: RuleDraft, place: int, *, by: Client | None = None, **sent: Any) -> HttpResponse:
        """The row of that place saved as a page would send it, with changes."""
        page = (by or self.writer).get(f"{of(draft)}?row={place}")
        fields = sent_by(text(page), f"/rows/{place}") | sent
        return (by or self.writer).post(f"{of(draft)}/rows/{place}", fields)


def of(draft: RuleDraft) -> str:
    return f"/desk/rules/drafts/{draft.id}"


def sent_by(page: str, action: str) -> dict[str, Any]:
    """What a browser would send of the form with that address, each field as a list."""
    form = re.search(rf'<form[^>]*action="[^"]*{action}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, action
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[1]):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_box = told.get("type") in ("checkbox", "radio")
        if told.get("name") and (not is_box or " checked" in tag):
            fields.setdefault(told["name"], []).append(told.get("value", "on" if is_box else ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[1], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        fields[name] = [chosen[1]] if chosen else []
    for name, said in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form[1], re.DOTALL):
        fields[name] = [said.lstrip("\n")]
    return fields


@pytest.fixture
def desks(clean: Database, monkeypatch: pytest.MonkeyPatch) -> Desks:
    """What is approved begins at once: how long it takes is a test of its own."""
    monkeypatch.setattr("lianfang.screening.services.periods.HEARD_AFTER", timedelta(0))
    factories.checkpoint("GATE")
    make_places()
    return Desks(
        writer=at_desk(factories.officer(name="甲起草")),
        second=at_desk(factories.officer(name="乙复核")),
        county=at_desk(factories.officer("COUNTY_DESK", HAICHENG, name="海城值班员")),
        now=datetime.now(UTC),
    )


def now_in_force() -> str:
    return book(anew=True).at(datetime.now(UTC)).rule_set.hash


def test_from_what_is_in_force_to_other_rules_by_two_officers(desks: Desks) -> None:
    before = now_in_force()
    draft = desks.begin(before)
    assert desks.row(draft, 0, zh="新的话。").status_code == 302
    assert RuleDraft.objects.get().content["rows"][0]["say"]["zh"] == "新的话。"
    page = text(desks.writer.get(f"{of(draft)}/propose"))
    assert "改动" in page
    assert "新的话。" in page
    assert desks.writer.post(f"{of(draft)}/propose", {"days": "14", "reason": "文号"}).status_code == 302
    assert "另一位值班员批准" in text(desks.writer.get(of(draft)))
    assert "批准，几秒后生效" not in text(desks.writer.get(of(draft)))
    page = text(desks.second.get("/desk/rules"))
    assert "对照、批准或退回" in page
    page = text(desks.second.get(of(draft)))
    assert "批准，几秒后生效" in page
    assert desks.second.post(f"{of(draft)}/approve", {"seen": before}).status_code == 302
    after = now_in_force()
    assert after == hash_of(RuleDraft.objects.get().content) != before
    for client in (desks.writer, desks.second, desks.county):
        page = text(client.get("/desk/rules"))
        assert "甲起草" in page
        assert "乙复核" in page
        assert "新的话。" in page
        assert f"/desk/rules/{after}/against/{before}" in page
        assert "新的话。" in text(client.get(f"/desk/rules/{after}/against/{before}"))
        assert "新的话。" in text(client.get(f"/desk/rules/{after}"))
    acts = noted("RULES_DRAFTED", "RULES_PROPOSED", "RULES_APPROVED")
    assert {entry.subject for entry in acts} == {f"RULE_DRAFT {draft.id}"}
    assert [entry.act for entry in acts] == ["RULES_DRAFTED"] * 2 + ["RULES_PROPOSED", "RULES_APPROVED"]


def test_the_county_reads_and_nothing_else(desks: Desks) -> None:
    draft = desks.proposed()
    page = text(desks.county.get("/desk/rules"))
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert str(draft.id) not in page
    assert "锦指发" not in page
    for address in (of(draft), f"{of(draft)}/propose", f"{of(draft)}/sheet.xlsx"):
        assert desks.county.get(address).status_code == 403
    for act in (
        "approve",
        "refuse",
        "withdraw",
        "propose",
        "rows",
        "rows/0",
        "questions/0",
        "heading",
        "load",
    ):
        assert desks.county.post(f"{of(draft)}/{act}", {"answer": "不"}).status_code == 403
    for act in ("begin", "renew", "end"):
        assert desks.county.post(f"/desk/rules/{act}", {"days": 1, "reason": "x"}).status_code == 403
    assert Client().get("/desk/rules").status_code == 302


def test_an_officer_of_headquarters_over_one_county_is_told_that_it_takes_the_whole_city(
    desks: Desks,
) -> None:
    factories.officer("COUNTY_DESK", XIUYAN)
    one = at_desk(factories.officer("HEADQUARTERS", HAICHENG))
    draft = desks.proposed()
    answer = one.post(f"{of(draft)}/approve")
    assert answer.status_code == 403
    assert "全市" in text(answer)


def test_nobody_approves_his_own(desks: Desks) -> None:
    draft, before = desks.proposed(), now_in_force()
    answer = desks.writer.post(f"{of(draft)}/approve", {"seen": before})
    assert answer.status_code == 403
    assert now_in_force() == before


def test_a_proposal_taken_back_or_changed_meanwhile_is_not_approved(desks: Desks) -> None:
    draft, before = desks.proposed(), now_in_force()
    desks.writer.post(f"{of(draft)}/withdraw")
    page = text(desks.second.post(f"{of(draft)}/approve", {"seen": before}, follow=True))
    assert "已撤回" in page
    assert now_in_force() == before
    other = desks.proposed("liaoning-2020-02-05")
    page = text(desks.second.post(f"{of(other)}/approve", {"seen": "0" * 16}, follow=True))
    assert "请重新对照" in page
    assert now_in_force() == before


def test_a_refusal_says_why_and_one_drafts_anew_from_it(desks: Desks) -> None:
    draft = desks.proposed()
    assert desks.second.post(f"{of(draft)}/refuse", {"answer": ""}).status_code == 400
    desks.second.post(f"{of(draft)}/refuse", {"answer": "第三行写错"})
    assert "第三行写错" in text(desks.writer.get("/desk/rules"))
    page = text(desks.writer.get(of(draft)))
    assert "照它重新起草" in page
    assert desks.writer.post("/desk/rules/begin", {"from": str(draft.id)}).status_code == 302
    assert RuleDraft.objects.filter(state="DRAFT").get().content == RuleDraft.objects.get(pk=draft.id).content


def test_two_editors_of_one_row_see_both_versions_and_lose_neither(desks: Desks) -> None:
    draft = desks.begin()
    mine = sent_by(text(desks.writer.get(f"{of(draft)}?row=1")), "/rows/1")
    assert desks.row(draft, 1, by=desks.second, zh="乙的话。").status_code == 302
    answer = desks.writer.post(f"{of(draft)}/rows/1", mine | {"zh": "甲的话。"})
    assert answer.status_code == 409
    page = text(answer)
    assert "乙复核" in page
    assert "乙的话。" in page
    assert "甲的话。" in page
    assert RuleDraft.objects.get().content["rows"][1]["say"]["zh"] == "乙的话。"
    again = sent_by(page, "/rows/1")
    assert desks.writer.post(f"{of(draft)}/rows/1", again).status_code == 302
    assert RuleDraft.objects.get().content["rows"][1]["say"]["zh"] == "甲的话。"


def test_a_row_that_was_moved_or_removed_meanwhile_is_found_again_or_added(desks: Desks) -> None:
    draft = desks.begin()
    mine = sent_by(text(desks.writer.get(f"{of(draft)}?row=1")), "/rows/1")
    name = draft.content["rows"][1]["row"]
    desks.second.post(f"{of(draft)}/rows", {"act": "up:1", "revision": "1"})
    answer = desks.writer.post(f"{of(draft)}/rows/1", mine | {"zh": "甲的话。"})
    again = sent_by(text(answer), "/rows/0")
    assert again["name"] == [name]
    desks.second.post(f"{of(draft)}/rows", {"act": "remove:0", "revision": "2"})
    answer = desks.writer.post(f"{of(draft)}/rows/0", again)
    assert answer.status_code == 409
    assert "别人已删去这一行" in text(answer)
    last = len(draft.content["rows"]) - 1
    assert (
        desks.writer.post(f"{of(draft)}/rows/{last}", sent_by(text(answer), f"/rows/{last}")).status_code
        == 302
    )
    assert RuleDraft.objects.get().content["rows"][-1]["say"]["zh"] == "甲的话。"


def test_saving_a_row_untouched_changes_nothing(desks: Desks) -> None:
    for code in ("jinzhou-2020", "liaoning-2020-02-05", "affected-areas", "basic"):
        draft = desks.begin(code)
        for place in range(len(draft.content["rows"])):
            assert desks.row(draft, place).status_code == 302
        kept = RuleDraft.objects.get(pk=draft.id)
        assert kept.content == draft.content, code
        assert kept.revision == 1


@pytest.mark.parametrize(
    ("fact", "sent", "condition"),
    [
        ("direction", {"value": ["IN"]}, {"fact": "direction", "op": "ONE_OF", "value": ["IN"]}),
        (
            "purpose",
            {"op": "NONE_OF", "value": ["FREIGHT", "SUPPLIES"]},
            {"fact": "purpose", "op": "NONE_OF", "value": ["FREIGHT", "SUPPLIES"]},
        ),
        (
            "celsius_tenths",
            {"op": "ABOVE", "value": "37.2"},
            {"fact": "celsius_tenths", "op": "ABOVE", "value": 372},
        ),
        ("celsius_tenths", {"value": "37℃"}, {"fact": "celsius_tenths", "op": "AT_LEAST", "value": 370}),
        ("age", {"op": "BELOW", "value": "14"}, {"fact": "age", "op": "BELOW", "value": 14}),
        ("from_code", {"value-find": "武汉"}, {"fact": "from_code", "op": "UNDER", "value": ["4201"]}),
        (
            "stays",
            {"value-new": "420000", "days": "28"},
            {"fact": "stays", "op": "UNDER", "value": ["42"], "days": 28},
        ),
        ("areas", {"value": ["HIGH", "MEDIUM"], "days": "7"},
         {"fact": "areas", "op": "LEVEL", "value": ["HIGH", "MEDIUM"], "days": 7}),
        ("symptoms", {"op": "ANY_OF", "value": ["COUGH"]},
         {"fact": "symptoms", "op": "ANY_OF", "value": ["COUGH"]}),
        ("resident", {"op": "NO"}, {"fact": "resident", "op": "IS", "value": False}),
        ("case_contact", {"op": "MISSING"}, {"fact": "case_contact", "op": "MISSING"}),
    ],
)  # fmt: skip
def test_a_condition_is_added_and_filled_in_without_knowing_json(
    desks: Desks, fact: str, sent: dict[str, Any], condition: dict[str, Any]
) -> None:
    draft = desks.begin("EMPTY")
    desks.writer.post(f"{of(draft)}/rows", {"act": "add", "revision": "1"})
    assert desks.row(draft, 0, act="add-when", **{"new-when": fact}).status_code == 302
    filled = {f"when-1-{name}": value for name, value in sent.items()}
    assert desks.row(draft, 0, **filled).status_code == 302
    assert RuleDraft.objects.get().content["rows"][0]["when"][1] == condition
    assert desks.row(draft, 0, act="drop-when:0").status_code == 302
    assert RuleDraft.objects.get().content["rows"][0]["when"] == [condition]


@pytest.mark.parametrize(
    "sent",
    [
        {"when-0-value": "9" * 30},
        {"when-0-value": "NaN"},
        {"when-0-value": "1e999999"},
        {"when-0-value": "37.25"},
        {"when-0-value": "三十七"},
        {"name": "\x00"},
        {"name": ""},
        {"zh": "\x00"},
        {"zh": "长" * 301},
        {"first": "2020-13-01"},
        {"days": "9" * 30},
        {"kind": "BANISH"},
        {"revision": "9" * 30},
        {"revision": "x"},
        {"revision": "²"},
        {"lifts": "nothing"},
        {"when-0-op": "LIKE"},
        {"when-0-fact": "document_number"},
    ],
    ids=lambda sent: next(iter(sent)) + "-" + repr(next(iter(sent.values())))[:12],
)
def test_nonsense_in_a_row_is_refused_in_words_and_saves_nothing(desks: Desks, sent: dict[str, Any]) -> None:
    draft = desks.begin()
    before = RuleDraft.objects.get().content
    answer = desks.row(draft, 0, **sent)
    assert answer.status_code in (302, 400)
    text(answer) if answer.status_code == 400 else None
    after = RuleDraft.objects.get().content
    assert after == before or "when-0-fact" in sent
    assert desks.writer.get(of(draft)).status_code == 200


@pytest.mark.parametrize("act", ["", "up:9999", "fly:0", "up:x", "remove:-1", "copy:" + "9" * 30])
def test_an_act_on_no_row_is_refused(desks: Desks, act: str) -> None:
    draft = desks.begin()
    assert desks.writer.post(f"{of(draft)}/rows", {"act": act, "revision": "1"}).status_code == 400


def test_rows_are_added_moved_copied_and_removed(desks: Desks) -> None:
    draft = desks.begin()
    names = [row["row"] for row in draft.content["rows"]]

    def after(act: str) -> list[str]:
        revision = RuleDraft.objects.get().revision
        answer = desks.writer.post(f"{of(draft)}/rows", {"act": act, "revision": str(revision)})
        assert answer.status_code == 302
        return [row["row"] for row in RuleDraft.objects.get().content["rows"]]

    assert after("down:0")[:2] == [names[1], names[0]]
    assert after("up:1")[:2] == names[:2]
    assert after("copy:0")[:2] == [names[0], f"{names[0]}-2"]
    assert after("remove:1") == names
    assert after("add") == [*names, "row-1"]
    assert after("up:0")[0] == names[0]


def test_a_question_is_added_used_and_removed(desks: Desks) -> None:
    draft = desks.begin()
    sent = {
        "zh": "去过海鲜市场吗？", "en": "Been to a seafood market?", "key": "market", "kind": "CHOICE",
        "choices": "YES 去过 | Yes\nNO 没有 | No", "directions": ["IN"], "revision": "1",
    }  # fmt: skip
    assert desks.writer.post(f"{of(draft)}/questions/0", sent).status_code == 302
    (question,) = RuleDraft.objects.get().content["questions"]
    assert question["choices"] == [
        {"code": "YES", "zh": "去过", "en": "Yes"},
        {"code": "NO", "zh": "没有", "en": "No"},
    ]
    assert desks.row(draft, 0, act="add-when", **{"new-when": "answers.market"}).status_code == 302
    place = len(draft.content["rows"][0]["when"])
    assert desks.row(draft, 0, **{f"when-{place}-value": ["YES"]}).status_code == 302
    assert "去过海鲜市场吗" in text(desks.writer.get(of(draft)))
    removed = desks.writer.post(f"{of(draft)}/questions/0", {"act": "remove", "revision": "4"}, follow=True)
    assert removed.status_code == 200
    assert RuleDraft.objects.get().content["questions"] == []
    # The row that asks for an answer to a question that is no more can be read and mended.
    assert desks.row(draft, 0, act=f"drop-when:{place}").status_code == 302


def test_an_unfinished_draft_is_not_proposed_and_says_what_is_missing(desks: Desks) -> None:
    draft = desks.begin("EMPTY")
    assert "提交审批" in text(desks.writer.get(of(draft)))
    answer = desks.writer.post(f"{of(draft)}/propose", {"days": "1", "reason": "文"})
    assert answer.status_code == 400
    assert RuleDraft.objects.get().state == "DRAFT"


@pytest.mark.parametrize("days", ["0", "31", "", "x", "9" * 30])
def test_more_than_thirty_days_are_refused(desks: Desks, days: str) -> None:
    draft = desks.begin()
    answer = desks.writer.post(f"{of(draft)}/propose", {"days": days, "reason": "文"})
    assert answer.status_code == 400
    assert desks.writer.post("/desk/rules/renew", {"days": days, "reason": "文"}).status_code == 400
    assert RuleDraft.objects.get().state == "DRAFT"


def test_a_renewal_waits_for_the_other_and_an_end_does_not(desks: Desks) -> None:
    assert desks.writer.post("/desk/rules/renew", {"days": "30", "reason": "续"}).status_code == 302
    draft, before = RuleDraft.objects.get(), now_in_force()
    assert "内容相同" in text(desks.second.get(of(draft)))
    assert desks.second.post(f"{of(draft)}/approve", {"seen": before}).status_code == 302
    assert now_in_force() == before
    assert desks.second.post("/desk/rules/end", {"reason": ""}).status_code == 400
    assert desks.second.post("/desk/rules/end", {"reason": "解除"}).status_code == 302
    page = text(desks.writer.get("/desk/rules"))
    assert "乙复核" in page
    assert "停用" in page
    assert book(anew=True).at(datetime.now(UTC)).lapsed
    assert desks.second.post("/desk/rules/end", {"reason": "解除"}).status_code == 400


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=8), ""),
        (timedelta(days=6, hours=23), "就到期"),
        (timedelta(days=2, hours=23), "就到期"),
        (timedelta(hours=20), "就到期"),
        (-timedelta(minutes=1), "到期。"),
    ],
)
def test_whoever_may_draft_is_warned_before_the_rules_lapse(desks: Desks, left: timedelta, said: str) -> None:
    newest = RulePeriod.objects.filter(during__startswith__lte=desks.now).order_by("-during")[0]
    RulePeriod.objects.exclude(pk=newest.pk).delete()
    RulePeriod.objects.filter(pk=newest.pk).update(
        during=DateTimeTZRange(desks.now - timedelta(days=20), desks.now + left)
    )
    for page in ("/desk", "/desk/rules"):
        told = text(desks.writer.get(page))
        assert (said in told) if said else ("就到期" not in told)
    assert "就到期" not in text(desks.county.get("/desk"))


def test_a_rule_set_nobody_knows_is_not_found(desks: Desks) -> None:
    known = hash_of(shipped("basic").content)
    assert desks.county.get(f"/desk/rules/{known}").status_code == 200
    for address in (
        "/desk/rules/" + "0" * 16,
        f"/desk/rules/{known}/against/{'f' * 16}",
        "/desk/rules/nothing",
    ):
        assert desks.county.get(address).status_code == 404


def test_a_file_that_is_no_sheet_changes_nothing(desks: Desks) -> None:
    draft = desks.begin()
    for content in (b"", b"\x00" * 100, b"PK\x03\x04broken", "名称".encode("gb18030")):
        file = SimpleUploadedFile("规则.xlsx", content)
        answer = desks.writer.post(f"{of(draft)}/load", {"sheet": file, "revision": "1"})
        assert answer.status_code == 400
        file.seek(0)
        assert desks.writer.post("/desk/rules/begin", {"sheet": file}).status_code == 400
    assert desks.writer.post(f"{of(draft)}/load", {"revision": "1"}).status_code == 400
    large = SimpleUploadedFile("规则.xlsx", b"x" * 2_000_001)
    assert desks.writer.post(f"{of(draft)}/load", {"sheet": large, "revision": "1"}).status_code == 413
    assert RuleDraft.objects.count() == 1
    assert RuleDraft.objects.get().content == draft.content


@pytest.mark.parametrize(
    "lost", ["a column nobody knows", "a formula in a sentence", "a cell beyond the sheet"]
)
def test_a_sheet_of_which_something_would_be_lost_is_not_loaded(desks: Desks, lost: str) -> None:
    draft = desks.begin()
    book = load_workbook(BytesIO(desks.writer.get(f"{of(draft)}/sheet.xlsx").content))
    rules = book.worksheets[0]
    heading = next(row for row in rules.iter_rows() if sum(cell.value is not None for cell in row) > 6)
    line = heading[0].row + 1
    if lost == "a column nobody knows":
        place = len(heading) + 1
        rules.cell(heading[0].row, place, "人员类别")
        rules.cell(line, place, "境外")
    elif lost == "a formula in a sentence":
        said = next(cell for cell in heading if cell.value and "中文" in str(cell.value))
        rules.cell(line, said.column, "=A1")
    else:
        rules.cell(line, 100, "记一笔")
    data = BytesIO()
    book.save(data)
    for address, fields in ((f"{of(draft)}/load", {"revision": "1"}), ("/desk/rules/begin", {})):
        file = SimpleUploadedFile("规则.xlsx", data.getvalue())
        answer = desks.writer.post(address, {"sheet": file, **fields})
        assert answer.status_code == 400
        assert "没有装入" in answer.content.decode()
    assert RuleDraft.objects.get().content == draft.content


def test_what_is_downloaded_is_loaded_again(desks: Desks) -> None:
    draft = desks.begin()
    answer = desks.writer.get(f"{of(draft)}/sheet.xlsx")
    assert answer.status_code == 200
    content = desks.proposed().id
    other = desks.begin("EMPTY")
    file = SimpleUploadedFile("规则.xlsx", answer.content)
    answer = desks.writer.post(f"{of(other)}/load", {"sheet": file, "revision": "1"})
    assert answer.status_code in (200, 302)
    page = text(desks.writer.get(f"{of(other)}/propose"))
    assert "处错误" not in page
    desks.writer.post(f"{of(other)}/propose", {"days": "1", "reason": "文"})
    assert RuleDraft.objects.get(pk=other.id).content == RuleDraft.objects.get(pk=content).content


def test_two_hundred_rows_and_three_drafts_cost_as_many_questions_as_one(desks: Desks) -> None:
    def asked(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as questions:
            assert desks.writer.get(address).status_code == 200
        return [question["sql"][:80] for question in questions]

    draft = desks.begin()
    pages = (of(draft), "/desk/rules", "/desk")
    for address in pages:  # what a process asks once is no page's own question
        asked(address)
    one = [asked(address) for address in pages]
    row = draft.content["rows"][2]
    rows = [{**row, "row": f"row-{n}"} for n in range(200)]
    RuleDraft.objects.update(content={**draft.content, "rows": rows})
    for _ in range(2):
        desks.begin()
    many = [asked(address) for address in pages]
    assert [len(page) for page in many] == [len(page) for page in one], [
        difference for page in zip(one, many, strict=True) for difference in unified_diff(*page, n=0)
    ]
    opened = text(desks.writer.get(f"{of(draft)}?row=150"))
    assert opened.count("<tr") > 200
