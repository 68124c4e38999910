"""A subject's file to take along: as a sheet to be read, or as JSON to be read by another program."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lianfang.custody.subjects import SubjectRecord
from lianfang.doors.hq.subject_told import Fact
from lianfang.doors.sheets import Sheet, as_download, workbook
from lianfang.doors.watermarks import Watermark

NAME = "personal-file"


def as_xlsx(
    told: Sequence[Sequence[Fact]],
    files: Sequence[Sequence[Fact]],
    referrals: Sequence[Sequence[Fact]],
    orders: Sequence[Sequence[Fact]],
    mark: Watermark,
    scope: str,
) -> HttpResponse:
    """A row for each record, each file, each referral, each order; a column for whatever is held of any of them."""
    records = _sheet(
        _("本人查询"),
        told,
        mark,
        [scope, _("共 %(n)d 条登记") % {"n": len(told)}],
        [_("只给本人。同行的人只显示姓氏。")],
    )
    more = ((_("人员档案"), files), (_("移交"), referrals), (_("隔离观察"), orders))
    others = [_sheet(name, rows, mark, [scope], [_("只给本人。")]) for name, rows in more if rows]
    return as_download(_("本人登记信息"), workbook([records, *others]))


def _sheet(
    name: str, told: Sequence[Sequence[Fact]], mark: Watermark, subtitle: Sequence[str], notes: Sequence[str]
) -> Sheet:
    labels = _labels(told)
    rows = [[{fact.key: fact.value for fact in facts}.get(key) for key in labels] for facts in told]
    return Sheet(
        name=name,
        title=_("本人登记信息"),
        headings=list(labels.values()) or [_("没有登记")],
        rows=rows,
        subtitle=subtitle,
        notes=notes,
        mark=str(mark),
    )


def as_json(
    records: Sequence[SubjectRecord],
    told: Sequence[Sequence[Fact]],
    files: Sequence[Sequence[Fact]],
    referrals: Sequence[Sequence[Fact]],
    orders: Sequence[Sequence[Fact]],
    mark: Watermark,
    scope: str,
) -> HttpResponse:
    """Keys as the contract names them; moments and ids as machines write them stand beside the words."""
    content = {
        "scope": scope,
        "given_at": _iso(mark.at),
        "reference": mark.reference,
        "watermark": str(mark),
        "records": [
            {
                "passage": str(record.file.id),
                "registration": str(record.person.id),
                "at": _iso(record.file.occurred_at),
                "kept_until_on": record.kept_until.isoformat(),
                "held": {fact.key: fact.value for fact in facts},
            }
            for record, facts in zip(records, told, strict=True)
        ],
        "files": [{fact.key: fact.value for fact in facts} for facts in files],
        "referrals": [{fact.key: fact.value for fact in facts} for facts in referrals],
        "orders": [{fact.key: fact.value for fact in facts} for facts in orders],
    }
    body = json.dumps(content, ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}.json"'
    return response


def _labels(told: Sequence[Sequence[Fact]]) -> Mapping[str, str]:
    """Key → label, in the order of the fullest record."""
    fullest = sorted(told, key=len, reverse=True)
    return {fact.key: fact.label for facts in fullest for fact in facts}


def _iso(at: datetime) -> str:
    return at.isoformat()
