"""The words for rules being written: how a draft stands, what is different, how a question is answered."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

DRAFT_STATES: Words = {
    "DRAFT": _("起草中"),
    "PROPOSED": _("待批准"),
    "APPROVED": _("已批准"),
    "REFUSED": _("已退回"),
    "WITHDRAWN": _("已撤回"),
}
DIFFERENCES: Words = {"ADDED": _("新增"), "REMOVED": _("删去"), "CHANGED": _("改动")}
QUESTION_KINDS: Words = {"YES_NO": _("是或否"), "CHOICE": _("选一项"), "NUMBER": _("填数字")}
