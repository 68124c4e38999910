"""Words for re-screening: how far one is, and what it changes for a person."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RESCREENING_STATES: Mapping[str, Promise] = {
    "COUNTING": _("正在算"),
    "DRY_RUN": _("已算好"),
    "PROPOSED": _("等人批准"),
    "APPROVED": _("即将开始"),
    "RUNNING": _("正在筛查"),
    "DONE": _("已完成"),
    "STOPPED": _("已停止"),
    "REFUSED": _("已退回"),
    "TAKEN_BACK": _("已收回"),
}
RESCREENING_CHANGES: Mapping[str, Promise] = {
    "ADDED": _("增加"),
    "STRICTER": _("加严"),
    "LOST": _("不再需要"),
    "MILDER": _("可减轻"),
}
