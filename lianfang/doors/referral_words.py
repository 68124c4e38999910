"""The words of hand-over: where a referral stands, what was done about it, what waits for whom."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

__all__ = [
    "ALIAS_KINDS",
    "LIKENESSES",
    "PLACE_DOUBTS",
    "READ_AS",
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
# Words of an address, and how they came to mean a division.
READ_AS: Words = {
    "NAME": _("登记名称"),
    "SPOKEN": _("口头叫法"),
    "ALIAS": _("别名"),
    "LOOK_ALIKE": _("名称相近"),
    "ONLY_ONE": _("只有一个"),
}
LIKENESSES: Words = {
    "SWAPPED": _("字序颠倒"),
    "PREFIX": _("只差大、小、前、后、上、下这样的字"),
    "ONE_OTHER": _("一字不同"),
    "ONE_MORE": _("多一字或少一字"),
    "SOUND": _("读音相同"),
    "ENDING": _("村、屯、镇这样的末字不同"),
}
PLACE_DOUBTS: Words = {
    "SEVERAL": _("不止一处"),
    "LIKENESS": _("名称只是相近"),
    "GAP": _("中间有字没有读懂"),
    "TWO_PLACES": _("地址里写了两处"),
    "ALONE": _("没有写县区或乡镇"),
    "TOLD_OTHERWISE": _("与登记的去往不一致"),
    "ZONE": _("功能区不是区划"),
}
ALIAS_KINDS: Words = {
    "PRINTED_ERROR": _("误写"),
    "HAMLET": _("自然屯"),
    "FORMER_NAME": _("曾用名"),
    "COLLOQUIAL": _("俗称"),
    "ZONE": _("功能区"),
}
