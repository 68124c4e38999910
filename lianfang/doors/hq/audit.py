"""The auditor's page: what was done and read, the newest first, the state of the chain above it, and its head on paper.

It lists acts and adds nothing up: no officer is ranked, and none is counted.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.command.queries import names_for_audit
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.audit_shown import EntryShown, shown
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.sheets import Sheet, as_download, workbook
from lianfang.doors.tags import moment_to_the_second, word
from lianfang.doors.typed import as_day
from lianfang.doors.watermarks import Watermark
from lianfang.kernel.audit import DONE, REFUSED, Act, note
from lianfang.kernel.audit.heads import head
from lianfang.kernel.audit.queries import A_PAGE, EVERYTHING, EntriesAsked, chain_state, entries
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.audit.verifying import noted_verify
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal

MOST_EXPORTED = 20_000
BLOCKS_WALKED = 1_000  # from the page; the whole chain is walked from the command line
_REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,39}")
LATE = 60  # seconds after which what waits to be sealed is worth a warning


@dataclass(frozen=True, slots=True)
class PageAsked:
    """What the address asks for; what cannot be read is not asked for. Nothing in it is anybody's name or number."""

    entries: EntriesAsked
    before: int | None

    @classmethod
    def of(cls, request: HttpRequest) -> "PageAsked":
        given = request.GET
        act, before = given.get("act", ""), given.get("before", "")
        about = given.get("subject", "").strip()
        asked = EntriesAsked(
            act=act if act == EVERYTHING or act in words.ACTS else "",
            officer=_uuid(given.get("officer", "")),
            subject="" if _REFERENCE.fullmatch(about) else _subject(about),
            reference=about if _REFERENCE.fullmatch(about) else "",
            first=as_day(given.get("from", "")),
            last=as_day(given.get("to", "")),
            result=given["result"] if given.get("result") in (DONE, REFUSED) else "",
        )
        return cls(asked, int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None)

    @property
    def noted(self) -> dict[str, str]:
        asked = {name: getattr(self.entries, name) for name in EntriesAsked.__dataclass_fields__}
        asked["before"] = self.before
        return {name: str(value) for name, value in asked.items() if value not in (None, "")}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _subject(text: str) -> str:
    """An id, the number of a pad, or a code."""
    found = _uuid(text)
    if found is not None:
        return str(found)
    return text if _CODE.fullmatch(text) or (text.isascii() and text.isdigit() and len(text) < 7) else ""


@permitted("READ_AUDIT")
@never_cache
@answers("GET")
def audit(request: OfficerRequest) -> HttpResponse:
    asked = PageAsked.of(request)
    with reach(request.reach) as seen:
        officers = names_for_audit(seen)
        state = chain_state(seen)
        found = entries(seen, asked.entries, before=asked.before, limit=A_PAGE + 1)
        lines = shown(seen, found[:A_PAGE], officers)
        note(Act.AUDIT_READ, by=seen, count=len(lines), details=asked.noted)
    oldest = state.waiting.oldest_at
    page = {
        "asked": asked,
        "state": state,
        "late": oldest is not None and (state.at - oldest).total_seconds() > LATE,
        "lines": lines,
        "next_before": found[A_PAGE - 1].number if len(found) > A_PAGE else None,
        "officers": officers,
        "acts": words.ACTS,
        "purposes": words.PURPOSES_OF_READING,
        "everything": EVERYTHING,
    }
    return render(request, "hq/audit.html", page)


@permitted("READ_AUDIT")
@never_cache
@answers("GET")
def audit_sheet(request: OfficerRequest) -> HttpResponse:
    """What the filters ask for as a sheet. What it is taken for is said first, and noted with it."""
    asked, purpose = PageAsked.of(request), request.GET.get("purpose", "")
    if purpose not in words.PURPOSES_OF_READING:
        raise Refusal("PURPOSE_MISSING", "请选择导出的用途。", "Say what the export is for.")
    with reach(request.reach) as seen:
        found = entries(seen, asked.entries, limit=MOST_EXPORTED + 1)
        if len(found) > MOST_EXPORTED:
            zh = f"超过 {MOST_EXPORTED:,} 条，请缩小日期范围再导出。"
            raise Refusal("EXPORT_TOO_LARGE", zh, f"More than {MOST_EXPORTED:,} entries: choose fewer days.")
        lines = shown(seen, found, names_for_audit(seen))
        reference = new_reference()
        details = {"reference": reference, **asked.noted}
        note(Act.AUDIT_EXPORTED, by=seen, count=len(lines), purpose=purpose, details=details)
    at, why = now(), word(purpose, "PURPOSES_OF_READING")
    mark = Watermark(request.reach.officer_name, at, why, reference)
    return as_download(f"{_('审计记录')} {at:%Y-%m-%d}", workbook([_sheet(lines, mark)]))


def _sheet(lines: list[EntryShown], mark: Watermark) -> Sheet:
    return Sheet(
        name=_("审计记录"),
        title=_("审计记录"),
        headings=[
            _("序号"), _("时间"), _("操作人"), _("事项"), _("对象"), _("对象编号"), _("数量"), _("事由"), _("来源"), _("结果"),
            _("说明"),
        ],
        rows=[
            [
                str(line.entry.number), moment_to_the_second(line.entry.at), line.who, line.act, line.kind, line.about,
                line.entry.count, line.purpose, line.entry.place, _result(line.entry.result), line.details_text,
            ]
            for line in lines
        ],
        mark=str(mark),
        notes=[_("仅供审计，用后收回。")],
    )  # fmt: skip


def _result(result: str) -> str:
    return _("被拒") if result == REFUSED else _("完成")


@permitted("READ_AUDIT")
@never_cache
@answers("GET", "POST")
def audit_verify(request: OfficerRequest) -> HttpResponse:
    """Walks the chain's last blocks. Whoever comes back to this address without asking is led to the page."""
    if request.method != "POST":
        return redirect("audit")
    found = noted_verify(request.reach, by=request.reach, blocks=BLOCKS_WALKED)
    told: dict[str, Any] = {"found": found, "walked": BLOCKS_WALKED, "at": now()}
    return render(request, "hq/audit_verified.html", told)


@permitted("READ_AUDIT")
@never_cache
@answers("GET")
def audit_head(request: OfficerRequest) -> HttpResponse:
    """The chain's head for printing: what is signed and kept elsewhere fixes all that came before."""
    found = head(request.reach)
    qr = segno.make(found.line, error="m").svg_data_uri(scale=4, border=2) if found else None
    return render(request, "hq/audit_head.html", {"head": found, "qr": qr})
