"""The subject's own file: everything about this person, nothing about another, to take along, to correct, to be deleted."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianfang.custody import subjects
from lianfang.custody.models import Purge
from lianfang.custody.purging import carry_out, sign
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, Generated, Json

NUMBER = Generated(81).resident_id()
ODD_FORMS: list[Callable[[str], str]] = [
    lambda number: number,
    lambda number: "".join(chr(ord(c) + 0xFEE0) for c in number),  # 全角
    lambda number: f" {number[:6]} {number[6:14]}-{number[14:]} ",
    lambda number: number.lower(),
    lambda number: number.replace("X", "Ⅹ"),
]


def somebody(city: City, **changes: Any) -> Json:
    return city.generated.person(
        **{"name": "赵小满", "document": {"type": "RESIDENT_ID", "number": NUMBER}, "occupation": "教师"}
        | changes
    )


def asked(client: Client, number: str = NUMBER, **more: str) -> HttpResponse:
    return client.post("/desk/subjects", {"number": number, **more})


def given() -> list[AuditEntry]:
    return list(AuditEntry.objects.using("owner").filter(act="SUBJECT_FILE_GIVEN").order_by("number"))


@pytest.fixture
def proposed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was proposed to be deleted, instead of the engine that does it."""
    calls: list[dict[str, Any]] = []

    def propose(**wanted: Any) -> Purge:
        calls.append(wanted)
        return Purge.objects.create(
            kind=wanted["kind"], reason=wanted["reason"], proposed_by=wanted["by"].officer_id,
            proposed_at=wanted["at"], records=[str(id) for id in wanted["records"]],
        )  # fmt: skip

    monkeypatch.setattr(subjects, "propose", propose)
    return calls


def test_everything_that_is_held_is_on_the_page_and_that_it_was_given_is_noted(city: City) -> None:
    one = somebody(
        city,
        from_code="420100",
        stays=[{"code": "420100", "from": "2020-02-01", "to": None}],
        destination={"code": "210381101200", "address": "幸福小区 37 号楼"},
        answers={"question": "没有"},
    )
    passage = city.register(people=[one], plate="辽C54321")
    page = text(asked(city.haicheng))
    for word in ("辽C54321", "赵小满", NUMBER, one["phone"], "幸福小区 37 号楼", "教师", "湖北省武汉市", "36.", ">question<", ">没有<",
                 "隔离观察", "目的地所在的社区网格或集中隔离点", "保存到", "GATE卡口", "入", "通勤"):  # fmt: skip
        assert word in page, word
    (entry,) = given()
    assert (entry.subject, entry.count, entry.purpose) == (f"REGISTRATION {one['id']}", 1, "SUBJECT_ASKED")
    assert entry.details["reference"] in page
    assert NUMBER not in f"{entry.subject}{entry.details}"
    base = f"/desk/passages/{passage['id']}"
    assert f'href="{base}/people/{one["id"]}/correct"' in page
    assert f'href="{base}/correct"' in page


def test_what_was_corrected_stands_there_with_before_after_and_why(city: City) -> None:
    one = somebody(city, phone="13900000001")
    passage = city.register(people=[one, city.generated.person()])
    for person, phone in ((one, "13900000002"), (passage["people"][1], "13900000009")):
        city.haicheng.post(
            f"/desk/passages/{passage['id']}/people/{person['id']}/correct?field=phone",
            {"new": phone, "reason": "旅客来电", "id": str(uuid7())},
        )
    page = text(asked(city.haicheng))
    assert "电话 13900000001 → 13900000002 原因：旅客来电" in page
    assert "13900000009" not in page


@pytest.mark.parametrize("written", ODD_FORMS)
def test_the_number_is_found_however_it_is_typed(city: City, written: Callable[[str], str]) -> None:
    ends_in_x = "210381194912310 02X".replace(" ", "")
    city.register(people=[somebody(city, document={"type": "RESIDENT_ID", "number": ends_in_x})])
    assert "赵小满" in text(asked(city.haicheng, written(ends_in_x)))


def test_of_those_who_travelled_along_only_the_surname_is_given(city: City) -> None:
    other = city.generated.person(name="欧阳静", destination={"code": "210381", "address": "建设路 5 号"})
    passage = city.register(people=[somebody(city), other], vehicle_note=f"车主 {other['phone']}")
    for response in (asked(city.haicheng), export(city.haicheng, "json"), export(city.haicheng, "xlsx")):
        page = contents(response)
        assert "欧阳**" in page
        for secret in ("欧阳静", other["document"]["number"], other["phone"], "建设路 5 号"):
            assert secret not in page
        assert passage["people"][1]["id"] not in page


def test_a_record_that_had_the_number_by_mistake_is_not_given(city: City) -> None:
    """Somebody else's, under this number until it was corrected: theirs to ask for, not this person's to read."""
    stranger = somebody(city, name="钱多多", phone="13900001111")
    passage = city.register(people=[stranger])
    right = Generated(82).resident_id()
    city.haicheng.post(
        f"/desk/passages/{passage['id']}/people/{stranger['id']}/correct?field=document",
        {"type": "RESIDENT_ID", "number": right, "reason": "看错", "id": str(uuid7())},
    )
    page = text(asked(city.haicheng))
    assert "没有找到本人的登记" in page
    assert "另有 1 条登记写过这个号码" in page
    assert not any(secret in page for secret in ("钱多多", "13900001111", right))
    assert "钱多多" in text(asked(city.haicheng, right))
    assert [entry.count for entry in given()] == [0, 1]


def test_where_records_of_several_names_have_the_number_one_says_who_stands_there(city: City) -> None:
    other = somebody(city, name="孙大海", phone="13900002222")
    city.register(people=[somebody(city), other])
    city.register(people=[somebody(city, name=" 赵 小满 ")])
    first = text(asked(city.haicheng))
    assert "登记过几个姓名" in first
    assert "13900002222" not in first
    assert "subject-record" not in first
    chosen = text(asked(city.haicheng, name="赵小满"))
    assert chosen.count("subject-record") == 2
    assert "13900002222" not in chosen
    assert "孙**" in chosen
    assert "另有 1 条" in chosen
    assert "subject-record" not in text(asked(city.haicheng, name="冯无此人"))


def test_the_next_county_and_a_wrong_number_find_nothing_and_both_are_noted(city: City) -> None:
    city.register(people=[somebody(city)])
    for client, number in ((city.xiuyan, NUMBER), (city.haicheng, Generated(83).resident_id())):
        page = text(asked(client, number))
        assert "没有找到本人的登记" in page
        assert "赵小满" not in page
    assert [(entry.count, entry.subject) for entry in given()] == [(0, ""), (0, "")]


@pytest.mark.parametrize("number", ["", "   ", "\u200b", "1" * 61])
def test_a_number_that_is_none_is_said_to_be_none(city: City, number: str) -> None:
    for address in ("/desk/subjects", "/desk/subjects/export", "/desk/subjects/deletion"):
        response = city.haicheng.post(address, {"number": number, "reason": "本人要求"})
        assert response.status_code in (200, 400)
        assert (
            "field__error" in text(response) or "notice--bad" in text(response) or address == "/desk/subjects"
        )
    assert given() == []


@pytest.mark.parametrize(
    "role", ["TOWNSHIP_DESK", "CHECKPOINT_LEAD", "WALL", "ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR"]
)
def test_whoever_does_not_answer_subjects_gets_nothing(city: City, role: str) -> None:
    city.register(people=[somebody(city)])
    for client in (at_desk(factories.officer(role, HAICHENG)), Client()):
        for address in ("/desk/subjects", "/desk/subjects/export", "/desk/subjects/deletion"):
            response = client.post(address, {"number": NUMBER, "reason": "本人要求"})
            assert response.status_code in (302, 403)
            assert "赵小满" not in response.content.decode()
    assert given() == []


def test_nothing_is_given_by_an_address(city: City) -> None:
    city.register(people=[somebody(city)])
    assert "赵小满" not in text(city.haicheng.get("/desk/subjects", {"number": NUMBER}))
    for address in ("/desk/subjects/export", "/desk/subjects/deletion"):
        assert city.haicheng.get(address, {"number": NUMBER, "reason": "x"}).status_code == 302
    assert "no-store" in asked(city.haicheng)["Cache-Control"]


def export(client: Client, kind: str, **more: str) -> HttpResponse:
    return client.post("/desk/subjects/export", {"number": NUMBER, "format": kind, **more})


def contents(response: HttpResponse) -> str:
    if response.content[:2] != b"PK":
        return response.content.decode()
    rows = load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


class TestExports:
    def test_the_sheet_and_the_file_hold_what_the_page_holds(self, city: City) -> None:
        one = somebody(city)
        passage = city.register(people=[one])
        for kind in ("json", "xlsx"):
            response = export(city.haicheng, kind)
            assert "attachment" in response["Content-Disposition"]
            assert "no-store" in response["Cache-Control"]
            content = contents(response)
            for word in ("赵小满", NUMBER, one["phone"], passage["plate"], "教师", "登记放行"):
                assert word in content, (kind, word)
            entry = given()[-1]
            assert entry.details["form"] == kind.upper()
            assert f"用途 本人来询 · 编号 {entry.details['reference']}" in content

    def test_json_is_read_by_machines(self, city: City) -> None:
        passage = city.register(people=[somebody(city)])
        content = json.loads(export(city.haicheng, "json").content)
        (record,) = content["records"]
        assert record["passage"] == passage["id"]
        assert record["held"]["name"] == "赵小满"
        assert record["kept_until_on"] == (factories.today() + timedelta(days=28)).isoformat()

    def test_what_the_traveller_typed_is_never_a_formula(self, city: City) -> None:
        city.register(people=[somebody(city, name="=HYPERLINK(1)", occupation="@SUM(A1)")])
        book = load_workbook(BytesIO(export(city.haicheng, "xlsx").content))
        cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert {cell.quotePrefix for cell in cells if str(cell.value)[0] in "=@"} == {True}

    def test_of_nobody_there_is_an_empty_file_and_no_error(self, city: City) -> None:
        assert json.loads(export(city.haicheng, "json").content)["records"] == []
        assert "没有登记" in contents(export(city.haicheng, "xlsx"))


class TestDeletion:
    def ask(self, client: Client, **more: str) -> HttpResponse:
        return client.post("/desk/subjects/deletion", {"number": NUMBER, "reason": "不再需要", **more})

    def test_the_registration_goes_and_its_passage_where_nobody_else_is_in_it(
        self, city: City, proposed: list[dict[str, Any]]
    ) -> None:
        alone, along = somebody(city), somebody(city)
        first = city.register(people=[alone])
        city.register(people=[along, city.generated.person()])
        page = text(self.ask(city.haicheng))
        (wanted,) = proposed
        assert {str(id) for id in wanted["records"]} == {alone["id"], first["id"], along["id"]}
        assert (wanted["kind"], wanted["reason"]) == ("SUBJECT", "不再需要")
        assert "2 条登记已提出删除，等另一人签署" in page
        assert "同车的人的登记保留" in page
        assert NUMBER not in page

    def test_what_is_under_observation_stays_and_is_named_with_the_reason(
        self, city: City, proposed: list[dict[str, Any]]
    ) -> None:
        observed, free = somebody(city, from_code="420100"), somebody(city)
        city.register(people=[observed])
        city.register(people=[free])
        assert "这之前不能删除" in text(asked(city.haicheng))
        page = text(self.ask(city.haicheng))
        assert "保留" in page
        assert "为防控需要，这之前不能删除" in page
        (wanted,) = proposed
        assert observed["id"] not in {str(id) for id in wanted["records"]}
        assert free["id"] in {str(id) for id in wanted["records"]}

    def test_an_observation_that_is_over_holds_nothing_back(self, city: City, proposed: list[Any]) -> None:
        long_ago = Generated(5, at=city.generated.at - timedelta(days=20))
        one = long_ago.person(
            name="赵小满", document={"type": "RESIDENT_ID", "number": NUMBER}, from_code="420100"
        )
        city.intake.received_at = long_ago.at
        city.intake.send(long_ago.parcel(long_ago.passage(people=[one])))
        assert "能删除" not in text(asked(city.haicheng))
        self.ask(city.haicheng)
        assert one["id"] in {str(id) for id in proposed[0]["records"]}

    def test_asked_twice_it_is_proposed_once_and_the_page_says_that_it_waits(
        self, city: City, proposed: list[Any]
    ) -> None:
        city.register(people=[somebody(city)])
        self.ask(city.haicheng)
        again = self.ask(city.haicheng)
        assert again.status_code == 400
        assert "没有可以删除的登记" in text(again)
        assert len(proposed) == 1
        assert "已提出删除，等另一人签署" in text(asked(city.haicheng))

    def test_without_a_reason_nothing_is_asked(self, city: City, proposed: list[Any]) -> None:
        city.register(people=[somebody(city)])
        response = self.ask(city.haicheng, reason="  ")
        assert response.status_code == 400
        assert "subject-record" in text(response)
        assert proposed == []

    def test_nobody_deletes_somebody_else(self, city: City, proposed: list[Any]) -> None:
        city.register(people=[somebody(city)])
        assert "没有可以删除的登记" in text(self.ask(city.xiuyan))
        assert "没有可以删除的登记" in text(self.ask(city.haicheng, number=Generated(83).resident_id()))
        city.register(people=[somebody(city, name="孙大海")])
        assert "没有可以删除的登记" in text(self.ask(city.haicheng))  # which of the two is asking?
        assert proposed == []


def test_what_does_not_open_any_more_is_counted(city: City) -> None:
    city.register(people=[somebody(city)])
    key = city.intake.keys.path / f"day-{factories.today()}.key"
    key.rename(city.intake.keys.path / "destroyed.key")
    city.intake.keys.forget()
    try:
        page = text(asked(city.haicheng))
        assert "另有 1 条登记的内容已按期销毁" in page
        assert "赵小满" not in page
    finally:
        (city.intake.keys.path / "destroyed.key").rename(key)
        city.intake.keys.forget()


def test_three_records_cost_as_many_questions_as_one(city: City) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert asked(city.haicheng).status_code == 200
        return len(questions)

    city.register(people=[somebody(city)])
    one = cost()
    for _ in range(2):
        city.register(people=[somebody(city), city.generated.person()])
    assert cost() == one


def test_signed_by_a_second_officer_the_records_are_gone_and_the_others_stay(city: City) -> None:
    alone, along, other = somebody(city), somebody(city), city.generated.person(name="欧阳静")
    city.register(people=[alone])
    shared = city.register(people=[along, other])
    asked_for = city.haicheng.post("/desk/subjects/deletion", {"number": NUMBER, "reason": "不再需要"})
    assert "2 条登记已提出删除" in text(asked_for)
    purge, at = Purge.objects.get(), city.generated.at
    sign(by=factories.officer("SECURITY_ADMINISTRATOR", HAICHENG), at=at, id=purge.id)
    carry_out(id=purge.id, at=at)
    page = text(asked(city.haicheng))
    assert "没有找到本人的登记" in page
    assert "赵小满" not in page
    file = text(city.haicheng.get(f"/desk/passages/{shared['id']}"))
    assert "欧阳静" in file
    assert "赵小满" not in file
