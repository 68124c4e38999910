"""An entry of the audit log in words: who, what, about which, and what else was noted. Unknown codes stand as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.checkpoints.queries.devices import device_names_for_audit
from lianfang.doors import words
from lianfang.doors.tags import word
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.reach import Reach

_SUBJECTS: Mapping[str, Promise] = {
    "PASSAGE": _("通行记录"),
    "REGISTRATION": _("人员登记"),
    "CHECKPOINT": _("卡口"),
    "DEVICE": _("设备"),
    "DISPLAY": _("大屏"),
    "PAD": _("登记簿"),
    "PAPER_LINE": _("登记簿"),
    "OFFICER": _("操作人"),
    "ROSTER": _("网格手机"),
    "GLASS": _("越权查看"),
    "PURGE": _("销毁"),
    "BACKUP": _("备份"),
    "TABLES": _("分类汇总"),
    "CLOSING": _("日清日结"),
    "RULE_DRAFT": _("规则草稿"),
    "RULE_SET": _("规则"),
    "RESCREENING": _("重新筛查"),
    "PERSON": _("人员档案"),
    "HOUSEHOLD": _("住户"),
    "HEADQUARTERS": _("指挥部"),
    "WORK_GROUP": _("工作组"),
    "DUTY_SLOT": _("值班"),
    "DUTY": _("值班表"),
    "REFERRAL": _("移交"),
    "REFERRAL_SHEET": _("上门清单"),
    "ALIAS": _("地名别名"),
    "PLACE_NOTICE": _("通告"),
    "MESSAGE": _("提醒的消息"),
    "ROBOT": _("群机器人"),
}
_DETAILS: Mapping[str, Promise] = {
    "page": _("页面"),
    "code": _("原因"),
    "kind": _("种类"),
    "checkpoint": _("卡口"),
    "day": _("日期"),
    "first": _("从"),
    "last": _("到"),
    "shift": _("班次"),
    "fields": _("栏目"),
    "pad": _("登记簿"),
    "row": _("行"),
    "rows": _("行"),
    "people": _("人次"),
    "finding": _("问题"),
    "reason": _("原因"),
    "reference": _("单号"),
    "further": _("还有更多"),
    "factor": _("动态码"),
    "state": _("状态"),
    "revision": _("第几版"),
    "based_on": _("照哪一份"),
    "rule_set": _("规则"),
    "days": _("天数"),
    "since": _("从"),
    "until": _("到"),
    "gain": _("增加或加严"),
    "looked": _("看了"),
    "why": _("原因"),
    "different": _("判得不一样"),
    "verdict": _("决定"),
    "township": _("乡镇街道"),
    "purpose_code": _("用途"),
    "form": _("格式"),
    "roles": _("岗位"),
    "role": _("岗位"),
    "division": _("辖区"),
    "blocks": _("区块"),
    "heads": _("链头"),
    "wrong": _("有改动"),
    "whole": _("全部"),
    "glass": _("越权查看"),
    "PASSAGE": _("通行"),
    "REGISTRATION": _("人员登记"),
    "CORRECTION": _("更正"),
    "list": _("名单"),
    "sent": _("转出"),
    "roster": _("网格手机"),
    "late": _("晚到"),
    "occupancy": _("居住情况"),
    "room": _("等待"),
    "outcome": _("结果"),
    "number": _("编号"),
    "trial": _("只是试一遍"),
}
# Codes among the details of what is noted of hand-over.
_OF_REFERRALS: Mapping[str, str] = {
    "kind": "REFERRAL_KINDS",
    "state": "REFERRAL_STATES",
    "list": "REFERRAL_LISTS",
    "room": "WAITING_ROOMS",
    "outcome": "WAITING_OUTCOMES",
}

_CODES: Mapping[str, Mapping[str, object]] = {
    "verdict": words.VERDICTS,
    "purpose_code": words.PURPOSES_OF_READING,
    "why": {"RULES_CHANGED": _("规则已换或到期")},
}


@dataclass(frozen=True, slots=True)
class EntryShown:
    """`about` is what the entry is about, kind and id; `details` pairs of name and value."""

    entry: AuditEntry
    who: str
    act: str
    kind: str
    about: str
    purpose: str
    details: tuple[tuple[str, str], ...]

    @property
    def about_in_short(self) -> str:
        """An id by its end: the beginnings of those of one day are alike."""
        return f"…{self.about[-12:]}" if len(self.about) > 24 else self.about

    @property
    def details_text(self) -> str:
        return gettext("；").join(f"{name} {value}" for name, value in self.details)


def shown(seen: Reach, entries: Sequence[AuditEntry], officers: Mapping[UUID, str]) -> list[EntryShown]:
    """Inside `with reach(…)`; `officers` are everybody by name."""
    phones = device_names_for_audit(seen, {entry.device_id for entry in entries if entry.device_id})
    return [_shown(entry, officers, phones) for entry in entries]


def _shown(entry: AuditEntry, officers: Mapping[UUID, str], phones: Mapping[UUID, str]) -> EntryShown:
    kind, _space, about = entry.subject.rpartition(" ")
    if about in _SUBJECTS:  # many of a kind at once, none of them named
        kind, about = about, ""
    purpose = str(words.PURPOSES_OF_READING.get(entry.purpose, entry.purpose))
    return EntryShown(
        entry=entry,
        who=_who(entry, officers, phones),
        act=word(entry.act, "ACTS"),
        kind=str(_SUBJECTS.get(kind, kind)),
        about=about,
        purpose=purpose,
        details=tuple(
            (str(_DETAILS.get(name, name)), _detail(entry, name, value))
            for name, value in entry.details.items()
            if value != ""
        ),
    )


def _who(entry: AuditEntry, officers: Mapping[UUID, str], phones: Mapping[UUID, str]) -> str:
    """The officer, else the phone; else nobody was in session: the clock, the server's command line, a failed sign-in."""
    if entry.officer_id is not None:
        return officers.get(entry.officer_id, str(entry.officer_id))
    if entry.device_id is not None:
        return phones.get(entry.device_id, str(entry.device_id))
    return ""


def _detail(entry: AuditEntry, name: str, value: Any) -> str:
    is_of_hand_over = entry.subject.startswith("REFERRAL ") or entry.details.get("page") == "referrals"
    if is_of_hand_over and name in _OF_REFERRALS and value:
        return word(str(value), _OF_REFERRALS[name])
    return _value(value, _CODES.get(name, {}))


def _value(value: Any, codes: Mapping[str, object]) -> str:
    """A figure, a code in words where it is of a closed list, several of them, or codes with figures."""
    if isinstance(value, bool):
        return "✓" if value else "—"
    if isinstance(value, list):
        return gettext("、").join(_value(one, codes) for one in value)
    if isinstance(value, dict):
        told = (f"{codes.get(name, name)} {_value(one, {})}" for name, one in value.items())
        return gettext("、").join(told) or "—"
    return str(codes.get(str(value), value))
