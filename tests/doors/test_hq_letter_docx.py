"""The letter to another city as a file: laid out as official documents are, the same as the page, noted, and nobody else's."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.referrals.models import Referral, ReferralEvent
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.handed import BEYOND, Handed, act, address_of, handed  # noqa: F401 -- a fixture


def sent(handed: Handed, **person: str) -> tuple[Referral, UUID, str]:  # noqa: F811
    """Somebody headed for Shenyang, the letter that went out, and its page."""
    one = handed.one(
        destination=BEYOND, **{"name": "王小明", "phone": "13900001234", "occupation": "厨师"} | person
    )
    page = text(act(handed.city.haicheng, one, "letter", kind="LETTER_SENT"))
    return one, ReferralEvent.objects.using("owner").get(referral_id=one.id, kind="LETTER_SENT").id, page


def taken(client: Client, one: Referral, event: object) -> HttpResponse:
    return client.post(f"{address_of(one)}/letter.docx", {"event": str(event)})


def said(content: bytes) -> list[str]:
    """Every paragraph and every cell, from top to bottom."""
    paper = Document(BytesIO(content))
    found = []
    for block in paper.iter_inner_content():
        rows = getattr(block, "rows", None)
        found += [block.text] if rows is None else [cell.text for row in rows for cell in row.cells]
    return found


def test_it_says_what_the_page_says_and_is_noted(handed: Handed) -> None:  # noqa: F811
    one, event, page = sent(handed)
    answer = taken(handed.city.haicheng, one, event)
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    words = said(answer.content)
    number = page.partition("<title>协查函 ")[2][:9]
    for word in ("王小明", "13900001234", "协查函", f"文号　{number}", "回　执", "特此函达，请予支持。"):
        assert word in words, word
    whole = "\n".join(words)
    for word in (
        "沈阳市沈河区疫情防控指挥部：",
        "东区3号楼2单元",
        "隔离观察",
        "GATE卡口登记",
        "□ 接收",
        "□ 没有见到",
        "办结后销毁",
    ):
        assert word in whole, word
    assert "厨师" not in whole
    entries = list(AuditEntry.objects.using("owner").filter(act="EXPORTED").order_by("number"))
    assert [(entry.subject, entry.purpose) for entry in entries] == [
        (f"REFERRAL {one.id}", "INVESTIGATION")
    ] * 2
    foot = Document(BytesIO(answer.content)).sections[0].footer.paragraphs[0].text
    assert "导出人 海城值班员" in foot
    assert entries[-1].details["reference"] in foot


def test_it_is_laid_out_as_official_documents_are(handed: Handed) -> None:  # noqa: F811
    one, event, _ = sent(handed)
    paper = Document(BytesIO(taken(handed.city.haicheng, one, event).content))
    page = paper.sections[0]
    assert [
        round(side.mm) for side in (page.page_width, page.page_height, page.top_margin, page.left_margin)
    ] == [210, 297, 37, 28]
    by_text = {paragraph.text: paragraph for paragraph in paper.paragraphs}

    def font(of: str) -> tuple[str | None, float]:
        run = by_text[of].runs[0]
        return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt

    assert font("协查函") == ("方正小标宋简体", 22)
    assert font("特此函达，请予支持。") == ("仿宋", 16)
    (asked,) = (paragraph for paragraph in paper.paragraphs if paragraph.text.startswith("下列人员"))
    assert asked.paragraph_format.first_line_indent.pt == 32
    assert [round(table.rows[0].cells[0].width.mm) for table in paper.tables] == [40, 40]
    order = [child.tag.rpartition("}")[2] for child in paper.paragraphs[0]._p.pPr]
    assert order == ["pBdr", "spacing", "jc"], "Word reads them in this order and no other"


def test_its_name_and_its_properties_name_nobody(handed: Handed) -> None:  # noqa: F811
    one, event, page = sent(handed)
    answer = taken(handed.city.haicheng, one, event)
    assert page.partition("<title>协查函 ")[2][:9] in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(BytesIO(answer.content)) as file:
        properties = file.read("docProps/core.xml").decode()
    assert "python" not in properties
    assert "王小明" not in properties


@pytest.mark.parametrize("name", ["王\x01小\ufffe明", "<b>&王", "{{ 王 }}", "王" * 60])
def test_whatever_a_name_is_made_of_it_can_be_opened(handed: Handed, name: str) -> None:  # noqa: F811
    one, event, _ = sent(handed, name=name)
    answer = taken(handed.city.haicheng, one, event)
    assert answer.status_code == 200
    assert any("王" in cell for cell in said(answer.content))


WRONG: list[Callable[[UUID], str]] = [
    lambda _: "",
    lambda _: "x",
    lambda _: str(uuid7()),
    lambda one: str(one),
]


@pytest.mark.parametrize("event", WRONG)
def test_a_letter_that_never_went_out_is_none(handed: Handed, event: Callable[[UUID], str]) -> None:  # noqa: F811
    one, _, _ = sent(handed)
    before = AuditEntry.objects.using("owner").filter(act="EXPORTED").count()
    assert taken(handed.city.haicheng, one, event(one.id)).status_code == 404
    assert AuditEntry.objects.using("owner").filter(act="EXPORTED").count() == before


def test_the_next_county_and_whoever_holds_no_office_take_none(handed: Handed) -> None:  # noqa: F811
    one, event, _ = sent(handed)
    assert taken(handed.city.xiuyan, one, event).status_code == 404
    for role in ("AUDITOR", "CHECKPOINT_LEAD", "WALL"):
        assert taken(at_desk(factories.officer(role, "210381")), one, event).status_code == 403
    assert taken(Client(), one, event).status_code == 302
    assert handed.city.haicheng.get(f"{address_of(one)}/letter.docx").status_code == 302


def test_the_page_that_is_printed_offers_it(handed: Handed) -> None:  # noqa: F811
    one, event, page = sent(handed)
    assert 'data-testid="letter-file"' in page
    assert f'value="{event}"' in page
    assert f"{address_of(one)}/letter.docx" in page


def test_it_is_written_in_the_readers_language(handed: Handed) -> None:  # noqa: F811
    one, event, _ = sent(handed)
    handed.city.haicheng.cookies["django_language"] = "en"
    assert "Assistance request" in said(taken(handed.city.haicheng, one, event).content)
