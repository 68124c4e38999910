"""The letter to another city (协查函) as a file (docx), in the layout of official documents: an office signs it, seals it and
sends it on. It says what the page says; under it a slip that comes back filled in.

Layout: GB/T 9704-2012, 公文格式: A4, 37/35/28/26 mm of margin, the body in 仿宋 of 16 points on 28, the title in 小标宋 of 22.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from lianfang.doors.hq.letter_told import LetterTold
from lianfang.doors.sheets import BODY, TITLE, writable
from lianfang.kernel.days import SHANGHAI

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LATIN = "Times New Roman"
SIZE, LINE, SMALL = Pt(16), Pt(28), Pt(10.5)
RED = RGBColor(0xC0, 0x00, 0x00)
CENTRE, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT


def as_docx(letter: LetterTold) -> HttpResponse:
    """To be taken along; nothing of whom it is about stands in its name."""
    response = HttpResponse(docx(letter), content_type=DOCX)
    name = quote(_("协查函") + f" {letter.number}")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"letter.docx\"; filename*=UTF-8''{name}.docx"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def docx(letter: LetterTold) -> bytes:
    paper = _paper(letter)
    _head(paper, letter)
    _line(paper, letter.addressee, indent=False)
    _line(paper, letter.asked)
    _table(paper, letter.about)
    _line(paper, _("特此函达，请予支持。"))
    _line(paper, letter.from_whom, RIGHT, indent=False)
    _line(paper, _in_full(letter.sent_at), RIGHT, indent=False)
    _line(paper, _("（盖章）我方经办人：　　　　　　电话："), indent=False)
    _slip(paper, letter)
    file = BytesIO()
    paper.save(file)
    return file.getvalue()


def _paper(letter: LetterTold) -> Any:
    """An empty sheet; at its foot who took it, and the page."""
    paper = Document()
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    _font(paper.styles["Normal"], BODY, SIZE)
    said = paper.core_properties
    said.title, said.author, said.comments = _("协查函"), writable(letter.from_whom), ""
    said.created = said.modified = letter.sent_at.astimezone(SHANGHAI).replace(tzinfo=None)
    foot = page.footer.paragraphs[0]
    foot.alignment = CENTRE
    _font(foot.add_run("— "), BODY, SMALL)
    _page_number(foot)
    _font(foot.add_run(f" —　{writable(str(letter.mark))}"), BODY, SMALL)
    return paper


def _head(paper: Any, letter: LetterTold) -> None:
    """Who writes, in red over a red line; the number; what it is."""
    name = _line(paper, letter.from_whom, CENTRE, font=TITLE, size=Pt(26), indent=False)
    name.runs[0].font.color.rgb = RED
    name.paragraph_format.line_spacing = Pt(40)
    _red_line(name)
    _line(paper, _("文号") + f"　{letter.number}", RIGHT, indent=False)
    title = _line(paper, _("协查函"), CENTRE, font=TITLE, size=Pt(22), indent=False)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)


def _slip(paper: Any, letter: LetterTold) -> None:
    """What comes back: whether they take him, whether they have seen him, who says so."""
    cut = _line(paper, _("……………………沿此线裁开，填写后退回……………………"), CENTRE, size=SMALL, indent=False)
    cut.paragraph_format.space_before = Pt(14)
    _line(paper, _("回　执"), CENTRE, font=TITLE, size=Pt(18), indent=False)
    answered = [
        (_("文号"), letter.number),
        (_("是否接收"), _("□ 接收　　□ 退回，理由：")),
        (_("是否见到本人"), _("□ 见到，在：　　　　　　　□ 没有见到")),
        (_("签收人、电话"), ""),
        (_("日期、盖章"), ""),
    ]
    _table(paper, answered)
    _line(paper, _("含个人信息，只用于疫情防控，办结后销毁。"), LEFT, size=SMALL, indent=False)


def _line(
    paper: Any,
    text: str,
    side: WD_ALIGN_PARAGRAPH | None = None,
    *,
    font: str = BODY,
    size: Pt = SIZE,
    indent: bool = True,
) -> Paragraph:
    made: Paragraph = paper.add_paragraph()
    _font(made.add_run(writable(text)), font, size)
    shape = made.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = side, Pt(0), Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if indent:
        shape.first_line_indent = Pt(2 * size.pt)
    return made


def _table(paper: Any, rows: Sequence[tuple[str, str]]) -> None:
    """A box: what it is, and what is said of it."""
    table = paper.add_table(rows=len(rows), cols=2, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for (left, right), (label, said) in zip((row.cells for row in table.rows), rows, strict=True):
        left.width, right.width = Mm(40), Mm(116)
        for cell, text in ((left, label), (right, said)):
            _font(cell.paragraphs[0].add_run(writable(text)), BODY, Pt(14))


def _font(of: Any, east_asian: str, size: Pt) -> None:
    """A run or a style: Chinese in one font, figures and Latin in another. Without them a machine takes its own."""
    of.font.name, of.font.size = LATIN, size
    of.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east_asian)


def _red_line(under: Paragraph) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "6"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    under._p.get_or_add_pPr().insert(
        0, borders
    )  # the library has no call for a border; it stands before spacing


def _page_number(foot: Paragraph) -> None:
    run: Run = foot.add_run("1")
    _font(run, BODY, SMALL)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(run._r)
    foot._p.append(field)


def _in_full(at: datetime) -> str:
    return date_format(at.astimezone(SHANGHAI), _("Y年n月j日"))
