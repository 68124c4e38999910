"""The files that are kept of whoever stands at the counter, in words: the same for the page, the sheet and the file for machines."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lianfang.doors.hq.subject_told import Fact
from lianfang.doors.tags import day, moment_to_the_second, word
from lianfang.kernel.masking import MASKED
from lianfang.people.queries import FileOfPerson


def file_facts(file: FileOfPerson) -> list[Fact]:
    """Whoever else is in the household is not named, and kin only masked: their files are theirs."""
    return [Fact(key, str(label), value) for key, label, value in _facts(file) if value]


def _facts(file: FileOfPerson) -> Iterator[tuple[str, object, str]]:
    one = file.person
    yield "opened_on", _("建档"), day(file.opened_on)
    calls = (f"{word(call.kind, 'CALLS')} {moment_to_the_second(call.at)}" for call in file.calls)
    yield "calls", _("为什么建档"), "；".join(calls)
    yield "name", _("姓名"), one.name
    yield "document", _("证件"), f"{word(one.document_type, 'DOCUMENTS')} {one.document}".strip()
    yield "phone", _("电话"), "、".join(filter(None, (one.phone, *one.other_phones)))
    yield "sex", _("性别"), word(one.sex, "SEXES") if one.sex else ""
    yield "born_on", _("出生日期"), one.born_on
    yield "age", _("年龄"), "" if one.age is None else str(one.age)
    yield "nationality", _("国籍"), one.nationality or ""
    yield "occupation", _("职业"), one.occupation
    yield "address", _("住址"), one.address
    yield "remarks", _("特殊情况"), "、".join(word(code, "REMARKS") for code in one.remarks)
    yield "note", _("备注"), one.note
    stays = (
        f"{stay.door.address or stay.door.code} {word(stay.state, 'STAY_STATES')} {moment_to_the_second(stay.from_at)}"
        for stay in file.stays
    )
    yield "households", _("在哪一户"), "；".join(stays)
    kin = (f"{word(other.kind, 'RELATIONS')} {MASKED.name(other.name)}".strip() for other in file.kin)
    yield "kin", _("亲属"), "、".join(kin)
    amended = (moment_to_the_second(happened.at) for happened in file.time_line if happened.what == "AMENDED")
    yield "amended", _("更改"), "；".join(amended)
    yield "closed", _("注销"), _("已注销，到期后销毁") if one.closed else ""
