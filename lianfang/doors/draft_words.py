"""The words of rules: what they may ask about, how a draft stands, what is different, how a question is answered."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

# What rules may ask about, and how affected areas are graded.
RULE_FACTS: Words = {
    "direction": _("方向"),
    "transport": _("交通方式"),
    "purpose": _("事由"),
    "document_type": _("证件"),
    "temperature_state": _("体温读数"),
    "celsius_tenths": _("体温"),
    "age": _("年龄"),
    "from_code": _("从哪来"),
    "destination_code": _("到哪去"),
    "stays": _("到过哪里"),
    "areas": _("重点地区"),
    "symptoms": _("症状"),
    "case_contact": _("接触史"),
    "resident": _("本市居民"),
}
AREA_LEVELS: Words = {"HIGH": _("高风险"), "MEDIUM": _("中风险"), "LOW": _("低风险")}

DRAFT_STATES: Words = {
    "DRAFT": _("起草中"),
    "PROPOSED": _("待批准"),
    "APPROVED": _("已批准"),
    "REFUSED": _("已退回"),
    "WITHDRAWN": _("已撤回"),
}
DIFFERENCES: Words = {"ADDED": _("新增"), "REMOVED": _("删去"), "CHANGED": _("改动")}
QUESTION_KINDS: Words = {"YES_NO": _("是或否"), "CHOICE": _("选一项"), "NUMBER": _("填数字")}
