"""The words of hand-over: where a referral stands, what was done about it, what waits for whom."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

__all__ = [
    "REFERRAL_CAUSES",
    "REFERRAL_KINDS",
    "REFERRAL_LISTS",
    "REFERRAL_STATES",
    "WAITING_OUTCOMES",
    "WAITING_ROOMS",
]

REFERRAL_STATES: Words = {
    "SENT": _("待接收"),
    "ACCEPTED": _("已接收"),
    "ARRIVED": _("已到"),
    "NOT_HERE": _("不在"),
    "WRONG_ADDRESS": _("地址有误"),
    "MOVED_ON": _("已转走"),
    "OUTSIDE": _("等外地接收"),
    "WITHDRAWN": _("已撤销"),
}
REFERRAL_KINDS: Words = {
    "SENT": _("移交"),
    "ACCEPTED": _("接收"),
    "ARRIVED": _("已到"),
    "NOT_HERE": _("不在"),
    "WRONG_ADDRESS": _("地址有误"),
    "MOVED_ON": _("已转走"),
    "PLACED": _("改派"),
    "ADDED": _("增加措施"),
    "LETTER_SENT": _("发协查函"),
    "LETTER_ANSWERED": _("对方接收"),
    "LETTER_RETURNED": _("对方退回"),
    "CALLED": _("已电话催办"),
    "WITHDRAWN": _("撤销"),
}
REFERRAL_CAUSES: Words = {
    "ARRIVAL": _("卡口登记"),
    "RESCREENING": _("重新筛查"),
    "MOVED_ON": _("由别处转来"),
}
# The lists of a desk, in the order in which they are worked through.
REFERRAL_LISTS: Words = {
    "LATE": _("逾期"),
    "CALL": _("今夜要打电话"),
    "UNACCEPTED": _("待接收"),
    "WRONG_ADDRESS": _("地址有误"),
    "NOT_HERE": _("不在"),
    "OUTSIDE": _("等外地接收"),
    "ACCEPTED": _("已接收"),
    "ARRIVED": _("已到"),
    "MOVED_ON": _("已转走"),
}
WAITING_ROOMS: Words = {"CLINIC": _("发热门诊"), "SUPERVISION": _("督查")}
WAITING_OUTCOMES: Words = {
    "SEEN": _("已就诊"),
    "TAKEN_OVER": _("已由他处接手"),
    "URGED": _("已督促办理"),
    "NOT_NEEDED": _("不需要"),
}
