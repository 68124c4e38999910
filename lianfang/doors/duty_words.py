"""The words of headquarters and duty: what somebody is in a group, the parts of a duty day, how a slot stands."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUP_ROLES: Mapping[str, Promise] = {
    "LEADER": _("组长"),
    "DEPUTY_LEADER": _("副组长"),
    "MEMBER": _("成员"),
    "LIAISON": _("联络员"),
}
DUTY_PARTS: Mapping[str, Promise] = {
    "FULL": _("全天"),
    "EARLY": _("早班"),
    "MIDDLE": _("中班"),
    "LATE": _("晚班（次日零点）"),
}
DUTY_ROLES: Mapping[str, Promise] = {"LEAD": _("带班"), "DUTY": _("值班")}
DUTY_STATES: Mapping[str, Promise] = {
    "PLANNED": _("未签到"),
    "ON_DUTY": _("在岗"),
    "HANDED_OVER": _("已交班"),
    "ABSENT": _("缺勤"),
    "REPLACED": _("已顶班"),
}
SWAP_STATES: Mapping[str, Promise] = {
    "ASKED": _("待批"),
    "GRANTED": _("已同意"),
    "REFUSED": _("未同意"),
}
# The four lines of defence (四道防线), and what the wall counts of each.
DEFENCE_LINES: Mapping[str, Promise] = {
    "TOWNSHIPS": _("乡镇街道"),
    "VILLAGES": _("社区村屯"),
    "ENTERPRISES": _("企事业单位"),
    "MEDICAL": _("医疗诊治"),
}
DEFENCE_FIGURES: Mapping[str, Promise] = {
    "QUARANTINE": _("隔离观察"),
    "FEVER_CLINIC": _("发热门诊"),
    "NOTIFY_GRID": _("通知网格"),
    "HANDED_OVER": _("已移交"),
    "WAITING": _("待接收"),
    "POSTS": _("开放卡点"),
    "POSTS_REPORTING": _("今日有报告"),
    "GRID_PHONES": _("网格手机"),
}
# What one crew, or whoever is on duty, leaves to the next, as the program finds it.
OPEN_ITEMS: Mapping[str, Promise] = {
    "UNSENT": _("手机上未发的记录"),
    "SET_ASIDE": _("手机上搁置的记录"),
    "SILENT_LANE": _("没有声音的车道"),
    "PILOT_OPEN": _("试运行待说明"),
    "FINDING_OPEN": _("未办结的交办事项"),
    "SILENT_CHECKPOINT": _("久未上报的卡口"),
    "TURN_BACK_OPEN": _("劝返待决定"),
    "REFERRAL_URGENT": _("紧急移交没有接收，也没有打过电话"),
    "REFERRAL_CALLED": _("紧急移交没有接收，已打过电话"),
    "REFERRAL_LATE": _("逾期没有接收的移交"),
    "REFERRAL_OUTSIDE": _("外地逾期没有答复的移交"),
    "WAITING_OPEN": _("等待事项没有办结"),
}
