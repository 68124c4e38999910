"""The auditor's page: what was done and read, by nobody else seen; its chain, its export, and what it never says."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianfang.command.services import worker_session
from lianfang.doors import words
from lianfang.kernel.audit import Act, from_place, note
from lianfang.kernel.audit.acts import SUBJECTS
from lianfang.kernel.audit.heads import heads_in
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.audit.sealing import seal_all
from lianfang.kernel.audit.verifying import KINDS
from lianfang.kernel.reach import Reach, reach
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.house.sources import modules, text_of

PAGES = ("/desk/audit", "/desk/audit.xlsx?purpose=INSPECTION", "/desk/audit/head")


@pytest.fixture
def auditor(city: City) -> Client:
    return at_desk(factories.officer("AUDITOR", name="审计员"))


def noted(**filters: Any) -> list[AuditEntry]:
    with reach(worker_session()):
        return list(AuditEntry.objects.filter(**filters).order_by("number"))


def lines(client: Client, question: str = "") -> list[str]:
    """The words of each line of the list."""
    page = text(client.get(f"/desk/audit{question}"))
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr>")[1:]]


def officer_with(city: City, name: str = "王值班") -> Reach:
    return factories.officer("COUNTY_DESK", factories.HAICHENG, name=name)


class TestTheList:
    def test_says_who_did_what_to_which_from_where_and_what_for(self, city: City, auditor: Client) -> None:
        officer = officer_with(city)
        with from_place("10.0.0.7"):
            note(
                Act.UNMASKED,
                by=officer,
                subject="PASSAGE 01a2",
                count=2,
                purpose="SUBJECT_ASKED",
                details={"fields": ["phone"]},
            )
        (line,) = lines(auditor, "?act=UNMASKED")
        for word in (
            "王值班",
            "查看完整信息",
            "通行记录",
            "01a2",
            "2",
            "本人来询",
            "栏目",
            "电话",
            "10.0.0.7",
        ):
            assert word in line, line

    def test_shows_the_newest_first_and_leaves_out_what_phones_sent(
        self, city: City, auditor: Client
    ) -> None:
        city.register()
        note(Act.SIGNED_IN, by=officer_with(city, "甲"))
        note(Act.SIGNED_OUT, by=officer_with(city, "乙"))
        shown = lines(auditor)
        assert ("乙" in shown[0], "甲" in shown[1]) == (True, True)
        assert not any("收到登记" in line for line in shown)
        everything = lines(auditor, "?act=ALL")
        assert [line for line in everything if "收到登记" in line and "GATE卡口 一号机" in line]

    @pytest.mark.parametrize(
        ("question", "found"),
        [
            ("?act=SIGNED_IN", {"甲"}),
            ("?act=LOCKED_OUT", set()),
            ("?result=REFUSED", {"乙"}),
            ("?subject=TOLL-7", {"乙"}),
            ("?subject=01a20000-0000-7000-8000-000000000001", {"丙"}),
            ("?subject=01A20000-0000-7000-8000-000000000001", {"丙"}),
            ("?from=2000-01-01", {"甲", "乙", "丙"}),
            ("?from=2000-01-01&to=2000-12-31", set()),
            ("?from=2098-01-01", set()),
            ("?to=2999-01-01&act=FILE_READ", {"丙"}),
        ],
    )
    def test_is_narrowed(self, city: City, auditor: Client, question: str, found: set[str]) -> None:
        note(Act.SIGNED_IN, by=officer_with(city, "甲"))
        note(Act.SHIFT_CLOSED, by=officer_with(city, "乙"), subject="CHECKPOINT TOLL-7", result="REFUSED")
        passage = "PASSAGE 01a20000-0000-7000-8000-000000000001"
        note(Act.FILE_READ, by=officer_with(city, "丙"), subject=passage)
        shown = lines(auditor, question)
        assert {name for name in "甲乙丙" if any(f" {name} " in line for line in shown)} == found

    def test_one_officer_alone_is_asked_for_by_their_id(self, city: City, auditor: Client) -> None:
        one, other = officer_with(city, "甲"), officer_with(city, "乙")
        note(Act.SEARCHED, by=one)
        note(Act.SEARCHED, by=other)
        (line,) = lines(auditor, f"?officer={other.officer_id}")
        assert "乙" in line

    @pytest.mark.parametrize(
        "question",
        [
            "?act=%27%3B+DROP+TABLE",
            "?officer=x",
            "?subject=210381199001011234567",
            "?subject=王小明",
            "?from=2020-13-99",
            "?to=x",
            "?before=-1",
            "?before=" + "9" * 40,
            "?before=٣",
            "?result=x",
            "?purpose=x",
        ],
    )
    def test_what_cannot_be_read_is_not_asked_for(self, auditor: Client, question: str) -> None:
        note(Act.SIGNED_IN, by=None)
        assert any("登录" in line for line in lines(auditor, question))

    def test_goes_back_page_by_page_by_number(
        self, city: City, auditor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lianfang.doors.hq.audit.A_PAGE", 2)
        for _ in range(5):
            note(Act.SEARCHED, by=None)
        numbers, question = [], "?act=SEARCHED"
        while question:
            page = text(auditor.get(f"/desk/audit{question}"))
            numbers += re.findall(r'<td class="number quiet">(\d+)</td>', page)
            further = re.search(r'href="(\?[^"]*before=\d+[^"]*)">更早', page)
            question = further[1].replace("&amp;", "&") if further else ""
        assert numbers == [str(entry.number) for entry in reversed(noted(act="SEARCHED"))]

    def test_asks_as_often_for_three_rows_as_for_one(self, city: City, auditor: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                auditor.get("/desk/audit?act=ALL")
            return len(asked)

        city.register()
        one = queries()
        for name in "甲乙丙":
            note(Act.SEARCHED, by=officer_with(city, name))
            city.intake.send_from(
                factories.device("GATE", name=f"{name}机"),
                city.generated.parcel(city.generated.passage()),
            )
        assert queries() == one

    def test_runs_nothing_that_stands_in_an_entry(self, city: City, auditor: Client) -> None:
        with from_place("<script>alert(1)</script>"):
            note(Act.REFUSED, by=None, subject="<b>X</b> {{7}}", details={"<i>": "<script>"})
        page = text(auditor.get("/desk/audit"))
        assert "<script>alert" not in page
        assert "<b>X" not in page
        assert "{{7}}" in page

    def test_opening_it_is_noted_once(self, city: City, auditor: Client) -> None:
        auditor.get("/desk/audit?act=SIGNED_IN&subject=王小明")
        (entry,) = noted(act="AUDIT_READ")
        assert entry.details == {"act": "SIGNED_IN"}

    def test_ranks_nobody_and_adds_nothing_up(self, city: City, auditor: Client) -> None:
        for _ in range(7):
            note(Act.SEARCHED, by=officer_with(city))
        page = text(auditor.get("/desk/audit"))
        assert not re.search("排名|排行|合计|人均|最多", page)


def test_every_act_and_finding_has_a_word() -> None:
    assert set(words.ACTS) == set(Act)
    assert set(words.CHAIN_FINDINGS) == set(KINDS)


def test_every_kind_of_subject_that_is_noted_can_be_asked_for() -> None:
    lines_ = [line for path in modules() for line in (text_of(path) or "").splitlines() if "subject" in line]
    said = {kind for line in lines_ for kind in re.findall(r'f"([A-Z_]+) \{', line)}
    assert {"PASSAGE", "CHECKPOINT"} < said <= set(SUBJECTS)


class TestWhoMayOpenIt:
    @pytest.mark.parametrize("address", PAGES)
    def test_nobody_but_the_auditor(self, city: City, address: str) -> None:
        others = (city.headquarters, city.haicheng, city.township, city.screen, city.administrator)
        for client in others:
            assert client.get(address).status_code == 403
        assert Client().get(address).status_code == 302

    def test_an_administrator_sees_nothing_of_it_in_raw_sql_either(self, city: City) -> None:
        note(Act.SEARCHED, by=None)
        seal_all(worker_session())
        for role in ("ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "HEADQUARTERS"):
            with reach(factories.officer(role)), connection.cursor() as cursor:
                for table in ("audit_entry", "audit_block", "audit_leaf"):
                    cursor.execute(f"SELECT count(*) FROM {table}")
                    assert cursor.fetchone() == (0,)

    def test_the_auditor_lands_there_and_sees_no_records(self, city: City, auditor: Client) -> None:
        assert auditor.get("/")["Location"] == "/desk/audit"
        for address in ("/desk", "/desk/passages", "/desk/search", "/tables", "/desk/devices"):
            assert auditor.get(address).status_code == 403


class TestTheChain:
    def test_its_last_block_and_what_waits_stand_above(self, city: City, auditor: Client) -> None:
        page = text(auditor.get("/desk/audit"))
        assert "还没有封存过" in page
        seal_all(worker_session())
        page = text(auditor.get("/desk/audit"))
        assert "最新区块第 1 块" in page
        assert "后台程序没有运行" not in page

    def test_says_so_when_entries_wait_for_long(self, city: City, auditor: Client) -> None:
        note(Act.SEARCHED, by=None)
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE audit_entry SET at = at - interval '2 minutes'")
        assert "后台程序没有运行，或最后的区块被删了" in text(auditor.get("/desk/audit"))

    def test_is_verified_from_the_page_and_the_walk_is_noted(self, city: City, auditor: Client) -> None:
        seal_all(worker_session())
        assert "没有改动" in text(auditor.post("/desk/audit/verify"))
        (entry,) = noted(act="AUDIT_VERIFIED")
        assert (entry.details["wrong"], entry.details["blocks"], entry.details["whole"]) == ({}, 1, False)
        assert "上次核对" in text(auditor.get("/desk/audit"))

    def test_a_changed_row_is_named_there(self, city: City, auditor: Client) -> None:
        note(Act.SEARCHED, by=None)
        (entry,) = noted(act="SEARCHED")
        seal_all(worker_session())
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE audit_entry SET count = 9 WHERE number = %s", [entry.number])
        page = text(auditor.post("/desk/audit/verify"))
        assert "发现改动" in page
        assert "记录被改动" in page
        assert f">{entry.number}<" in page
        assert "有改动" in text(auditor.get("/desk/audit"))

    def test_whoever_comes_back_to_the_result_is_led_to_the_page(self, auditor: Client) -> None:
        assert auditor.get("/desk/audit/verify")["Location"] == "/desk/audit"

    def test_its_head_is_printed_as_a_line_and_a_code(self, city: City, auditor: Client) -> None:
        assert "还没有封存过" in text(auditor.get("/desk/audit/head"))
        note(Act.SEARCHED, by=None)
        worker = worker_session()
        seal_all(worker)
        page = text(auditor.get("/desk/audit/head"))
        assert "data:image/svg+xml" in page
        (head,) = set(heads_in(page))
        assert head.number == 1


class TestTheExport:
    def sheet(self, client: Client, question: str) -> list[list[Any]]:
        response = client.get(f"/desk/audit.xlsx{question}")
        assert response.status_code == 200
        (paper,) = load_workbook(BytesIO(response.content)).worksheets
        return [[cell.value for cell in row] for row in paper.iter_rows()]

    def test_holds_what_the_filters_ask_for_and_says_who_took_it_and_what_for(
        self, city: City, auditor: Client
    ) -> None:
        note(Act.SEARCHED, by=officer_with(city, "甲"), details={"kind": "PLATE"})
        note(Act.SIGNED_IN, by=officer_with(city, "乙"))
        rows = self.sheet(auditor, "?act=SEARCHED&purpose=INSPECTION")
        assert [(row[2], row[3]) for row in rows if row[2] not in (None, "操作人")] == [("甲", "查找")]
        (entry,) = noted(act="AUDIT_EXPORTED")
        reference = entry.details.pop("reference")
        assert (entry.purpose, entry.count, entry.details) == ("INSPECTION", 1, {"act": "SEARCHED"})
        mark = " ".join(str(row[0]) for row in rows)
        assert all(word in mark for word in ("审计员", "督查", reference))

    def test_is_found_by_the_number_that_stands_on_it(self, city: City, auditor: Client) -> None:
        self.sheet(auditor, "?purpose=INSPECTION")
        self.sheet(auditor, "?purpose=INVESTIGATION")
        reference = noted(act="AUDIT_EXPORTED")[0].details["reference"]
        (line,) = lines(auditor, f"?subject={reference}")
        assert "督查" in line

    @pytest.mark.parametrize("purpose", ["", "?purpose=", "?purpose=BECAUSE"])
    def test_is_refused_without_a_purpose(self, auditor: Client, purpose: str) -> None:
        response = auditor.get(f"/desk/audit.xlsx{purpose}")
        assert response.status_code == 400
        assert "请选择导出的用途" in text(response)
        assert not noted(act="AUDIT_EXPORTED")

    def test_is_refused_when_it_would_be_too_large(
        self, city: City, auditor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lianfang.doors.hq.audit.MOST_EXPORTED", 2)
        for _ in range(3):
            note(Act.SEARCHED, by=None)
        response = auditor.get("/desk/audit.xlsx?act=SEARCHED&purpose=INSPECTION")
        assert response.status_code == 400

    def test_makes_no_formula_of_what_stands_in_an_entry(self, city: City, auditor: Client) -> None:
        note(Act.SEARCHED, by=officer_with(city, "=1+1"), subject="=cmd|x", details={"=a": "=b"})
        response = auditor.get("/desk/audit.xlsx?act=SEARCHED&purpose=INSPECTION")
        (paper,) = load_workbook(BytesIO(response.content)).worksheets
        assert {cell.data_type for row in paper.iter_rows() for cell in row if cell.value} == {"s", "n"}
